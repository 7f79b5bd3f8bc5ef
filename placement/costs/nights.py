"""Nights in the houses, counted from the stays: nobody types them.

A family is there from the day it moved in to the day before it moved out. While it is on pause its place is kept, and
the nights are counted apart. A family that changed house is counted at each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models.functions import Coalesce

from placement.families.models import Family
from placement.families.stay_models import Pause, SiteChange


@dataclass(frozen=True)
class Stay:
    """One stay of one family: the house where it ended or is, and until which day (None: it is there still)."""

    family_id: int
    site_id: int
    moved_in_on: date
    moved_out_on: date | None


@dataclass(frozen=True)
class Nights:
    """Nights of one month at one site: in the house, and away with the place kept."""

    there: int
    paused: int


#: Rooms above that know of stays before the present one (a journey that was opened again), by municipality.
earlier_stays: list[Callable[[int], Iterable[Stay]]] = []


@dataclass(frozen=True)
class Counted:
    """Nights by (site, first day of the month), and how many families they were of."""

    nights: dict[tuple[int, date], Nights]
    families: int


def count(municipality_id: int, *, first: date, last: date) -> Counted:
    """The nights of the municipality's families from ``first`` to ``last``, both included."""
    changes = _changes(municipality_id)
    pauses = _pauses(municipality_id)
    there: Counter[tuple[int, date]] = Counter()
    paused: Counter[tuple[int, date]] = Counter()
    families: set[int] = set()
    for kept in _stays(municipality_id):
        moves = [
            move
            for move in changes.get(kept.family_id, [])
            if kept.moved_in_on <= move.moved_on <= (kept.moved_out_on or date.max)
        ]
        away = pauses.get(kept.family_id, [])
        day = max(kept.moved_in_on, first)
        end = min(kept.moved_out_on or last + timedelta(days=1), last + timedelta(days=1))
        while day < end:
            families.add(kept.family_id)
            key = (_site_on(day, kept, moves), day.replace(day=1))
            is_away = any(begin <= day and (back is None or day < back) for begin, back in away)
            (paused if is_away else there)[key] += 1
            day += timedelta(days=1)
    keys = sorted(there.keys() | paused.keys())
    return Counted({key: Nights(there[key], paused[key]) for key in keys}, len(families))


def _stays(municipality_id: int) -> list[Stay]:
    """Every stay, of earlier journeys too; one that ended without a day of moving out ends when the journey was closed."""
    families = Family.objects.unscoped(reason="nights of the whole municipality are counted, without a name")
    present = (
        families.filter(municipality_id=municipality_id, moved_in_on__isnull=False, site_id__isnull=False)
        .annotate(until=Coalesce("moved_out_on", "closed_on"))
        .values_list("pk", "site_id", "moved_in_on", "until")
    )
    found = [Stay(*row) for row in present]
    for read in earlier_stays:
        found.extend(read(municipality_id))
    return found


def _site_on(day: date, stay: Stay, moves: list[SiteChange]) -> int:
    """Where the family slept: a stay is kept with the house where it ended, and the changes say where it was before."""
    since = [move for move in moves if move.moved_on <= day]
    if since:
        return since[-1].to_site_id
    return moves[0].from_site_id if moves else stay.site_id


def _changes(municipality_id: int) -> dict[int, list[SiteChange]]:
    found: dict[int, list[SiteChange]] = {}
    for move in SiteChange.objects.filter(municipality_id=municipality_id).order_by("moved_on", "id"):
        found.setdefault(move.family_id, []).append(move)
    return found


def _pauses(municipality_id: int) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = {}
    kept = Pause.objects.filter(municipality_id=municipality_id)
    for family, begin, back in kept.values_list("family_id", "paused_on", "resumed_on"):
        found.setdefault(family, []).append((begin, back))
    return found
