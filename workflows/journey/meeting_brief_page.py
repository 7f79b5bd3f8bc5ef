"""The page that is read, or printed, before a meeting about a family."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from placement.families.models import Family
from placement.families.opening import FamilyPage
from workflows.journey.meeting_brief import meeting_brief


class MeetingBriefPage(FamilyPage):
    """What has changed since the last meeting, what was promised, and what is missing."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return render(request, "workflows/meeting_brief.html", meeting_brief(self.actor, family))
