"""When a family is measured, as data: after what, within which days, with which instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class Anchor(StrEnum):
    """The day of the stay that a point is counted from."""

    STARTED = "started"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"


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

    def opens(self, anchor: date) -> date:
        """The first day of the point."""
        return anchor + timedelta(days=self.opens_days)

    def due(self, anchor: date) -> date:
        """The last day of the point."""
        return anchor + timedelta(days=self.due_days)


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
            )
        except KeyError as missing:
            raise ValueError(f"measurement point {name!r} lacks {missing}") from missing
        except ValueError as wrong:
            raise ValueError(f"measurement point {name!r}: {wrong}") from wrong
        if point.due_days < point.opens_days:
            raise ValueError(f"measurement point {name!r} is due before it opens")
        if not point.instruments or len(set(point.instruments)) != len(point.instruments):
            raise ValueError(f"measurement point {name!r} needs instruments, each once")
        points.append(point)
    codes = [point.code for point in points]
    if len(set(codes)) != len(codes):
        raise ValueError("two measurement points have the same code")
    return tuple(points)
