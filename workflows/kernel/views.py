"""The page of a human step: any step of any flow, through the same service as the API."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from placement import clock
from placement.access import submissions, trail
from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.middleware import actor_of
from placement.access.no_video import refuse_files
from placement.access.rows import only
from placement.families.people import family_title
from placement.journal.models import Draft
from workflows.kernel import drafts
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Task
from workflows.kernel.services import Open, complete_task, read_task


def open_task(actor: Actor, task_uuid: UUID, *, route: str, method: str) -> Task:
    """Find a human task the person may see, and commit that they looked at its family. Raises Http404."""
    with transaction.atomic(durable=True):
        seen = Task.objects.visible_to(actor).human().select_related("process", "family")
        task: Task | None = only(seen.filter(uuid=task_uuid))
        if task is None:
            raise Http404
        if task.family_id is not None:
            trail.record_read(family_id=task.family_id, route=route, method=method)
    return task


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class TaskPage(View):
    """Read a step with the facts behind it (GET), complete it (POST)."""

    def get(self, request: HttpRequest, task: UUID) -> HttpResponseBase:
        actor = actor_of(request)
        found = open_task(actor, task, route="task", method="GET")
        with transaction.atomic():
            try:
                opened = read_task(actor=actor, task=_fresh(found), now=clock.now())
            except StaleState as done:
                return _done(request, found, str(done.message))
            draft = drafts.begun(actor, opened.task)
            if draft is not None:
                drafts.resume(opened.form, draft)
            return self._page(request, opened, draft=draft)

    def post(self, request: HttpRequest, task: UUID) -> HttpResponseBase:
        actor = actor_of(request)
        found = open_task(actor, task, route="task", method="POST")
        token = _token(request)
        try:
            refuse_files(request.FILES)
            with transaction.atomic():
                submissions.once(
                    actor=actor,
                    key=f"page:{token}" if token else None,
                    asked=submissions.fingerprint("task", task),
                    produce=lambda: self._complete(request, actor, task),
                )
        except Refused as refused:
            return self._refused(request, actor, found, refused)
        messages.success(request, _("Gemt: %(title)s") % {"title": found.title})
        if found.family is not None:
            return redirect("family", family=found.family.uuid)
        return redirect("release", release=found.release_uuid)

    def _refused(self, request: HttpRequest, actor: Actor, found: Task, refused: Refused) -> HttpResponse:
        """The step as it now stands, with what was typed; when it is done already, the words to take along.

        Raises NotAllowed, and ``refused`` itself when the person may no longer do it: then there is no form.
        """
        if refused.status in (403, 404):
            raise refused
        with transaction.atomic():
            task = _fresh(found)
            if task.finished is not None:
                return _done(request, task, str(refused.message))
            opened = read_task(actor=actor, task=task, now=clock.now(), data=request.POST)
            if isinstance(refused, InvalidStep):
                return self._page(request, opened, status=refused.status, form=refused.form)
            return self._page(
                request,
                opened,
                status=refused.status,
                refusal=str(refused.message),
                token=uuid.uuid4() if refused.type == "key-reused" else None,
            )

    def _complete(self, request: HttpRequest, actor: Actor, task: UUID) -> dict[str, Any]:
        done = complete_task(
            actor=actor,
            task_uuid=task,
            data=request.POST,
            facts_version=request.POST.get("facts_version") or None,
            now=clock.now(),
        )
        drafts.taken(actor, done, _token(request), clock.now())
        return {"task": str(done.uuid)}

    def _page(
        self,
        request: HttpRequest,
        opened: Open,
        *,
        status: int = 200,
        form: Any = None,
        refusal: str | None = None,
        draft: Draft | None = None,
        token: UUID | None = None,
    ) -> HttpResponse:
        task = opened.task
        token = token or (draft.submit_token if draft else _token(request) or uuid.uuid4())
        unmet = opened.refusal if refusal is None else refusal
        context = {
            "task": {
                "title": task.title,
                "family_title": _subject(task),
                "family_url": _subject_url(task),
                "element": task.element,
                "due": task.due,
                "description": opened.node.help,
            },
            "conditions": opened.conditions,
            "facts": [
                {"title": title, "text": text}
                for title, text in (opened.node.shows(opened.situation) if opened.node.shows else [])
                if text
            ],
            "form": form or opened.form,
            "submit_token": token,
            "draft_url": drafts.address(task, token),
            "draft_saved_at": draft.updated if draft else None,
            "facts_version": opened.facts_version,
            "refusal": {"reason": unmet} if unmet and request.method == "POST" else None,
        }
        return render(request, "workflows/task.html", context, status=status)


def _subject(task: Task) -> str:
    """What the step is about: the family, or the release by its short number."""
    if task.family is not None:
        return family_title(task.family)
    return _("Udtræk %(number)s") % {"number": str(task.release_uuid)[:8]}


def _subject_url(task: Task) -> str:
    if task.family is not None:
        return reverse("family", kwargs={"family": task.family.uuid})
    return reverse("release", kwargs={"release": task.release_uuid})


def _done(request: HttpRequest, task: Task, reason: str) -> HttpResponse:
    """The task needs nobody any more: the way on, and the words that were sent, to be taken along."""
    context = {"reason": reason, "kept": _words(request)}
    context["back_url"] = _subject_url(task)
    context["back_title"] = _("Tilbage til familien") if task.family else _("Tilbage til udtrækket")
    return render(request, "409.html", context, status=409)


def _token(request: HttpRequest) -> UUID | None:
    """The form's submit token, if it was sent and can be one."""
    try:
        return UUID(request.POST.get("submit_token", ""))
    except ValueError:
        return None


def _words(request: HttpRequest) -> str:
    """What was written in words in a sent form (several of them in one field), to be taken along."""
    written = [
        value.strip()
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "submit_token", "facts_version")
        for value in values
    ]
    return "\n\n".join(text for text in written if len(text.split()) > 1)


def _fresh(task: Task) -> Task:
    """The task as it is in this transaction."""
    return Task.objects.select_related(
        "process__family", "process__model_version", "process__adaptation__version", "family"
    ).get(pk=task.pk)
