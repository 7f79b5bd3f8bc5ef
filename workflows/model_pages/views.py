"""Reading the model: which versions there are, what one says, what two say otherwise."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from placement import clock
from placement.access.roles import Action
from workflows.model_pages.pages import ModelPage
from workflows.model_pages.reading import side_by_side, version_sections
from workflows.model_versions.adaptations import adaptation_in_force, waiting_draft
from workflows.model_versions.differences import differences
from workflows.model_versions.models import Adaptation, AdaptationStatus, ModelVersion, VersionStatus

#: The picture of a status (templates/components/mark.html).
STATES = {"draft": "wait", "in_force": "yes", "rejected": "no"}


def find_version(code: str) -> ModelVersion:
    """The version called ``code``. Raises Http404."""
    version = ModelVersion.objects.select_related("based_on").filter(code=code).first()
    if version is None:
        raise Http404
    return version


class Versions(ModelPage):
    """Every national version, and the municipality's adaptations."""

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = Adaptation.objects.filter(municipality_id=self.municipality_id)
        draft = waiting_draft(self.actor)
        may_decide = self.actor.may(Action.DECIDE_ADAPTATION)
        context = {
            "versions": [_line(version) for version in ModelVersion.objects.select_related("based_on")],
            "adaptations": [
                adaptation_line(one)
                for one in mine.select_related("version", "drafted_by", "decided_by").exclude(
                    status=AdaptationStatus.DRAFT
                )
            ],
            "draft": adaptation_line(draft) if draft else None,
            "draft_url": reverse("model-adaptation") if self.actor.may(Action.DRAFT_ADAPTATION) else "",
            "decide_url": reverse("model-adaptation-decision") if draft and may_decide else "",
            "organisation_url": reverse("model-organisation"),
            "differences_url": reverse("model-differences"),
        }
        return render(request, "model/versions.html", context)


class VersionPage(ModelPage):
    """One version in words, with the municipality's adaptation beside it."""

    def get(self, request: HttpRequest, version: str) -> HttpResponse:
        found = find_version(version)
        adaptation = adaptation_in_force(municipality_id=self.municipality_id, version=found)
        context = {
            "shown": _line(found),
            "adaptation": adaptation_line(adaptation) if adaptation else None,
            "sections": version_sections(found.content, adaptation.content if adaptation else None),
            "versions_url": reverse("model"),
        }
        return render(request, "model/version.html", context)


class Differences(ModelPage):
    """What one version says otherwise than another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        versions = list(ModelVersion.objects.all())
        codes = [version.code for version in versions]
        newest, before = codes[0] if codes else "", codes[1] if len(codes) > 1 else codes[0] if codes else ""
        chosen = [request.GET.get("fra", before), request.GET.get("til", newest)]
        old, new = (find_version(code).content for code in chosen)
        context = {
            "codes": codes,
            "before": chosen[0],
            "after": chosen[1],
            "lines": side_by_side(differences(old, new), old, new),
            "versions_url": reverse("model"),
        }
        return render(request, "model/differences.html", context)


def _line(version: ModelVersion) -> dict[str, Any]:
    holds = version.status == VersionStatus.IN_FORCE and version.in_force_from <= clock.today()
    return {
        "code": version.code,
        "title": version.title,
        "url": reverse("model-version", kwargs={"version": version.code}),
        "status": version.get_status_display(),
        "state": "now"
        if version.status == VersionStatus.IN_FORCE and not holds
        else STATES.get(version.status, ""),
        "from": version.in_force_from,
        "written_by": version.written_by,
        "approved_by": version.approved_by,
        "approved_on": version.approved_on,
        "what_changed": version.what_changed,
        "reason": version.reason,
        "based_on": version.based_on.code if version.based_on else "",
    }


def adaptation_line(adaptation: Adaptation) -> dict[str, Any]:
    """An adaptation with what it changes, in words."""
    national, local = adaptation.version.content, adaptation.content
    return {
        "code": adaptation.code,
        "uuid": adaptation.uuid,
        "version": adaptation.version.code,
        "status": adaptation.get_status_display(),
        "state": STATES.get(adaptation.status, ""),
        "reason": adaptation.reason,
        "drafted_by": str(adaptation.drafted_by),
        "drafted_at": adaptation.drafted_at,
        "decided_by": str(adaptation.decided_by or ""),
        "decided_at": adaptation.decided_at,
        "decision_reason": adaptation.decision_reason,
        "lines": side_by_side(differences(national, local), national, local),
    }
