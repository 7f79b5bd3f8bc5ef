"""What a pause means: which steps stand still while a family is away, and what happens to open deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.access.roles import Action
from placement.clock import DENMARK, danish_day
from placement.families.models import Family
from placement.families.stay_models import Pause
from workflows.kernel.models import Task
from workflows.kernel.reading import away_since
from workflows.kernel.steps import Condition

#: The exit moves no further while the family is away, whatever else a step rests on or is approved without.
STANDS_STILL = frozenset(
    {
        Action.REQUEST_EXIT_STEP,
        Action.AUTHORISE_EXIT_STEP,
        Action.APPROVE_EXIT_STEP,
        Action.CARRY_OUT_EXIT_STEP,
    }
)


def pause_conditions(task: Task) -> tuple[Condition, ...]:
    """The unmet condition of a step that stands still now, beside its own; none while the family is there."""
    if task.owner_permission not in STANDS_STILL or task.family is None:
        return ()
    since = away_since(task.process)
    return (away(since),) if since else ()


def refused_by_pause(task: Task, answer: Mapping[str, Any]) -> str | None:
    """Why the step may not be completed now, or None. To say no, or that nothing came of it, is always possible."""
    if answer.get("approved") is False or answer.get("carried_out") is False:
        return None
    return next((str(condition.reason) for condition in pause_conditions(task)), None)


def away(since: date) -> Condition:
    """The condition of a gate that nothing passes while the family is away."""
    return Condition(
        code="not-paused",
        title=_("Indsatsen er ikke på pause"),
        met=False,
        evidence=_("På pause siden %(day)s") % {"day": f"{since:%d.%m.%Y}"},
        reason=_("Indsatsen er på pause. Genoptag den, når familien er tilbage, og tag stilling derefter."),
    )


def began_at(day: date, now: datetime) -> datetime:
    """From which moment a pause that began on ``day`` counts: now when it is today, else that day's midnight."""
    if day == danish_day(now):
        return now
    return datetime(day.year, day.month, day.day, tzinfo=DENMARK)


def postpone_tasks(family: Family, pause: Pause, *, due: Mapping[int, date | None]) -> int:
    """Let each open task be due as much later as the family was away while it stood open. Returns how many.

    ``due``: when each task was due before the pause ended. One that has been moved since, by its clock, stays.
    """
    assert pause.resumed_on is not None
    moved = 0
    for task in Task.objects.open().filter(family=family, due__isnull=False):
        gone = pause.resumed_on - max(pause.paused_on, danish_day(task.created))
        if task.due is not None and task.due == due.get(task.pk) and gone > timedelta(0):
            task.due += gone
            task.save(update_fields=["due"])
            moved += 1
    return moved
