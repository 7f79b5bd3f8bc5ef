"""The clocks of a model version, as data: what starts one, how long it runs, who is told, what stops it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
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
            return begun + timedelta(hours=count)
        day = clock.danish_day(begun)
        if self.unit is Unit.WORKING_DAYS:
            day = clock.add_working_days(day, count)
        elif self.unit is Unit.DAYS:
            day += timedelta(days=count)
        else:
            day = clock.add_months(day, count)
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.DENMARK)


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
