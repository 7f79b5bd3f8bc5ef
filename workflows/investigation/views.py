"""Pages about a family's screening and examination, and the two plans as parents are shown them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from placement import clock
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from workflows.investigation.picture import investigation_picture, plans_for_parents


def _head(family: Family) -> dict[str, Any]:
    return {
        "family_title": family_title(family),
        "family_url": reverse("family", kwargs={"family": family.uuid}),
    }


class InvestigationPage(FamilyPage):
    """Who may be involved now, every screening and examination, and the parallel tracks."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        context = {**_head(family), **investigation_picture(self.actor, family, clock.now())}
        return render(request, "workflows/investigation.html", context)


class ParallelPlansPage(FamilyPage):
    """Plan A and plan B beside each other, for the parents: on the screen together, or on paper."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        context = {
            **_head(family),
            "back_url": reverse("investigation", kwargs={"family": family.uuid}),
            "plans": plans_for_parents(family),
        }
        return render(request, "workflows/parallel_plans.html", context)
