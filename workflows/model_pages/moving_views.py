"""Moving a family to another version: read what it changes, then confirm it with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.errors import Refused
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from workflows.journey import moving
from workflows.kernel.once import opened_token, submit_once
from workflows.model_pages.forms import MoveForm
from workflows.model_pages.reading import side_by_side
from workflows.model_versions.models import ModelVersion


class FamilyModelPage(FamilyPage):
    """Which version the family follows, and moving it (``?version=`` shows what that would change)."""

    read_action = Action.MOVE_FAMILY
    write_action = Action.MOVE_FAMILY

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return self._page(request, family, request.GET.get("version", ""))

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = MoveForm(request.POST)
        version = request.POST.get("version", "")
        if not form.is_valid():
            return self._page(request, family, version, form=form, status=422)
        _done, refused = submit_once(
            request, "move", family.uuid, version, produce=lambda: self._move(family, form)
        )
        if refused:
            return self._page(request, family, version, form=form, status=422, refusal=refused)
        messages.success(request, _("Familien følger nu %(code)s.") % {"code": version})
        return redirect("family", family=family.uuid)

    def _move(self, family: Family, form: MoveForm) -> dict[str, Any]:
        moved = moving.move_family(
            actor=self.actor,
            family=family,
            version=known_version(form.cleaned_data["version"]),
            reason=form.cleaned_data["reason"],
            facts_version=form.cleaned_data["facts_version"],
            now=clock.now(),
        )
        return {"move": str(moved.uuid)}

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        code: str,
        *,
        form: MoveForm | None = None,
        status: int = 200,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        here = reverse("family-model", kwargs={"family": family.uuid})
        context: dict[str, Any] = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "here": here,
            "submit_token": opened_token(request),
            "form": None,
        }
        try:
            journey = moving.journey_to_move(family)
            context["current"] = _target(moving.current_target(journey))
            context["targets"] = [
                {**_target(target), "url": f"{here}?version={target.version.code}"}
                for target in moving.targets(family, journey, on=clock.today())
            ]
            if code:
                context |= self._preview(family, code, form)
        except Refused as no:
            refusal = refusal or no
            status = no.status if request.method == "POST" else status
        context["refusal"] = {"reason": str(refusal.message)} if refusal else None
        return render(request, "model/family.html", context, status=status)

    def _preview(self, family: Family, code: str, form: MoveForm | None) -> dict[str, Any]:
        read = moving.preview(family=family, version=known_version(code), now=clock.now())
        asked = {"version": code, "facts_version": read.facts_version}
        return {
            "target": _target(read.target),
            "deadlines": read.deadlines,
            "lines": side_by_side(read.model, read.current.content, read.target.content),
            "form": form or MoveForm(initial=asked),
        }


def known_version(code: str) -> ModelVersion:
    """The version called ``code``. Raises Refused (``version-unknown``)."""
    version = ModelVersion.objects.filter(code=code).first()
    if version is None:
        raise Refused(_("Der er ingen modelversion %(code)s.") % {"code": code}, type="version-unknown")
    return version


def _target(target: moving.Target) -> dict[str, Any]:
    return {
        "code": target.code,
        "title": target.version.title,
        "adapted": target.adaptation is not None,
        "from": target.version.in_force_from,
    }
