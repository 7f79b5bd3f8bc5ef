"""What the steps of progression leave behind: goals and follow-ups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.progression import services as progression
from workflows.kernel.steps import Situation
from workflows.progression.forms import RATING
from workflows.progression.guards import active_goals

Answer = Mapping[str, Any]


def set_goals(situation: Situation, answer: Answer) -> None:
    """Close what is closed, replace what is replaced, add what is new; the rest stands."""
    standing = {str(goal.uuid): goal for goal in active_goals(situation)}
    for chosen in answer["closed"]:
        progression.close_goal(goal=standing[chosen], reason=answer["closed_reason"], now=situation.now)
    added = []
    for row in answer["goals"]:
        new = _new_goal(row, with_parents=bool(answer["formulated_with_parents"]))
        if row.get("replaces"):
            progression.revise_goal(
                actor=situation.actor,
                goal=standing[row["replaces"]],
                new=new,
                reason=answer["closed_reason"],
                now=situation.now,
            )
        else:
            added.append(new)
    if added:
        progression.set_goals(actor=situation.actor, family=situation.family, goals=added, now=situation.now)


def _new_goal(row: Answer, *, with_parents: bool) -> progression.NewGoal:
    return progression.NewGoal(
        title=row["title"],
        purpose_link=row["purpose_link"],
        level_m2=row["level_m2"],
        level_m1=row["level_m1"],
        level_0=row["level_0"],
        level_p1=row["level_p1"],
        level_p2=row["level_p2"],
        weight=row["weight"],
        formulated_with_parents=with_parents,
    )


def follow_up(situation: Situation, answer: Answer) -> None:
    """A follow-up with a rating of every active goal."""
    progression.record_follow_up(
        actor=situation.actor,
        family=situation.family,
        held_on=answer["held_on"],
        ratings=[
            progression.Rating(goal=goal, score=answer[f"{RATING}{goal.uuid}"])
            for goal in active_goals(situation)
        ],
        adjust=answer["adjust"],
        adjust_text=answer["adjust_text"],
        investigate=answer["investigate"],
        investigate_text=answer["investigate_text"],
        plan=answer["plan"],
        plan_text=answer["plan_text"],
        other_text=answer["other_text"],
        next_on=answer["next_on"],
        next_reason=answer["next_reason"],
        outcome=answer["outcome"],
        now=situation.now,
    )
