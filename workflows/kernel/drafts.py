"""What is being typed in a step is kept on the server, and the step goes on where it was left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from placement.access.actor import Actor
from placement.journal.models import CHILD_VIEW_FORM, CONCERN_FORM, CORRECTION, LOG_FORM, WEEKLY_FORM, Draft
from placement.journal.selectors import draft_page, draft_to_resume, read_uuid
from placement.journal.services import take_draft
from placement.journal.views import draft_url
from workflows.kernel.forms import RowsField
from workflows.kernel.models import Task

PREFIX = "task:"
#: What an exit step rests on: the kind of record follows.
EXIT_GROUND = "exit-ground:"
#: An instrument's form: its id follows.
MEASURE = "measure:"
#: A record of the network: its kind follows.
NETWORK = "network:"
CONFERENCE = "conference"


def form_name(task: Task) -> str:
    """The name under which a task's form keeps its draft."""
    return f"{PREFIX}{task.uuid}"


def begun(actor: Actor, task: Task) -> Draft | None:
    """What the person has typed in the task and not sent."""
    return draft_to_resume(actor, task.family, form_name(task)) if task.family else None


def address(task: Task, token: UUID) -> str:
    """Where the task's form saves its draft ('' for a task without a family)."""
    return draft_url(task.family, form_name(task), token) if task.family else ""


def taken(actor: Actor, task: Task, token: UUID | None, now: datetime) -> None:
    """Mark the form as sent, in the transaction that completes the task: a late autosave brings nothing back."""
    if token is not None and task.family is not None:
        take_draft(actor=actor, family=task.family, form=form_name(task), submit_token=token, now=now)


def resume(form: BaseForm, draft: Draft) -> None:
    """Fill the form with the draft, field by field as its widgets read it."""
    typed: MultiValueDict[str, Any] = MultiValueDict(
        {name: value if isinstance(value, list) else [value] for name, value in draft.data.items()}
    )
    for name, field in form.fields.items():
        if name in typed or isinstance(field, RowsField):
            value = field.widget.value_from_datadict(typed, MultiValueDict(), name)
            if value not in (None, []):
                form.initial[name] = value


def titles(open_drafts: Iterable[Draft]) -> dict[int, str]:
    """What each draft is a draft of, by the draft's key: the step's title, the child's view, a note."""
    begun = list(open_drafts)
    steps = {draft.pk: step for draft in begun if (step := _step(draft))}
    tasks = Task.objects.filter(uuid__in=steps.values()) if steps else []
    named = {task.uuid: str(task.title) for task in tasks}
    said = {key: named[step] for key, step in steps.items() if step in named}
    return {draft.pk: said.get(draft.pk) or _form_title(draft) for draft in begun}


def _step(draft: Draft) -> UUID | None:
    return read_uuid(draft.form.removeprefix(PREFIX)) if draft.form.startswith(PREFIX) else None


def _form_title(draft: Draft) -> str:
    if draft.form == CHILD_VIEW_FORM:
        return _("Barnets perspektiv")
    if draft.form == CONCERN_FORM:
        return _("Underretning")
    if draft.form.startswith(CORRECTION):
        return _("Ret et notat")
    if draft.form.startswith(WEEKLY_FORM):
        return _("Ugeresumé")
    if draft.form.startswith(MEASURE):
        return _("Måling")
    if draft.form.startswith(NETWORK):
        return _("Netværk")
    if draft.form == CONFERENCE:
        return _("Familierådslagning")
    return _("Log") if draft.form == LOG_FORM else _("Kladde")


def page_of(draft: Draft) -> str:
    """The page on which any draft goes on: a step's, a form's about a family, one of the journal's; '' when none is known."""
    if draft.form.startswith(PREFIX):
        task = read_uuid(draft.form.removeprefix(PREFIX))
        return reverse("task", kwargs={"task": task}) if task else ""
    if draft.form == CHILD_VIEW_FORM:
        return reverse("child-view", kwargs={"family": draft.family.uuid})
    if draft.form == CONCERN_FORM:
        return reverse("concern-new", kwargs={"family": draft.family.uuid})
    if draft.form.startswith(EXIT_GROUND):
        record = draft.form.removeprefix(EXIT_GROUND)
        return reverse("exit-ground-record", kwargs={"family": draft.family.uuid, "record": record})
    if draft.form.startswith(MEASURE):
        instrument = draft.form.removeprefix(MEASURE)
        return reverse("measure", kwargs={"family": draft.family.uuid, "instrument": instrument})
    if draft.form.startswith(NETWORK):
        kind = draft.form.removeprefix(NETWORK)
        return reverse("network-record", kwargs={"family": draft.family.uuid, "kind": kind})
    if draft.form == CONFERENCE:
        return reverse("conference-new", kwargs={"family": draft.family.uuid})
    return draft_page(draft)
