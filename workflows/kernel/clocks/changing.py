"""A clock whose trigger was put right, or that ends earlier than it was to: moved where everybody sees it, with why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.clock import danish_day, end_of
from placement.families.models import Family
from workflows.kernel.models import Clock, ClockChange, Task
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import model_of
from workflows.model_versions.clock_rules import ClockRule, Event, Unit


@transaction.atomic
def begun_otherwise(
    *, actor: Actor, clock: Clock, begun_at: datetime, reason: str, now: datetime
) -> ClockChange | None:
    """What started the clock happened at another moment: it begins then, and ends as its rule says from there.

    Of a stopped clock too: whether it was kept is then another matter. None when nothing changes. A rule that the
    family's version no longer has moves the end by as many days as the beginning. Raises Refused:
    ``reason-missing``, ``trigger-in-future``, ``stopped-before-trigger``.
    """
    if begun_at > now:
        raise Refused(
            _("En frist kan ikke begynde, før det er sket, som den løber fra. Ret tidspunktet."),
            type="trigger-in-future",
        )
    if clock.stopped_at is not None and begun_at > clock.stopped_at:
        raise Refused(
            _("Fristen er stoppet %(day)s. Den kan ikke være begyndt derefter.")
            % {"day": f"{danish_day(clock.stopped_at):%d.%m.%Y}"},
            type="stopped-before-trigger",
        )
    rule = _rule_of(clock)
    if rule is None or rule.unit is Unit.GIVEN:
        due_at = clock.due_at + (begun_at - clock.begun_at)
        warn_at = clock.warn_at
    else:
        due_at, warn_at = rule.due_at(begun_at), rule.warn_at(begun_at)
    return _move(actor, clock, reason, now, begun_at=begun_at, due_at=due_at, warn_at=warn_at)


@transaction.atomic
def ends_on(*, actor: Actor, clock: Clock, day: date, reason: str, now: datetime) -> ClockChange | None:
    """The clock ends with another ``day``: the term was put right, somebody decided anew. None when it is the same.

    Raises Refused: ``reason-missing``, ``day-before-trigger``.
    """
    if day < danish_day(clock.begun_at):
        raise Refused(
            _("Fristen kan ikke ende, før den begynder. Ret dagen (%(source)s).") % {"source": clock.source},
            type="day-before-trigger",
        )
    rule = _rule_of(clock)
    given = rule is not None and rule.unit is Unit.GIVEN
    warn_at = rule.warn_at(clock.begun_at, day) if rule is not None and given else clock.warn_at
    opens_at = rule.opens_at(day) if rule is not None and given else clock.opens_at
    return _move(
        actor, clock, reason, now, due_at=end_of(day), warn_at=warn_at, opens_at=opens_at, day_reason=reason
    )


@transaction.atomic
def came_earlier(
    *, actor: Actor, family: Family, event: Event, at: datetime, reason: str, now: datetime
) -> list[ClockChange]:
    """``event`` happened: running clocks that end with the earlier of it and their length end on its day.

    Those that would have ended before it stay as they are. Raises Refused (``reason-missing``).
    """
    journey = journey_of(family.pk)
    rules = model_of(journey).clocks if journey else ()
    codes = [rule.code for rule in rules if rule.earlier is event]
    day = danish_day(at)
    running = Clock.objects.running().filter(
        family=family, rule__in=codes, begun_at__lte=at, due_at__gt=end_of(day)
    )
    changes = [
        _move(actor, clock, reason, now, due_at=end_of(day), warn_at=None) for clock in running.order_by("id")
    ]
    return [change for change in changes if change is not None]


def postpone(*, task: Task, due: date, now: datetime) -> None:
    """An open step is due on another day, with its own clock, because the clock it waits with was moved.

    That one's change says so; the step's would only say it again.
    """
    task.due = due
    task.save(update_fields=["due"])
    if task.family_id is None:
        raise TypeError("a release's task waits with no clock")
    for running in Clock.objects.running().filter(family_id=task.family_id, about=task.uuid):
        # A day that has passed already: then the wait began that very morning, as with a step born late.
        begun_at = min(running.begun_at, end_of(due) - timedelta(days=1))
        _give(running, now, begun_at=begun_at, due_at=end_of(due))


def changes_of(family: Family, *, about: UUID | None = None) -> Any:
    """How the family's clocks were moved, in the order in which it happened."""
    changes = ClockChange.objects.filter(family=family).select_related("clock", "changed_by")
    return changes if about is None else changes.filter(clock__about=about)


def _rule_of(clock: Clock) -> ClockRule | None:
    journey = journey_of(clock.family_id)
    rules = model_of(journey).clocks if journey else ()
    return next((rule for rule in rules if rule.code == clock.rule), None)


def _move(actor: Actor, clock: Clock, reason: str, now: datetime, **ends: Any) -> ClockChange | None:
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor fristen flyttes."), type="reason-missing")
    begun, due = clock.begun_at, clock.due_at
    if ends.get("begun_at", begun) == begun and ends["due_at"] == due:
        return None
    _give(clock, now, **ends)
    return ClockChange.objects.create(
        municipality_id=clock.municipality_id,
        family_id=clock.family_id,
        clock=clock,
        begun_before=begun,
        begun_after=clock.begun_at,
        due_before=due,
        due_after=clock.due_at,
        reason=reason.strip(),
        changed_by=actor.staff,
        changed_at=now,
    )


def _give(clock: Clock, now: datetime, **ends: Any) -> None:
    """Give the clock its new ends; whoever was told about the old ones is told again when the new ones come."""
    for name, value in ends.items():
        if name != "day_reason" or clock.day_reason:
            setattr(clock, name, value)
    if clock.warn_at is not None:
        clock.warn_at = min(clock.warn_at, clock.due_at)
        if clock.warn_at > now:
            clock.warned_at = None
    if clock.due_at > now:
        clock.escalated_at = None
    clock.save(
        update_fields=["begun_at", "due_at", "warn_at", "opens_at", "day_reason", "warned_at", "escalated_at"]
    )
