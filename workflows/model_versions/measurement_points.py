"""When a family is measured, as data: after what, within which days, with which instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from placement.access.roles import Role
from workflows.model_versions.clock_rules import ClockRule, Event, Unit


class Anchor(StrEnum):
    """The day of the stay that a point is counted from."""

    STARTED = "started"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"


#: When a point does not say it; our default.
WARN_DAYS = 7

#: Whose it is to measure after that day, and who is told when it was not done: the house's while the family lives there.
_TOLD = {
    Anchor.STARTED: (Role.CASEWORKER, Role.AUTHORITY_LEAD),
    Anchor.MOVED_IN: (Role.PRACTITIONER, Role.TEAM_LEAD),
    Anchor.MOVED_OUT: (Role.CASEWORKER, Role.AUTHORITY_LEAD),
}


@dataclass(frozen=True)
class MeasurementPoint:
    """One time at which a family is measured. Days are calendar days from the anchor; before it they are negative."""

    code: str
    title: str
    after: Anchor
    #: From this day on an answer counts for the point.
    opens_days: int
    #: The last day that is in time.
    due_days: int
    instruments: tuple[str, ...]
    #: Days before the last one on which somebody is reminded; never before the point opens. 0: no reminder.
    warn_days: int = WARN_DAYS

    def opens(self, anchor: date) -> date:
        """The first day of the point."""
        return anchor + timedelta(days=self.opens_days)

    def due(self, anchor: date) -> date:
        """The last day of the point."""
        return anchor + timedelta(days=self.due_days)

    @property
    def clock_code(self) -> str:
        """What the rule of its deadline is called."""
        return f"measure-{self.code}"[:60]

    @property
    def clock(self) -> ClockRule | None:
        """Its deadline, which ends when everything of the point is answered or declined.

        None for a point that is over on the day it is counted from: nothing could be told in time.
        """
        if self.due_days < 1:
            return None
        reminds, escalates_to = _TOLD[self.after]
        return ClockRule(
            code=self.clock_code,
            title=f"Målinger: {self.title}"[:160],
            source="Modellens målepunkter, vores forslag",
            trigger=Event(self.after.value),
            stopped_by=Event.POINT_MEASURED,
            unit=Unit.DAYS,
            length=self.due_days,
            warn_before=min(self.warn_days, self.due_days - max(self.opens_days, 0)),
            reminds=reminds,
            escalates_to=escalates_to,
        )


def parse_points(content: Mapping[str, Any]) -> tuple[MeasurementPoint, ...]:
    """The points of a version; none when it names none. Raises ValueError naming the point and what is wrong."""
    points = []
    for row in content.get("measurement_points", []):
        name = row.get("code", "?")
        try:
            point = MeasurementPoint(
                code=str(row["code"]),
                title=str(row["title"]),
                after=Anchor(row["after"]),
                opens_days=int(row["opens_days"]),
                due_days=int(row["due_days"]),
                instruments=tuple(row["instruments"]),
                warn_days=int(row.get("warn_days", WARN_DAYS)),
            )
        except KeyError as missing:
            raise ValueError(f"measurement point {name!r} lacks {missing}") from missing
        except ValueError as wrong:
            raise ValueError(f"measurement point {name!r}: {wrong}") from wrong
        if point.due_days < point.opens_days:
            raise ValueError(f"measurement point {name!r} is due before it opens")
        if point.warn_days < 0:
            raise ValueError(
                f"measurement point {name!r}: the reminder comes before the last day, not after it"
            )
        if not point.instruments or len(set(point.instruments)) != len(point.instruments):
            raise ValueError(f"measurement point {name!r} needs instruments, each once")
        points.append(point)
    codes = [point.code for point in points]
    if len(set(codes)) != len(codes):
        raise ValueError("two measurement points have the same code")
    return tuple(points)
