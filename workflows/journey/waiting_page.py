"""Hvor venter familierne længst?: for those who lead a site or a unit, step by step."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from placement import clock
from placement.access import trail
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.people import family_title
from workflows.kernel.pictures.standing import days_in_words, took_in_words
from workflows.kernel.waiting import LOOKED_BACK_DAYS, StepWait, waits


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class WaitingPage(View):
    """The list. The family that has waited longest at a step is named, and each one named is a look."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        if not actor.may(Action.SEE_WAITING):
            raise NotAllowed(_("Din rolle giver ikke adgang til ventetiderne."))
        with transaction.atomic(durable=True):
            steps = waits(actor, now=clock.now())
            pointed_out = {step.longest_family for step in steps if step.longest_family is not None}
            visible = Family.objects.visible_to(actor, to_do=Action.SEE_WAITING).filter(pk__in=pointed_out)
            named = {family.pk: family for family in visible.prefetch_related("people")}
            trail.record_reads(family_ids=sorted(named), route="waiting", method="GET")
        with transaction.atomic():
            context = {
                "waiting": [_line(step, named) for step in steps if step.waited],
                "passed": [_line(step, named) for step in steps if not step.waited],
                "days": LOOKED_BACK_DAYS,
            }
            return render(request, "workflows/waiting.html", context)


def _line(step: StepWait, named: dict[int, Family]) -> dict[str, Any]:
    family = named.get(step.longest_family) if step.longest_family is not None else None
    return {
        "title": step.title,
        "element": step.element,
        "role": step.role,
        "waiting": len(step.waited),
        "late": step.late,
        "waited": took_in_words(tuple(step.waited)),
        "longest": days_in_words(step.longest) if family else "",
        "family_title": family_title(family) if family else "",
        "family_url": reverse("family", kwargs={"family": family.uuid}) if family else "",
        "done": len(step.took),
        "took": took_in_words(tuple(step.took)),
    }
