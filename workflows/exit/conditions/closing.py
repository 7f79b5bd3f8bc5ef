"""Conditions from the published criteria for closing a safety plan (Signs of Safety): goals, child, network.

The fourth, agreements kept over time, is `received.agreements` with a longer time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.progression.models import FollowUp, GoalRating
from workflows.exit.conditions.base import Ground, Kind, Reader, Rows, Stand, day, from_source, newest
from workflows.exit.models import SafetyPlanReview
from workflows.kernel.steps import Condition
from workflows.model_versions.exit_ladder import ConditionCode, ConditionRule


@dataclass(frozen=True)
class Review:
    """What was said of the safety plan last, and beside it how the goals of the stay stood when they were rated last."""

    held_on: date | None
    goal_met: bool = False
    child_feels_safe: bool = False
    network_finds_it_works: bool = False
    network_goes_on: bool = False
    goals: int = 0
    goals_as_expected: int = 0


_REVIEW = ("held_on", "goal_met", "child_feels_safe", "network_finds_it_works", "network_goes_on")


def _reviewed(stand: Stand) -> tuple[QuerySet[Any, Any], ...]:
    last = FollowUp.objects.filter(family=stand.family).order_by("-held_on", "-id").values("id")[:1]
    ratings = GoalRating.objects.filter(follow_up__in=last, goal__closed_on__isnull=True)
    return (*newest(SafetyPlanReview, *_REVIEW)(stand), ratings.values("score"))


def _made_review(stand: Stand, rows: Rows, ratings: Rows) -> Review:
    newest_one = Review(*(rows[0][name] for name in _REVIEW)) if rows else Review(None)
    expected = sum(row["score"] >= 0 for row in ratings)
    return replace(newest_one, goals=len(ratings), goals_as_expected=expected)


review = Reader("safety_review", _made_review, _reviewed)


def _fresh(facts: Review, rule: ConditionRule, ground: Ground) -> bool:
    return facts.held_on is not None and facts.held_on + timedelta(days=rule.number("days")) >= ground.today


def _goals_met(facts: Review, rule: ConditionRule, ground: Ground) -> Condition:
    evidence = day(facts.held_on)
    if facts.goals:
        rated = _("opholdets mål: %(met)d af %(all)d er som forventet eller bedre") % {
            "met": facts.goals_as_expected,
            "all": facts.goals,
        }
        evidence = ", ".join(part for part in (evidence, rated) if part)
    return Condition(
        code=rule.name,
        title=gettext_lazy("Sikkerhedsmålet er nået"),
        met=facts.goal_met and _fresh(facts, rule, ground),
        evidence=from_source(evidence, rule),
        reason=_("Gennemgå sikkerhedsplanen: er målet nået? Gennemgangen må højst være %(days)d dage gammel.")
        % {"days": rule.number("days")},
    )


def _child_feels_safe(facts: Review, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Barnet er trygt ved sikkerhedsplanen"),
        met=facts.child_feels_safe and _fresh(facts, rule, ground),
        evidence=from_source(day(facts.held_on), rule),
        reason=_(
            "Gennemgå sikkerhedsplanen: hvordan er det for barnet? Gennemgangen må højst være %(days)d dage gammel."
        )
        % {"days": rule.number("days")},
    )


def _network_carries_plan(facts: Review, rule: ConditionRule, ground: Ground) -> Condition:
    carries = facts.network_finds_it_works and facts.network_goes_on
    return Condition(
        code=rule.name,
        title=gettext_lazy("Netværket oplever, at planen virker, og vil fortsætte"),
        met=carries and _fresh(facts, rule, ground),
        evidence=from_source(day(facts.held_on), rule),
        reason=_("Gennemgå sikkerhedsplanen med netværket. Gennemgangen må højst være %(days)d dage gammel.")
        % {"days": rule.number("days")},
    )


KINDS = (
    Kind(ConditionCode.GOALS_MET, review, _goals_met),
    Kind(ConditionCode.CHILD_FEELS_SAFE, review, _child_feels_safe),
    Kind(ConditionCode.NETWORK_CARRIES_PLAN, review, _network_carries_plan),
)
