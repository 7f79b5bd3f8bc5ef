"""A chosen family's activities as deadlines: begun when one can be done, stopped when it is settled or not wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from placement.access.roles import Role
from placement.clock import danish_day
from placement.families.models import Family, Phase
from placement.research.models import SelectedFamily
from placement.research.selectors import Item, ItemState
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Clock, StopReason
from workflows.kernel.processes import journey_of
from workflows.measuring.repeating import who_is_near
from workflows.model_versions.clock_rules import ClockRule, Event, Unit
from workflows.research.standing import standing_of

#: With these there is something to wait for.
_RUNNING = (ItemState.UPCOMING, ItemState.DUE, ItemState.LATE)
_ENDED = (Phase.CLOSED, Phase.DECLINED)


def about_of(selection: SelectedFamily, activity: str) -> UUID:
    """What a deadline of one activity is about: the same id each time."""
    return uuid5(selection.uuid, activity)


def remind(family: Family, *, now: datetime) -> None:
    """Bring the family's deadlines about VIVE to where things stand; one query for a family that was never chosen.

    Called by whatever may change them: what is said or done, a birth, moving in, the first exit step.
    """
    if not SelectedFamily.objects.filter(family=family).exists():
        return
    journey = journey_of(family.pk)
    # The people as they are now, and not as they were read before a birth was written.
    fresh = Family.objects.unscoped(reason="the family at hand, read anew").get(pk=family.pk)
    standing = standing_of(fresh, journey=journey)
    if standing.selection is None:
        return
    running = {
        one.about: one
        for one in Clock.objects.running().filter(family=family, stopped_by=Event.RESEARCH_SETTLED.value)
    }
    for item in standing.items:
        about = about_of(standing.selection, item.rule.code)
        ticking = running.get(about)
        wanted = item.due is not None and item.state in _RUNNING and fresh.phase not in _ENDED
        if ticking is not None and (not wanted or ticking.due_on != item.due):
            done = item.state is ItemState.DONE
            ticking.stopped_at = now
            ticking.stop_reason = StopReason.DONE if done else StopReason.NOT_NEEDED
            ticking.save(update_fields=["stopped_at", "stop_reason"])
            ticking = None
        if wanted and ticking is None:
            _begin(fresh, item, about, now, journey.model_version if journey else None)


def _begin(family: Family, item: Item, about: UUID, now: datetime, version: Any) -> None:
    if item.due is None or item.opens is None:
        return
    today = danish_day(now)
    # One that is late already is said to be so at once: it ends with the last day it should have been done.
    begun = now if item.due > today else now - timedelta(days=(today - item.due).days + 1)
    length = (item.due - danish_day(begun)).days
    near = who_is_near(family)
    rule = ClockRule(
        code=f"research-{item.rule.code}"[:60],
        title=item.rule.title,
        source=item.rule.source[:160],
        trigger=Event.RESEARCH_DUE,
        stopped_by=Event.RESEARCH_SETTLED,
        unit=Unit.DAYS,
        length=length,
        # The reminder comes when the activity can be done: at the end of its first day.
        warn_before=min(length, max(0, (item.due - item.opens).days)),
        reminds=near,
        escalates_to=Role.TEAM_LEAD if near is Role.PRACTITIONER else Role.AUTHORITY_LEAD,
    )
    clocks.start(family=family, rule=rule, at=begun, about=about, version=version)
