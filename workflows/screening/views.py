"""Pages about a family's notifications of concern: where each stands, and registering one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.journal.models import CONCERN_FORM, Draft
from placement.journal.selectors import draft_to_resume
from placement.journal.services import take_draft
from placement.journal.views import draft_url
from workflows.kernel import drafts
from workflows.kernel.once import opened_token, submit_once
from workflows.screening.forms import ConcernForm
from workflows.screening.picture import lines
from workflows.screening.services import receive_concern


class ConcernsPage(FamilyPage):
    """Every notification of concern about the family; its words for the authority and the team only."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        address = {"family": family.uuid}
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs=address),
            "concerns": lines(self.actor, family),
            "new_url": reverse("concern-new", kwargs=address)
            if self.actor.may(Action.RECEIVE_CONCERN)
            else "",
        }
        return render(request, "workflows/concerns.html", context)


class NewConcernPage(FamilyPage):
    """Register a notification of concern."""

    read_action = Action.RECEIVE_CONCERN
    write_action = Action.RECEIVE_CONCERN

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = ConcernForm(family=family, now=clock.now())
        draft = draft_to_resume(self.actor, family, CONCERN_FORM)
        if draft is not None:
            drafts.resume(form, draft)
        return self._page(request, family, form, draft=draft)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = ConcernForm(request.POST, family=family)
        if not form.is_valid():
            return self._page(request, family, form, status=422)
        _done, refused = submit_once(
            request, "concern", family.uuid, produce=lambda: self._receive(request, family, form)
        )
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Underretningen er registreret. Den skal vurderes inden et døgn."))
        return redirect("concerns", family=family.uuid)

    def _receive(self, request: HttpRequest, family: Family, form: ConcernForm) -> dict[str, Any]:
        cleaned, now = form.cleaned_data, clock.now()
        concern = receive_concern(
            actor=self.actor,
            family=family,
            received_at=cleaned["received_at"],
            notifier=cleaned["notifier"],
            what=cleaned["what"],
            acute=cleaned["acute"],
            violence_possible=cleaned["violence_possible"],
            children=form.chosen_children(),
            now=now,
        )
        take_draft(
            actor=self.actor, family=family, form=CONCERN_FORM, submit_token=opened_token(request), now=now
        )
        return {"concern": str(concern.uuid)}

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        form: ConcernForm,
        *,
        status: int = 200,
        refusal: str = "",
        draft: Draft | None = None,
    ) -> HttpResponse:
        token = draft.submit_token if draft else opened_token(request)
        context = {
            "task": {
                "title": _("Registrér en underretning"),
                "family_title": family_title(family),
                "family_url": reverse("family", kwargs={"family": family.uuid}),
                "element": "",
                "due": None,
                "description": _("Er barnet i fare lige nu, så ring først, og skriv bagefter."),
            },
            "form": form,
            "submit_token": token,
            "facts_version": "",
            "draft_url": draft_url(family, CONCERN_FORM, token),
            "draft_saved_at": draft.updated if draft else None,
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/task.html", context, status=status)
