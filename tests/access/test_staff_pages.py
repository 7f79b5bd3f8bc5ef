"""Deputies and training: pages about colleagues, for the person and for who leads them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from placement import clock
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.access.roles import Role
from placement.staffing.models import Deputyship, TrainingRecord
from placement.staffing.selectors import Validity, validity_of
from placement.staffing.services import appoint_deputy, record_training
from tests.cast import Cast, browser
from tests.walking import Page

DEPUTIES, TRAINING = "/stedfortraedere/", "/kompetencer/"


def day(offset: int) -> str:
    return f"{clock.today() + timedelta(days=offset):%d.%m.%Y}"


def deputy_form(deputy: Actor, colleague: Actor, **otherwise: str) -> dict[str, str]:
    (role,) = colleague.roles
    return {
        "stands_in_for": str(colleague.staff.uuid),
        "deputy": str(deputy.staff.uuid),
        "role": role.value,
        "starts": day(0),
        "ends": day(7),
        "reason": "Ferie",
    } | otherwise


def count(actor: Actor, model: Any) -> int:
    with actor.acting(), transaction.atomic():
        return int(model.objects.count())


def test_a_lead_appoints_a_deputy_who_is_told_and_ends_it(cast: Cast) -> None:
    lead, deputy = cast.greve.teamlead, cast.greve.teamlead2
    client = browser(lead)
    form = deputy_form(deputy, lead)
    page = Page(client.get(DEPUTIES).content.decode())
    assert client.post(DEPUTIES, page.fill_in({k: [v] for k, v in form.items()})).status_code == 302
    assert client.post(DEPUTIES, page.fill_in({k: [v] for k, v in form.items()})).status_code == 302
    assert count(lead, Deputyship) == 1  # the same form twice is one deputyship
    told = browser(deputy).get("/min-dag/").content.decode()
    assert f"Du er stedfortræder for {lead.staff}" in told
    shown = Page(browser(deputy).get(DEPUTIES).content.decode())
    assert f"{deputy.staff} for {lead.staff}" in shown.text
    with deputy.acting(), transaction.atomic():
        made = Deputyship.objects.get()
    stop = {"form": "withdraw", "deputyship": str(made.uuid)}
    assert browser(cast.greve.caseworker).post(DEPUTIES, stop).status_code == 404
    assert browser(cast.randers.teamlead).post(DEPUTIES, stop).status_code == 404
    assert browser(deputy).post(DEPUTIES, stop).status_code == 302
    assert browser(deputy).post(DEPUTIES, stop).status_code == 409
    assert "stedfortræder for" not in browser(deputy).get("/min-dag/").content.decode()


@pytest.mark.parametrize(
    ("otherwise", "words"),
    [
        ({"ends": 60}, "højst 42 dage"),
        ({"starts": -1}, "bagud i tiden"),
        ({"ends": -1}, "ligger før startdatoen"),
    ],
)
def test_what_cannot_be_is_said_on_the_page_and_leaves_nothing(
    cast: Cast, otherwise: dict[str, int], words: str
) -> None:
    lead = cast.greve.teamlead
    form = deputy_form(cast.greve.teamlead2, lead, **{k: day(v) for k, v in otherwise.items()})
    answer = browser(lead).post(DEPUTIES, form)
    assert answer.status_code == 422
    assert words in Page(answer.content.decode()).text
    assert count(lead, Deputyship) == 0


def test_nobody_appoints_a_deputy_for_oneself_or_for_whom_they_do_not_lead(cast: Cast) -> None:
    lead = cast.greve.teamlead
    own = browser(lead).post(DEPUTIES, deputy_form(lead, lead))
    assert own.status_code == 422 and "sig selv" in own.content.decode()
    colleague = cast.greve.caseworker
    answer = browser(lead).post(DEPUTIES, deputy_form(cast.greve.practitioner, colleague))
    assert answer.status_code == 422
    assert str(colleague.staff) not in {
        option
        for option in Page(browser(lead).get(DEPUTIES).content.decode()).fields["stands_in_for"] or set()
    }
    assert count(lead, Deputyship) == 0


def trained(actor: Actor, **otherwise: Any) -> TrainingRecord:
    given: dict[str, Any] = {
        "actor": actor,
        "staff": actor.staff,
        "kind": "infant-first-aid",
        "title": "Førstehjælp til spædbørn",
        "held_on": clock.today(),
        "valid_until": None,
        "provider": "Beredskabet",
        "now": clock.now(),
    } | otherwise
    with actor.acting(), transaction.atomic():
        return record_training(**given)


def test_training_that_cannot_be_is_refused(cast: Cast) -> None:
    me, today = cast.greve.practitioner, clock.today()
    for change, type_of in (
        ({"held_on": today + timedelta(days=1)}, "training-in-future"),
        ({"valid_until": today - timedelta(days=1)}, "training-ends-before"),
        ({"provider": " "}, "training-provider"),
    ):
        with pytest.raises(Refused) as said:
            trained(me, **change)
        assert said.value.type == type_of
    assert count(me, TrainingRecord) == 0
    trained(me)
    with pytest.raises(Refused) as said:
        trained(me)
    assert said.value.type == "training-twice"
    with pytest.raises(IntegrityError, match="training_ends_after"), me.acting(), transaction.atomic():
        TrainingRecord.objects.create(
            municipality_id=253, staff=me.staff, kind="x", title="x", provider="x", recorded_by=me.staff,
            held_on=today, valid_until=today - timedelta(days=1),
        )  # fmt: skip


def test_training_is_written_by_the_person_or_who_leads_them(cast: Cast) -> None:
    greve = cast.greve
    trained(greve.practitioner)
    trained(greve.teamlead, staff=greve.practitioner.staff, held_on=clock.today() - timedelta(days=3))
    trained(greve.authoritylead, staff=greve.caseworker.staff)
    for other in (greve.caseworker, greve.authoritylead, cast.randers.teamlead, greve.privacy):
        with pytest.raises(NotAllowed):
            trained(other, staff=greve.practitioner.staff)


def certified(actor: Actor, holder: Actor, **otherwise: Any) -> TrainingRecord:
    """``actor`` puts ``holder``'s certificate on file."""
    told = {"kind": "adbb", "title": "Certifikat i ADBB", "provider": "KU", "certificate": True}
    return trained(actor, staff=holder.staff, **(told | otherwise))


def test_nobody_puts_their_own_certificate_on_file(cast: Cast) -> None:
    greve = cast.greve
    for own in (greve.healthvisitor, greve.teamlead):
        with pytest.raises(Refused) as said:
            certified(own, own)
        assert said.value.type == "certificate-own" and "leder" in str(said.value.message)
    certified(greve.authoritylead, greve.healthvisitor)
    certified(greve.teamlead2, greve.teamlead)
    assert count(greve.authoritylead, TrainingRecord) == 2
    with (
        pytest.raises(IntegrityError, match="certificate_put_on_file_by_another"),
        greve.healthvisitor.acting(),
        transaction.atomic(),
    ):
        me = greve.healthvisitor.staff
        TrainingRecord.objects.create(
            municipality_id=253, staff=me, kind="kips", title="x", provider="x", recorded_by=me,
            held_on=clock.today(), certificate=True,
        )  # fmt: skip


def test_whoever_acts_for_the_holder_does_not_either(cast: Cast) -> None:
    greve = cast.greve
    holder, deputy = greve.teamlead, greve.teamlead2
    with holder.acting(), transaction.atomic():
        appoint_deputy(
            actor=holder, deputy=deputy.staff, stands_in_for=holder.staff, role=Role.TEAM_LEAD, starts=clock.today(),
            ends=clock.today() + timedelta(days=7), reason="Ferie", longest_days=42, now=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused) as said:
        certified(deputy, holder)
    assert said.value.type == "certificate-own"
    # A course is no certificate.
    trained(deputy, staff=holder.staff)
    with (
        pytest.raises(IntegrityError, match="whoever decides acts for whoever asked"),
        deputy.acting(),
        transaction.atomic(),
    ):
        TrainingRecord.objects.create(
            municipality_id=253, staff=holder.staff, kind="adbb", title="x", provider="x", recorded_by=deputy.staff,
            held_on=clock.today(), certificate=True,
        )  # fmt: skip


def test_what_was_written_of_training_is_not_changed(cast: Cast) -> None:
    record = certified(cast.greve.authoritylead, cast.greve.healthvisitor)
    record.valid_until = clock.today() + timedelta(days=900)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        cast.greve.authoritylead.acting(),
        transaction.atomic(),
    ):
        record.save(update_fields=["valid_until"])


def test_the_page_refuses_ones_own_certificate_and_keeps_what_was_typed(cast: Cast) -> None:
    me = cast.greve.healthvisitor
    form = {
        "staff": str(me.staff.uuid),
        "kind": "adbb",
        "held_on": day(-5),
        "provider": "Center for Tidlig Indsats",
    }
    answer = browser(me).post(TRAINING, form)
    page = Page(answer.content.decode())
    assert answer.status_code == 422 and "skrives af en anden end den, der har det" in page.text
    assert "Center for Tidlig Indsats" in answer.content.decode()
    assert count(me, TrainingRecord) == 0
    assert browser(cast.greve.authoritylead).post(TRAINING, form).status_code == 302
    with me.acting(), transaction.atomic():
        assert TrainingRecord.objects.get().certificate


def test_each_sees_their_own_and_a_lead_the_house_s(cast: Cast) -> None:
    greve = cast.greve
    trained(greve.practitioner)

    def names(actor: Actor) -> str:
        return Page(browser(actor).get(TRAINING).content.decode()).text

    assert "Beredskabet" in names(greve.practitioner)
    assert "Beredskabet" in names(greve.teamlead)
    for other in (greve.caseworker, greve.healthvisitor, greve.authoritylead, cast.randers.teamlead):
        assert "Beredskabet" not in names(other)


@pytest.mark.parametrize(
    ("until", "validity"),
    [
        (None, Validity.VALID),
        (61, Validity.VALID),
        (60, Validity.ENDS_SOON),
        (0, Validity.ENDS_SOON),
        (-1, Validity.ENDED),
    ],
)
def test_what_ends_is_shown_in_time(until: int | None, validity: Validity) -> None:
    today = date(2026, 6, 1)
    record = TrainingRecord(valid_until=None if until is None else today + timedelta(days=until))
    assert validity_of(record, warn_days=60, day=today) is validity
    assert validity_of(None, warn_days=60, day=today) is Validity.MISSING


def test_the_page_counts_the_end_from_the_model_and_marks_it(cast: Cast) -> None:
    me = cast.greve.practitioner
    client = browser(me)
    form = {
        "staff": str(me.staff.uuid),
        "kind": "infant-first-aid",
        "held_on": day(-720),
        "provider": "Røde Kors",
    }
    assert client.post(TRAINING, form).status_code == 302
    with me.acting(), transaction.atomic():
        record = TrainingRecord.objects.get()
        assert record.valid_until == clock.add_months(record.held_on, 24)
    text = Page(client.get(TRAINING).content.decode()).text
    assert "Førstehjælp til spædbørn Udløber snart" in text
    assert "Mentaliseringssupervision Mangler" in text
    assert client.post(TRAINING, form | {"held_on": day(1)}).status_code == 422
    assert client.post(TRAINING, form | {"held_on": day(-5), "valid_until": day(-9)}).status_code == 422
    assert count(me, TrainingRecord) == 1
