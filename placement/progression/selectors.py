"""Reads of progression: what the charts, the follow-up form and the guards ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from placement.families.models import Family
from placement.progression.codes import DAILY_LOG, Element
from placement.progression.gas import gas_t_score
from placement.progression.models import FollowUp, Goal, GoalRating, Measurement


@dataclass(frozen=True)
class Series:
    """One instrument's scores within one core element, oldest first, on one scale."""

    element: str
    instrument: str
    low: Decimal
    high: Decimal
    points: tuple[tuple[date, Decimal], ...]


def series(family: Family, element: str | None = None) -> list[Series]:
    """The scores of a family for the charts, elements in the programme's order (or one ``element`` only)."""
    current = Measurement.objects.current().filter(family=family, score__isnull=False)
    if element is not None:
        current = current.filter(element=element)
    found: dict[tuple[str, str, Decimal, Decimal], list[tuple[date, Decimal]]] = {}
    for row in current.order_by("measured_on", "id"):
        key = (row.element, row.instrument, row.scale_min, row.scale_max)
        if row.score is not None:
            found.setdefault(key, []).append((row.measured_on, row.score))
    order = {value: place for place, value in enumerate(Element.values)}
    return [
        Series(*key, points=tuple(points))
        for key, points in sorted(found.items(), key=lambda item: (order[item[0][0]], item[0][1:]))
    ]


def last_measurements(family: Family) -> dict[str, Measurement]:
    """The newest score per core element, whatever the instrument; elements without one are left out."""
    newest = (
        Measurement.objects.current()
        .filter(family=family, score__isnull=False)
        .order_by("element", "-measured_on", "-id")
        .distinct("element")
    )
    return {row.element: row for row in newest}


def last_daily_score(family: Family) -> Measurement | None:
    """The quick log's newest score, shown beside the scale where the next one is given."""
    daily = Measurement.objects.current().filter(
        family=family, instrument=DAILY_LOG.slug, score__isnull=False
    )
    return daily.order_by("-measured_on", "-id").first()


def last_follow_up(family: Family) -> FollowUp | None:
    """The newest follow-up, or None when there has been none."""
    return FollowUp.objects.filter(family=family).order_by("-held_on", "-id").first()


def goals_with_last_rating(family: Family, *, active: bool = True) -> list[tuple[Goal, GoalRating | None]]:
    """The family's active goals (or all), each with its newest rating."""
    ratings = GoalRating.objects.select_related("follow_up").order_by("-follow_up__held_on", "-id")
    goals = Goal.objects.filter(family=family).prefetch_related(Prefetch("ratings", ratings)).order_by("id")
    chosen: Iterable[Goal] = goals.active() if active else goals
    return [(goal, next(iter(goal.ratings.all()), None)) for goal in chosen]


def t_scores(family: Family) -> list[tuple[date, Decimal]]:
    """(day, T score) of each follow-up, oldest first; 50 is as expected."""
    follow_ups = FollowUp.objects.filter(family=family).order_by("held_on", "id")
    rated = follow_ups.prefetch_related(Prefetch("ratings", GoalRating.objects.select_related("goal")))
    return [
        (follow_up.held_on, gas_t_score((r.goal.weight, r.score) for r in follow_up.ratings.all()))
        for follow_up in rated
        if follow_up.ratings.all()
    ]
