"""How the mentalising work is done, as facts: sessions per month, staff trained and supervised, PRFQ at its points.

The indicators are our proposal (VIVE's own are not public): staff trained and supervised; conversations or video
feedback per month; PRFQ at t0, t1 and t2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from placement import clock
from placement.families.models import Family
from placement.meetings.models import Session, SessionKind, SessionStatus
from workflows.measuring.models import Administration
from workflows.model_versions.content import Model
from workflows.model_versions.measurement_points import Anchor, MeasurementPoint

PRFQ = "prfq"
#: The points that count: t0, t1 and t2 are the model version's first three.
POINTS = 3
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Month:
    """The sessions of one month: how many were held of each kind, and how many were not."""

    first: date
    individual: int
    parent_child: int
    video_feedback: int
    not_held: int

    @property
    def held(self) -> int:
        return self.individual + self.parent_child + self.video_feedback


@dataclass(frozen=True)
class Staffing:
    """Of the sessions held: how many by somebody who had valid training and supervision that day."""

    held: int
    trained: int


@dataclass(frozen=True)
class PointScores:
    """PRFQ at one point of the model. ``due``: whether the point has come; ``asked``: whether the model asks for it there."""

    name: str
    title: str
    asked: bool
    due: bool
    made: tuple[Administration, ...]


@dataclass(frozen=True)
class Fidelity:
    """The facts of one family, as of today."""

    months: tuple[Month, ...]
    staffing: Staffing
    prfq: tuple[PointScores, ...]


def fidelity_of(family: Family, model: Model | None, sessions: Iterable[Session]) -> Fidelity:
    """Put the facts together; one query and its scores' for the instrument. ``sessions``: all of the family's."""
    listed = list(sessions)
    held = [one for one in listed if one.status == SessionStatus.HELD]
    return Fidelity(
        months=months_of(listed, clock.today()),
        staffing=Staffing(len(held), sum(not one.untrained for one in held)),
        prfq=_prfq(family, model.measurement_points[:POINTS] if model else ()),
    )


def months_of(sessions: Iterable[Session], today: date) -> tuple[Month, ...]:
    """From the month of the first session to this one, without a gap; the latest twelve."""
    listed = list(sessions)
    if not listed:
        return ()
    month = min(one.held_on for one in listed).replace(day=1)
    found = []
    while month <= today:
        of_month = [one for one in listed if one.held_on.replace(day=1) == month]
        held = [one.kind for one in of_month if one.status == SessionStatus.HELD]
        found.append(
            Month(
                first=month,
                individual=held.count(SessionKind.INDIVIDUAL),
                parent_child=held.count(SessionKind.PARENT_CHILD),
                video_feedback=held.count(SessionKind.VIDEO_FEEDBACK),
                not_held=len(of_month) - len(held),
            )
        )
        month = clock.add_months(month, 1)
    return tuple(found[-MONTHS_SHOWN:])


def _prfq(family: Family, points: tuple[MeasurementPoint, ...]) -> tuple[PointScores, ...]:
    anchors = {
        Anchor.STARTED: family.started_on,
        Anchor.MOVED_IN: family.moved_in_on,
        Anchor.MOVED_OUT: family.moved_out_on,
    }
    rows = Administration.objects.filter(family=family, instrument=PRFQ, replaced_by__isnull=True)
    made = list(rows.select_related("person").prefetch_related("scores").order_by("answered_on", "id"))
    opens = [point.opens(day) if (day := anchors[point.after]) else None for point in points]
    found = []
    for number, point in enumerate(points):
        first = opens[number]
        # What was answered before the next point belongs to this one, also when it was late.
        following = min((day for day in opens[number + 1 :] if day is not None), default=date.max)
        found.append(
            PointScores(
                name=f"t{number}",
                title=point.title,
                asked=PRFQ in point.instruments,
                due=first is not None and clock.today() >= first,
                made=tuple(row for row in made if first is not None and first <= row.answered_on < following),
            )
        )
    return tuple(found)
