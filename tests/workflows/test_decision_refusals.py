"""What the database refuses around a decision, whoever writes it; and the pure rules behind pages and API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from placement import clock
from placement.access.errors import Refused
from placement.families.codes import PersonKind
from placement.families.models import ChildView, Consent, Decision, Family, Person
from placement.families.parties import has_turned
from placement.families.people import add_person
from tests.cast import browser
from tests.deciding import begin
from tests.scene import Scene
from workflows.decisions.letters import STANDARD, check_template
from workflows.decisions.models import CasePerson, Complaint, DecisionLetter, PlanDecision, TrackChange
from workflows.model_versions.content import NATIONAL, parse, read_file
from workflows.model_versions.decision_rules import parse_decision_rules

CONTENT = read_file(NATIONAL / "2026-1.toml")
RULES = parse(CONTENT).decisions


@pytest.mark.parametrize(
    ("born", "day", "turned"),
    [
        (date(2016, 3, 2), date(2026, 3, 1), False),
        (date(2016, 3, 2), date(2026, 3, 2), True),
        # A year without the day: 1 March, as we read it.
        (date(2016, 2, 29), date(2026, 2, 28), False),
        (date(2016, 2, 29), date(2026, 3, 1), True),
        (date(2018, 2, 28), date(2028, 2, 28), True),
        (date(2018, 3, 1), date(2028, 2, 29), False),
        (None, date(2026, 3, 1), False),
    ],
)
def test_ten_years_are_reckoned_by_the_danish_birthday(born: date | None, day: date, turned: bool) -> None:
    assert has_turned(born, RULES.party_from_years, day) is turned


@pytest.mark.parametrize(
    ("received", "until"),
    [
        (date(2026, 3, 2), date(2026, 3, 30)),
        # The 28th day is a Saturday, then a Monday in Easter: the next working day.
        (date(2026, 2, 28), date(2026, 3, 30)),
        (date(2026, 3, 6), date(2026, 4, 7)),
    ],
)
def test_a_complaint_s_last_day_is_a_working_day(received: date, until: date) -> None:
    assert RULES.complaint_until(received) == until


def test_the_law_s_numbers_have_sources_that_say_what_is_not_checked() -> None:
    assert RULES.sources["party_from_years"] == "Barnets lov § 3"
    for name in ("complaint_days", "reassessment_days"):
        assert "som vi læser den" in RULES.sources[name]
    stored_before = {name: value for name, value in CONTENT.items() if name != "decisions"}
    assert parse_decision_rules(stored_before) == RULES
    for wrong in (
        {"plan_within_months": 0},
        {"sources": {}},
        {"sources": {**RULES.sources, "complaint_days": " "}},
    ):
        with pytest.raises(ValueError, match="decisions"):
            parse_decision_rules({"decisions": {**CONTENT["decisions"], **wrong}})


def test_a_template_without_what_a_letter_must_say_is_refused() -> None:
    for text in STANDARD.values():
        check_template(text)
    for wrong, kind in (
        (STANDARD["parent"].replace("{klage}", ""), "template-incomplete"),
        (STANDARD["parent"] + "{cpr}", "template-unknown-place"),
    ):
        with pytest.raises(Refused) as refused:
            check_template(wrong)
        assert refused.value.type == kind


def test_letters_that_are_begun_say_where_the_rest_of_their_way_is(house: Any) -> None:
    scene = Scene("greve")
    scene.settle()
    begin(scene, "letters")
    caseworker = scene.company.actor("caseworker")
    with clock.standing_at(scene.now):
        page = browser(caseworker).get(f"/familier/{scene.family.uuid}/afgoerelser/").content.decode()
    assert "Kan ikke gøres nu" in page
    assert "De skrives, godkendes og sendes som opgaver på familiens side." in page
    assert "Genindlæs siden" not in page


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The database says no by the constraint or trigger of that name, and nothing is left behind."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


def test_the_database_refuses_what_comes_before_its_time(house: Any) -> None:
    scene = Scene("greve")
    scene.go_on_to("approve_decision")
    caseworker, lead = scene.company.actor("caseworker"), scene.company.actor("authoritylead")
    with clock.standing_at(scene.now), lead.acting(), transaction.atomic():
        today, now = clock.today(), scene.now
        family = Family.objects.visible_to(lead).get(pk=scene.family.pk)
        mother = Person.objects.get(family=family, kind=PersonKind.PARENT)
        child = Person.objects.get(family=family, kind=PersonKind.CHILD)
        mine: dict[str, Any] = {"municipality_id": family.municipality_id, "family": family}
        by: dict[str, Any] = {"recorded_by": caseworker.staff}
        Consent.objects.update(withdrawn_on=today)

        with refused("consent_by_custody_holder"):
            Consent.objects.create(**mine, **by, person=child, given_on=today, how="oral")
        with refused("consent_not_in_future"):
            Consent.objects.create(
                **mine, **by, person=mother, given_on=today + timedelta(days=1), how="oral"
            )
        with refused("consent_by_custody_holder"):
            Consent.objects.create(**mine, **by, person=mother, given_on=today, how="oral", recorded_at=None)

        waiting = Decision.objects.get(family=family)
        letter = {
            **mine,
            "decision": waiting,
            "party": mother,
            "text": "Et brev.",
            "written_by": caseworker.staff,
        }
        with refused("letter_after_approved_decision"):
            DecisionLetter.objects.create(**letter)

        sibling = add_person(
            family=family, kind=PersonKind.SIBLING, name="Ny", born_on=today - timedelta(days=900), now=now
        )
        approval = {"approved": True, "decided_by": lead.staff, "decided_at": now}
        with refused("decision_after_child_view"):
            Decision.objects.filter(pk=waiting.pk).update(**approval)
        seen: dict[str, Any] = {**mine, "child": sibling, "source": "observed", "text": "Leger."}
        ChildView.objects.create(**seen, obtained_on=today + timedelta(days=1), author=caseworker.staff)
        with refused("decision_after_child_view"):
            Decision.objects.filter(pk=waiting.pk).update(**approval)
        ChildView.objects.create(**seen, obtained_on=today, author=caseworker.staff)
        Decision.objects.filter(pk=waiting.pk).update(**approval)

        written = DecisionLetter.objects.create(**letter)
        sent = {"how": "post", "sent_on": today, "sent_by": caseworker.staff}
        letters = DecisionLetter.objects.filter(pk=written.pk)
        with refused("letter_sent_after_approval"):
            letters.update(**sent)
        with refused("letter_approved_by_another"):
            letters.update(approved_by=caseworker.staff, approved_at=now)
        letters.update(approved_by=lead.staff, approved_at=now)
        with refused("letter_after_approved_decision"):
            letters.update(text="Noget andet.")
        with refused("letter_sent_after_approval"):
            letters.update(**sent | {"sent_on": today - timedelta(days=1)})

        complaint: dict[str, Any] = {
            **mine, **by, "letter": written, "party": mother, "received_on": today, "text": "Nej.", "recorded_at": now,
        }  # fmt: skip
        with refused("complaint_after_letter"):
            Complaint.objects.create(**complaint, in_time=True)
        letters.update(**sent)
        with refused("complaint_after_letter"):
            Complaint.objects.create(**complaint | {"party": child}, in_time=True)
        with refused("complaint_late_says_why"):
            Complaint.objects.create(**complaint, in_time=False)
        made = Complaint.objects.create(**complaint, in_time=True)
        with refused("complaint_sent_on_after_look"):
            Complaint.objects.filter(pk=made.pk).update(sent_on=today, sent_by=caseworker.staff)

        beside: dict[str, Any] = {
            **mine, **by, "party": mother, "role": "supporter", "name": "Nabo", "scope": "Møder", "starts": today,
            "from_years": 15,
        }  # fmt: skip
        young = clock.add_months(today, -12 * 15) + timedelta(days=1)
        with refused("supporter_is_old_enough"):
            CasePerson.objects.create(**beside, born_on=young, confidentiality_on=today)
        with refused("case_person_supporter_keeps_quiet"):
            CasePerson.objects.create(**beside, born_on=date(1990, 1, 1))

        change = TrackChange.objects.create(
            **mine, cause="placement", track="placed", decided_on=today, legal_basis="§ 47", text="Ro", goes_on=True,
            settled_by=caseworker.staff, settled_at=now,
        )  # fmt: skip
        with refused("plan_decision_mandatory_when_placed"):
            PlanDecision.objects.create(
                **mine, track="placement", track_change=change, makes_plan=False, reason="Nej",
                decided_by=caseworker.staff, decided_at=now,
            )  # fmt: skip
