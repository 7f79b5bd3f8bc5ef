"""The one way to complete a task, whoever asks: page, API, worker or test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import GateClosed, NotAllowed, Refused, StaleState
from placement.access.roles import LEADS, PERSONAL, Action
from placement.families.models import Family
from placement.families.opening import acting_on
from placement.families.stays import paused_since
from placement.staffing.selectors import stands_in_for
from workflows.kernel.forms import InvalidStep, StepForm
from workflows.kernel.lock import locked_one_of
from workflows.kernel.models import Process, Task
from workflows.kernel.nodes import HumanStep
from workflows.kernel.pauses import pause_conditions, refused_by_pause
from workflows.kernel.querysets import TaskQuerySet
from workflows.kernel.reading import know
from workflows.kernel.steps import Condition, Situation, version_of


@dataclass(frozen=True)
class Open:
    """An open task as somebody reads it: the form to fill in, and the facts behind it."""

    situation: Situation
    node: HumanStep
    form: StepForm
    conditions: tuple[Condition, ...]
    facts_version: str
    refusal: str | None

    @property
    def task(self) -> Task:
        return self.situation.task


def read_task(*, actor: Actor, task: Task, now: datetime, data: Mapping[str, Any] | None = None) -> Open:
    """What the person sees before completing ``task``. Writes nothing.

    Raises StaleState when it is done, NotAllowed for a wrong role or one's own request.
    """
    _check_open(task)
    node = _may_do(actor, task)
    situation = Situation(actor=actor, task=task, now=now)
    facts = situation.facts
    conditions = (*node.conditions_of(facts), *pause_conditions(task))
    return Open(
        situation=situation,
        node=node,
        form=node.form(data, situation=situation),
        conditions=conditions,
        facts_version=version_of(facts),
        refusal=next((str(c.reason or c.title) for c in conditions if not c.met), None),
    )


@transaction.atomic
def complete_task(
    *,
    actor: Actor,
    task_uuid: UUID,
    data: Mapping[str, Any],
    now: datetime,
    facts_version: str | None = None,
) -> Task:
    """Complete one open human task and move the family's work on, or change nothing at all.

    In this order, under the family's lock: is it still open (StaleState), may this person do it now (NotAllowed),
    are the facts those that were read (StaleState, ``stale-facts``), is the form right (InvalidStep), does the
    guard agree (GateClosed, with its reason). Then the step's own write, then the engine's move.
    Raises Http404 for a task of a family the person may not see, InUse when the lock is not to be had.
    """
    asked = Task.objects.human().filter(uuid=task_uuid)
    with _held(actor, asked) as held:
        # Whoever held it before may have changed who sees it, or have done the task.
        task = (
            asked.visible_to(actor)
            .filter(held)
            .select_related("process__family", "process__model_version", "process__adaptation__version")
            .with_pause()
            .with_asker(actor)
            .order_by()
            .first()
        )
        if task is None:
            raise Http404
        task.family = task.process.family
        know(task.process, paused_since, task.away_since)
        _check_open(task)
        node = _may_do(actor, task, acts_for_asker=task.asker_is_stood_in_for)
        situation = Situation(actor=actor, task=task, now=now)
        facts = situation.facts
        if node.decides and facts is not None and facts_version is None:
            raise Refused(
                _("Send facts_version: det grundlag, du har læst, før du tager stilling."),
                type="facts-version-missing",
            )
        if facts is not None and facts_version is not None and facts_version != version_of(facts):
            raise StaleState(
                _("Grundlaget har ændret sig, siden du læste det. Læs siden igen, og tag stilling på ny."),
                type="stale-facts",
            )
        form = node.form(data, situation=situation)
        if not form.is_valid():
            raise InvalidStep(form)
        reason = node.refusal(facts, form.cleaned_data) or refused_by_pause(task, form.cleaned_data)
        if reason is not None:
            raise GateClosed(reason)
        node.write(situation, form.cleaned_data)
        activation = node.activation_class(task)
        activation.take(actor.staff, now=now)
        activation.execute()
    return task


@contextmanager
def _held(actor: Actor, asked: TaskQuerySet) -> Iterator[Q]:
    """Hold the family of the task that is ``asked`` for, or its process when it has none; what to find it by then.

    Raises Http404 when the person may not see it, InUse when the lock is not to be had.
    """
    families = Family.objects.visible_to(actor).filter(pk__in=asked.values("family_id"))
    with locked_one_of(families) as family_id:
        if family_id is not None:
            yield Q(family_id=family_id)
            return
    about_releases = asked.visible_to(actor).filter(family__isnull=True)
    processes = Process.objects.filter(pk__in=about_releases.values("process_id"))
    with locked_one_of(processes) as process_id:
        if process_id is None:
            raise Http404
        yield Q(process_id=process_id)


def _check_open(task: Task) -> None:
    if task.family_id is None and task.finished is not None:
        raise StaleState(
            _("Udtrækket venter ikke længere på det svar. Læs dets side for at se, hvordan det står.")
        )
    if task.status == "CANCELED":
        raise StaleState(
            _("Opgaven er faldet bort. Gå tilbage til familien for at se, hvad der er næste skridt.")
        )
    if task.finished is not None:
        raise StaleState(
            _("Opgaven er allerede løst. Gå tilbage til familien for at se, hvad der er næste skridt.")
        )


def _may_do(actor: Actor, task: Task, *, acts_for_asker: bool | None = None) -> HumanStep:
    """The task's node, when the actor may do it. ``acts_for_asker``: what came with the task; None asks for it."""
    node = task.flow_task
    if not isinstance(node, HumanStep):
        raise StaleState(_("Opgaven findes ikke længere i forløbet. Sig det til administratoren."))
    able = actor if task.family is None else acting_on(actor, task.family)
    if not able.may(Action(task.owner_permission)):
        raise NotAllowed(_("Din rolle kan ikke løse denne opgave."))
    if task.owner_permission in PERSONAL and task.owner_id not in (None, actor.staff_id):
        named: Any = task.owner_id
        if not able.roles & LEADS and not stands_in_for(actor, named):
            raise NotAllowed(_("Opgaven er givet til en anden. Den, der har fået den, løser den."))
    if task.excluded_id == actor.staff_id:
        raise NotAllowed(_("Du har selv bedt om det. En anden skal tage stilling."), type="four-eyes")
    if task.excluded_id is not None and acts_for_asker is None:
        acts_for_asker = stands_in_for(actor, task.excluded_id)
    if acts_for_asker:
        raise NotAllowed(
            _("Den, du er stedfortræder for, har bedt om det. En anden skal tage stilling."), type="four-eyes"
        )
    return node
