"""Going back in the engine, by its own transitions: breaking off a process, opening a completed step again.

Always under the family's lock. Nothing is deleted: tasks become cancelled or revived, and stay.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused
from placement.families.models import Family
from workflows.kernel.models import Element, Process, Task
from workflows.kernel.nodes import ChildFlow, HumanStep

_GONE = ("CANCELED", "REVIVED")


def break_off(process: Process) -> None:
    """Cancel whatever stands open in ``process``, and in the child flows it waits for. Wakes no parent."""
    for task in process.task_set.filter(finished__isnull=True):
        _break_off_children(task)
    process.flow_class.instance.cancel(process)


def break_off_all(family: Family) -> None:
    """Break off everything that runs about the family, but for what outlives a journey.

    A notification of concern (screening) is assessed whether or not the family stays in the model.
    """
    for process in Process.objects.filter(family=family, finished__isnull=True).order_by("-id"):
        kind = process.flow_class
        if not kind.outlives(process) and kind.element != Element.SCREENING:
            break_off(process)


def _break_off_children(task: Task) -> None:
    if isinstance(task.flow_task, ChildFlow):
        for child in task.subprocesses.filter(finished__isnull=True):
            break_off(child)


def last_completed(process: Process) -> Task | None:
    """The human step of ``process`` that was completed last and still stands, or None."""
    done = process.task_set.filter(flow_task_type="HUMAN", status="DONE")
    return done.select_related("owner", "process__family", "process__model_version").order_by("-id").first()


def rests_on(task: Task) -> bool:
    """Whether somebody has completed a step that came after ``task``, in its process or in a child flow of it."""
    return any(
        later.status == "DONE" and isinstance(later.flow_task, HumanStep) for later in _following(task)
    )


def open_again(task: Task) -> Task:
    """Take back what followed ``task`` and offer the same step again: same permission, same four eyes.

    The first answer's task keeps who did it and when. Raises Refused (``something-rests-on-it``).
    """
    if rests_on(task):
        raise Refused(
            _("Der er bygget videre på trinnet. Ret det, der kom sidst, først."), type="something-rests-on-it"
        )
    for later in sorted(_following(task), key=lambda found: found.pk, reverse=True):
        if later.process_id == task.process_id:
            _take_away(later)
    done_at = task.finished
    activation = task.flow_task.activation_class(task)
    activation.undo()
    again: Task = activation.revive()
    Task.objects.filter(pk=task.pk).update(finished=done_at)
    again.due = again.flow_task.due(again.process) if again.flow_task.due else None
    again.save(update_fields=["due"])
    return again


def _take_away(task: Task) -> None:
    if task.status in _GONE:
        return
    activation = task.flow_task.activation_class(task)
    if task.finished is None:
        _break_off_children(task)
        activation.cancel()
    else:
        activation.undo()


def _following(task: Task) -> list[Task]:
    """Every task that came of ``task``: later in its process, and in the child flows that these started."""
    found: dict[int, Task] = {}
    ahead = [task]
    while ahead:
        current = ahead.pop()
        later = list(current.leading.all())
        if isinstance(current.flow_task, ChildFlow):
            later += Task.objects.filter(process__parent_task=current)
        for one in later:
            if one.pk not in found:
                found[one.pk] = one
                ahead.append(one)
    return list(found.values())
