"""Nobody of the network is invited unchecked: refused with the reason and the rule by page, API, step and database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from placement import clock
from placement.access.errors import GateClosed
from placement.meetings.models import Attendance
from placement.network.genogram import Relative, Tie, draw_genogram
from placement.network.models import (
    NetworkAnswer,
    NetworkInvitation,
    NetworkMember,
    NetworkSafetyCheck,
)
from placement.network.people import add_member
from tests.cast import Cast, api, browser
from tests.scene import Scene, lately
from tests.walking import Page, all_of, as_form
from tests.watching import nothing_written
from workflows.investigation.services import judge_risk
from workflows.kernel.models import Clock
from workflows.network.safety import network_may_be_involved

Looking = psycopg.Connection[Any]
RULE = "barnets lov § 18, stk. 3"
WORD = "urn:familieforloeb:problem:"


class Ward:
    """A family in the house with a drawn map; records are written as a program sends them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.scene = Scene("greve", now=lately())
        self.scene.settle()
        self.scene.take(self.scene.open_task("map_network"))
        self.address = f"/api/v1/families/{self.scene.family.uuid}/network/"

    def send(self, kind: str, part: str = "practitioner", **data: Any) -> Any:
        client = api(getattr(self.cast.greve, part))
        return client.post(f"{self.address}{kind}/", data, format="json")

    def who(self, label: str) -> str:
        listed = api(self.cast.greve.practitioner).get(self.address).json()["people"]
        return next(str(one["id"]) for one in listed if one["called"] == label)

    def state(self, label: str) -> dict[str, Any]:
        listed = api(self.cast.greve.practitioner).get(self.address).json()["people"]
        found: dict[str, Any] = next(one for one in listed if one["called"] == label)
        return found

    def check(self, label: str, part: str = "practitioner", **otherwise: Any) -> Any:
        said = {
            "person": self.who(label),
            "checked_on": clock.today().isoformat(),
            "violence_possible": False,
            "outcome": "safe",
            "reasons": "Spurgt hver for sig.",
            "terms": "",
        }
        return self.send("check", part, **(said | otherwise))

    def answer(self, label: str, answer: str = "given") -> Any:
        return self.send(
            "answer", person=self.who(label), answer=answer, answered_on=clock.today().isoformat(), how="talk"
        )

    def invite(self, *labels: str) -> Any:
        planned = (clock.today() + timedelta(days=7)).isoformat()
        return self.send("invitation", people=[self.who(label) for label in labels], planned_on=planned)


@pytest.fixture
def ward(house: None, cast: Cast) -> Ward:
    return Ward(cast)


def refused(response: Any, *words: str) -> None:
    assert response.status_code == 422, response.content.decode()
    said = response.json()
    assert said["type"] == f"{WORD}unsafe-invitation"
    for word in words:
        assert word in said["detail"], said["detail"]


def test_an_invitation_before_the_check_or_without_a_yes_is_refused(ward: Ward, looking: Looking) -> None:
    with nothing_written(looking):
        refused(ward.invite("Mormor"), "Mormor er ikke sikkerhedstjekket", RULE)
    assert ward.check("Mormor").status_code == 201
    refused(ward.invite("Mormor"), "Mormor har ikke selv sagt ja")
    assert ward.answer("Mormor", "declined").status_code == 201
    refused(ward.invite("Mormor"), "har sagt nej")
    assert ward.answer("Mormor").status_code == 201
    assert ward.state("Mormor")["may_be_invited"]
    # One who may not come keeps the others from being invited unnoticed.
    refused(ward.invite("Mormor", "Farbror"), "Farbror er ikke sikkerhedstjekket")
    assert ward.invite("Mormor").status_code == 201
    assert ward.answer("Mormor", "withdrawn").status_code == 201
    refused(ward.invite("Mormor"), "har sagt nej")


def test_a_check_that_says_no_stands_until_another_one_is_signed(ward: Ward) -> None:
    ward.answer("Farbror")
    assert ward.check("Farbror", outcome="no", violence_possible=True).status_code == 201
    refused(ward.invite("Farbror"), "må ikke inviteres", RULE)
    assert (
        ward.check("Farbror", outcome="safe", violence_possible=True).json()["type"]
        == f"{WORD}check-violence"
    )
    assert ward.check("Farbror", outcome="care").json()["type"] == f"{WORD}check-without-terms"
    assert ward.check("Farbror", outcome="care", terms="Kun når mor er der.").status_code == 201
    assert ward.invite("Farbror").status_code == 201
    state = ward.state("Farbror")
    assert state["terms"] == "Kun når mor er der." and state["checked_by"] == "Sofie Lind"


def test_an_open_notification_shuts_the_network_and_a_new_one_asks_for_a_new_check(ward: Ward) -> None:
    ward.check("Mormor")
    ward.answer("Mormor")
    scene = ward.scene
    scene.now = clock.now()
    scene.receive_concern(violence_possible=True)
    refused(ward.invite("Mormor"), "forældrene ikke må kontaktes", RULE)
    caseworker = ward.cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        assert RULE in network_may_be_involved(scene.family)
    asked = api(ward.cast.greve.practitioner).post(
        f"/api/v1/families/{scene.family.uuid}/conferences/",
        {"question": "Hvem hjælper?", "consented_on": clock.today().isoformat(), "consented_how": "oral"},
        format="json",
    )
    refused(asked, "forældrene ikke må kontaktes")


def test_a_check_from_before_a_sign_of_violence_does_not_count(ward: Ward) -> None:
    ward.check("Mormor")
    ward.answer("Mormor")
    scene = ward.scene
    scene.now = clock.now()
    scene.begin_investigation(violence_possible=True)
    caseworker = ward.cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        judge_risk(
            actor=caseworker, family=scene.family, risk="Far har truet mor.", protection="Mor spørges alene.",
            parents_may_be_involved=True, network_may_be_involved=True, now=clock.now(),
        )  # fmt: skip
    refused(ward.invite("Mormor"), "siden Mormor blev tjekket", RULE)
    assert ward.check("Mormor").status_code == 403, "where violence may be, the authority looks into it"
    assert ward.check("Mormor", part="caseworker").status_code == 201
    assert ward.invite("Mormor").status_code == 201


def test_where_violence_is_known_the_authority_checks(ward: Ward, looking: Looking) -> None:
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "UPDATE families_family SET traits = ARRAY['violence'] WHERE id = %s", [ward.scene.family.pk]
    )
    said = ward.check("Mormor")
    assert said.status_code == 403 and said.json()["type"] == f"{WORD}authority-checks"
    assert ward.check("Mormor", part="caseworker").status_code == 201


def test_a_network_meeting_with_somebody_unchecked_is_refused_by_the_step(ward: Ward, cast: Cast) -> None:
    scene = ward.scene
    # The cast asks and checks everybody before the meeting; Farbror may not come.
    for people, words in (
        ([{"label": "Farbror", "came": True}], "må ikke inviteres"),
        ([{"label": "Naboen", "came": False}], "står ikke i familiens netværk"),
    ):
        with pytest.raises(GateClosed, match=words):
            scene.take(scene.open_task("hold_meeting", "network"), people=people)
    scene.take(scene.open_task("hold_meeting", "network"))
    with cast.greve.practitioner.acting(), transaction.atomic():
        rows = NetworkInvitation.objects.filter(family=scene.family).select_related(
            "member", "safety", "contact"
        )
        invited = {row.member.label: row for row in rows}
        assert set(invited) == {"Mormor", "Veninde fra skolen"}
        for row in invited.values():
            assert row.came and row.meeting is not None
            assert row.safety.member_id == row.contact.member_id == row.member_id


def test_an_invitation_waits_for_its_meeting_and_is_the_same_row_then(ward: Ward, cast: Cast) -> None:
    ward.check("Mormor")
    ward.answer("Mormor")
    assert ward.invite("Mormor").status_code == 201
    # Checked anew meanwhile: the meeting rests on how it stands on the day.
    ward.check("Mormor", outcome="care", terms="Kun når mor er der.")
    ward.scene.now = clock.now()
    ward.scene.take(
        ward.scene.open_task("hold_meeting", "network"), people=[{"label": "Mormor", "came": True}]
    )
    with cast.greve.practitioner.acting(), transaction.atomic():
        row = NetworkInvitation.objects.select_related("safety").get(family=ward.scene.family)
        assert row.came and row.meeting is not None and row.safety.outcome == "care"
    # Nobody stands among the guests of the meeting who was not invited to it, whoever writes it.
    with (
        pytest.raises(IntegrityError, match="uninvited"),
        cast.greve.practitioner.acting(),
        transaction.atomic(),
    ):
        Attendance.objects.create(
            municipality_id=row.municipality_id, meeting=row.meeting, label="Farbror", present=True
        )
    ward.check("Mormor", outcome="no")
    with cast.greve.practitioner.acting(), transaction.atomic():
        NetworkInvitation.objects.filter(pk=row.pk).update(came=False)
        with pytest.raises(IntegrityError, match="without a safety check"), transaction.atomic():
            NetworkInvitation.objects.filter(pk=row.pk).update(came=True)


def test_the_database_refuses_it_too(ward: Ward, cast: Cast) -> None:
    """A program inside the house that forgets to ask."""
    actor, family, now = cast.greve.practitioner, ward.scene.family, clock.now()

    def invite(member: NetworkMember, safety: Any, contact: Any) -> None:
        NetworkInvitation.objects.create(
            municipality_id=family.municipality_id, family=family, member=member, safety=safety, contact=contact,
            occasion="meeting", planned_on=clock.today(), invited_by=actor.staff, invited_at=now,
        )  # fmt: skip

    def looked_at(member: NetworkMember, outcome: str, answer: str) -> tuple[Any, Any]:
        base = {"municipality_id": family.municipality_id, "member": member, "recorded_at": now}
        return (
            NetworkSafetyCheck.objects.create(
                **base, checked_on=clock.today(), violence_possible=False, outcome=outcome, reasons="Set.",
                checked_by=actor.staff,
            ),
            NetworkAnswer.objects.create(
                **base, answer=answer, answered_on=clock.today(), how="talk", recorded_by=actor.staff
            ),
        )  # fmt: skip

    with actor.acting(), transaction.atomic():
        one = add_member(actor=actor, family=family, label="Nabo", now=now)
        other = add_member(actor=actor, family=family, label="Ven", now=now)
        good = looked_at(one, "safe", "given")
        for member, rests_on in (
            (other, good),
            (other, looked_at(other, "no", "given")),
            (other, looked_at(other, "safe", "declined")),
        ):
            with pytest.raises(IntegrityError, match="without a safety check"), transaction.atomic():
                invite(member, *rests_on)
        invite(one, *good)
        looked_at(one, "no", "given")
        with pytest.raises(IntegrityError, match="without a safety check"), transaction.atomic():
            invite(one, *good)


def test_the_page_says_who_may_be_invited_and_refuses_with_the_rule(ward: Ward, cast: Cast) -> None:
    person = browser(cast.greve.practitioner)
    address = reverse("network", kwargs={"family": ward.scene.family.uuid})
    family = Page(person.get(reverse("family", kwargs={"family": ward.scene.family.uuid})).content.decode())
    assert address in family.links
    page = Page(person.get(address).content.decode())
    assert "Mormor er ikke sikkerhedstjekket" in page.text and RULE in page.text
    form = Page(person.get(f"{address}invitation/").content.decode())
    planned = (clock.today() + timedelta(days=5)).isoformat()
    sent = form.fill_in(as_form({"people": [ward.who("Mormor")], "planned_on": planned}))
    shown = person.post(f"{address}invitation/", sent)
    assert shown.status_code == 422 and RULE in shown.content.decode()
    check = Page(person.get(f"{address}check/?person={ward.who('Mormor')}").content.decode())
    assert check.given["person"] == {ward.who("Mormor")}


def test_an_agreement_has_a_clock_from_its_own_day_until_it_is_followed_up(ward: Ward, cast: Cast) -> None:
    scene = ward.scene
    scene.take(scene.open_task("hold_meeting", "network"))
    scene.take(scene.open_task("make_agreement"))
    (agreed,) = api(cast.greve.practitioner).get(ward.address).json()["agreements"]
    with cast.greve.practitioner.acting(), transaction.atomic():
        running = Clock.objects.get(family=scene.family, rule="agreement-follow-up")
        assert str(running.about) == agreed["id"] and running.stopped_at is None
        assert running.due_on is not None
        assert (running.due_on - clock.danish_day(running.begun_at)).days == 14 + 7
    said = ward.send(
        "agreement",
        agreement=agreed["id"],
        kept=True,
        followed_up_on=clock.today().isoformat(),
        comment="Godt.",
    )
    assert said.status_code == 201, said.content.decode()
    with cast.greve.practitioner.acting(), transaction.atomic():
        assert Clock.objects.get(family=scene.family, rule="agreement-follow-up").stopped_at is not None
    again = ward.send(
        "agreement", agreement=agreed["id"], kept=True, followed_up_on=clock.today().isoformat(), comment=""
    )
    assert again.status_code == 422


def test_the_history_tells_of_checks_answers_and_invitations(ward: Ward, cast: Cast) -> None:
    ward.check("Mormor")
    ward.answer("Mormor")
    ward.invite("Mormor")
    told = all_of(api(cast.greve.practitioner), f"/api/v1/families/{ward.scene.family.uuid}/timeline/")
    kinds = {entry["kind"] for entry in told}
    assert {"network_member", "network_check", "network_answer", "network_invitation"} <= kinds


def test_nobody_is_invited_before_the_screening_has_judged_the_risk(ward: Ward) -> None:
    """The network's room asks the screening: what its page says of the network holds for an invitation too."""
    ward.check("Mormor")
    ward.answer("Mormor")
    ward.scene.begin_investigation(violence_possible=True)
    refused = ward.invite("Mormor")
    assert refused.status_code == 422 and "Vurdér risikoen" in refused.content.decode()
    assert not ward.state("Mormor")["may_be_invited"]
    ward.scene.take(ward.scene.open_task("assess_risk"))
    assert ward.invite("Mormor").status_code == 201


def test_the_history_tells_of_a_genogram(ward: Ward, cast: Cast) -> None:
    practitioner = cast.greve.practitioner
    with practitioner.acting(), transaction.atomic():
        draw_genogram(
            actor=practitioner,
            family=ward.scene.family,
            drawn_on=clock.today(),
            people=[Relative("Mormor", 2, "yes"), Relative("Mor", 3, "no")],
            ties=[Tie("Mormor", "Mor", "parent_child")],
            now=clock.now(),
        )
    told = all_of(api(practitioner), f"/api/v1/families/{ward.scene.family.uuid}/timeline/")
    assert "genogram" in {entry["kind"] for entry in told}
