"""A notification of concern: assessed within a day, anew by somebody from outside the case, followed up, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from placement.access.errors import GateClosed, NotAllowed, Refused, StaleState
from placement.clock import danish_day
from placement.families.models import Family, FamilyGrant
from tests.scene import Scene
from tests.watching import nothing_written
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Clock, Process, StopReason, Task
from workflows.kernel.processes import journey_of
from workflows.screening.models import Concern, ConcernAssessment
from workflows.screening.selectors import concerns_stand, open_concern

NOTHING: dict[str, Any] = {"outcome": "no_concern"}


@pytest.fixture
def stay(house: None) -> Scene:
    """A family in the house, with its team."""
    scene = Scene("greve")
    scene.settle()
    return scene


@pytest.fixture
def enquiry(house: None) -> Scene:
    """A family about which there is an enquiry and nothing more."""
    return Scene("greve")


def answered(scene: Scene, name: str, **otherwise: Any) -> dict[str, Any]:
    """What the cast usually answers to the open task of that node."""
    from demo.answers import answer
    from placement import clock

    task, lead = scene.open_task(name), scene.company.actor("authoritylead")
    with clock.standing_at(scene.now + timedelta(hours=7)), lead.acting(), transaction.atomic():
        fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
        usual = answer(fresh, on=danish_day(scene.now + timedelta(hours=7)), rng=scene.rng)
    return usual | otherwise


def do(scene: Scene, part: str, name: str, **otherwise: Any) -> Task:
    return scene.take_as(part, name, **answered(scene, name, **otherwise))


def seen(scene: Scene, concern: Concern) -> Concern:
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        return Concern.objects.get(pk=concern.pk)


def standing(scene: Scene) -> tuple[bool, Any]:
    """(whether a concern is open, the day the last one was closed) as the exit's gates read it."""
    with scene.company.actor("practitioner").acting(), transaction.atomic():
        stands = concerns_stand(scene.family.pk)
        assert stands[0] is (open_concern(scene.family.pk) is not None)
        return stands


def names(scene: Scene) -> set[str]:
    return {task.flow_task.name for task in scene.open_tasks() if task.element == "screening"}


def sees(scene: Scene, part: str) -> bool:
    actor = scene.company.actor(part)
    with scene._standing(), actor.acting(), transaction.atomic():
        return bool(Family.objects.visible_to(actor).filter(pk=scene.family.pk).exists())


def test_it_goes_from_received_to_closed_through_two_people(stay: Scene) -> None:
    assert standing(stay) == (False, None)
    concern = stay.receive_concern()
    assert names(stay) == {"assess_concern", "send_receipt"} and standing(stay)[0]
    do(stay, "caseworker", "assess_concern")
    assert names(stay) == {"appoint_second", "send_receipt"}
    assert not sees(stay, "caseworker2")
    do(stay, "authoritylead", "appoint_second")
    assert sees(stay, "caseworker2")
    do(stay, "caseworker2", "second_assessment", outcome="examination")
    assert names(stay) == {"close_concern", "send_receipt"} and standing(stay)[0]
    do(stay, "caseworker", "send_receipt")
    do(stay, "caseworker", "close_concern")
    closed = seen(stay, concern)
    assert (closed.outcome, closed.receipt_sent_on is not None) == ("examination", True)
    assert standing(stay) == (False, danish_day(stay.now))
    stay.now += timedelta(days=2)
    assert not sees(stay, "caseworker2"), "the appointment ended with the assessment"
    with stay.company.actor("authoritylead").acting(), transaction.atomic():
        assert Process.objects.get(concern=concern).finished is not None
        journey = journey_of(stay.family.pk)
        assert journey is not None and journey.flow_class.element == "journey"


def test_before_there_is_support_one_assessment_is_enough(enquiry: Scene) -> None:
    scene = enquiry
    concern = scene.receive_concern("caseworker")
    do(scene, "caseworker", "assess_concern", **NOTHING)
    closed = seen(scene, concern)
    assert (closed.outcome, closed.closed_by_id) == ("no_concern", scene.company.actor("caseworker").staff_id)
    assert names(scene) == {"send_receipt"} and not standing(scene)[0]
    other = scene.receive_concern("caseworker", notifier="anonymous")
    assert names(scene) == {"send_receipt", "assess_concern"}, "nobody is known to whom a receipt is owed"
    do(scene, "caseworker", "assess_concern")
    assert names(scene) == {"send_receipt", "close_concern"}
    do(scene, "authoritylead", "close_concern")
    assert seen(scene, other).closed_at is not None


def test_what_one_of_the_two_found_is_followed_up(stay: Scene) -> None:
    stay.receive_concern()
    do(stay, "caseworker", "assess_concern")
    do(stay, "authoritylead", "appoint_second")
    do(stay, "caseworker2", "second_assessment", **NOTHING)
    assert "close_concern" in names(stay) and standing(stay)[0]


def test_without_a_concern_of_either_it_is_closed_at_once(stay: Scene) -> None:
    stay.receive_concern()
    do(stay, "caseworker", "assess_concern", **NOTHING)
    assert standing(stay)[0], "one person alone closes nothing about a child with support"
    do(stay, "authoritylead", "appoint_second")
    do(stay, "caseworker2", "second_assessment", **NOTHING)
    assert names(stay) == {"send_receipt"} and not standing(stay)[0]


def test_several_are_open_at_once_each_with_its_own_clock(stay: Scene) -> None:
    first = stay.receive_concern(received_at=stay.now - timedelta(hours=20))
    second = stay.receive_concern(notifier="anonymous")
    with stay.company.actor("authoritylead").acting(), transaction.atomic():
        running = Clock.objects.running().filter(family=stay.family)
        ends = dict(running.filter(rule="concern-assessment").values_list("about", "due_at"))
        assert ends == {
            first.uuid: first.received_at + timedelta(hours=24),
            second.uuid: second.received_at + timedelta(hours=24),
        }
        assert list(running.filter(rule="concern-receipt").values_list("about")) == [(first.uuid,)]
        assert open_concern(stay.family.pk) == first
    do(stay, "caseworker", "assess_concern")
    with stay.company.actor("authoritylead").acting(), transaction.atomic():
        stopped = Clock.objects.get(rule="concern-assessment", stopped_at__isnull=False)
        assert (stopped.about, stopped.stop_reason) == (first.uuid, StopReason.DONE)
    do(stay, "caseworker", "send_receipt")
    with stay.company.actor("authoritylead").acting(), transaction.atomic():
        assert not Clock.objects.running().filter(rule="concern-receipt").exists()


def test_the_step_is_due_with_its_clock_also_on_a_sunday(enquiry: Scene) -> None:
    saturday = enquiry.now + timedelta(days=(5 - enquiry.now.weekday()) % 7)
    enquiry.now = saturday
    enquiry.receive_concern()
    due = {t.flow_task.name: t.due for t in enquiry.open_tasks() if t.element == "screening"}
    assert due["assess_concern"] == danish_day(saturday + timedelta(hours=24))
    assert due["send_receipt"] is not None and due["send_receipt"] > danish_day(saturday) + timedelta(days=7)


@pytest.mark.parametrize(
    ("otherwise", "kind"),
    [
        ({"received_at": timedelta(minutes=1)}, "received-in-future"),
        ({"what": "  "}, "concern-empty"),
    ],
)
def test_what_cannot_have_been_received_is_refused(
    enquiry: Scene, looking: psycopg.Connection[Any], otherwise: dict[str, Any], kind: str
) -> None:
    if "received_at" in otherwise:
        otherwise = {"received_at": enquiry.now + otherwise["received_at"]}
    with nothing_written(looking), pytest.raises(Refused) as refused:
        enquiry.receive_concern(**otherwise)
    assert refused.value.type == kind


def test_it_is_about_the_familys_own_children(enquiry: Scene) -> None:
    other = Scene("greve")
    with enquiry.company.actor("authoritylead").acting(), transaction.atomic():
        parent = enquiry.family.people.get(kind="parent")
        strange = other.family.people.get(kind="child")
        child = enquiry.family.people.get(kind="child")
    for person, kind in ((parent, "not-a-child"), (strange, "person-unknown")):
        with pytest.raises(Refused) as refused:
            enquiry.receive_concern(children=[person])
        assert refused.value.type == kind
    concern = enquiry.receive_concern(children=[child])
    with enquiry.company.actor("authoritylead").acting(), transaction.atomic():
        assert [named.child for named in concern.children.all()] == [child]


def test_the_on_call_and_others_without_cases_register_none(enquiry: Scene) -> None:
    with pytest.raises(NotAllowed):
        enquiry.receive_concern("oncall")


@pytest.mark.parametrize(
    ("away", "code"),
    [(timedelta(minutes=-1), "assessed-before-received"), (timedelta(days=2), "future")],
)
def test_an_assessment_lies_between_the_notification_and_now(
    enquiry: Scene, looking: psycopg.Connection[Any], away: timedelta, code: str
) -> None:
    concern = enquiry.receive_concern()
    moment = (concern.received_at + away).isoformat()
    with nothing_written(looking), pytest.raises(InvalidStep) as refused:
        do(enquiry, "caseworker", "assess_concern", assessed_at=moment)
    assert [e.code for e in refused.value.form.errors["assessed_at"].as_data()] == [code]


def test_it_is_assessed_once(enquiry: Scene) -> None:
    from workflows.kernel.services import complete_task

    enquiry.receive_concern()
    task, data = enquiry.open_task("assess_concern"), answered(enquiry, "assess_concern")
    done = enquiry.take_as("caseworker", "assess_concern", **data)
    assert done.uuid == task.uuid
    lead = enquiry.company.actor("authoritylead")
    with enquiry._standing(), lead.acting(), pytest.raises(StaleState):
        complete_task(actor=lead, task_uuid=task.uuid, data=data, now=enquiry.now)


def test_where_violence_may_exist_the_risk_is_written_before_the_parents_are_told(
    enquiry: Scene, looking: psycopg.Connection[Any]
) -> None:
    enquiry.receive_concern(violence_possible=True)
    told = {"violence_possible": True, "parents_may_be_told": True, "safety_risk": ""}
    with nothing_written(looking), pytest.raises(InvalidStep) as refused:
        do(enquiry, "caseworker", "assess_concern", **told)
    assert "safety_risk" in refused.value.errors
    do(enquiry, "caseworker", "assess_concern", **told | {"parents_may_be_told": False})


def test_whoever_was_in_the_case_may_not_assess_it_anew_but_hands_it_back(
    stay: Scene, looking: psycopg.Connection[Any]
) -> None:
    stay.receive_concern()
    do(stay, "caseworker", "assess_concern")
    do(stay, "authoritylead", "appoint_second")
    with nothing_written(looking), pytest.raises(GateClosed, match="har løst opgaver i sagen"):
        do(stay, "authoritylead", "second_assessment")
    with nothing_written(looking), pytest.raises(NotAllowed) as refused:
        do(stay, "caseworker", "second_assessment")
    assert refused.value.type == "four-eyes"
    stay.take_as("authoritylead", "second_assessment", able=False)
    assert "appoint_second" in names(stay)
    with stay.company.actor("authoritylead").acting(), transaction.atomic():
        assert not FamilyGrant.objects.filter(function="reassessor", ends__isnull=True).exists()
    do(stay, "authoritylead", "appoint_second")
    do(stay, "caseworker2", "second_assessment")
    assert "close_concern" in names(stay)


def test_a_note_in_the_case_makes_somebody_involved(stay: Scene) -> None:
    """Read from what was left behind: the form offers only people from outside, and the guard sees what they did since."""
    from placement.journal.services import write_note
    from workflows.screening.involvement import involved
    from workflows.screening.selectors import second_candidates

    concern = stay.receive_concern()
    do(stay, "caseworker", "assess_concern")
    second = stay.company.actor("caseworker2").staff
    with stay.company.actor("authoritylead").acting(), transaction.atomic():
        assert second_candidates(concern, danish_day(stay.now)) == [second]
    do(stay, "authoritylead", "appoint_second")
    with stay._standing():
        actor = stay.company.actor("caseworker2")
    with actor.acting(), transaction.atomic():
        write_note(
            actor=actor, family=stay.family, kind="observation", text="Jeg hjalp med noget.", now=stay.now
        )
    with stay.company.actor("authoritylead").acting(), transaction.atomic():
        assert involved(concern)[second.pk] == {"entry"}
        assert second_candidates(concern, danish_day(stay.now)) == []
    with pytest.raises(GateClosed, match="har skrevet i sagen"):
        do(stay, "caseworker2", "second_assessment")


def test_everything_that_is_written_counts_wherever_it_stands() -> None:
    from workflows.screening.involvement import _entries

    counted = {(model._meta.label, way, name) for model, way, name in _entries()}
    assert counted >= {
        ("journal.Note", "family", "author"),
        ("families.Decision", "family", "requested_by"),
        ("families.Decision", "family", "decided_by"),
        ("families.Consent", "family", "recorded_by"),
        ("families.ChildView", "family", "author"),
        ("progression.Measurement", "family", "recorded_by"),
        ("meetings.Meeting", "family", "recorded_by"),
        ("meetings.Attendance", "meeting__family", "staff"),
        ("flow_exit.ExitStepDecision", "step__family", "decided_by"),
        ("flow_screening.ConcernAssessment", "concern__family", "assessed_by"),
    }
    assert not {label for label, _way, _name in counted} & {"journal.Draft", "access.Submission"}


def test_a_receipt_is_not_older_than_the_notification(enquiry: Scene) -> None:
    concern = enquiry.receive_concern()
    before = danish_day(concern.received_at) - timedelta(days=1)
    with pytest.raises(InvalidStep) as refused:
        do(enquiry, "caseworker", "send_receipt", sent_on=before.isoformat())
    (error,) = refused.value.form.errors["sent_on"].as_data()
    assert error.code == "receipt-before-received"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"outcome": "acute"}, "concern_assessed_after_received"),
        ({"what": ""}, "concern_says_what"),
        ({"closed_reason": "x"}, "concern_closed_after_assessed_with_reason"),
        ({"receipt_sent_on": "2020-01-01"}, "concern_receipt_after_received"),
        ({"registered_at": "2020-01-01T00:00Z"}, "concern_received_before_registered"),
    ],
)
def test_the_database_holds_the_order_of_things(
    enquiry: Scene, values: dict[str, Any], constraint: str
) -> None:
    concern = enquiry.receive_concern()
    with (
        enquiry.company.actor("authoritylead").acting(),
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
    ):
        Concern.objects.filter(pk=concern.pk).update(**values)


def test_the_database_holds_the_four_eyes_and_the_risk_before_the_parents(enquiry: Scene) -> None:
    concern = enquiry.receive_concern()
    do(enquiry, "caseworker", "assess_concern")
    lead = enquiry.company.actor("authoritylead")
    by = enquiry.company.actor("caseworker").staff
    row = {
        "municipality_id": enquiry.family.municipality_id, "concern": concern, "turn": "second",
        "outcome": "in_plan", "reasons": "Fordi.", "violence_possible": True, "safety_risk": "",
        "parents_may_be_told": False, "first_by": by, "assessed_by": by, "assessed_at": enquiry.now,
    }  # fmt: skip
    for change, constraint in (
        ({}, "concern_second_assessor_is_another"),
        ({"assessed_by": lead.staff, "parents_may_be_told": True}, "concern_risk_assessed_before_parents"),
        ({"assessed_by": lead.staff, "first_by": None}, "concern_second_assessor_is_another"),
    ):
        with lead.acting(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ConcernAssessment.objects.create(**row | change)
