"""A step with a deadline has a clock from its birth until it is done or falls away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from bench.timing import counted
from placement.clock import DENMARK, danish_day, end_of, moment_on, working_days_before
from tests.scene import Scene
from workflows.kernel.clocks import tasks
from workflows.kernel.models import Clock, StopReason, Task
from workflows.model_versions.clock_rules import ClockRule, parse_clocks, parse_task_clocks

CLOCKS: dict[str, Any] = {
    "source": "Modellen", "warn_before_working_days": 2,
    "escalates_to": {
        "caseworker": "authoritylead", "authoritylead": "authoritylead", "practitioner": "teamlead",
        "teamlead": "authoritylead", "healthvisitor": "authoritylead",
    },
}  # fmt: skip


def clocks(scene: Scene) -> list[Clock]:
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        return list(Clock.objects.filter(family=scene.family, trigger=tasks.TASK).order_by("id"))


def test_each_open_step_has_its_clock_and_each_done_one_had(house: None) -> None:
    scene = Scene("greve")
    scene.settle()
    open_tasks = {task.uuid: task for task in scene.open_tasks()}
    running = {clock.about: clock for clock in clocks(scene) if clock.stopped_at is None}
    assert set(running) == {uuid for uuid, task in open_tasks.items() if task.due}
    for uuid, clock in running.items():
        assert uuid is not None
        task = open_tasks[uuid]
        assert task.due is not None
        assert (clock.rule, clock.title) == (task.owner_permission, str(task.title))
        assert (clock.due_at, clock.reminds) == (end_of(task.due), task.role)
        assert clock.due_on == task.due and not clock.by_the_hour
        assert clock.source and clock.model_version_id
    done = [clock for clock in clocks(scene) if clock.stopped_at]
    assert len(done) >= 7 and {clock.stop_reason for clock in done} == {StopReason.DONE}


def test_a_task_that_was_born_before_there_were_clocks_gets_one_and_only_once(
    house: None, looking: psycopg.Connection[Any]
) -> None:
    scene = Scene("greve")
    scene.settle()
    before = [clock for clock in clocks(scene) if clock.stopped_at is None]
    looking.execute("SET session_replication_role = replica")
    looking.execute("DELETE FROM kernel_clock WHERE family_id = %s AND stopped_at IS NULL", [scene.family.pk])
    assert tasks.start_missing() == len(before) > 0
    after = [clock for clock in clocks(scene) if clock.stopped_at is None]
    said = [(c.about, c.rule, c.title, c.due_at, c.warn_at, c.reminds, c.escalates_to) for c in after]
    assert sorted(said) == sorted(
        (c.about, c.rule, c.title, c.due_at, c.warn_at, c.reminds, c.escalates_to) for c in before
    )
    assert tasks.start_missing() == 0


def test_a_step_that_falls_away_takes_its_clock_with_it_and_comes_back_with_a_new_one(house: None) -> None:
    scene = Scene("greve")
    (task,) = scene.open_tasks()
    lead = scene.company.actor("authoritylead")
    with lead.acting(), transaction.atomic():
        fresh = Task.objects.select_related("process").get(pk=task.pk)
        fresh.flow_task.activation_class(fresh).cancel()
        dropped = Clock.objects.get(about=task.uuid)
        assert dropped.stop_reason == StopReason.DROPPED and dropped.stopped_at is not None
        revived = fresh.flow_task.activation_class(fresh).revive()
        again = Clock.objects.running().get(family=scene.family)
        assert again.about == revived.uuid and again.due_at == dropped.due_at


def test_the_day_that_was_agreed_may_have_passed_already(house: None) -> None:
    scene = Scene("greve")
    (task,) = scene.open_tasks()
    now = datetime.now(UTC)
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        fresh = Task.objects.select_related("process").get(pk=task.pk)
        tasks.stop_for(fresh, now=now)
        fresh.due = danish_day(now) - timedelta(days=3)
        clock = tasks.start_for(fresh, now=now)
    assert clock is not None and clock.begun_at < clock.due_at < now
    assert clock.warn_at is None


def test_closing_the_journey_stops_the_models_clocks_and_leaves_the_contact_running(house: None) -> None:
    scene = Scene("greve")
    scene.go_on(lambda task: task.flow_task.name == "follow_up_contact")
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        running = Clock.objects.running().filter(family=scene.family)
        # And the measurements that are counted from the day the family left, which nobody has made yet.
        left = {"measure-exit", "measure-half-year"}
        assert {clock.rule for clock in running} == {"flow_journey.follow_up_contact", *left}
        closing = Clock.objects.get(family=scene.family, rule="flow_journey.close_journey")
        assert closing.stop_reason == StopReason.DONE


def test_a_clock_costs_a_step_two_statements(house: None) -> None:
    scene = Scene("greve")
    with counted() as statements:
        scene.take(scene.open_tasks()[0])
    about_clocks = [sql for sql in statements if "kernel_clock" in sql]
    assert len(about_clocks) == 2, about_clocks


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": None, "warn_before_working_days": -1}, "before the deadline"),
        ({"escalates_to": {"caseworker": "authoritylead"}}, "nobody is told when"),
        ({"escalates_to": {"king": "authoritylead"}}, "king"),
    ],
)
def test_task_clocks_that_would_be_silent_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_task_clocks({**CLOCKS, **change})


def test_task_clocks_without_a_reminder_or_with_a_part_missing() -> None:
    none = parse_task_clocks({**CLOCKS, "warn_before_working_days": 0})
    assert none.warn_at(date(2026, 12, 1), begun=datetime(2026, 11, 1, tzinfo=UTC)) is None
    with pytest.raises(ValueError, match="lacks 'source'"):
        parse_task_clocks({key: value for key, value in CLOCKS.items() if key != "source"})


def at(text: str) -> datetime:
    """A Danish time of day as the moment it is."""
    return datetime.fromisoformat(text).replace(tzinfo=DENMARK).astimezone(UTC)


def rule(unit: str, length: int, warn: int) -> ClockRule:
    (parsed,) = parse_clocks(
        [
            {
                "code": "x", "title": "X", "source": "Modellen", "trigger": "moved_in", "stopped_by": "goals_set",
                "reminds": "practitioner", "escalates_to": "teamlead", unit: length, "warn_before": warn,
            }
        ]
    )  # fmt: skip
    return parsed


@pytest.mark.parametrize(
    ("unit", "length", "warn", "begun", "warned", "due"),
    [
        # Twenty-four hours are twenty-four hours: the night the clocks are put forward, and the night they go back.
        ("hours", 24, 6, "2026-03-28 15:00", "2026-03-29 10:00", "2026-03-29 16:00"),
        ("hours", 24, 6, "2026-10-24 15:00", "2026-10-25 08:00", "2026-10-25 14:00"),
        # Through a weekend, and through New Year's Eve.
        ("hours", 24, 6, "2026-11-27 16:30", "2026-11-28 10:30", "2026-11-28 16:30"),
        ("hours", 24, 6, "2026-12-31 20:00", "2027-01-01 14:00", "2027-01-01 20:00"),
        # Days end at midnight in Denmark, on the last day that counts, whichever side of the summer it is.
        ("days", 14, 4, "2026-03-20 09:00", "2026-03-31 00:00", "2026-04-04 00:00"),
        ("days", 28, 7, "2026-10-05 23:59", "2026-10-27 00:00", "2026-11-03 00:00"),
        # Working days leave out weekends, Easter, and the days about New Year.
        ("working_days", 2, 1, "2026-11-27 10:00", "2026-12-01 00:00", "2026-12-02 00:00"),
        ("working_days", 3, 1, "2026-04-01 10:00", "2026-04-09 00:00", "2026-04-10 00:00"),
        ("working_days", 6, 2, "2026-12-23 10:00", "2026-12-31 00:00", "2027-01-05 00:00"),
        # Months keep the day, or take the month's last.
        ("months", 3, 1, "2026-11-30 10:00", "2027-01-31 00:00", "2027-03-01 00:00"),
        ("months", 12, 1, "2027-03-01 10:00", "2028-02-02 00:00", "2028-03-02 00:00"),
    ],
)
def test_when_a_clock_warns_and_ends(
    unit: str, length: int, warn: int, begun: str, warned: str, due: str
) -> None:
    parsed = rule(unit, length, warn)
    # The same whether the beginning is given as a Danish time or as UTC.
    for moment in (at(begun), at(begun).astimezone(DENMARK)):
        warning = parsed.warn_at(moment)
        assert warning is not None and warning.astimezone(UTC) == at(warned)
        assert parsed.due_at(moment).astimezone(UTC) == at(due)


@pytest.mark.parametrize(
    ("due", "begun", "warned"),
    [
        ("2026-12-02", "2026-11-20 10:00", "2026-12-01 00:00"),
        ("2026-11-30", "2026-11-20 10:00", "2026-11-27 00:00"),  # a weekend between
        ("2027-01-04", "2026-12-21 10:00", "2026-12-31 00:00"),  # and the turn of the year
        ("2026-12-02", "2026-12-01 10:00", None),  # born too late to be reminded about
    ],
)
def test_when_a_step_is_reminded_about(due: str, begun: str, warned: str | None) -> None:
    found = parse_task_clocks(CLOCKS).warn_at(date.fromisoformat(due), begun=at(begun))
    assert found == (at(warned) if warned else None)


def test_days_and_the_moments_they_stand_for() -> None:
    assert working_days_before(date(2026, 4, 7), 1) == date(2026, 4, 1)
    assert working_days_before(date(2026, 4, 7), 0) == date(2026, 4, 7)
    assert end_of(date(2026, 3, 29)) - end_of(date(2026, 3, 28)) == timedelta(days=1)
    assert end_of(date(2026, 3, 29)).astimezone(UTC) - end_of(date(2026, 3, 28)).astimezone(UTC) == timedelta(
        hours=23
    )
    now = at("2026-11-25 13:00")
    assert moment_on(date(2026, 11, 25), now=now) == now
    assert moment_on(date(2026, 11, 24), now=now) == at("2026-11-24 00:00")
