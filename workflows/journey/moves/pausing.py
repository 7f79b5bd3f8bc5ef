"""A family is away for a while: its exit stands still, and so do the model's clocks and its tasks' deadlines."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from placement.access.actor import Actor
from placement.families import stays
from placement.families.models import Family
from placement.families.stay_models import Pause
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Task
from workflows.kernel.pauses import began_at, postpone_tasks


@transaction.atomic
def pause(*, actor: Actor, family: Family, paused_on: date, reason: str, text: str, now: datetime) -> Pause:
    """Begin a pause, and hold the clocks that the law does not keep running. Raises what `begin_pause` raises."""
    begun = stays.begin_pause(
        actor=actor, family=family, paused_on=paused_on, reason=reason, text=text, now=now
    )
    clocks.hold(family=family, at=began_at(paused_on, now))
    return begun


@transaction.atomic
def resume(*, actor: Actor, family: Family, resumed_on: date, now: datetime) -> Pause:
    """End the pause: clocks and deadlines go on as much later as it lasted. Raises what `end_pause` raises."""
    ended = stays.end_pause(actor=actor, family=family, resumed_on=resumed_on, now=now)
    due = dict(Task.objects.open().filter(family=family).values_list("pk", "due"))
    clocks.release(family=family, at=began_at(resumed_on, now))
    postpone_tasks(family, ended, due=due)
    return ended
