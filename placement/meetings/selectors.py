"""Reads of meetings and sessions: what the family page and the guards ask."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from placement.families.models import Family
from placement.meetings.models import FocusFormulation, Meeting, MentalisationBaseline, Session


def last_meeting(family: Family, kind: str) -> Meeting | None:
    """The newest meeting of one kind, or None when there has been none."""
    return Meeting.objects.filter(family=family, kind=kind).order_by("-held_on", "-id").first()


def last_session(family: Family) -> Session | None:
    """The newest mentalising session, or None when there has been none."""
    return Session.objects.filter(family=family).order_by("-held_on", "-id").first()


def standing_baseline(family: Family) -> MentalisationBaseline | None:
    """The newest baseline, or None when none has been taken; ``worded_focus``: what staff and parents try to understand."""
    worded = FocusFormulation.objects.filter(family=OuterRef("family")).order_by("-version")
    baselines = MentalisationBaseline.objects.filter(family=family).select_related("measurement")
    baselines = baselines.annotate(worded_focus=Subquery(worded.values("understand")[:1]))
    return baselines.order_by("-taken_on", "-id").first()
