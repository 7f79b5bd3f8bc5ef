"""Which way a row of scores goes, and how sure that is. Pure: dated scores in, a finding out.

The slope is Theil and Sen's: the middle one of the slopes between all pairs of days, so that one bad evening does
not turn it. Its interval is the exact one after Kendall (Hollander & Wolfe, *Nonparametric Statistical Methods*,
ch. 9): it assumes neither a straight line nor a bell curve, only that the days are independent of each other, and it
is on the cautious side when scores are equal. With fewer than four days no order of the scores would be rarer than
chance allows, so that nothing can be said, whatever they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from statistics import median

#: How sure an interval is, two-sided. Ours, and wide on purpose: a picture asks people to look, it decides nothing.
SURE = 0.9

#: So many points a picture has room for; more are gathered into periods.
MOST_POINTS = 40

#: The lengths of a period, in days, from a week on: whole weeks, so that each holds as many weekends.
PERIODS = (7, 14, 28, 56, 84, 168, 364)


class Direction(StrEnum):
    """Which way the scores go, whatever that means for the family."""

    TOO_FEW = "too_few"
    #: They may go either way, or none.
    UNCERTAIN = "uncertain"
    #: Every score is the same.
    STEADY = "steady"
    RISING = "rising"
    FALLING = "falling"


@dataclass(frozen=True)
class Change:
    """What became of the scores from the first day to the last, in points of the scale.

    ``estimate`` lies between ``least`` and ``most``, the ends of the interval; all are 0 when there are too few.
    ``through`` is a point that the line of the estimate goes through: days after the first, and a value.
    """

    direction: Direction
    days: int
    estimate: float = 0.0
    least: float = 0.0
    most: float = 0.0
    through: tuple[float, float] = (0.0, 0.0)


def judge_change(points: Sequence[tuple[date, float]], *, sure: float = SURE) -> Change:
    """Which way ``points`` go, in any order. Several of one day count as one: their middle value.

    ``sure``: how sure the interval is, above 0 and below 1. Raises ValueError for another.
    """
    if not 0 < sure < 1:
        raise ValueError("sure lies between 0 and 1")
    rows = _by_day(points)
    if (cut := _cut(len(rows), sure)) is None:
        return Change(Direction.TOO_FEW, len(rows))
    first, span = rows[0][0], (rows[-1][0] - rows[0][0]).days
    slopes = sorted(
        (later - earlier) / (day - before).days * span
        for (before, earlier), (day, later) in combinations(rows, 2)
    )
    least, most = slopes[cut], slopes[-1 - cut]
    through = (median((day - first).days for day, _value in rows), median(value for _day, value in rows))
    return Change(_direction(slopes, least, most), len(rows), median(slopes), least, most, through)


def _direction(slopes: Sequence[float], least: float, most: float) -> Direction:
    if slopes[0] == slopes[-1] == 0:
        return Direction.STEADY
    if least > 0:
        return Direction.RISING
    return Direction.FALLING if most < 0 else Direction.UNCERTAIN


def _by_day(points: Sequence[tuple[date, float]]) -> list[tuple[date, float]]:
    found: dict[date, list[float]] = {}
    for day, value in points:
        found.setdefault(day, []).append(value)
    return [(day, median(values)) for day, values in sorted(found.items())]


@lru_cache(maxsize=256)
def _cut(days: int, sure: float) -> int | None:
    """How many of the sorted slopes lie outside the interval at each end; None when no interval is that sure.

    Of so many days' scores in every order alike, those with ``d`` pairs the wrong way round or fewer may be no
    more than half of what is not sure.
    """
    ways, orders = [1], 1
    for length in range(2, days + 1):
        # One score more stands behind none, one, ... or all of the others: a sum over a window of the ways before.
        longer, window = [], 0
        for wrong in range(len(ways) + length - 1):
            window += ways[wrong] if wrong < len(ways) else 0
            window -= ways[wrong - length] if wrong >= length else 0
            longer.append(window)
        ways = longer
        orders *= length
    found, so_far = None, 0
    for wrong, count in enumerate(ways):
        so_far += count
        if 2 * so_far > (1 - sure) * orders:
            break
        found = wrong
    return found


@dataclass(frozen=True)
class Period:
    """The scores from one day to another: how many, their middle value, the lowest and the highest."""

    first: date
    last: date
    value: float
    count: int
    lowest: float
    highest: float


def gathered(points: Sequence[tuple[date, float]], *, most: int = MOST_POINTS) -> tuple[int, list[Period]]:
    """The points, oldest first, each a period of its own; gathered when there are more than ``most``.

    Gives how many days a period has (1 when nothing was gathered), and the periods. A period without scores is left
    out. They have the shortest length of `PERIODS` with which no more than ``most`` are needed, or its double.
    """
    rows = sorted(points)
    if len(rows) <= most:
        return 1, [Period(day, day, value, 1, value, value) for day, value in rows]
    first, span = rows[0][0], (rows[-1][0] - rows[0][0]).days + 1
    length = next((days for days in PERIODS if span <= days * most), 0)
    if not length:
        length = PERIODS[-1]
        while span > length * most:
            length *= 2
    found: dict[int, list[tuple[date, float]]] = {}
    for day, value in rows:
        found.setdefault((day - first).days // length, []).append((day, value))
    return length, [_period(those) for those in found.values()]


def _period(rows: Sequence[tuple[date, float]]) -> Period:
    values = [value for _day, value in rows]
    return Period(rows[0][0], rows[-1][0], median(values), len(rows), min(values), max(values))
