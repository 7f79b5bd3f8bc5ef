"""Fuldstændighed: what is there at each site and what is missing, for those who lead it."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from placement.access import trail
from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.families.people import family_title
from placement.progression.codes import MissingReason
from workflows.fidelity import drawing
from workflows.fidelity.sites import RuleCount
from workflows.journey.completeness import (
    LOOKED_BACK_DAYS,
    PAUSED,
    WITHDRAWN,
    FamilyGap,
    Line,
    SiteCompleteness,
    Standing,
    completeness,
)
from workflows.kernel.models import Element

#: So many families are named of each site, those that lack most first.
NAMED = 25


def looked_at(actor: Actor, route: str) -> list[SiteCompleteness]:
    """The sites with the families that are named; each of those is a look, committed before anything is shown.

    Raises NotAllowed.
    """
    if not actor.may(Action.SEE_COMPLETENESS):
        raise NotAllowed(_("Din rolle giver ikke adgang til stedets fuldstændighed."))
    with transaction.atomic(durable=True):
        sites = completeness(actor)
        named = [gap.family.pk for site in sites for gap in site.gaps[:NAMED]]
        trail.record_reads(family_ids=sorted(named), route=route, method="GET")
    return sites


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class CompletenessPage(View):
    """One table of measurements and one of core elements for each site, and the families that lack something."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        sites = looked_at(actor_of(request), "completeness")
        with transaction.atomic():
            context = {
                "sites": [_site(site, number) for number, site in enumerate(sites, start=1)],
                "days": LOOKED_BACK_DAYS,
                "legend": drawing.legend(),
            }
            return render(request, "workflows/completeness.html", context)


def _site(site: SiteCompleteness, number: int) -> dict[str, Any]:
    return {
        "name": str(site.site),
        "families": site.families,
        "here": site.here,
        "points": [
            _point(title, list(lines), f"s{number}p{place}")
            for place, (title, lines) in enumerate(
                groupby(site.measurement_lines, key=lambda line: line.key[1]), start=1
            )
        ],
        "fidelity": [
            _fidelity(element, list(lines), f"s{number}f{place}")
            for place, (element, lines) in enumerate(
                groupby(site.fidelity, key=lambda line: line.indicator.element), start=1
            )
        ],
        "elements": [_line(line) for line in site.element_lines],
        "gaps": [_gap(gap) for gap in site.gaps[:NAMED]],
        "unnamed": max(len(site.gaps) - NAMED, 0),
    }


def _point(title: str, lines: list[Line], name: str) -> dict[str, Any]:
    rows = [
        (
            line.title,
            [
                drawing.in_time(line.counts[Standing.IN_TIME]),
                drawing.late(line.counts[Standing.LATE]),
                drawing.missing(line.counts[Standing.MISSING]),
                drawing.with_reason(line.counts[Standing.WITH_REASON]),
                drawing.not_yet(line.counts[Standing.NOT_YET]),
            ],
        )
        for line in lines
    ]
    return {
        "title": title,
        "lines": [{**_line(line), "element": line.element} for line in lines],
        "svg": drawing.standings(rows, name=name, title=title),
    }


def _fidelity(element: Element, lines: list[RuleCount], name: str) -> dict[str, Any]:
    return {
        "title": str(element.label),
        "svg": drawing.shares(lines, name=name, title=str(element.label)),
        "rules": [
            {
                "title": str(line.indicator.title),
                "means": str(line.indicator.means),
                "share": drawing.share_words(line),
                "families": line.families,
                "whole": line.whole,
                "silent": line.silent,
            }
            for line in lines
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "title": line.title,
        "families": line.families,
        **{standing.value: line.counts[standing] for standing in Standing},
        "reasons": _counted({reason_words(code): count for code, count in line.reasons.items()}),
        "steps": _counted(line.steps),
    }


def reason_words(code: str) -> str:
    """What a reason is called."""
    own = {PAUSED: _("Familien er på pause"), WITHDRAWN: _("Forløbet er afbrudt")}
    return own[code] if code in own else str(MissingReason(code).label)


def _counted(words: dict[str, int] | Counter[str]) -> str:
    """ "Ikke spurgt: 2, Ikke relevant: 1"; what is most comes first."""
    listed = sorted(words.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{word}: {count}" for word, count in listed)


def _gap(gap: FamilyGap) -> dict[str, Any]:
    return {
        "title": family_title(gap.family),
        "url": reverse("family-meeting-brief", kwargs={"family": gap.family.uuid}),
        "answered": gap.answered,
        "asked": gap.asked,
        "missing": gap.missing,
    }
