"""The page of a family's development."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from placement.families.models import Family
from placement.families.opening import FamilyPage
from workflows.journey.development import development


class DevelopmentPage(FamilyPage):
    """Every goal and instrument in time, in pictures, sentences and numbers."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return render(request, "workflows/development.html", development(family))
