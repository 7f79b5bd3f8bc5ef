"""Conditions from the published criteria for closing a safety plan (Signs of Safety): goals, child, network.

The fourth, agreements kept over time, is `received.agreements` with a longer time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.progression.models import FollowUp, Goal, GoalRating
from workflows.exit.conditions.base import Ground, Kind, Reader, Rows, Stand, day, from_source, newest
from workflows.exit.models import SafetyPlanReview
from workflows.kernel.steps import Condition
from workflows.model_versions.exit_ladder import ConditionCode, ConditionRule


@dataclass(frozen=True)
class Goals:
    """The goals that are worked on, and how many of them were as expected or better when they were rated last."""

    active: int
    met: int
    rated_on: date | None


def _rated(stand: Stand) -> tuple[QuerySet[Any, Any], ...]:
    mine = FollowUp.objects.filter(family=stand.family)
    if stand.family.reopened_at is not None:
        mine = mine.filter(recorded_at__gte=stand.family.reopened_at)
    last = mine.order_by("-held_on", "-id")
    ratings = GoalRating.objects.filter(follow_up__in=last.values("id")[:1], goal__closed_on__isnull=True)
    return (
        Goal.objects.active().filter(family=stand.family).values("id"),
        ratings.values("score"),
        last.values("held_on")[:1],
    )


def _made_goals(stand: Stand, active: Rows, ratings: Rows, last: Rows) -> Goals:
    met = sum(row["score"] >= 0 for row in ratings)
    return Goals(len(active), met, last[0]["held_on"] if last else None)


goals = Reader("goals", _made_goals, _rated)


def _goals_met(facts: Goals, rule: ConditionRule, ground: Ground) -> Condition:
    evidence = _("%(met)d af %(all)d mål er som forventet eller bedre") % {
        "met": facts.met,
        "all": facts.active,
    }
    if facts.rated_on:
        evidence = f"{evidence}, {day(facts.rated_on)}"
    return Condition(
        code=rule.name,
        title=gettext_lazy("Målene er nået"),
        met=facts.active > 0 and facts.met == facts.active,
        evidence=from_source(evidence, rule),
        reason=gettext_lazy(
            "Ikke alle mål er nået ved den seneste opfølgning. Følg op, eller sæt et andet mål."
        ),
    )


@dataclass(frozen=True)
class Review:
    """What child and network said of the safety plan last."""

    held_on: date | None
    child_feels_safe: bool = False
    network_finds_it_works: bool = False
    network_goes_on: bool = False


_REVIEW = ("held_on", "child_feels_safe", "network_finds_it_works", "network_goes_on")


def _made_review(stand: Stand, rows: Rows) -> Review:
    return Review(*(rows[0][name] for name in _REVIEW)) if rows else Review(None)


review = Reader("safety_review", _made_review, newest(SafetyPlanReview, *_REVIEW))


def _fresh(facts: Review, rule: ConditionRule, ground: Ground) -> bool:
    return facts.held_on is not None and facts.held_on + timedelta(days=rule.number("days")) >= ground.today


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
    Kind(ConditionCode.GOALS_MET, goals, _goals_met),
    Kind(ConditionCode.CHILD_FEELS_SAFE, review, _child_feels_safe),
    Kind(ConditionCode.NETWORK_CARRIES_PLAN, review, _network_carries_plan),
)
