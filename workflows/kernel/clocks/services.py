"""Starting, stopping and holding a family's clocks. Whoever writes something that matters says what happened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.clock import DENMARK, danish_day, now
from placement.families.models import Family
from placement.families.stays import paused_since
from workflows.kernel.models import Clock, Notice, StopReason, Task
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import model_of
from workflows.model_versions.clock_rules import ClockRule, Event, Given, Unit

#: What ends when the journey does: the model's deadlines, and the law's about the stay.
_ENDS = Q(runs_while_paused=False) | Q(ends_with_journey=True)


@transaction.atomic
def happened(
    *,
    family: Family,
    event: Event,
    at: datetime,
    about: UUID | None = None,
    day: date | None = None,
    day_reason: str = "",
    counted_from: datetime | None = None,
    alone: bool = False,
) -> list[Clock]:
    """Tell the family's clocks that ``event`` happened ``at`` that moment; returns those that it started.

    Clocks that the event stops are stopped (only those about ``about``, when that is given and the clock is about
    one thing; with ``alone`` not those about nothing single either); then each rule that it triggers starts a clock,
    unless the same one already runs. A family without a journey has no rules and no clocks. ``day``: the last one, for
    clocks that are given theirs (`Unit.GIVEN`), and ``day_reason`` why that one. ``counted_from``: a later moment from
    which the length counts, e.g. the day by which somebody promised something; the clock runs from when it was promised
    all the same.

    Raises Refused: ``trigger-in-future``, and what `start` raises.
    """
    if at > now():
        raise Refused(
            _("En frist kan ikke begynde, før det er sket, som den løber fra. Ret tidspunktet."),
            type="trigger-in-future",
        )
    stopped = Clock.objects.running().filter(family=family, stopped_by=event.value)
    if about is not None:
        stopped = stopped.filter(about=about) if alone else stopped.about(about)
    stopped.update(stopped_at=at, stop_reason=StopReason.DONE)
    journey = journey_of(family.pk)
    if journey is None:
        return []
    rules = [rule for rule in model_of(journey).every_clock if rule.trigger is event]
    return [
        start(
            family=family,
            rule=rule,
            at=at,
            about=about,
            version=journey.model_version,
            day=day,
            day_reason=day_reason,
            counted_from=counted_from,
        )
        for rule in rules
    ]


def start(
    *,
    family: Family,
    rule: ClockRule,
    at: datetime,
    about: UUID | None,
    version: Any,
    day: date | None = None,
    day_reason: str = "",
    counted_from: datetime | None = None,
) -> Clock:
    """Start one clock, or find the one that already runs about the same thing. ``counted_from``: see `happened`.

    Raises Refused, for a rule that is given its ``day``: ``day-missing``, ``day-before-trigger``, and
    ``day-without-reason`` when it is a person's to decide.
    """
    if rule.unit is Unit.GIVEN:
        _check_day(rule, day, day_reason, at)
    counts = counted_from or at
    clock, _new = Clock.objects.get_or_create(
        municipality_id=family.municipality_id,
        family=family,
        rule=rule.code,
        about=about,
        stopped_at=None,
        defaults={
            "title": rule.title,
            "source": rule.source,
            "trigger": rule.trigger.value,
            "stopped_by": rule.stopped_by.value,
            "model_version": version,
            "begun_at": at,
            "opens_at": rule.opens_at(day),
            "warn_at": rule.warn_at(counts, day),
            "due_at": rule.due_at(counts, day),
            "day_reason": day_reason.strip() if rule.given is Given.DECIDED else "",
            "reminds": rule.reminds.value,
            "escalates_to": rule.escalates_to.value,
            "runs_while_paused": rule.runs_while_paused,
            "ends_with_journey": rule.ends_with_journey,
            "held_at": at if paused_since(family) and not rule.runs_while_paused else None,
        },
    )
    return clock


def _check_day(rule: ClockRule, day: date | None, why: str, begun: datetime) -> None:
    if day is None:
        raise Refused(_("Skriv, hvilken dag fristen ender."), type="day-missing")
    if day < danish_day(begun):
        raise Refused(
            _("Fristen kan ikke ende, før den begynder. Ret dagen (%(source)s).") % {"source": rule.source},
            type="day-before-trigger",
        )
    if rule.given is Given.DECIDED and not why.strip():
        raise Refused(
            _("Skriv, hvorfor det bliver den dag (%(source)s).") % {"source": rule.source},
            type="day-without-reason",
        )


@transaction.atomic
def done(*, family: Family, rules: Collection[str], at: datetime) -> int:
    """What these rules ask of the family has been done: their clocks stop. Returns how many ran."""
    running = Clock.objects.running().filter(family=family, rule__in=rules)
    return int(running.update(stopped_at=Greatest(F("begun_at"), at), stop_reason=StopReason.DONE))


@transaction.atomic
def stop_all(*, family: Family, reason: str, at: datetime, keep_the_law_s: bool = False) -> int:
    """Stop every clock of the family, quietly (a lost pregnancy, a withdrawal). Returns how many ran.

    ``keep_the_law_s``: those that run while a family is away run on (a notification of concern is assessed
    whether or not the family stays in the model), but for those about the stay itself, which is over.
    """
    running = Clock.objects.running().filter(family=family)
    if keep_the_law_s:
        running = running.filter(_ENDS)
    return int(running.update(stopped_at=at, stop_reason=reason))


@transaction.atomic
def close(*, family: Family, at: datetime, but: UUID | None = None) -> int:
    """The journey is closed: stop the model's clocks, and the law's about the stay itself.

    The law's others run on, and so does the one about ``but``. So do those of the measurement points that are counted
    from the day the family moved out: they come after it.
    """
    ending = Clock.objects.running().filter(_ENDS, family=family)
    ending = ending.exclude(trigger=Event.MOVED_OUT.value, stopped_by=Event.POINT_MEASURED.value)
    if but is not None:
        ending = ending.exclude(about=but)
    return int(ending.update(stopped_at=at, stop_reason=StopReason.CLOSED))


@transaction.atomic
def hold(*, family: Family, at: datetime) -> int:
    """Let the family's clocks stand still, but for those that the law keeps running. Returns how many."""
    running = Clock.objects.running().filter(family=family, runs_while_paused=False, held_at__isnull=True)
    # One that began while the family was already away stood still from its beginning.
    return int(running.update(held_at=Greatest(F("begun_at"), at)))


@transaction.atomic
def release(*, family: Family, at: datetime) -> int:
    """Let the held clocks go on: each ends as much later as it stood still. Returns how many.

    What ends with a day ends with a later day, by as many calendar days; what ends at an hour, by as much time.
    A task's own deadline follows its clock.
    """
    held = list(Clock.objects.running().filter(family=family, held_at__isnull=False))
    for clock in held:
        _go_on(clock, at)
    Clock.objects.bulk_update(held, ["held_at", "due_at", "warn_at"])
    due = {clock.about: clock.due_on for clock in held if clock.about is not None}
    waiting = list(Task.objects.open().filter(family=family, uuid__in=due))
    for task in waiting:
        task.due = due[task.uuid]
    Task.objects.bulk_update(waiting, ["due"])
    return len(held)


def _go_on(clock: Clock, at: datetime) -> None:
    if clock.held_at is None:
        raise ValueError("a clock that was not held does not go on")
    if clock.by_the_hour:
        away = max(at - clock.held_at, timedelta(0))
        clock.due_at += away
        clock.warn_at = clock.warn_at + away if clock.warn_at else None
    else:
        days = max(danish_day(at) - danish_day(clock.held_at), timedelta(0))
        # In Danish time, so that a day's end stays a day's end when the clocks are put meanwhile.
        clock.due_at = clock.due_at.astimezone(DENMARK) + days
        clock.warn_at = clock.warn_at.astimezone(DENMARK) + days if clock.warn_at else None
    clock.held_at = None


@transaction.atomic
def put_away(*, actor: Actor, notices: Collection[UUID], now: datetime) -> int:
    """Mark as read those of the actor's own unread notices that they had before them. Returns how many.

    Others', and those about families the actor does not see any more, are left as they are. Raises Refused
    (``notices-missing``) when none is named.
    """
    if not notices:
        raise Refused(_("Der er ingen beskeder at lægge væk. Genindlæs siden."), type="notices-missing")
    seen = Notice.objects.unread_by(actor).filter(uuid__in=notices)
    return int(seen.update(read_at=Greatest(F("told_at"), Value(now))))
