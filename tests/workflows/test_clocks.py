"""A clock starts with what happened, runs as long as its rule says, and stops with what it waited for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from placement.clock import DENMARK
from tests.scene import Scene
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Clock, StopReason
from workflows.model_versions.clock_rules import Event, parse_clocks

RULE: dict[str, Any] = {
    "code": "x", "title": "X", "source": "Modellen", "trigger": "moved_in", "stopped_by": "goals_set",
    "reminds": "practitioner", "escalates_to": "teamlead",
}  # fmt: skip


def test_hours_run_through_the_weekend_and_working_days_do_not() -> None:
    friday = datetime(2026, 10, 30, 15, 0, tzinfo=DENMARK)
    (hours,) = parse_clocks([{**RULE, "hours": 24, "warn_before": 6}])
    (days,) = parse_clocks([{**RULE, "working_days": 2}])
    assert hours.due_at(friday) == friday + timedelta(hours=24)
    assert hours.warn_at(friday) == friday + timedelta(hours=18)
    assert days.due_at(friday) == datetime(2026, 11, 4, 0, 0, tzinfo=DENMARK)  # Tuesday is the last day
    assert days.warn_at(friday) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hours": 24, "days": 1}, "say its length in one of"),
        ({"hours": 24, "trigger": "full_moon"}, "full_moon"),
        ({"hours": 24, "stopped_by": "moved_in"}, "stopped by what starts it"),
        ({"hours": 24, "warn_before": 24}, "warning must come after the start"),
        ({"hours": 24, "source": None, "reminds": "nobody"}, "nobody"),
    ],
)
def test_a_clock_that_contradicts_itself_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_clocks([{**RULE, **change}])


def test_what_happened_starts_a_clock_once_and_what_it_waited_for_stops_it(house: None) -> None:
    scene = Scene("greve")
    concern, other, now = uuid4(), uuid4(), datetime.now(UTC)
    with scene.company.actor("caseworker").acting(), transaction.atomic():
        for about in (concern, concern, other):
            clocks.happened(family=scene.family, event=Event.CONCERN_RECEIVED, at=now, about=about)
        running = Clock.objects.running().filter(family=scene.family, rule="concern-assessment")
        assert {clock.about for clock in running} == {concern, other}
        clocks.happened(family=scene.family, event=Event.CONCERN_ASSESSED, at=now, about=concern)
        stopped = Clock.objects.get(about=concern)
        assert (stopped.stop_reason, stopped.stopped_at) == (StopReason.DONE, now)
        assert running.get().about == other


def test_a_pause_moves_the_models_clocks_and_leaves_the_laws_running(house: None) -> None:
    scene = Scene("greve")
    now = datetime.now(UTC)
    with scene.company.actor("caseworker").acting(), transaction.atomic():
        clocks.happened(family=scene.family, event=Event.MOVED_IN, at=now)
        clocks.happened(family=scene.family, event=Event.CONCERN_RECEIVED, at=now, about=uuid4())
        before = {c.rule: c.due_at for c in Clock.objects.filter(family=scene.family)}
        clocks.hold(family=scene.family, at=now + timedelta(days=1))
        clocks.release(family=scene.family, at=now + timedelta(days=8))
        after = {c.rule: c.due_at for c in Clock.objects.filter(family=scene.family)}
    assert after["concern-assessment"] == before["concern-assessment"]
    assert after["team-named"] == before["team-named"] + timedelta(days=7)
    named = {"concern-assessment", "team-named", "goals-with-parents", "network-mapped"}
    named |= {"measure-start", "measure-three-months"}
    assert set(after) == named | {"flow_journey.assess_target_group"}


def test_a_pause_over_the_night_the_clocks_are_put_leaves_a_days_end_a_days_end(house: None) -> None:
    scene = Scene("greve")
    begun = datetime(2026, 10, 5, 10, 0, tzinfo=DENMARK)
    with scene.company.actor("caseworker").acting(), transaction.atomic():
        clocks.happened(family=scene.family, event=Event.MOVED_IN, at=begun)
        clocks.hold(family=scene.family, at=datetime(2026, 10, 10, 22, 0, tzinfo=DENMARK))
        clocks.release(family=scene.family, at=datetime(2026, 10, 26, 7, 0, tzinfo=DENMARK))
        team = Clock.objects.get(family=scene.family, rule="team-named")
    assert team.due_on == date(2026, 10, 19) + timedelta(days=16)
    assert not team.by_the_hour


def test_a_step_is_due_as_much_later_as_its_clock(house: None) -> None:
    scene = Scene("greve")
    (task,) = scene.open_tasks()
    assert task.due is not None
    with scene.company.actor("caseworker").acting(), transaction.atomic():
        assert clocks.hold(family=scene.family, at=scene.now) == 1
        assert clocks.release(family=scene.family, at=scene.now + timedelta(days=5)) == 1
    assert scene.open_tasks()[0].due == task.due + timedelta(days=5)
