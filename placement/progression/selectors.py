"""Reads of progression: what the charts, the follow-up form and the guards ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Person
from placement.progression.codes import DAILY_LOG, Element, Trend
from placement.progression.gas import gas_t_score
from placement.progression.models import FollowUp, Goal, GoalRating, Measurement, SetbackAnswer


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
    rows = current.order_by("measured_on", "id")
    columns = ("element", "instrument", "scale_min", "scale_max", "measured_on", "score")
    for within, instrument, low, high, on, score in rows.values_list(*columns):
        if score is not None:
            found.setdefault((within, instrument, low, high), []).append((on, score))
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
    ratings = GoalRating.objects.select_related("follow_up__held_by").order_by("-follow_up__held_on", "-id")
    goals = Goal.objects.filter(family=family).prefetch_related(Prefetch("ratings", ratings)).order_by("id")
    chosen: Iterable[Goal] = goals.active() if active else goals
    return [(goal, next(iter(goal.ratings.all()), None)) for goal in chosen]


def may_take_part(family: Family) -> list[Person]:
    """The parents and born children of the family: with whom goals can be formulated."""
    people = Person.objects.filter(
        family=family, kind__in=[PersonKind.PARENT, PersonKind.CHILD], birth_state=BirthState.BORN
    )
    return list(people.order_by("id"))


def earlier_scores(goals: Sequence[Goal], *, until: date) -> dict[int, tuple[int, ...]]:
    """Each goal's levels up to and with ``until``, oldest first, by its key: its baseline, then its ratings."""
    found = {goal.pk: [] if goal.baseline is None else [goal.baseline] for goal in goals}
    ratings = GoalRating.objects.filter(goal__in=goals, follow_up__held_on__lte=until)
    for goal, score in ratings.order_by("follow_up__held_on", "follow_up_id").values_list("goal_id", "score"):
        found[goal].append(score)
    return {goal: tuple(scores) for goal, scores in found.items()}


def setback_to_answer(follow_up: FollowUp) -> bool:
    """Whether a follow-up's negative trend still waits for what the team does about it."""
    return (
        follow_up.trend == Trend.NEGATIVE and not SetbackAnswer.objects.filter(follow_up=follow_up).exists()
    )


def t_scores(goals: Iterable[Goal]) -> list[tuple[date, Decimal]]:
    """(day, T score) of each follow-up at which ``goals`` were rated, oldest first; 50 is as expected.

    ``goals``: all of a family's, as `goals_with_last_rating` reads them; asks nothing more.
    """
    rounds: dict[tuple[date, int], list[tuple[int, int]]] = {}
    for goal in goals:
        for rating in goal.ratings.all():
            place = (rating.follow_up.held_on, rating.follow_up_id)
            rounds.setdefault(place, []).append((goal.weight, rating.score))
    return [(day, gas_t_score(rounds[day, number])) for day, number in sorted(rounds)]
