"""What pages read of deadlines and of who was told."""

from __future__ import annotations

from typing import Any

from placement.access.actor import Actor
from placement.clock import now
from placement.families.models import Family
from workflows.kernel.models import Clock, Notice

#: Notices shown at once; the rest comes when these are put away.
NOTICES_SHOWN = 40


def unread(actor: Actor) -> Any:
    """What the person was told and has not put away, newest first, with everything a line shows."""
    notices = Notice.objects.unread_by(actor).select_related("clock", "family").order_by("-told_at", "-id")
    return notices.prefetch_related("family__people")[:NOTICES_SHOWN]


def running(actor: Actor) -> Any:
    """The running deadlines of the families the person sees, late first."""
    clocks = Clock.objects.visible_to(actor).open_at(now()).late_first().with_words().select_related("family")
    return clocks.prefetch_related("family__people")


def running_of(family: Family) -> Any:
    """One family's running deadlines, late first."""
    return Clock.objects.filter(family=family).open_at(now()).late_first().with_words()


def opening_later(family: Family) -> Any:
    """The family's deadlines about which nothing can be done yet, the one that opens first before the others."""
    waiting = Clock.objects.running().filter(family=family, opens_at__gt=now())
    return waiting.order_by("opens_at", "id")
