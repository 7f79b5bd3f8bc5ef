"""Adapting the model to a municipality: the draft of one lead, the decision of another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.errors import Refused, StaleState
from placement.access.roles import Action
from workflows.kernel.once import opened_token, submit_once
from workflows.model_pages.forms import AdaptationForm, DecideAdaptation
from workflows.model_pages.pages import ModelPage
from workflows.model_pages.views import adaptation_line
from workflows.model_versions.adaptations import (
    adaptation_in_force,
    decide_adaptation,
    draft_adaptation,
    waiting_draft,
    withdraw_draft,
)
from workflows.model_versions.models import ModelVersion
from workflows.model_versions.services import version_in_force


class AdaptationPage(ModelPage):
    """Write a draft on the newest version in force, or take one's own back."""

    read_action = Action.DRAFT_ADAPTATION
    write_action = Action.DRAFT_ADAPTATION

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, self._form(self._version()))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if request.POST.get("form") == "withdraw":
            return self._withdraw(request)
        version = self._version()
        form = self._form(version, request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        _done, refused = submit_once(
            request, "adaptation", version.code, produce=lambda: self._draft(version, form)
        )
        if refused:
            return self._page(request, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Kladden er gemt. En anden leder tager stilling til den."))
        return redirect("model")

    def _version(self) -> ModelVersion:
        return version_in_force(clock.today())

    def _form(self, version: ModelVersion, *data: Any) -> AdaptationForm:
        standing = adaptation_in_force(municipality_id=self.municipality_id, version=version)
        return AdaptationForm(*data, version=version, overrides=standing.overrides if standing else {})

    def _draft(self, version: ModelVersion, form: AdaptationForm) -> dict[str, Any]:
        draft = draft_adaptation(
            actor=self.actor,
            version=version,
            overrides=form.overrides(),
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
        return {"adaptation": str(draft.uuid)}

    def _withdraw(self, request: HttpRequest) -> HttpResponseBase:
        draft = waiting_draft(self.actor)
        if draft is None:
            raise StaleState(_("Der venter ingen kladde. Genindlæs siden."))
        withdraw_draft(actor=self.actor, draft=draft)
        messages.success(request, _("Kladden er trukket tilbage."))
        return redirect("model-adaptation")

    def _page(
        self, request: HttpRequest, form: AdaptationForm, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        draft = waiting_draft(self.actor)
        context = {
            "adapting": form.version,
            "draft": adaptation_line(draft) if draft else None,
            "may_withdraw": draft is not None and draft.drafted_by_id == self.actor.staff_id,
            "form": form,
            "submit_token": opened_token(request),
            "versions_url": reverse("model"),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "model/adaptation.html", context, status=status)


class DecisionPage(ModelPage):
    """The draft that waits, and the authority lead's word on it."""

    read_action = Action.DECIDE_ADAPTATION
    write_action = Action.DECIDE_ADAPTATION

    def get(self, request: HttpRequest) -> HttpResponseBase:
        draft = waiting_draft(self.actor)
        return self._page(request, DecideAdaptation(initial={"draft": draft.uuid if draft else ""}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = DecideAdaptation(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        _done, refused = submit_once(
            request, "adaptation-decision", form.cleaned_data["draft"], produce=lambda: self._decide(form)
        )
        if refused:
            return self._page(request, form, status=422, refusal=refused)
        messages.success(request, _("Det er gemt."))
        return redirect("model")

    def _decide(self, form: DecideAdaptation) -> dict[str, Any]:
        draft = waiting_draft(self.actor)
        if draft is None or draft.uuid != form.cleaned_data["draft"]:
            raise StaleState(_("Der er allerede taget stilling til kladden. Genindlæs siden."))
        decided = decide_adaptation(
            actor=self.actor,
            draft=draft,
            approved=form.cleaned_data["approved"],
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
        return {"adaptation": str(decided.uuid)}

    def _page(
        self,
        request: HttpRequest,
        form: DecideAdaptation,
        *,
        status: int = 200,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        draft = waiting_draft(self.actor)
        context = {
            "draft": adaptation_line(draft) if draft else None,
            "own": draft is not None and draft.drafted_by_id == self.actor.staff_id,
            "form": form,
            "submit_token": opened_token(request),
            "versions_url": reverse("model"),
            "refusal": {"reason": str(refusal.message)} if refusal else None,
        }
        return render(request, "model/decision.html", context, status=status)
