"""Frister: every running deadline of the families somebody sees, late first, and what they were told about them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from placement import clock
from placement.access import trail
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import ROLE_TITLES, Action, Role
from placement.families.people import family_title
from workflows.kernel.clocks import selectors
from workflows.kernel.clocks.services import put_away
from workflows.kernel.models import Clock, Notice, Told

PER_PAGE = 40


def clock_line(running: Clock) -> dict[str, Any]:
    """A deadline as the lists show it: what, by which rule, since when, until when, who acts, who was told."""
    told = ""
    if running.escalated_at is not None:
        told = _("leder har fået besked %(day)s") % {"day": _day(running.escalated_at)}
    elif running.warned_at is not None:
        told = _("påmindet %(day)s") % {"day": _day(running.warned_at)}
    return {
        # Kept in Danish; the templates translate a step's title, which is a text of ours, and no other.
        "title": running.title,
        "source": running.source,
        "since": running.begun_at,
        "due": running.due_on,
        "due_at": running.due_at if running.by_the_hour else None,
        "late": running.held_at is None and running.due_at <= clock.now(),
        "held": running.held_at,
        "who": str(ROLE_TITLES[Role(running.reminds)]),
        "told": told,
    }


def notice_line(notice: Notice) -> dict[str, Any]:
    """What somebody was told, as "Min dag" and "Frister" show it."""
    return {
        **clock_line(notice.clock),
        "id": notice.uuid,
        "escalated": notice.kind == Told.ESCALATED,
        "word": notice.get_kind_display(),
        "told_at": notice.told_at,
        "family_title": family_title(notice.family),
        "family_url": reverse("family", kwargs={"family": notice.family.uuid}),
        "stopped": notice.clock.stopped_at,
    }


def _day(moment: Any) -> str:
    return f"{clock.danish_day(moment):%d.%m.%Y}"


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class DeadlinesPage(View):
    """The list, each family on it a look; posting puts away what one was told."""

    http_method_names = ("get", "head", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        self._check(request)
        with transaction.atomic(durable=True):
            page = Paginator(selectors.running(actor), PER_PAGE).get_page(request.GET.get("page"))
            listed = list(page.object_list)
            news = list(selectors.unread(actor))
            named = {line.family_id for line in [*listed, *news]}
            trail.record_reads(family_ids=sorted(named), route="deadlines", method="GET")
        with transaction.atomic():
            context = {
                "clocks": [
                    {
                        **clock_line(running),
                        "family_title": family_title(running.family),
                        "family_url": reverse("family", kwargs={"family": running.family.uuid}),
                    }
                    for running in listed
                ],
                "page_obj": page,
                "notices": [notice_line(notice) for notice in news],
                "completeness_url": reverse("completeness") if actor.may(Action.SEE_COMPLETENESS) else "",
            }
            return render(request, "workflows/deadlines.html", context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        self._check(request)
        with transaction.atomic():
            put_away(actor=actor_of(request), notices=_named(request), now=clock.now())
        return redirect("deadlines")

    def _check(self, request: HttpRequest) -> None:
        if not actor_of(request).may(Action.SEE_FAMILIES):
            raise NotAllowed(_("Din rolle har ingen familier."))


def _named(request: HttpRequest) -> set[UUID]:
    """The notices that the form names; what is no id names nothing."""
    named = set()
    for text in request.POST.getlist("notice"):
        with suppress(ValueError):
            named.add(UUID(text))
    return named
