"""What the steps of the mentalising work leave behind: a baseline and sessions, and a word to the lead about training."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from placement.meetings import services as meetings
from placement.meetings.models import SessionStatus
from placement.meetings.services import OneParent
from placement.staffing.selectors import kinds_valid_on
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Clock, StopReason
from workflows.kernel.steps import Situation
from workflows.mentalisation.forms import CAN, FIRST, parents_of, people_of
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]


def take_baseline(situation: Situation, answer: Answer) -> None:
    """Where the parents stand; an earlier baseline stays as it was."""
    score = answer["score"]
    meetings.record_baseline(
        actor=situation.actor,
        family=situation.family,
        taken_on=answer["taken_on"],
        strengths=answer["strengths"],
        focus=answer["focus"],
        score=None if score is None else Decimal(score),
        parents=[
            OneParent(
                parent, answer.get(f"{CAN}{parent.uuid}") or "", answer.get(f"{FIRST}{parent.uuid}") or ""
            )
            for parent in parents_of(situation.once(people_of))
        ],
        now=situation.now,
    )


def hold_session(situation: Situation, answer: Answer) -> None:
    """A session that was held, or why it was not. Held by somebody without valid training: the team lead is told."""
    held = answer["status"] == SessionStatus.HELD
    lacking = untrained(situation, answer["held_on"]) if held else ()
    meetings.record_session(
        actor=situation.actor,
        family=situation.family,
        kind=answer["kind"],
        status=answer["status"],
        held_on=answer["held_on"],
        participants=answer["people"],
        focus=answer["focus"],
        reason=answer["reason"],
        summary=answer["summary"],
        next_on=answer["next_on"],
        next_kind=answer["next_kind"],
        outcome=answer["outcome"],
        untrained=lacking,
        now=situation.now,
    )
    if held:
        _tell_lead(situation, supervised=not lacking)


def untrained(situation: Situation, day: date) -> tuple[str, ...]:
    """The kinds of training that the model asks of who holds sessions, and that the actor had not on that day."""
    asked = situation.model.mentalisation.training
    if not asked:
        return ()
    valid = kinds_valid_on(situation.actor.staff, asked, day)
    return tuple(kind for kind in asked if kind not in valid)


def _tell_lead(situation: Situation, *, supervised: bool) -> None:
    """Start the deadline that tells the team lead, or stop it: nothing is held back either way.

    Not by `clocks.happened`: the step knows the family's model already.
    """
    if supervised:
        running = Clock.objects.running().filter(
            family=situation.family, stopped_by=Event.SESSION_SUPERVISED.value
        )
        running.update(stopped_at=situation.now, stop_reason=StopReason.DONE)
        return
    for rule in situation.model.clocks:
        if rule.trigger is Event.SESSION_UNSUPERVISED:
            version = situation.process.model_version
            clocks.start(family=situation.family, rule=rule, at=situation.now, about=None, version=version)
