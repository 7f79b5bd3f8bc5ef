"""Two versions live side by side: each family has the conditions and deadlines of its own, before and after it is moved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from demo.answers import answer
from placement import clock
from placement.access.errors import GateClosed, StaleState
from tests.cast import Cast
from tests.scene import Scene
from tests.versions import NEXT, approved
from tests.watching import nothing_written
from tests.workflows.test_moving import followed, move, read
from workflows.exit.groundwork.services import record_home_check
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task, read_task

ASKS_FOR = '  { code = "residence", may_except = true },\n'
#: The home is seen before the first visit already, and the team lead answers sooner.
STRICTER = NEXT.replace(ASKS_FOR, f'{ASKS_FOR}  {{ code = "home-checked", days = 30 }},\n', 1).replace(
    '"flow_exit.approve_step" = 3', '"flow_exit.approve_step" = 1', 1
)
#: The first visit is the authority's to decide.
AUTHORITYS = NEXT.replace("needs_authority = false", "needs_authority = true", 1).replace(
    ASKS_FOR, f'{ASKS_FOR}  {{ code = "authority" }},\n', 1
)
assert (
    STRICTER.count("home-checked") == NEXT.count("home-checked") + 1
    and '"flow_exit.approve_step" = 1' in STRICTER
)
assert AUTHORITYS.count('{ code = "authority" }') == NEXT.count('{ code = "authority" }') + 1


@pytest.fixture
def first(versions: None, cast: Cast) -> Scene:
    """A family that waits for the team lead's word on its first exit step, on the shipped version."""
    scene = Scene("greve")
    scene.settle()
    scene.go_on_to("approve_step")
    return scene


def shown(scene: Scene, name: str = "approve_step", part: str = "teamlead") -> dict[str, bool]:
    """The conditions of the open step as the person reads them, and whether each is met."""
    actor, task = scene.company.actor(part), scene.open_task(name)
    with clock.standing_at(scene.now), actor.acting(), transaction.atomic():
        opened = read_task(actor=actor, task=_fresh(task), now=scene.now)
        return {condition.code: condition.met for condition in opened.conditions}


def facts_version(scene: Scene) -> str:
    actor, task = scene.company.actor("teamlead"), scene.open_task("approve_step")
    with clock.standing_at(scene.now), actor.acting(), transaction.atomic():
        return read_task(actor=actor, task=_fresh(task), now=scene.now).facts_version


def _fresh(task: Task) -> Task:
    return Task.objects.select_related("process__family", "process__model_version", "family").get(pk=task.pk)


def approve(scene: Scene, facts: str, **otherwise: Any) -> None:
    """At the moment it is read: over midnight the conditions that count days are others, and what was read is stale."""
    actor, task = scene.company.actor("teamlead"), scene.open_task("approve_step")
    with clock.standing_at(scene.now), actor.acting():
        with transaction.atomic():
            said = answer(_fresh(task), on=clock.today(), rng=scene.rng) | otherwise
        complete_task(actor=actor, task_uuid=task.uuid, data=said, facts_version=facts, now=scene.now)


def working_days_given(scene: Scene) -> int:
    """How many working days the open approval has, from the day it was born."""
    task = scene.open_task("approve_step")
    assert task.due is not None
    born = clock.danish_day(task.created)
    return sum(clock.is_working_day(born + timedelta(days=n + 1)) for n in range((task.due - born).days))


def test_each_family_has_the_conditions_and_the_deadlines_of_its_own(first: Scene) -> None:
    approved(STRICTER)
    second = Scene("greve")
    second.settle()
    second.go_on_to("approve_step")
    assert followed(first) == {"2026-1"} and followed(second) == {"2026-2"}
    assert set(shown(second)) - set(shown(first)) == {"home-checked"}
    assert (working_days_given(first), working_days_given(second)) == (3, 1)
    for scene in (first, second):
        scene.take(scene.open_task("approve_step"))
        scene.take(scene.open_task("carry_out_step"))
        scene.take(scene.open_task("evaluate_step"))
        scene.go_on_to("approve_step", code="U2")
    assert set(shown(first)) == set(shown(second)), "from the second step on they are alike"


def test_what_was_read_before_the_family_was_moved_is_stale_and_the_new_condition_closes_the_gate(
    first: Scene, looking: psycopg.Connection[Any]
) -> None:
    approved(STRICTER)
    old, due = facts_version(first), first.open_task("approve_step").due
    move(first, facts_version=read(first).facts_version)
    assert followed(first) == {"2026-2"} and shown(first)["home-checked"] is False
    moved_due = first.open_task("approve_step").due
    assert isinstance(due, date) and isinstance(moved_due, date) and moved_due < due
    with nothing_written(looking), pytest.raises(StaleState) as stale:
        approve(first, old)
    assert stale.value.type == "stale-facts"
    with nothing_written(looking), pytest.raises(GateClosed, match="Boligen skal være set inden for 30 dage"):
        approve(first, facts_version(first))
    practitioner = first.company.actor("practitioner")
    with clock.standing_at(first.now), practitioner.acting(), transaction.atomic():
        record_home_check(
            actor=practitioner,
            family=first.family,
            now=first.now,
            checked_on=clock.today(),
            sleeping_place=True,
            heating=True,
            food=True,
        )
    approve(first, facts_version(first))
    first.take(first.open_task("carry_out_step"))
    first.take(first.open_task("evaluate_step"))
    assert first.open_task("request_step")


def test_a_step_that_has_become_the_authoritys_is_not_approved_without_it_and_finds_its_way(
    first: Scene, looking: psycopg.Connection[Any]
) -> None:
    """Asked for under a version by which the site decided, and already past the question whose it is."""
    approved(AUTHORITYS)
    move(first, facts_version=read(first).facts_version)
    assert shown(first)["authority"] is False
    with nothing_written(looking), pytest.raises(GateClosed, match="myndighedens godkendelse"):
        approve(first, facts_version(first))
    approve(first, facts_version(first), approved=False, reason="Myndigheden skal spørges først.")
    first.take(first.open_task("request_step"))
    assert "authority" not in shown(first, "authorise_step", "authoritylead")
    first.take(first.open_task("authorise_step"))
    assert shown(first)["authority"] is True
    approve(first, facts_version(first))
    assert first.open_task("carry_out_step")


def test_a_step_under_way_is_evaluated_on_the_version_the_family_has_been_moved_to(first: Scene) -> None:
    first.take(first.open_task("approve_step"))
    first.take(first.open_task("carry_out_step"))
    approved(AUTHORITYS)
    move(first, facts_version=read(first).facts_version)
    first.take(first.open_task("evaluate_step"), result="back")
    # There is no step before the first: it is asked for again, and now the authority is asked too.
    first.take(first.open_task("request_step"))
    assert first.open_task("authorise_step")
