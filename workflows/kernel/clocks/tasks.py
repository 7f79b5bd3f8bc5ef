"""The clocks of tasks: every step that has a deadline is reminded about before it and told on after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import override

from placement import clock
from placement.access import context
from placement.access.models import Municipality
from placement.access.roles import Role
from workflows.kernel.models import Clock, StopReason, Task
from workflows.kernel.reading import away_since
from workflows.kernel.steps import model_of

#: What starts and stops a task's clock, where other clocks name events.
TASK = "task"


def start_for(task: Task, *, now: datetime) -> Clock | None:
    """Start the clock of a task that has just been born; None for one without a deadline or a family.

    The model version's ``task_clocks`` say when the reminder goes out and who is told when it is late.
    """
    process = task.process
    if task.due is None or process.family_id is None or process.municipality_id is None:
        return None
    rules = model_of(process).task_clocks
    role = Role(task.role)
    # A day that was agreed may have passed when it is written down: then the wait began that very morning.
    begun = min(now, clock.end_of(task.due) - timedelta(days=1))
    with override(settings.LANGUAGE_CODE):
        title = str(task.flow_task.task_title)
    return Clock.objects.create(
        municipality_id=process.municipality_id,
        family_id=process.family_id,
        model_version_id=process.model_version_id,
        rule=task.owner_permission,
        about=task.uuid,
        title=title,
        source=rules.source,
        trigger=TASK,
        stopped_by=TASK,
        begun_at=begun,
        warn_at=rules.warn_at(task.due, begun=now),
        due_at=clock.end_of(task.due),
        reminds=role.value,
        escalates_to=rules.escalates_to[role].value,
        # Born while the family is away: it stands still from its beginning.
        held_at=now if away_since(process) else None,
    )


def start_missing() -> int:
    """Start the clocks of open tasks that have none, as if from their birth; how many. Every installation's step.

    Tasks born under 0.1.0 had a deadline and no clock: nobody would be reminded of them, or told when they are late.
    Works in each municipality in turn, in a transaction of its own (owner's login).
    """
    started = 0
    for municipality in Municipality.objects.filter(active=True):
        with context.access(municipality.pk, None, context.SETUP), transaction.atomic():
            having = Clock.objects.filter(trigger=TASK, about=OuterRef("uuid"))
            silent = Task.objects.open().filter(~Exists(having), due__isnull=False, family__isnull=False)
            for task in silent.select_related("process"):
                started += start_for(task, now=task.created) is not None
    return started


def stop_for(task: Task, *, now: datetime, reason: StopReason = StopReason.DONE) -> None:
    """Stop the clock of a task that is done, or that nobody has to do any more."""
    if task.due is None or task.family_id is None or task.municipality_id is None:
        return
    running = Clock.objects.running().filter(
        municipality_id=task.municipality_id,
        family_id=task.family_id,
        rule=task.owner_permission,
        about=task.uuid,
    )
    running.update(stopped_at=now, stop_reason=reason)
