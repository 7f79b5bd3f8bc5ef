"""A family group conference that changes the exit plan: no exit step meanwhile, and the next one rests on the new plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from placement import clock
from placement.access.errors import GateClosed, NotAllowed, Refused
from placement.families.models import Family
from placement.network.models import Agreement, NetworkInvitation
from placement.network.people import members, record_answer
from tests.cast import Cast, api, browser
from tests.scene import Scene, lately
from tests.walking import Page, all_of
from workflows.conference.models import Conference
from workflows.conference.selectors import coordinators
from workflows.exit.models import ExitPlan
from workflows.journey.moves.ending import withdraw
from workflows.journey.moves.handing_over import hand_over
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Clock

Looking = psycopg.Connection[Any]


def walk(scene: Scene, *steps: Any) -> None:
    for step in steps:
        name, otherwise = step if isinstance(step, tuple) else (step, {})
        scene.take(scene.open_task(name), **otherwise)


def sees(scene: Scene, part: str) -> bool:
    actor = scene.company.actor(part)
    with actor.acting(), transaction.atomic():
        return Family.objects.visible_to(actor).filter(pk=scene.family.pk).exists()


def test_a_conference_changes_the_exit_plan_and_the_exit_sees_it(house: None, cast: Cast) -> None:
    scene = Scene("greve", now=lately())
    scene.settle()
    walk(scene, "plan_exit", "map_network")
    assert scene.open_task("request_step")
    scene.ask_conference("practitioner")
    assert not sees(scene, "caseworker2")
    walk(scene, "appoint_coordinator")
    assert sees(scene, "caseworker2"), "the coordinator sees the family while they are needed"
    with scene.company.actor("caseworker").acting(), transaction.atomic():
        conference = Conference.objects.get(family=scene.family)
        assert conference.coordinator is not None and conference.coordinator.username == "greve.caseworker2"
    assert scene.open_task("prepare").owner_id == conference.coordinator_id
    walk(scene, "prepare")
    with pytest.raises(GateClosed, match="alene uden fagpersoner"):
        walk(scene, ("hold_conference", {"private_time": False}))
    walk(scene, "hold_conference")
    with pytest.raises(NotAllowed):
        scene.take_as("caseworker2", "approve_plan", approved=True, reason="Min egen.")
    walk(scene, ("approve_plan", {"approved": False, "reason": "Hvem er der om natten?"}), "hold_conference")
    with scene.company.actor("practitioner").acting(), transaction.atomic():
        (before,) = ExitPlan.objects.filter(family=scene.family)
    walk(scene, "approve_plan")
    scene.now += timedelta(days=1)
    with clock.standing_at(scene.now):
        assert not sees(scene, "caseworker2"), "the appointment ended with the answer"

    # The plan is approved: until it is written in, nobody may ask for the next step.
    with pytest.raises(GateClosed, match="Familierådslagningens plan"):
        walk(scene, "request_step")
    walk(scene, "change_exit_plan")
    with scene.company.actor("practitioner").acting(), transaction.atomic():
        newest = ExitPlan.objects.filter(family=scene.family).first()
        assert newest is not None and newest.pk != before.pk and "mormor" in newest.receiving_support
    walk(scene, "request_step")
    with scene.company.actor("practitioner").acting(), transaction.atomic():
        step = scene.family.exit_steps.get()
        assert step.plan_id == newest.pk
        # The plan's lines are agreements, each with its clock, and the plan itself has three months.
        lines = Agreement.objects.filter(family=scene.family, about=conference.uuid)
        assert sorted(line.who for line in lines) == ["Mormor", "Veninde fra skolen"]
        assert Clock.objects.running().filter(about__in=[line.uuid for line in lines]).count() == 2
        plan_clock = Clock.objects.running().get(about=conference.uuid)
        assert plan_clock.rule == "family-plan-follow-up"
        invited = NetworkInvitation.objects.filter(about=conference.uuid)
        assert {row.came for row in invited} == {True}
    task = _of(scene, "ConferenceFlow", "follow_up")
    assert task.due == plan_clock.due_on
    scene.now += timedelta(days=85)
    scene.take(task)
    with scene.company.actor("practitioner").acting(), transaction.atomic():
        assert Conference.objects.get(pk=conference.pk).follow_up.works
        assert not Clock.objects.running().filter(about=conference.uuid).exists()
    address = reverse("conferences", kwargs={"family": scene.family.uuid})
    shown = Page(browser(cast.greve.practitioner).get(address).content.decode())
    assert "Afsluttet" in shown.text and "Hvem er der om natten?" in shown.text
    listed = f"/api/v1/families/{scene.family.uuid}/conferences/"
    (line,) = api(cast.greve.practitioner).get(listed).json()["results"]
    assert line["state"] == "closed" and [one["approved"] for one in line["meetings"]] == [False, True]
    told = all_of(api(cast.greve.practitioner), f"/api/v1/families/{scene.family.uuid}/timeline/")
    assert {entry["kind"] for entry in told} >= {
        "conference", "conference_meeting", "conference_decision", "conference_follow_up",
    }  # fmt: skip


def _of(scene: Scene, flow: str, name: str) -> Any:
    return next(
        task
        for task in scene.open_tasks()
        if task.flow_task.name == name and task.flow_task.flow_class.__name__ == flow
    )


def test_the_coordinator_is_not_involved(house: None, looking: Looking) -> None:
    scene = Scene("greve", now=lately())
    scene.settle()
    scene.ask_conference()
    with scene.company.actor("caseworker").acting(), transaction.atomic():
        able = [staff.username for staff in coordinators(scene.family, clock.danish_day(scene.now))]
    assert able == ["greve.caseworker2"]
    caseworker = scene.company.actor("caseworker")
    with pytest.raises(InvalidStep):
        scene.take_as("caseworker", "appoint_coordinator", person=str(caseworker.staff.uuid))
    # A program that forgets to ask is refused by the database.
    with caseworker.acting(), transaction.atomic():
        conference = Conference.objects.get(family=scene.family)
        conference.coordinator, conference.appointed_on = caseworker.staff, clock.danish_day(scene.now)
        with pytest.raises(IntegrityError, match="not involved"), transaction.atomic():
            conference.save()


def test_guests_are_checked_again_on_the_day(house: None) -> None:
    scene = Scene("greve", now=lately())
    scene.settle()
    walk(scene, "map_network")
    scene.ask_conference()
    walk(scene, "appoint_coordinator", "prepare")
    practitioner = scene.company.actor("practitioner")
    with practitioner.acting(), transaction.atomic():
        grandmother = members(scene.family).get(label="Mormor")
        record_answer(
            actor=practitioner, member=grandmother, answer="withdrawn", answered_on=clock.danish_day(scene.now),
            how="phone", now=scene.now,
        )  # fmt: skip
    with pytest.raises(Refused, match="har sagt nej"):
        walk(scene, "hold_conference")
    # Nobody may be involved any more: no meeting can be held, and that it came to nothing can be said.
    scene.receive_concern(violence_possible=True)
    with pytest.raises(GateClosed):
        walk(scene, "hold_conference")
    said = {
        "has_plan": False,
        "came": [],
        "lines": [],
        "without_plan": "Aflyst: der er kommet en underretning.",
    }
    walk(scene, ("hold_conference", said))
    assert not any(task.flow_task.name == "hold_conference" for task in scene.open_tasks())


def test_the_coordinator_s_step_is_nobody_else_s_to_take_and_their_sight_ends_with_the_journey(
    house: None,
) -> None:
    scene = Scene("greve", now=lately())
    scene.settle()
    scene.ask_conference()
    walk(scene, "appoint_coordinator")
    caseworker, lead = scene.company.actor("caseworker"), scene.company.actor("authoritylead")
    task = scene.open_task("prepare")
    with caseworker.acting(), pytest.raises(NotAllowed), transaction.atomic():
        hand_over(
            actor=caseworker, family=scene.family, task=task.uuid,
            to=caseworker.staff.uuid, note="", now=scene.now,
        )  # fmt: skip
    assert sees(scene, "caseworker2")
    with clock.standing_at(scene.now), lead.acting(), transaction.atomic():
        withdraw(
            actor=lead, family=Family.objects.visible_to(lead).get(pk=scene.family.pk), reason="consent",
            ended_on=clock.today(), initiator="family", planned=False, text="De rejste hjem.", now=scene.now,
        )  # fmt: skip
    scene.now += timedelta(days=1)
    with clock.standing_at(scene.now):
        assert not sees(scene, "caseworker2")
