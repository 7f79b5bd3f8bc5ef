"""The exit ladder of a model version, as data: its rungs, and on which conditions each may be stepped on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ConditionCode(StrEnum):
    """What a rung can ask for. Stored with decisions and exceptions; never renamed."""

    EXIT_PLAN = "exit-plan"
    RESIDENCE = "residence"
    CONSENT = "consent"
    PREVIOUS_EVALUATED = "previous-evaluated"
    CHILD_VIEW = "child-view"
    NO_OPEN_CONCERN = "no-open-concern"
    SAFETY_PLAN = "safety-plan"
    VISITS_EVALUATED = "visits-evaluated"
    AGREEMENTS_KEPT = "agreements-kept"
    NIGHT_CONTACT = "night-contact"
    HOME_CHECKED = "home-checked"
    RECEIVING_SUPPORT = "receiving-support"
    HEALTH_VISITOR_INFORMED = "health-visitor-informed"
    FIRST_APPOINTMENT = "first-appointment"
    PLACE_KEPT = "place-kept"
    AUTHORITY = "authority"
    DECISION_FROM_MOVE_DAY = "decision-from-move-day"
    HANDOVER_HELD = "handover-held"
    CHILD_PLAN_REVISED = "child-plan-revised"
    GOALS_MET = "goals-met"
    CHILD_FEELS_SAFE = "child-feels-safe"
    NETWORK_CARRIES_PLAN = "network-carries-plan"


#: The numbers that a condition takes, and what they are when the version says nothing (ours, all editable).
PARAMETERS: dict[ConditionCode, dict[str, int]] = {
    # Days without an open notification of concern.
    ConditionCode.NO_OPEN_CONCERN: {"days": 14},
    # How old, in days, the safety plan and the look at the home may be.
    ConditionCode.SAFETY_PLAN: {"days": 180},
    ConditionCode.HOME_CHECKED: {"days": 90},
    # How long ago, in days, the child's plan may have been revised.
    ConditionCode.CHILD_PLAN_REVISED: {"days": 60},
    # How old, in days, the review of the safety plan may be.
    ConditionCode.GOALS_MET: {"days": 60},
    ConditionCode.CHILD_FEELS_SAFE: {"days": 60},
    ConditionCode.NETWORK_CARRIES_PLAN: {"days": 60},
    # How many visits on the rung before.
    ConditionCode.VISITS_EVALUATED: {"count": 2},
    # Of the agreements followed up in so many days, how many percent were kept, and how many there must be.
    ConditionCode.AGREEMENTS_KEPT: {"days": 90, "percent": 75, "at_least": 0},
}

#: What every rung rests on: the law's conditions (barnets lov §§ 5 and 32), and what the flow itself builds on.
ALWAYS = frozenset(
    {
        ConditionCode.EXIT_PLAN,
        ConditionCode.CONSENT,
        ConditionCode.PREVIOUS_EVALUATED,
        ConditionCode.CHILD_VIEW,
    }
)

#: What no version may let anybody make an exception from.
NEVER_EXCEPTED = ALWAYS | {ConditionCode.AUTHORITY, ConditionCode.NO_OPEN_CONCERN}


@dataclass(frozen=True)
class ConditionRule:
    """One condition of one rung. ``name`` is its own within the rung; usually the code.

    ``source``: where it comes from, when that is a method or a law and not the model itself; '' otherwise.
    """

    code: ConditionCode
    name: str
    parameters: Mapping[str, int]
    may_except: bool = False
    source: str = ""

    def number(self, parameter: str) -> int:
        """One of the numbers the condition takes."""
        return self.parameters[parameter]


@dataclass(frozen=True)
class ExitRung:
    """One step of the exit ladder. ``longest_days``: how long it lasts at most, for a step that has an end."""

    code: str
    title: str
    content: str
    needs_authority: bool
    conditions: tuple[ConditionRule, ...]
    longest_days: int | None = None

    def asks_for(self, code: ConditionCode) -> bool:
        """Whether the rung has that condition."""
        return any(rule.code is code for rule in self.conditions)


def parse_ladder(rows: Iterable[Mapping[str, Any]]) -> tuple[ExitRung, ...]:
    """The rungs as written in a version's file. Raises ValueError naming the rung and what is wrong with it."""
    ladder = tuple(_rung(row) for row in rows)
    codes = [rung.code for rung in ladder]
    if not codes or len(set(codes)) != len(codes):
        raise ValueError("the exit ladder needs steps, each with its own code")
    return ladder


def _rung(row: Mapping[str, Any]) -> ExitRung:
    code = str(row.get("code", "?"))
    if not row.get("conditions"):
        raise ValueError(f"exit step {code!r} has no conditions")
    try:
        longest = row.get("longest_days")
        rung = ExitRung(
            code=str(row["code"]),
            title=str(row["title"]),
            content=str(row["content"]),
            needs_authority=bool(row["needs_authority"]),
            conditions=tuple(_rule(code, given) for given in row["conditions"]),
            longest_days=None if longest is None else int(longest),
        )
    except KeyError as missing:
        raise ValueError(f"exit step {code!r} lacks {missing}") from missing
    _check(rung)
    return rung


def _rule(rung: str, row: Mapping[str, Any]) -> ConditionRule:
    given = dict(row)
    written = given.pop("code", "?")
    try:
        code = ConditionCode(written)
    except ValueError:
        raise ValueError(f"exit step {rung!r}: no condition is called {written!r}") from None
    name, may_except = str(given.pop("name", code.value)), given.pop("may_except", False)
    source = str(given.pop("source", ""))
    numbers = PARAMETERS.get(code, {}) | given
    if unknown := set(given) - set(PARAMETERS.get(code, {})):
        raise ValueError(f"exit step {rung!r}, {name!r}: takes no {min(unknown)!r}")
    if any(
        not isinstance(number, int) or isinstance(number, bool) or number < 0 for number in numbers.values()
    ):
        raise ValueError(f"exit step {rung!r}, {name!r}: its numbers are whole and not below zero")
    if may_except and code in NEVER_EXCEPTED:
        raise ValueError(f"exit step {rung!r}: nobody may make an exception from {code.value!r}")
    return ConditionRule(code=code, name=name, parameters=numbers, may_except=bool(may_except), source=source)


def _check(rung: ExitRung) -> None:
    names = [rule.name for rule in rung.conditions]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"exit step {rung.code!r}: two conditions are called {min(twice)!r}")
    missing = ALWAYS - {rule.code for rule in rung.conditions}
    if missing:
        raise ValueError(f"exit step {rung.code!r} must ask for {min(missing).value!r}")
    if rung.needs_authority != rung.asks_for(ConditionCode.AUTHORITY):
        raise ValueError(
            f"exit step {rung.code!r}: needs_authority and the condition 'authority' go together"
        )
    if rung.asks_for(ConditionCode.DECISION_FROM_MOVE_DAY) and not rung.needs_authority:
        raise ValueError(f"exit step {rung.code!r}: 'decision-from-move-day' needs the authority")
    if rung.longest_days is not None and rung.longest_days < 1:
        raise ValueError(f"exit step {rung.code!r}: longest_days counts from one")
