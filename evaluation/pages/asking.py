"""Asking for a release, what one has asked for, and taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation import selectors, services
from evaluation.forms import RequestRelease
from evaluation.models import Release
from evaluation.pages.answering import asked_of
from evaluation.pages.base import ReasonPage, ReleasePage, form_token, release_line
from placement import clock
from placement.access.errors import Refused
from placement.access.roles import Action


class Releases(ReleasePage):
    """The person's releases and asking for one more; or what the municipality has a word on."""

    write_action = Action.USE_RELEASES

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.actor.municipality_id is not None:
            return render(request, "evaluation/asked.html", {"releases": asked_of(self.actor)})
        return self._page(request, RequestRelease())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RequestRelease(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            answer = self.once(request, "release", produce=lambda: self._request(request, form))
        except services.ReleaseGate as shut:
            return self._page(request, form, refusal=shut, status=shut.status)
        return redirect("release", release=answer["release"])

    def _request(self, request: HttpRequest, form: RequestRelease) -> dict[str, Any]:
        release = services.request_release(actor=self.actor, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Udtrækket er bestilt."))
        return {"release": str(release.uuid)}

    def _page(
        self, request: HttpRequest, form: RequestRelease, *, refusal: Refused | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "releases": [release_line(r) for r in Release.objects.visible_to(self.actor).order_by("-id")],
            "form": form,
            "agreements_url": reverse("agreements"),
            "submit_token": form_token(request),
            "refusal": {"reason": str(refusal.message)} if refusal else None,
        }
        return render(request, "evaluation/releases.html", context, status=status)


class WithdrawRelease(ReasonPage):
    """The requester takes the release back."""

    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    def found(self, release: UUID) -> Release:
        return selectors.find_release(self.actor, release)

    def act(self, release: UUID, reason: str) -> dict[str, Any]:
        services.withdraw_release(actor=self.actor, release_uuid=release, reason=reason)
        return {"release": str(release)}

    def words(self) -> dict[str, str]:
        return {
            "heading": _("Træk udtrækket tilbage"),
            "lead": _("Kommunerne skal ikke længere tage stilling, og filerne slettes."),
            "button": _("Træk tilbage"),
        }
