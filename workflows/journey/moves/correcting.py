"""Correcting a wrong step: it is opened again as a visible event, while nothing has been built on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import GateClosed, NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families.models import Family
from placement.families.stays import paused_since
from workflows.journey.moves.base import LEADS
from workflows.journey.moves.correctable import CORRECTABLE, INSTEAD, Correctable
from workflows.journey.moves.models import Correction
from workflows.kernel.models import Process, Task
from workflows.kernel.pauses import away
from workflows.kernel.steps import model_of
from workflows.kernel.undoing import last_completed, open_again, rests_on


def can_be_corrected(actor: Actor, family: Family, now: datetime) -> list[Task]:
    """The completed steps that ``actor`` may open again now."""
    found = []
    for task in _last_steps(family):
        try:
            check(actor, task, now)
        except Refused:
            continue
        found.append(task)
    return found


def instead(family: Family) -> str:
    """What to do about the newest word on an exit step, which is not opened again; '' when nobody has just said one."""
    said = (INSTEAD.get(Action(task.owner_permission)) for task in _last_steps(family))
    return next((str(words) for words in said if words is not None), "")


def check(actor: Actor, task: Task, now: datetime) -> Correctable:
    """How the step is corrected.

    Raises NotAllowed (``not-yours-to-correct``) for somebody who neither did it nor leads, Refused:
    ``not-correctable``, ``correction-too-late``, ``something-rests-on-it``.
    """
    if task.owner_id != actor.staff_id and not actor.roles & LEADS:
        raise NotAllowed(
            _("Kun den, der løste opgaven, eller en leder kan åbne den igen."), type="not-yours-to-correct"
        )
    latest = last_completed(task.process)
    if latest is None or latest.pk != task.pk or rests_on(task):
        raise Refused(
            _("Der er bygget videre på trinnet. Ret det, der kom sidst, først."), type="something-rests-on-it"
        )
    action = Action(task.owner_permission)
    correctable = CORRECTABLE.get(action)
    if correctable is None:
        happened = _(
            "Trinnet fortæller om noget, der er sket. Skriv det rigtige i næste runde eller i loggen."
        )
        raise Refused(INSTEAD.get(action, happened), type="not-correctable")
    days = model_of(task.process).moves.correction_days
    if task.finished is None or (danish_day(now) - danish_day(task.finished)).days > days:
        raise Refused(
            _("Et trin kan rettes i %(days)d dage. Skriv det rigtige i loggen.") % {"days": days},
            type="correction-too-late",
        )
    correctable.check(task)
    return correctable


@transaction.atomic
def correct_step(*, actor: Actor, family: Family, task: UUID, reason: str, now: datetime) -> Correction:
    """Open the completed step again: what stood is kept in words, what hung on it falls away, the step waits anew.

    Whoever asked for what it decides still may not decide it. Raises StaleState when the step no longer stands,
    GateClosed while the family is away, Refused (``reason-missing``), and what `check` raises.
    """
    found = (
        Task.objects.human()
        .filter(family=family, uuid=task, status="DONE")
        .select_related("owner", "process__family", "process__model_version")
        .first()
    )
    if found is None or found.owner is None:
        raise StaleState(_("Trinnet er allerede rettet, eller det er ikke løst. Genindlæs siden."))
    correctable = check(actor, found, now)
    paused_on = paused_since(family)
    if paused_on is not None:
        raise GateClosed(away(paused_on).reason)
    if not reason.strip():
        raise Refused(_("Skriv, hvad der var forkert."), type="reason-missing")
    earlier = [[str(title), str(text)] for title, text in correctable.earlier(found)]
    correctable.set_back(found, now)
    again = open_again(found)
    return Correction.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        task=found,
        again=again,
        reason=reason.strip(),
        earlier=earlier,
        answered_by=found.owner,
        corrected_by=actor.staff,
        corrected_at=now,
    )


def _last_steps(family: Family) -> Iterator[Task]:
    for process in Process.objects.filter(family=family).exclude(status="CANCELED").order_by("id"):
        task = last_completed(process)
        if task is not None:
            yield task
