"""When a task is due: from the model version, in Danish working days or in the element's own rhythm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from placement import clock
from placement.access.roles import Action
from workflows.kernel.models import Clock
from workflows.kernel.steps import model_of
from workflows.model_versions.clock_rules import Event


def working_days(action: Action) -> Callable[[Any], date | None]:
    """Due the model version's number of working days after the task was born; none when it names none."""

    def due(process: Any) -> date | None:
        days = model_of(process).due_working_days.get(action.value)
        return None if days is None else clock.add_working_days(clock.today(), days)

    return due


def rhythm(cadence: str) -> Callable[[Any], date | None]:
    """Due when the element's rhythm says so: ``cadence`` days (calendar) after the task was born."""

    def due(process: Any) -> date | None:
        return clock.today() + timedelta(days=model_of(process).cadence_days[cadence])

    return due


def agreed_or_rhythm(agreed: Callable[[Any], date | None], cadence: str) -> Callable[[Any], date | None]:
    """Due on the day that was agreed at the last round (``agreed`` reads it); the rhythm when none was.

    What was agreed for a time before this run of the flow began belongs to an earlier journey.
    """
    by_rhythm = rhythm(cadence)

    def due(process: Any) -> date | None:
        day = agreed(process)
        return day if day and day >= clock.danish_day(process.created) else by_rhythm(process)

    return due


def no_later_than_clock(
    event: Event, otherwise: Callable[[Any], date | None]
) -> Callable[[Any], date | None]:
    """Due as ``otherwise`` says, and no later than the last day of the clock that waits for ``event``.

    So the model's rhythm may be quicker than the law, and never slower.
    """
    of_clock = by_clock(event, lambda process: None)

    def due(process: Any) -> date | None:
        return min(filter(None, (otherwise(process), of_clock(process))), default=None)

    return due


def by_clock(event: Event, otherwise: Callable[[Any], date | None]) -> Callable[[Any], date | None]:
    """Due on the last day of the clock that waits for ``event``; as ``otherwise`` says when none runs.

    So a step that a clock waits for never shows another day than the clock.
    """

    def due(process: Any) -> date | None:
        running = Clock.objects.running().filter(family_id=process.family_id, stopped_by=event.value)
        ends: datetime | None = running.order_by("due_at").values_list("due_at", flat=True).first()
        # A clock ends with the day: its last moment is the next midnight.
        return clock.danish_day(ends - timedelta(microseconds=1)) if ends else otherwise(process)

    return due
