"""What the steps of the mentalising work leave behind: a baseline and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from placement.meetings import services as meetings
from workflows.kernel.steps import Situation

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
        now=situation.now,
    )


def hold_session(situation: Situation, answer: Answer) -> None:
    """A session that was held."""
    meetings.record_session(
        actor=situation.actor,
        family=situation.family,
        kind=answer["kind"],
        held_on=answer["held_on"],
        focus=answer["focus"],
        summary=answer["summary"],
        next_on=answer["next_on"],
        outcome=answer["outcome"],
        now=situation.now,
    )
