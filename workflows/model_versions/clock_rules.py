"""The clocks of a model version, as data: what starts one, how long it runs, who is told, what stops it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from placement import clock
from placement.access.roles import Role


class Event(StrEnum):
    """What can happen in a family's work that a clock starts or stops by. Stored with clocks; never renamed."""

    STARTED = "started"
    MOVED_IN = "moved_in"
    TEAM_NAMED = "team_named"
    TEAM_MEETING_HELD = "team_meeting_held"
    GOALS_SET = "goals_set"
    NEGATIVE_TREND = "negative_trend"
    PLAN_CHANGED = "plan_changed"
    NETWORK_MAPPED = "network_mapped"
    CONCERN_RECEIVED = "concern_received"
    CONCERN_ASSESSED = "concern_assessed"
    #: A notification came from somebody who is to have a receipt (not from an anonymous one).
    CONCERN_RECEIPT_OWED = "concern_receipt_owed"
    CONCERN_RECEIPT_SENT = "concern_receipt_sent"
    EXIT_STEP_WENT_WRONG = "exit_step_went_wrong"
    MOVED_OUT = "moved_out"
    #: A score asks for the same measurement again, and it was made (or declined).
    REPEAT_ASKED = "repeat_asked"
    MEASURED_AGAIN = "measured_again"
    #: A mentalising session was held by somebody without the training that the model asks for, or with it.
    SESSION_UNSUPERVISED = "session_unsupervised"
    SESSION_SUPERVISED = "session_supervised"
    #: An activity of the evaluation is due for a chosen family, and it was done (or is not asked for any more).
    RESEARCH_DUE = "research_due"
    RESEARCH_SETTLED = "research_settled"


class Unit(StrEnum):
    """How a clock's length is counted."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True)
class ClockRule:
    """One kind of deadline. ``length`` and ``warn_before`` count in ``unit``; hours run day and night, all week."""

    code: str
    title: str
    #: Where the rule comes from: a paragraph, or "Modellen" for a default of ours.
    source: str
    trigger: Event
    stopped_by: Event
    unit: Unit
    length: int
    warn_before: int
    reminds: Role
    escalates_to: Role
    #: A statutory deadline goes on while a family is away; the model's own stand still.
    runs_while_paused: bool = False

    def due_at(self, begun: datetime) -> datetime:
        """The last moment: so many hours later, or the end of the last Danish day that still counts."""
        return self._after(begun, self.length)

    def warn_at(self, begun: datetime) -> datetime | None:
        """When a reminder goes out: ``warn_before`` earlier than the end; None for a rule without a warning."""
        return self._after(begun, self.length - self.warn_before) if self.warn_before else None

    def _after(self, begun: datetime, count: int) -> datetime:
        if self.unit is Unit.HOURS:
            # In UTC: an hour added to a Danish time of day is no hour in the nights when the clocks are put.
            return begun.astimezone(UTC) + timedelta(hours=count)
        day = clock.danish_day(begun)
        if self.unit is Unit.WORKING_DAYS:
            day = clock.add_working_days(day, count)
        elif self.unit is Unit.DAYS:
            day += timedelta(days=count)
        else:
            day = clock.add_months(day, count)
        return clock.end_of(day)


@dataclass(frozen=True)
class TaskClocks:
    """What every step that has a deadline is given: a reminder before it, and who is told after it."""

    source: str
    #: Danish working days before the end of the last day; 0 for no reminder.
    warn_before_working_days: int
    #: Whom a step that waits for this role is told to when it is late.
    escalates_to: Mapping[Role, Role]

    def warn_at(self, due: date, *, begun: datetime) -> datetime | None:
        """When the reminder goes out; None when that would be before the step was born."""
        if not self.warn_before_working_days:
            return None
        moment = clock.end_of(clock.working_days_before(due, self.warn_before_working_days))
        return moment if moment > begun else None


def parse_task_clocks(row: Mapping[str, Any]) -> TaskClocks:
    """``[task_clocks]`` as written. Raises ValueError with what is missing, unknown or without anybody to tell."""
    try:
        parsed = TaskClocks(
            source=str(row["source"]),
            warn_before_working_days=int(row["warn_before_working_days"]),
            escalates_to={Role(waits): Role(told) for waits, told in row["escalates_to"].items()},
        )
    except KeyError as missing:
        raise ValueError(f"task_clocks lacks {missing}") from missing
    except ValueError as wrong:
        raise ValueError(f"task_clocks: {wrong}") from wrong
    if parsed.warn_before_working_days < 0:
        raise ValueError("task_clocks: the reminder comes before the deadline, not after it")
    silent = sorted(role for role in _WORKING if role not in parsed.escalates_to)
    if silent:
        raise ValueError(f"task_clocks: nobody is told when a {silent[0]} is late")
    return parsed


#: The roles that steps of a family's flows wait for.
_WORKING = (Role.CASEWORKER, Role.AUTHORITY_LEAD, Role.PRACTITIONER, Role.TEAM_LEAD, Role.HEALTH_VISITOR)


def parse_clocks(rows: Iterable[Mapping[str, Any]]) -> tuple[ClockRule, ...]:
    """The rules as written in a version's file. Raises ValueError naming the clock and what is wrong with it."""
    rules = tuple(_parse(row) for row in rows)
    codes = [rule.code for rule in rules]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ValueError(f"two clocks are called {min(twice)!r}")
    return rules


def _parse(row: Mapping[str, Any]) -> ClockRule:
    name = row.get("code", "?")
    units = [unit for unit in Unit if unit.value in row]
    if len(units) != 1:
        raise ValueError(f"clock {name!r}: say its length in one of {', '.join(Unit)}")
    try:
        rule = ClockRule(
            code=str(row["code"]),
            title=str(row["title"]),
            source=str(row["source"]),
            trigger=Event(row["trigger"]),
            stopped_by=Event(row["stopped_by"]),
            unit=units[0],
            length=int(row[units[0].value]),
            warn_before=int(row.get("warn_before", 0)),
            reminds=Role(row["reminds"]),
            escalates_to=Role(row["escalates_to"]),
            runs_while_paused=bool(row.get("runs_while_paused", False)),
        )
    except KeyError as missing:
        raise ValueError(f"clock {name!r} lacks {missing}") from missing
    except ValueError as wrong:
        raise ValueError(f"clock {name!r}: {wrong}") from wrong
    if rule.trigger is rule.stopped_by:
        raise ValueError(f"clock {name!r} is stopped by what starts it")
    if not rule.length > 0 or not 0 <= rule.warn_before < rule.length:
        raise ValueError(f"clock {name!r}: the warning must come after the start and before the end")
    return rule
