"""A family's scores as courses: one scale of one instrument about one person, from the first score to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import FloatField
from django.db.models.functions import Cast

from placement.families.models import Family
from placement.instruments import catalogue
from placement.instruments.definition import Better, CutOff, Definition, Scale
from placement.progression.change import Change, Period, gathered, judge_change
from placement.progression.codes import OWN_SCALES, Element
from placement.progression.models import Measurement

#: The elements in the programme's order.
ORDER = {value: place for place, value in enumerate(Element.values)}


#: What is alike in the scores of one course, and the order in which they come.
_COURSE = ("element", "instrument", "instrument_version", "person_id", "scale_min", "scale_max")
_IN_TIME = ("measured_on", "id")


@dataclass(frozen=True)
class Course:
    """What a picture is drawn from. ``length``: days of a period, 1 when each score stands for itself."""

    element: str
    title: str
    low: float
    high: float
    better: Better
    scores: tuple[tuple[date, float], ...]
    length: int
    periods: tuple[Period, ...]
    #: None for a score whose direction is judged by another rule.
    change: Change | None
    #: The instrument's whole title; "" for our own scales.
    about: str = ""
    goal: float | None = None
    cut_offs: tuple[CutOff, ...] = ()
    #: Points of change from which a difference is more than chance, and whether the instrument could say it.
    reliable: float | None = None
    measured_with: bool = False
    #: The scale, to say what a score is called; None without a file about it.
    scale: Scale | None = None


def course(scores: Sequence[tuple[date, float]], *, judged: bool = True, **told: Any) -> Course:
    """A course of ``scores`` in any order, gathered and judged."""
    length, periods = gathered(scores)
    # A period stands at its last day: what it says was known then.
    change = judge_change([(period.last, period.value) for period in periods]) if judged else None
    return Course(scores=tuple(sorted(scores)), length=length, periods=tuple(periods), change=change, **told)


def courses(family: Family) -> list[Course]:
    """Every course of a family's scores that stand, elements in the programme's order. One query and its people's.

    Scores of another version, of another person or on other ends are another course: they cannot be compared.
    """
    rows = Measurement.objects.current().filter(family=family, score__isnull=False)
    # Put together by the database: a row of ours for every score would take longer than the rest of the page.
    gathered_rows = (
        rows.order_by()
        .values_list(*_COURSE)
        .annotate(
            days=ArrayAgg("measured_on", order_by=_IN_TIME),
            values=ArrayAgg(Cast("score", FloatField()), order_by=_IN_TIME),
            ages=ArrayAgg("scale_score__administration__age_months", order_by=_IN_TIME),
        )
    )
    found = {tuple(key): (days, values, ages[-1]) for *key, days, values, ages in gathered_rows}
    names = {person.pk: str(person) for person in family.people.all()} if found else {}
    made = [
        _course(key, list(zip(days, values, strict=True)), names, months)
        for key, (days, values, months) in found.items()
    ]
    return sorted(made, key=lambda one: (ORDER[one.element], one.title.casefold(), one.scores[0][0]))


def _course(
    key: tuple[Any, ...], scores: list[tuple[date, float]], names: dict[int, str], months: int | None
) -> Course:
    element, slug, version, person, low, high = key
    definition, scale = _scale_of(slug, version)
    title = _title(slug, definition, scale)
    if slug in OWN_SCALES:
        # The same question in each element.
        title = f"{title}, {Element(element).label}"
    if person is not None:
        title = f"{title}: {names.get(person, '')}"
    return course(
        scores,
        element=element,
        title=title,
        about=str(definition.title) if definition else "",
        low=float(low),
        high=float(high),
        better=scale.better if scale else Better.HIGHER if slug in OWN_SCALES else Better.NEITHER,
        cut_offs=_applying(scale, months),
        reliable=float(scale.reliable_change) if scale and scale.reliable_change is not None else None,
        measured_with=scale is not None,
        scale=scale,
    )


def _scale_of(slug: str, version: str) -> tuple[Definition | None, Scale | None]:
    """The file and the scale that a measurement's name and version stand for."""
    for newest in catalogue.current():
        # An instrument's scales begin with its name.
        if slug != newest.id and not slug.startswith(f"{newest.id}-"):
            continue
        definition = catalogue.find_version(newest.id, version)
        for scale in definition.scales if definition else ():
            if definition is not None and definition.slug_of(scale) == slug:
                return definition, scale
    return None, None


def _title(slug: str, definition: Definition | None, scale: Scale | None) -> str:
    if definition is None or scale is None:
        own = OWN_SCALES.get(slug)
        return str(own.title) if own else slug
    return definition.short if len(definition.scales) == 1 else f"{definition.short}, {scale.title}"


def _applying(scale: Scale | None, months: int | None) -> tuple[CutOff, ...]:
    """The cut-offs for a child of that age; those for every age always."""
    return tuple(
        cut_off
        for cut_off in (scale.cut_offs if scale else ())
        if cut_off.months is None or (months is not None and cut_off.months[0] <= months <= cut_off.months[1])
    )
