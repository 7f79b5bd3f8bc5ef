"""Pages about a family's family group conferences: where each stands, and asking for one."""

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
from placement.journal.models import Draft
from placement.journal.selectors import draft_to_resume
from placement.journal.services import take_draft
from placement.journal.views import draft_url
from workflows.conference.forms import ConferenceForm
from workflows.conference.picture import lines
from workflows.conference.services import ask_conference
from workflows.kernel import drafts
from workflows.kernel.once import opened_token, submit_once


class ConferencesPage(FamilyPage):
    """Every conference of the family with its plan, and its way as a picture."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        address = {"family": family.uuid}
        context = {
            "family_title": family_title(family),
            "family_url": reverse("network", kwargs=address),
            "conferences": lines(self.actor, family),
            "new_url": reverse("conference-new", kwargs=address)
            if self.actor.may(Action.ASK_CONFERENCE)
            else "",
        }
        return render(request, "network/conferences.html", context)


class NewConferencePage(FamilyPage):
    """Ask for a conference."""

    read_action = Action.ASK_CONFERENCE
    write_action = Action.ASK_CONFERENCE

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = ConferenceForm(initial={"consented_on": clock.today()})
        draft = draft_to_resume(self.actor, family, drafts.CONFERENCE)
        if draft is not None:
            drafts.resume(form, draft)
        return self._page(request, family, form, draft=draft)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = ConferenceForm(request.POST)
        if not form.is_valid():
            return self._page(request, family, form, status=422)
        _done, refused = submit_once(
            request, "conference", family.uuid, produce=lambda: self._ask(request, family, form)
        )
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Rådslagningen er i gang. Nu udpeges en koordinator."))
        return redirect("conferences", family=family.uuid)

    def _ask(self, request: HttpRequest, family: Family, form: ConferenceForm) -> dict[str, Any]:
        now = clock.now()
        made = ask_conference(actor=self.actor, family=family, now=now, **form.cleaned_data)
        take_draft(
            actor=self.actor,
            family=family,
            form=drafts.CONFERENCE,
            submit_token=opened_token(request),
            now=now,
        )
        return {"conference": str(made.uuid)}

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        form: ConferenceForm,
        *,
        status: int = 200,
        refusal: str = "",
        draft: Draft | None = None,
    ) -> HttpResponse:
        token = draft.submit_token if draft else opened_token(request)
        context = {
            "task": {
                "title": _("Bed om en familierådslagning"),
                "family_title": family_title(family),
                "family_url": reverse("conferences", kwargs={"family": family.uuid}),
                "element": "network",
                "due": None,
                "description": _(
                    "Familien og netværket lægger selv planen. Det begynder med et spørgsmål og forældrenes ja."
                ),
            },
            "form": form,
            "submit_token": token,
            "facts_version": "",
            "draft_url": draft_url(family, drafts.CONFERENCE, token),
            "draft_saved_at": draft.updated if draft else None,
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/task.html", context, status=status)
