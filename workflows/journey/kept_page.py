"""Lovens frister: how a municipality keeps the law's deadlines, by rule and quarter, and why it was late."""

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
from placement.families.people import family_title
from workflows.journey.deadlines import clock_line
from workflows.kernel.clocks.kept import NAMED, Count4, Rule, kept, late_of_mine, quarters, years
from workflows.kernel.models import LateKind


def chosen_year(asked: str | None) -> int:
    """The year that is asked for; this one when none is, or none that can be meant."""
    this = clock.today().year
    if asked is None or not asked.isdecimal() or len(asked) != 4:
        return this
    year = int(asked)
    return year if clock.EARLIEST_DAY.year <= year <= this + clock.LATEST_YEARS_AHEAD else this


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class KeptPage(View):
    """Counted for the whole municipality; only what is late of families one may see is named, and each name is a look."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        if not actor.may(Action.SEE_KEPT) or actor.municipality_id is None:
            raise NotAllowed(_("Din rolle giver ikke adgang til lovens frister for kommunen."))
        year, now = chosen_year(request.GET.get("aar")), clock.now()
        with transaction.atomic(durable=True):
            named = late_of_mine(actor, year=year, now=now)
            trail.record_reads(
                family_ids=sorted({one.family_id for one in named}), route="kept", method="GET"
            )
        with transaction.atomic():
            here = reverse("kept")
            context = {
                "year": year,
                "years": [
                    {"year": one, "url": f"{here}?aar={one}", "current": one == year}
                    for one in years(actor.municipality_id, today=clock.today())
                ],
                "rules": [_rule(rule) for rule in kept(actor.municipality_id, year=year, now=now)],
                "late": [
                    {
                        **clock_line(one),
                        "family_title": family_title(one.family),
                        "family_url": reverse("family", kwargs={"family": one.family.uuid}),
                        "stopped": one.stopped_at,
                    }
                    for one in named
                ],
                "named": NAMED,
            }
            return render(request, "workflows/kept.html", context)


def _rule(rule: Rule) -> dict[str, Any]:
    kinds = dict(LateKind.choices)
    return {
        "title": rule.title,
        "source": rule.source,
        "year": _count(rule.year),
        "quarters": [{"quarter": number, **_count(count)} for number, count in quarters(rule)],
        "reasons": [
            {"kind": str(kinds[kind]), "times": times}
            for kind, times in sorted(rule.reasons.items(), key=lambda said: (-said[1], said[0]))
        ],
    }


def _count(count: Count4) -> dict[str, Any]:
    return {
        "kept": count.kept,
        "late": count.late,
        "unexplained": count.unexplained,
        "running": count.running,
        "percent": count.percent_kept,
    }
