"""What a model version says about the team: its meetings, deputies, training and supervision."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from placement import clock


@dataclass(frozen=True)
class MeetingType:
    """One kind of recurring meeting. ``cadence`` names its rhythm among the version's `cadence_days`."""

    code: str
    title: str
    cadence: str
    #: Fewer than this many of the team is not such a meeting.
    at_least: int
    #: Professions that ought to be there; who is missing is shown with the meeting, and does not undo it.
    required_professions: tuple[str, ...]
    parents_invited: bool

    def missing(self, present: Collection[str]) -> tuple[str, ...]:
        """The professions that ought to have been there and were not, in the version's order."""
        return tuple(profession for profession in self.required_professions if profession not in present)


@dataclass(frozen=True)
class TrainingKind:
    """One kind of training or supervision. ``valid_months`` None: it does not end by itself."""

    code: str
    title: str
    valid_months: int | None
    #: The professions that ought to have it.
    professions: tuple[str, ...]

    def valid_until(self, held_on: date) -> date | None:
        """The last day on which it counts, when nothing else is written."""
        return None if self.valid_months is None else clock.add_months(held_on, self.valid_months)


@dataclass(frozen=True)
class StaffRules:
    """Limits about staff."""

    #: Days (calendar) that a deputy may be appointed for at a time.
    deputy_longest_days: int
    #: Days (calendar) before training ends from which it is shown as ending soon.
    training_warn_days: int
    training_kinds: tuple[TrainingKind, ...]

    def training(self, code: str) -> TrainingKind:
        """The kind called ``code``; raises KeyError for an unknown one."""
        return {kind.code: kind for kind in self.training_kinds}[code]


def parse_meeting_types(content: Mapping[str, Any]) -> tuple[MeetingType, ...]:
    """The meeting types of a version. Raises ValueError naming the type and what is wrong with it."""
    known = set(content["team"]["professions"])
    types = []
    for row in content["meeting_types"]:
        name = row.get("code", "?")
        try:
            kind = MeetingType(
                code=str(row["code"]),
                title=str(row["title"]),
                cadence=str(row["cadence"]),
                at_least=int(row["at_least"]),
                required_professions=tuple(row["required_professions"]),
                parents_invited=bool(row["parents_invited"]),
            )
        except KeyError as missing:
            raise ValueError(f"meeting type {name!r} lacks {missing}") from missing
        if kind.cadence not in content["cadence_days"]:
            raise ValueError(f"meeting type {name!r} has a rhythm that is not in cadence_days")
        if not set(kind.required_professions) <= known:
            raise ValueError(f"meeting type {name!r} requires a profession that is not in the list")
        if kind.at_least < 1:
            raise ValueError(f"meeting type {name!r} is held by nobody")
        types.append(kind)
    _once("meeting types", [kind.code for kind in types])
    if "team" not in {kind.code for kind in types}:
        raise ValueError("the meeting type 'team' is missing")
    return tuple(types)


def parse_staff_rules(content: Mapping[str, Any]) -> StaffRules:
    """The limits about staff, and the kinds of training. Raises ValueError with what is wrong."""
    known = set(content["team"]["professions"])
    kinds = []
    for row in content["training_kinds"]:
        name = row.get("code", "?")
        try:
            kind = TrainingKind(
                code=str(row["code"]),
                title=str(row["title"]),
                valid_months=int(row["valid_months"]) if "valid_months" in row else None,
                professions=tuple(row["professions"]),
            )
        except KeyError as missing:
            raise ValueError(f"training kind {name!r} lacks {missing}") from missing
        if kind.valid_months is not None and kind.valid_months < 1:
            raise ValueError(f"training kind {name!r} ends before it begins")
        if not set(kind.professions) <= known:
            raise ValueError(f"training kind {name!r} is for a profession that is not in the list")
        kinds.append(kind)
    _once("training kinds", [kind.code for kind in kinds])
    rules = StaffRules(
        deputy_longest_days=int(content["staff"]["deputy_longest_days"]),
        training_warn_days=int(content["staff"]["training_warn_days"]),
        training_kinds=tuple(kinds),
    )
    if rules.deputy_longest_days < 1 or rules.training_warn_days < 0:
        raise ValueError("a deputy needs at least a day, and a warning no less than none")
    return rules


def _once(what: str, codes: list[str]) -> None:
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ValueError(f"two {what} are called {min(twice)!r}")
