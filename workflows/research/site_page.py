"""VIVE: the municipality's chosen families that one sees, and what is due for each; for those who record it."""

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
from placement.research.models import SelectedFamily
from workflows.model_versions.services import version_in_force
from workflows.research.picture import item_line, places_taken
from workflows.research.standing import standing_of

#: Families that have left their place are few; so many are shown at most.
LEFT_SHOWN = 12


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class ResearchPage(View):
    """The list. Each family named on it is a look; there are never more than a municipality's places and who left."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        if not actor.may(Action.RECORD_RESEARCH):
            raise NotAllowed(_("Din rolle har ikke med VIVEs aktiviteter at gøre."))
        with transaction.atomic(durable=True):
            visible = Family.objects.visible_to(actor, to_do=Action.RECORD_RESEARCH)
            seen = SelectedFamily.objects.filter(family__in=visible)
            here = list(seen.filter(ended_on__isnull=True).order_by("place"))
            left = list(seen.filter(ended_on__isnull=False).order_by("-ended_on", "-id")[:LEFT_SHOWN])
            named = {one.family_id for one in [*here, *left]}
            families = {
                family.pk: family
                for family in visible.filter(pk__in=named).select_related("site").prefetch_related("people")
            }
            trail.record_reads(family_ids=sorted(families), route="research", method="GET")
        with transaction.atomic():
            rules = version_in_force(clock.today()).model.research
            taken = places_taken()
            context = {
                "families": [_family(families[one.family_id], one) for one in here],
                "left": [
                    {
                        **_head(families[one.family_id]),
                        "ended_on": one.ended_on,
                        "reason": one.get_end_reason_display(),
                    }
                    for one in left
                ],
                "taken": taken,
                "places": rules.families if rules else 0,
                "windows": [
                    {"title": window.title, "source": window.source, "families": window.families}
                    for window in rules.windows
                ]
                if rules
                else [],
                "hidden": taken - len(here),
            }
            return render(request, "research/site.html", context)


def _head(family: Family) -> dict[str, Any]:
    return {
        "title": family_title(family),
        "url": reverse("family-research", kwargs={"family": family.uuid}),
    }


def _family(family: Family, selection: SelectedFamily) -> dict[str, Any]:
    standing = standing_of(family)
    window = standing.rules.window(selection.window) if standing.rules else None
    return {
        **_head(family),
        "place": selection.place,
        "window": window.title if window else selection.window,
        "site": str(family.site or ""),
        "items": [item_line(item) for item in standing.items],
    }
