"""The page that is read, or printed, before a meeting about a family."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.paper.printing import NotPrinted
from workflows.journey.meeting_brief import meeting_brief
from workflows.journey.papers import as_pdf, meeting_paper

TEMPLATE = "workflows/meeting_brief.html"


class MeetingBriefPage(FamilyPage):
    """What has changed since the last meeting, what was promised, and what is missing."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return render(request, TEMPLATE, meeting_brief(self.actor, family))


class MeetingBriefPdf(FamilyPage):
    """The same on paper; when it cannot be printed, the page, and why."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        brief = meeting_brief(self.actor, family)
        try:
            return as_pdf(meeting_paper(self.actor, family, brief), "til-moedet")
        except NotPrinted as failed:
            messages.error(request, str(failed.message))
            return render(request, TEMPLATE, brief, status=failed.status)
