"""What the steps of progression leave behind: goals, follow-ups, answers to a setback; and the clocks they move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.clock import moment_on
from placement.families.models import Decision, Phase
from placement.progression import goals as goals_of
from placement.progression import services as progression
from placement.progression.codes import SetbackChoice, Trend
from placement.progression.models import Goal
from placement.progression.selectors import may_take_part
from workflows.decisions.services.plans import plan_asked_by
from workflows.kernel.clocks import services as clocks
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event
from workflows.progression.forms import RATING
from workflows.progression.guards import active_goals, latest_follow_up, setback_behind

Answer = Mapping[str, Any]


def set_goals(situation: Situation, answer: Answer) -> None:
    """Close what is closed, replace what is replaced, add what is new; the rest stands."""
    standing = {str(goal.uuid): goal for goal in active_goals(situation)}
    for chosen in answer["closed"]:
        goals_of.close_goal(goal=standing[chosen], reason=answer["closed_reason"], now=situation.now)
    if answer["goals"]:
        _write_goals(situation, answer, standing)
    clocks.happened(family=situation.family, event=Event.GOALS_SET, at=situation.now)
    setback = setback_behind(situation.family.pk)
    if setback is not None:
        clocks.happened(
            family=situation.family, event=Event.PLAN_CHANGED, at=situation.now, about=setback.uuid
        )


def _write_goals(situation: Situation, answer: Answer, standing: Mapping[str, Goal]) -> None:
    there = set(answer["together_with"])
    formulated = goals_of.Formulated(
        decision=Decision.objects.get(pk=situation.facts.decision),
        together_with=tuple(p for p in may_take_part(situation.family) if str(p.uuid) in there),
        absent_reason=answer["absent_reason"],
    )
    added = []
    for row in answer["goals"]:
        if row.get("replaces"):
            goals_of.revise_goal(
                actor=situation.actor,
                goal=standing[row["replaces"]],
                new=_new_goal(row),
                formulated=formulated,
                reason=answer["closed_reason"],
                now=situation.now,
            )
        else:
            added.append(_new_goal(row))
    if added:
        goals_of.set_goals(
            actor=situation.actor,
            family=situation.family,
            goals=added,
            formulated=formulated,
            now=situation.now,
        )


def _new_goal(row: Answer) -> goals_of.NewGoal:
    return goals_of.NewGoal(
        title=row["title"],
        purpose_link=row["purpose_link"],
        level_m2=row["level_m2"],
        level_m1=row["level_m1"],
        level_0=row["level_0"],
        level_p1=row["level_p1"],
        level_p2=row["level_p2"],
        baseline=row["baseline"],
        weight=row["weight"],
    )


def follow_up(situation: Situation, answer: Answer) -> None:
    """A follow-up with a rating of every active goal; a negative trend starts the clock of its answer."""
    held = progression.record_follow_up(
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
        trend_rule=situation.model.negative_trend,
        rhythm_days=situation.model.cadence_days["goal_follow_up"],
        now=situation.now,
    )
    moment = moment_on(answer["held_on"], now=situation.now)
    clocks.happened(family=situation.family, event=Event.FOLLOW_UP_HELD, at=moment)
    if situation.family.phase != Phase.EXITED:
        clocks.happened(
            family=situation.family,
            event=Event.FOLLOW_UP_AGREED,
            at=moment,
            day=answer["next_on"],
            day_reason=answer["next_reason"],
        )
    if held.plan:
        # Barnets lov § 95: a plan to make or revise is somebody's task, with the law's time for it.
        plan_asked_by(follow_up=held)
    # After moving out this was the last one: there is no plan in the house left to change.
    if held.trend == Trend.NEGATIVE and situation.family.phase != Phase.EXITED:
        clocks.happened(
            family=situation.family, event=Event.NEGATIVE_TREND, at=situation.now, about=held.uuid
        )


def answer_setback(situation: Situation, answer: Answer) -> None:
    """The answer; the clock stops with it, unless the goals are to be changed: then it waits for them."""
    latest = latest_follow_up(situation.family.pk)
    if latest is None:
        raise LookupError("the guard lets nobody answer without a follow-up")
    progression.answer_setback(
        actor=situation.actor,
        follow_up=latest,
        choice=answer["choice"],
        reason=answer["reason"],
        now=situation.now,
    )
    if answer["choice"] != SetbackChoice.CHANGE_GOALS or situation.family.phase == Phase.EXITED:
        clocks.happened(
            family=situation.family, event=Event.PLAN_CHANGED, at=situation.now, about=latest.uuid
        )
