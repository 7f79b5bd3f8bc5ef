"""What the pages of releases share: who may open one, sending once, asking for a reason, and how a release stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from evaluation.access import ReleaseAddress, check_may
from evaluation.forms import Why
from evaluation.models import ENDED, Answer, Kind, Release, ReleaseApproval, Status
from placement.access import submissions
from placement.access.actor import Actor
from placement.access.middleware import actor_of

#: The picture of a status (templates/components/mark.html).
STATES = {
    Status.REQUESTED: "now",
    Status.BUILT: "wait",
    Status.REPORTED: "wait",
    Status.AVAILABLE: "yes",
    Status.FAILED: "no",
    Status.REFUSED: "no",
    Status.WITHDRAWN: "no",
    Status.EXPIRED: "no",
}


class ReleasePage(ReleaseAddress, View):
    """A page for those who may use releases, or have a word on them."""

    http_method_names = ["get", "head", "post"]
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = actor_of(request)
        # Who may read may be told that there is nothing to send; who may not even read is told so first.
        check_may(self.actor, self.read_action)
        method = str(request.method)
        if method == "POST" and self.write_action is not None:
            check_may(self.actor, self.write_action)
        return super().dispatch(request, *args, **kwargs)

    def once(
        self, request: HttpRequest, *asked: Any, produce: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """What ``produce`` answers, made once for the form's token; ``asked`` says what the form is."""
        token = request.POST.get("submit_token", "")
        return submissions.once(
            actor=self.actor,
            key=token and f"page:{token}",
            asked=submissions.fingerprint(*asked),
            produce=produce,
        )


def form_token(request: HttpRequest) -> str:
    """The token of the form: the one that was sent, or a new one."""
    return request.POST.get("submit_token") or uuid.uuid4().hex


class ReasonPage(ReleasePage):
    """A page that asks for a reason and does one thing with it."""

    def get(self, request: HttpRequest, release: UUID) -> HttpResponse:
        return self._page(request, release, Why())

    def post(self, request: HttpRequest, release: UUID) -> HttpResponse:
        form = Why(request.POST)
        if not form.is_valid():
            return self._page(request, release, form, status=422)
        self.once(
            request,
            type(self).__name__,
            release,
            produce=lambda: self.act(release, form.cleaned_data["reason"]),
        )
        messages.success(request, _("Gemt."))
        return redirect("release", release=release)

    def found(self, release: UUID) -> Release | ReleaseApproval:
        """What the person sees of it; raises Http404."""
        raise NotImplementedError

    def act(self, release: UUID, reason: str) -> dict[str, Any]:
        """Do it; what is remembered of it under the form's token."""
        raise NotImplementedError

    def words(self) -> dict[str, str]:
        """The page's ``heading``, ``lead`` and ``button``."""
        raise NotImplementedError

    def _page(self, request: HttpRequest, release: UUID, form: Why, *, status: int = 200) -> HttpResponse:
        context = {
            **self.words(),
            "personal_data": self.found(release).kind == Kind.T1,
            "form": form,
            "release_url": reverse("release", kwargs={"release": release}),
            "release_title": short_title(release),
            "submit_token": form_token(request),
        }
        return render(request, "evaluation/why.html", context, status=status)


def short_title(release: UUID) -> str:
    """What the way back to a release is called."""
    return _("Udtræk %(number)s") % {"number": str(release)[:8]}


def release_line(release: Release) -> dict[str, Any]:
    """A release as its requester's lists show it."""
    return _line(release, release.uuid, release.get_status_display(), STATES[Status(release.status)])


def approval_line(approval: ReleaseApproval) -> dict[str, Any]:
    """A release as a municipality's lists show it."""
    return _line(approval, approval.release_uuid, *_standing(approval))


def _line(one: Release | ReleaseApproval, release: UUID, word: str, state: str) -> dict[str, Any]:
    return {
        "title": _("Udtræk %(kind)s, %(number)s") % {"kind": one.kind, "number": str(release)[:8]},
        "url": reverse("release", kwargs={"release": release}),
        "status_word": word,
        "state": state,
        "requested": one.requested_at,
        "purpose": one.purpose,
        "personal_data": one.kind == Kind.T1,
    }


def _standing(approval: ReleaseApproval) -> tuple[str, str]:
    """How the release stands for the municipality: its own answer first, then what became of it."""
    if approval.silent_at is not None:
        return _("Kommunen svarede ikke inden fristen"), "no"
    if approval.answer == Answer.NO:
        return _("Kommunen har sagt nej"), "no"
    if approval.status == Status.REQUESTED:
        return _("Bygges på ny"), "now"
    if approval.voided_at is not None and approval.status not in ENDED:
        return _("Kommunens familier er ikke med"), "no"
    if approval.status != Status.REPORTED:
        return approval.get_status_display(), STATES[Status(approval.status)]
    if approval.answer == Answer.YES:
        return _("Kommunen har sagt ja"), "yes"
    if approval.review:
        return _("Venter på godkendelse"), "wait"
    return _("Venter på gennemsyn"), "wait"
