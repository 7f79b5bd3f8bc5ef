"""Which way the family's goals are going, by a rule that the model version states. Pure: scores in, a finding out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from placement.progression.codes import Trend
from placement.progression.gas import gas_t_score


@dataclass(frozen=True)
class TrendRule:
    """When a trend is negative: either of the two is enough. Both are the model's to set, never the law's."""

    #: The T score of the same goals has fallen by so many points or more since the round before.
    t_score_falls_by: Decimal
    #: One goal has been rated lower so many rounds in a row.
    goal_falls_in_a_row: int


@dataclass(frozen=True)
class Track:
    """One goal's levels, oldest first: where it stood when it was set (if that was written down), then each rating."""

    title: str
    weight: int
    scores: tuple[int, ...]


@dataclass(frozen=True)
class Finding:
    """The trend, the T score of the compared goals in the round before and now, and the goals that keep falling."""

    trend: Trend
    before: Decimal | None = None
    now: Decimal | None = None
    falling: tuple[str, ...] = ()


def judge(tracks: Sequence[Track], rule: TrendRule) -> Finding:
    """What the newest round of ratings says, compared with the round before it, goal by goal.

    Only goals with two levels to compare count, so that a goal which came or went never looks like progress or
    a setback. With none there is too little to say.
    """
    compared = [track for track in tracks if len(track.scores) > 1]
    if not compared:
        return Finding(Trend.TOO_FEW)
    before = gas_t_score((track.weight, track.scores[-2]) for track in compared)
    now = gas_t_score((track.weight, track.scores[-1]) for track in compared)
    falling = tuple(track.title for track in compared if _falls(track.scores, rule.goal_falls_in_a_row))
    if falling or before - now >= rule.t_score_falls_by:
        return Finding(Trend.NEGATIVE, before, now, falling)
    if now == before:
        return Finding(Trend.STEADY, before, now)
    return Finding(Trend.RISING if now > before else Trend.SLIPPING, before, now)


def _falls(scores: Sequence[int], times: int) -> bool:
    last = scores[-times - 1 :]
    return len(last) == times + 1 and all(later < earlier for earlier, later in pairwise(last))
