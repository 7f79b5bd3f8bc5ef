"""The page of a family's development, and the same on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.paper.printing import NotPrinted
from workflows.journey.development import development
from workflows.journey.papers import as_pdf, development_paper

TEMPLATE = "workflows/development.html"


class DevelopmentPage(FamilyPage):
    """Every goal and instrument in time, in pictures, sentences and numbers."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return render(request, TEMPLATE, development(family))


class DevelopmentPdf(FamilyPage):
    """The same on paper; when it cannot be printed, the page, and why."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        told = development(family)
        try:
            return as_pdf(development_paper(self.actor, family, told), "udvikling")
        except NotPrinted as failed:
            messages.error(request, str(failed.message))
            return render(request, TEMPLATE, told, status=failed.status)
