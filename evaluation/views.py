"""The evaluator's pages: what has been asked for, one release, and its files."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from evaluation import selectors, services
from evaluation.access import ReleaseAddress, as_attachment
from evaluation.dataset_names import DatasetName
from evaluation.forms import RequestRelease
from evaluation.models import Release, Status
from evaluation.variables import DATASETS
from placement import clock
from placement.access import submissions
from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.middleware import actor_of
from placement.access.roles import Action

#: The picture of a status (templates/components/mark.html).
STATES = {Status.REQUESTED: "now", Status.BUILT: "wait", Status.AVAILABLE: "yes", Status.FAILED: "no"}


class ReleasePage(ReleaseAddress, View):
    """A page for those who may use releases."""

    http_method_names = ["get", "head", "post"]
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = actor_of(request)
        services.check_may_use(self.actor)
        return super().dispatch(request, *args, **kwargs)


class Releases(ReleasePage):
    """The person's releases, and asking for one more."""

    write_action = Action.USE_RELEASES

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, RequestRelease())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RequestRelease(request.POST)
        try:
            services.check_gate()
            if not form.is_valid():
                return self._page(request, form, status=422)
            token = request.POST.get("submit_token", "")
            answer = submissions.once(
                actor=self.actor,
                key=token and f"page:{token}",
                asked=submissions.fingerprint("release"),
                produce=lambda: self._request(request, form),
            )
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
            "releases": [_line(r) for r in Release.objects.visible_to(self.actor).order_by("-id")],
            "form": form if services.gate_is_open() else None,
            "submit_token": request.POST.get("submit_token") or uuid.uuid4().hex,
            "demo_only": True,
            "refusal": {"reason": str(refusal.message)} if refusal else None,
        }
        return render(request, "evaluation/releases.html", context, status=status)


class OneRelease(ReleasePage):
    """One release with its files."""

    def get(self, request: HttpRequest, release: UUID) -> HttpResponse:
        found = selectors.find_release(self.actor, release)
        reasons = selectors.reasons(found)
        context = {
            "release": {
                **_line(found),
                "kind_title": found.get_kind_display(),
                "agreement": found.agreement,
                "requested_by": str(found.requested_by),
                "built": found.built_at,
                "datasets": [str(DatasetName(name).label) for name in found.datasets],
            },
            "files": [
                {
                    "name": file.name,
                    "url": reverse("release-file", kwargs={"release": found.uuid, "name": file.name}),
                    "title": _file_title(file.name),
                    "size": file.bytes,
                    "sha256": file.sha256,
                    "rows": file.rows,
                }
                for file in selectors.open_files(found)
            ],
            "releases_url": reverse("releases"),
            "demo_only": True,
            "waiting": found.status in {Status.REQUESTED, Status.BUILT},
            "refusal": {"reasons": reasons} if reasons else None,
        }
        return render(request, "evaluation/release.html", context)


class OneFile(ReleasePage):
    """A file to take home. Who took it is committed before it is sent."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, release: UUID, name: str) -> HttpResponse:
        file = selectors.find_file(self.actor, release, name)
        services.record_download(actor=self.actor, file=file)
        return as_attachment(file)


def _line(release: Release) -> dict[str, Any]:
    return {
        "title": _("Udtræk %(kind)s, %(number)s") % {"kind": release.kind, "number": str(release.uuid)[:8]},
        "url": reverse("release", kwargs={"release": release.uuid}),
        "status_word": release.get_status_display(),
        "state": STATES[Status(release.status)],
        "requested": release.requested_at,
        "purpose": release.purpose,
    }


def _file_title(name: str) -> str:
    dataset = DATASETS.get(name.removesuffix(".csv"))
    return str(dataset.name.label) if dataset else _("Beskrivelse af filerne (Frictionless Data Package)")
