"""What a family is due to be measured with: the points of its model version, and what a score asked to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from placement import clock
from placement.families.models import Family, Person, Phase
from placement.instruments import catalogue
from placement.instruments.definition import Definition
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Clock, Process
from workflows.kernel.processes import journey_of, journeys_of
from workflows.kernel.steps import model_of
from workflows.measuring.models import FINAL, Administration
from workflows.measuring.whom import can_be_about, fits_on, people_of
from workflows.model_versions.clock_rules import Event
from workflows.model_versions.measurement_points import Anchor, MeasurementPoint


class State(StrEnum):
    """Where one due measurement stands."""

    DONE = "done"
    #: Not answered, for a reason that holds.
    DECLINED = "declined"
    DUE = "due"
    LATE = "late"
    #: Its time is over, and the next point has begun.
    MISSED = "missed"
    UPCOMING = "upcoming"


#: As the API says them.
STATES = [state.value for state in State]

#: What waits for somebody.
WAITING = frozenset({State.DUE, State.LATE})

_OPEN = WAITING | {State.UPCOMING}


@dataclass(frozen=True)
class DueMeasurement:
    """One instrument about one person at one point; ``point`` is "" for a measurement that a score asks to repeat."""

    point: str
    title: str
    definition: Definition
    person: Person
    opens: date
    due: date
    state: State
    #: When it was answered first; None while it is not.
    answered_on: date | None = None
    #: The reason (`MissingReason`) that was written last for there being no answer; "" for none.
    reason: str = ""


def due_list(family: Family, *, journey: Process | None = None) -> list[DueMeasurement]:
    """Everything that is due, done or coming for a family, in the order in which it is due.

    ``journey``: the family's, when it is at hand. A closed journey has its follow-up points still. Instruments whose
    file is gone, and those that nobody of the family is of an age for, are left out.
    """
    rows = _standing([family])
    return _due(family, rows, journey or journey_of(family.pk))


def due_lists(families: Sequence[Family]) -> dict[int, list[DueMeasurement]]:
    """`due_list` of several families, by family: as many queries however many. Their people are best prefetched."""
    rows: dict[int, list[Administration]] = {family.pk: [] for family in families}
    for row in _standing(families):
        rows[row.family_id].append(row)
    journeys = journeys_of(list(rows))
    return {family.pk: _due(family, rows[family.pk], journeys.get(family.pk)) for family in families}


def _due(family: Family, rows: list[Administration], journey: Process | None) -> list[DueMeasurement]:
    people = people_of(family)
    made = [row for row in rows if row.missing_reason in ("", *FINAL)]
    found = _repeats(people, made)
    if journey is not None and family.phase != Phase.DECLINED:
        found += _of_points(family, people, rows, model_of(journey).measurement_points)
    return sorted(found, key=lambda one: (one.due, one.definition.short, one.person.pk))


def stop_measured_points(family: Family, *, at: datetime) -> None:
    """Stop the deadlines of the points at which nothing waits for an answer any more."""
    running = Clock.objects.running().filter(family=family, stopped_by=Event.POINT_MEASURED.value)
    rules = set(running.values_list("rule", flat=True))
    journey = journey_of(family.pk)
    if not rules or journey is None:
        return
    open_points = {one.point for one in due_list(family, journey=journey) if one.state in _OPEN}
    asked = [point.clock_code for point in model_of(journey).measurement_points if point.code in open_points]
    clocks.done(family=family, rules=rules.difference(asked), at=at)


def _standing(families: Sequence[Family]) -> list[Administration]:
    return list(
        Administration.objects.filter(family__in=families, replaced_by__isnull=True).order_by(
            "answered_on", "id"
        )
    )


def _of_points(
    family: Family, people: list[Person], rows: list[Administration], points: Iterable[MeasurementPoint]
) -> list[DueMeasurement]:
    days = {
        Anchor.STARTED: family.started_on,
        Anchor.MOVED_IN: family.moved_in_on,
        Anchor.MOVED_OUT: family.moved_out_on,
    }
    placed = [(point, anchor) for point in points if (anchor := days[point.after]) is not None]
    found = []
    for point, anchor in placed:
        for name in point.instruments:
            definition = catalogue.find(name)
            if definition is None:
                continue
            later = [
                other.opens(day)
                for other, day in placed
                if name in other.instruments and other.opens(day) > point.opens(anchor)
            ]
            for person in can_be_about(definition, people):
                one = _one(point, anchor, definition, person, rows, ends=min(later, default=date.max))
                if one.state not in WAITING or fits_on(definition, person, people, on=clock.today()):
                    found.append(one)
    return found


def _one(
    point: MeasurementPoint,
    anchor: date,
    definition: Definition,
    person: Person,
    rows: list[Administration],
    *,
    ends: date,
) -> DueMeasurement:
    opens, due, today = point.opens(anchor), point.due(anchor), clock.today()
    within = [
        row
        for row in rows
        if (row.instrument, row.person_id) == (definition.id, person.pk) and opens <= row.answered_on < ends
    ]
    answered = next((row.answered_on for row in within if not row.missing_reason), None)
    reason = next((row.missing_reason for row in reversed(within) if row.missing_reason), "")
    if answered is not None:
        state, reason = State.DONE, ""
    elif any(row.missing_reason in FINAL for row in within):
        state = State.DECLINED
    elif today < opens:
        state = State.UPCOMING
    elif today >= ends:
        state = State.MISSED
    else:
        state = State.DUE if today <= due else State.LATE
    return DueMeasurement(
        point.code, point.title, definition, person, opens, due, state, answered_on=answered, reason=reason
    )


def _repeats(people: list[Person], made: list[Administration]) -> list[DueMeasurement]:
    """What a score asked to measure again, until that has been done."""
    by_id = {person.pk: person for person in people}
    found = []
    for row in made:
        definition = catalogue.find(row.instrument)
        if (
            row.repeat_from is None
            or row.repeat_by is None
            or definition is None
            or row.person_id not in by_id
        ):
            continue
        again = any(
            (other.instrument, other.person_id) == (row.instrument, row.person_id)
            and other.answered_on > row.answered_on
            for other in made
        )
        if again:
            continue
        today = clock.today()
        state = State.UPCOMING if today < row.repeat_from else State.DUE
        found.append(
            DueMeasurement(
                "",
                _("Gentages efter en score"),
                definition,
                by_id[row.person_id],
                row.repeat_from,
                row.repeat_by,
                State.LATE if today > row.repeat_by else state,
            )
        )
    return found
