"""The page of a family's network, and writing one record of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.journal.models import Draft
from placement.journal.selectors import draft_to_resume
from placement.journal.services import take_draft
from placement.journal.views import draft_url
from workflows.kernel import drafts
from workflows.kernel.once import opened_token, submit_once
from workflows.network.picture import network_context
from workflows.network.records import KINDS, RecordKind

#: What an address may choose beforehand in a form.
_CHOSEN = ("person", "agreement")


class NetworkPage(FamilyPage):
    """Maps beside each other, people with their checks, invitations, agreements, genogram."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        head = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
        }
        return render(request, "network/network.html", head | network_context(self.actor, family))


class NetworkRecordPage(FamilyPage):
    """Write one record; what is typed is kept while it is typed."""

    read_action = Action.WORK_WITH_NETWORK
    write_action = Action.WORK_WITH_NETWORK

    def get(self, request: HttpRequest, family: Family, kind: str) -> HttpResponseBase:
        record = kind_of(kind)
        chosen = {name: request.GET[name] for name in _CHOSEN if name in request.GET}
        form = record.form(family=family, initial=chosen)
        draft = draft_to_resume(self.actor, family, form_name(record))
        if draft is not None and not chosen:
            drafts.resume(form, draft)
        return self._page(request, family, record, form, draft=None if chosen else draft)

    def post(self, request: HttpRequest, family: Family, kind: str) -> HttpResponseBase:
        record = kind_of(kind)
        form = record.form(request.POST, family=family)
        if not form.is_valid():
            return self._page(request, family, record, form, status=422)
        _done, refused = submit_once(
            request,
            "network",
            family.uuid,
            record.slug,
            produce=lambda: self._write(request, family, record, form),
        )
        if refused:
            return self._page(request, family, record, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Gemt: %(title)s") % {"title": record.title})
        return redirect("network", family=family.uuid)

    def _write(self, request: HttpRequest, family: Family, record: RecordKind, form: Any) -> dict[str, Any]:
        now = clock.now()
        row = record.write(actor=self.actor, family=family, said=form.cleaned_data, now=now)
        take_draft(
            actor=self.actor,
            family=family,
            form=form_name(record),
            submit_token=opened_token(request),
            now=now,
        )
        return {"record": str(row.uuid)}

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        record: RecordKind,
        form: Any,
        *,
        status: int = 200,
        refusal: str = "",
        draft: Draft | None = None,
    ) -> HttpResponse:
        token = draft.submit_token if draft else opened_token(request)
        context = {
            "task": {
                "title": record.title,
                "family_title": family_title(family),
                "family_url": reverse("network", kwargs={"family": family.uuid}),
                "element": "network",
                "due": None,
                "description": record.purpose,
            },
            "form": form,
            "submit_token": token,
            "facts_version": "",
            "draft_url": draft_url(family, form_name(record), token),
            "draft_saved_at": draft.updated if draft else None,
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/task.html", context, status=status)


def kind_of(kind: str) -> RecordKind:
    """The kind with that name in the address. Raises Http404."""
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def form_name(record: RecordKind) -> str:
    """The name under which a kind's form keeps its draft."""
    return f"{drafts.NETWORK}{record.slug}"
