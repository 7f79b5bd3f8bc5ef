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
    #: Somebody in the network agreed to something, by a day; and it was asked whether it happened.
    AGREEMENT_MADE = "agreement_made"
    AGREEMENT_FOLLOWED_UP = "agreement_followed_up"
    #: The authority approved the plan of a family group conference; and it was followed up.
    FAMILY_PLAN_APPROVED = "family_plan_approved"
    FAMILY_PLAN_FOLLOWED_UP = "family_plan_followed_up"
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
    COMPLAINT_RECEIVED = "complaint_received"
    COMPLAINT_REASSESSED = "complaint_reassessed"
    #: A party asked to see the case file, and was answered (aktindsigt).
    ACCESS_ASKED = "access_asked"
    ACCESS_ANSWERED = "access_answered"
    #: Everything that a measurement point asks for is answered, or declined for good.
    POINT_MEASURED = "point_measured"
    #: The municipality became aware of a need that is examined (§ 20); the moment is when it did, not when it wrote it.
    AWARE_OF_NEED = "aware_of_need"
    #: The examination was concluded, or a preliminary assessment made in its stead (§ 20).
    EXAMINATION_SETTLED = "examination_settled"
    #: A preliminary assessment was made, and somebody decided by when the examination ends.
    EXAMINATION_PUT_OFF = "examination_put_off"
    EXAMINATION_CONCLUDED = "examination_concluded"
    #: Of an examination that ran beside a measure (§ 32, stk. 4).
    PARALLEL_EXAMINATION_DONE = "parallel_examination_done"
    #: A decision on the stay was made (§ 32).
    DECISION_MADE = "decision_made"
    #: The child's plan was made, or it was decided, with a reason, that none is (§ 91).
    CHILD_PLAN_SETTLED = "child_plan_settled"
    #: A follow-up was held, and another one was agreed on for a day, with a reason (§ 95).
    FOLLOW_UP_HELD = "follow_up_held"
    FOLLOW_UP_AGREED = "follow_up_agreed"
    #: Plan A and plan B run side by side before a birth; it was settled what holds at the birth (§ 49).
    PARALLEL_TRACK_BEGUN = "parallel_track_begun"
    PLACEMENT_AT_BIRTH_SETTLED = "placement_at_birth_settled"
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
    #: Not counted: the last day comes with the event (`Given` says from where). ``warn_before`` counts in days.
    GIVEN = "given"


class Given(StrEnum):
    """Where the last day of a clock that is not counted comes from."""

    #: Somebody decided it, and said why.
    DECIDED = "decided"
    #: The day on which an unborn child is expected.
    TERM = "term"


#: How a source says that nobody has read the rule at its place in the law.
UNCHECKED_WORDS = ("som vi læser", "vores forslag")


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
    #: A statutory deadline about the measure itself: it ends, unmet or not, when the journey does.
    ends_with_journey: bool = False
    #: Where the last day comes from, of a rule in `Unit.GIVEN`; None for every other.
    given: Given | None = None
    #: What ends the clock on its own day, when it happens before the length has run ("the earlier of the two").
    earlier: Event | None = None
    #: So many months before the day that is given the clock opens: before that nothing can be done about it. 0: at once.
    opens_months_before: int = 0
    #: Whether the rule was read at its place in the law. One that was not says so in ``source``.
    checked: bool = True

    def due_at(self, begun: datetime, day: date | None = None) -> datetime:
        """The last moment: so many hours later, or the end of the last Danish day that still counts.

        ``day``: the last one, of a rule whose day is given. Raises ValueError when such a rule is given none.
        """
        if self.unit is Unit.GIVEN:
            return clock.end_of(self._day(day))
        return self._after(begun, self.length)

    def warn_at(self, begun: datetime, day: date | None = None) -> datetime | None:
        """When a reminder goes out: ``warn_before`` earlier than the end; None for a rule without a warning.

        A clock that opens later than it begins reminds when it opens: now it can be done.
        """
        if self.opens_months_before:
            return self.opens_at(day)
        if self.unit is Unit.GIVEN:
            if not self.warn_before:
                return None
            moment = clock.end_of(self._day(day) - timedelta(days=self.warn_before))
            return moment if moment > begun else None
        return self._after(begun, self.length - self.warn_before) if self.warn_before else None

    def opens_on(self, day: date) -> date:
        """The first day on which something can be done about the clock that ends on ``day``."""
        return clock.add_months(day, -self.opens_months_before)

    def opens_at(self, day: date | None = None) -> datetime | None:
        """The moment at which `opens_on` begins in Denmark; None for a clock that is open from its beginning."""
        if not self.opens_months_before:
            return None
        return clock.end_of(self.opens_on(self._day(day)) - timedelta(days=1))

    def _day(self, day: date | None) -> date:
        if day is None:
            raise ValueError(f"the clock {self.code!r} ends on a day that must be given")
        return day

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
    given = Given(row["given"]) if row.get("given") in list(Given) else None
    try:
        if units[0] is Unit.GIVEN and given is None:
            raise ValueError(f"its day is given by one of {', '.join(Given)}")
        rule = ClockRule(
            code=str(row["code"]),
            title=str(row["title"]),
            source=str(row["source"]),
            trigger=Event(row["trigger"]),
            stopped_by=Event(row["stopped_by"]),
            unit=units[0],
            length=0 if units[0] is Unit.GIVEN else int(row[units[0].value]),
            warn_before=int(row.get("warn_before", 0)),
            reminds=Role(row["reminds"]),
            escalates_to=Role(row["escalates_to"]),
            runs_while_paused=bool(row.get("runs_while_paused", False)),
            ends_with_journey=bool(row.get("ends_with_journey", False)),
            given=given,
            earlier=Event(row["earlier"]) if "earlier" in row else None,
            opens_months_before=int(row.get("opens_months_before", 0)),
            checked=bool(row.get("checked", True)),
        )
    except KeyError as missing:
        raise ValueError(f"clock {name!r} lacks {missing}") from missing
    except ValueError as wrong:
        raise ValueError(f"clock {name!r}: {wrong}") from wrong
    if rule.trigger is rule.stopped_by:
        raise ValueError(f"clock {name!r} is stopped by what starts it")
    _check(rule)
    return rule


def _check(rule: ClockRule) -> None:
    """Raise ValueError for a rule that contradicts itself."""
    name = rule.code
    if rule.unit is Unit.GIVEN:
        if rule.earlier is not None:
            raise ValueError(f"clock {name!r}: a day that is given has nothing that could come earlier")
        if rule.warn_before < 0 or rule.opens_months_before < 0:
            raise ValueError(f"clock {name!r}: the warning and the opening come before the end")
    elif not rule.length > 0 or not 0 <= rule.warn_before < rule.length:
        raise ValueError(f"clock {name!r}: the warning must come after the start and before the end")
    elif rule.opens_months_before:
        raise ValueError(f"clock {name!r}: only a day that is given is counted backwards from")
    if rule.earlier in (rule.trigger, rule.stopped_by):
        raise ValueError(f"clock {name!r}: what comes earlier is neither what starts nor what stops it")
    if not rule.checked and not any(words in rule.source for words in UNCHECKED_WORDS):
        raise ValueError(f"clock {name!r}: a rule that is not checked says so in its source")
