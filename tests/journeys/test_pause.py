"""A family is at the hospital for ten days: the exit stands still, the model's deadlines wait, the law's do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.ground import lay_ground
from placement import clock
from placement.access.errors import GateClosed
from tests.moving import Moving
from tests.scene import Scene
from tests.watching import nothing_written
from workflows.model_versions.clock_rules import Event


@pytest.fixture
def moving(house):
    scene = Scene("greve")
    return Moving(scene)


def test_while_paused_no_exit_step_is_asked_for_and_deadlines_wait(moving, looking):
    scene = moving.scene
    scene.settle()
    scene.take(moving.task("plan_exit"))
    moving.tell(Event.MOVED_IN)
    moving.tell(Event.CONCERN_RECEIVED)
    with clock.standing_at(scene.now):
        # All that the step asks for is there: only the pause says no.
        lay_ground(moving.actor("practitioner"), moving.task("request_step"), now=scene.now)
    due = {task.flow_task.name: task.due for task in scene.open_tasks()}
    before = moving.clocks()
    left = moving.today

    done = moving.by_page(
        "practitioner", "pause", paused_on=str(left), reason="hospital", text="Barnet har feber."
    )
    assert done.status_code == 302
    assert "Indsatsen er på pause" in moving.look("practitioner")
    with nothing_written(looking), pytest.raises(GateClosed, match="på pause"):
        scene.take(moving.task("request_step"))
    with nothing_written(looking):
        moving.refused("practitioner", "pause", "already-paused", paused_on=str(left), reason="other")

    moving.later(days=10)
    back = moving.today
    moving.made("teamlead", "resume", resumed_on=str(back))
    away = back - left
    assert away >= timedelta(days=10)
    moved = {task.flow_task.name: task.due for task in scene.open_tasks()}
    assert moved == {name: day + away if day else None for name, day in due.items()}
    after = moving.clocks()
    assert after["concern-assessment"].due_at == before["concern-assessment"].due_at, "the law does not wait"
    assert after["concern-assessment"].held_at is None
    waited = after["team-named"].due_at - before["team-named"].due_at
    assert abs(waited - away) < timedelta(days=1) and after["team-named"].held_at is None
    with nothing_written(looking):
        moving.refused("teamlead", "resume", "not-paused", resumed_on=str(back))
    history = moving.history()
    assert (
        "Sat på pause" in history and "Barnet har feber." in history and "Genoptaget efter pause" in history
    )
    scene.take(moving.task("request_step"))


def test_an_approved_step_is_neither_carried_out_nor_approved_while_paused(moving, looking):
    scene = moving.scene
    scene.go_on_to("approve_step")
    moving.made("caseworker", "pause", paused_on=str(moving.today), reason="relatives")
    with nothing_written(looking), pytest.raises(GateClosed, match="på pause"):
        scene.take_as("teamlead", "approve_step", approved=True, reason="")
    moving.made("caseworker", "resume", resumed_on=str(moving.today))
    scene.take(moving.task("approve_step"))
    moving.made("caseworker", "pause", paused_on=str(moving.today), reason="relatives")
    with nothing_written(looking), pytest.raises(GateClosed, match="på pause"):
        scene.take(moving.task("carry_out_step"))
    # That it came to nothing can always be said.
    scene.take_as("practitioner", "carry_out_step", carried_out=False, reason="Familien blev på hospitalet.")
    assert "request_step" in moving.open_steps()


def test_a_clock_that_starts_while_the_family_is_away_waits_from_its_beginning(moving):
    scene = moving.scene
    scene.settle()
    left = moving.today
    moving.later(days=4)
    moving.tell(Event.NEGATIVE_TREND)
    began = moving.clocks()["plan-after-setback"]
    # Written down four days late.
    moving.made("practitioner", "pause", paused_on=str(left), reason="birth")
    moving.tell(Event.EXIT_STEP_WENT_WRONG)
    assert moving.clocks()["meeting-after-concern"].held_at is not None
    moving.later(days=6)
    moving.made("practitioner", "resume", resumed_on=str(moving.today))
    waited = moving.clocks()["plan-after-setback"].due_at - began.due_at
    assert waited < timedelta(days=7), "not the four days before it began"


def test_what_cannot_be_paused_or_resumed_is_refused(moving, looking):
    scene = moving.scene
    today = str(moving.today)
    with nothing_written(looking):
        moving.refused("caseworker", "pause", "not-under-way", paused_on=today, reason="hospital")
        moving.refused("caseworker", "resume", "not-paused", resumed_on=today)
    scene.settle()
    started = moving.family().started_on
    with nothing_written(looking):
        moving.refused("caseworker", "pause", "invalid", paused_on="2099-01-01", reason="hospital")
        moving.refused("caseworker", "pause", "invalid", paused_on=str(moving.today), reason="holiday")
        moving.refused(
            "caseworker",
            "pause",
            "pause-before-start",
            paused_on=str(started - timedelta(days=1)),
            reason="other",
        )
    moving.made("caseworker", "pause", paused_on=str(moving.today), reason="hospital")
    with nothing_written(looking):
        moving.refused(
            "caseworker", "resume", "resume-before-pause", resumed_on=str(moving.today - timedelta(days=1))
        )
