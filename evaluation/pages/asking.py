"""Asking for a release, what one has asked for, and taking it back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation import agreeing, asking, selectors
from evaluation.dataset_names import DatasetName
from evaluation.forms import RequestByAgreement
from evaluation.models import Agreement, Release
from evaluation.pages.answering import asked_of
from evaluation.pages.base import ReasonPage, ReleasePage, form_token, release_line
from placement import clock
from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.roles import Action


class Releases(ReleasePage):
    """The person's releases and asking for one more; or what the municipality has a word on."""

    write_action = Action.USE_RELEASES

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.actor.municipality_id is not None:
            return render(request, "evaluation/asked.html", {"releases": asked_of(self.actor)})
        mine = list(_own_agreements(self.actor))
        return self._page(request, mine, _chosen(mine, request.GET.get("aftale", "")))

    def post(self, request: HttpRequest) -> HttpResponse:
        mine = list(_own_agreements(self.actor))
        number = request.POST.get("agreement", "").strip()
        chosen = _chosen(mine, number)
        # By an agreement that is not theirs, or over by now, the service says what is wrong with it.
        known = chosen is not None and chosen.number.casefold() == number.casefold()
        covers = chosen.datasets if chosen and known else DatasetName.values
        form = RequestByAgreement(request.POST, covers=covers)
        if not form.is_valid():
            return self._page(request, mine, chosen, form, status=422)
        try:
            answer = self.once(request, "release", produce=lambda: self._request(request, number, form))
        except agreeing.ReleaseGate as shut:
            return self._page(request, mine, chosen, form, refusal=shut, status=shut.status)
        return redirect("release", release=answer["release"])

    def _request(self, request: HttpRequest, number: str, form: RequestByAgreement) -> dict[str, Any]:
        release = asking.request_release(
            actor=self.actor, now=clock.now(), agreement=number, **form.cleaned_data
        )
        messages.success(request, _("Udtrækket er bestilt."))
        return {"release": str(release.uuid)}

    def _page(
        self,
        request: HttpRequest,
        mine: list[Agreement],
        chosen: Agreement | None,
        form: RequestByAgreement | None = None,
        *,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        here = reverse("releases")
        context = {
            "releases": [release_line(r) for r in Release.objects.visible_to(self.actor).order_by("-id")],
            "agreement": chosen,
            "others": [
                {"agreement": one, "url": f"{here}?{urlencode({'aftale': one.number})}#request"}
                for one in mine
                if one != chosen
            ],
            "form": form or (RequestByAgreement(covers=chosen.datasets) if chosen else None),
            "agreements_url": reverse("agreements"),
            "submit_token": form_token(request),
            "refusal": {"reason": str(refusal.message)} if refusal else None,
        }
        return render(request, "evaluation/releases.html", context, status=status)


def _own_agreements(actor: Actor) -> QuerySet[Agreement]:
    """Those that the person is named in and that have not ended, the newest first."""
    return Agreement.objects.filter(people__staff=actor.staff, ends_on__gte=clock.today()).order_by("-id")


def _chosen(mine: list[Agreement], number: str) -> Agreement | None:
    """The agreement of that number, else the newest; None when there is none."""
    same = [one for one in mine if one.number.casefold() == number.casefold()]
    return next(iter(same or mine), None)


class WithdrawRelease(ReasonPage):
    """The requester takes the release back."""

    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    def found(self, release: UUID) -> Release:
        return selectors.find_release(self.actor, release)

    def act(self, release: UUID, reason: str) -> dict[str, Any]:
        asking.withdraw_release(actor=self.actor, release_uuid=release, reason=reason)
        return {"release": str(release)}

    def words(self) -> dict[str, str]:
        return {
            "heading": _("Træk udtrækket tilbage"),
            "lead": _("Kommunerne skal ikke længere tage stilling, og filerne slettes."),
            "button": _("Træk tilbage"),
        }
