"""How far the family's goals have come, in words: the T score and what it means, the trend, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from placement.families.models import Decision, Family, Phase
from placement.progression.codes import Trend
from placement.progression.gas import gas_t_score
from placement.progression.models import FollowUp, FollowUpOutcome, Goal, GoalRating
from placement.progression.selectors import t_scores
from placement.templatetags.words import danish_date, decimal_comma
from workflows.progression.selectors import signed, trend_line

#: As expected, by the construction of goal attainment scaling.
AS_EXPECTED = Decimal(50)


def attainment(
    family: Family, rated: Iterable[tuple[Goal, GoalRating | None]], last: FollowUp | None
) -> dict[str, Any]:
    """``attained`` and ``trend`` (sentences, may be empty), ``purpose``, and ``goals``: {title, stands, purpose}.

    ``rated``: the family's goals with the newest rating of each; those that are closed say nothing here.
    ``last``: the newest follow-up.
    """
    everything = list(rated)
    rated = [(goal, last) for goal, last in everything if goal.active]
    decision = Decision.objects.filter(family=family, approved=True).first()
    return {
        "attained": _attained([goal for goal, _last in everything]),
        "trend": _trend(family, last),
        "purpose": decision.purpose if decision and rated else "",
        "goals": [
            {"title": goal.title, "stands": _stands(goal, last), "purpose": goal.purpose_link}
            for goal, last in rated
        ],
    }


def _attained(goals: list[Goal]) -> str:
    scores = t_scores(goals)
    if not scores:
        begun = [(goal.weight, goal.baseline) for goal in goals if goal.active and goal.baseline is not None]
        if not begun:
            return ""
        return _("Målene tilsammen, da de blev sat: %(meaning)s") % {"meaning": _meaning(gas_t_score(begun))}
    on, score = scores[-1]
    return _("Målene tilsammen den %(day)s: %(meaning)s") % {
        "day": danish_date(on),
        "meaning": _meaning(score),
    }


def _meaning(score: Decimal) -> str:
    if score == AS_EXPECTED:
        word = _("som forventet")
    else:
        word = _("bedre end forventet") if score > AS_EXPECTED else _("mindre end forventet")
    return _(
        "GAS T-score %(score)s, %(word)s (50 er som forventet, og 10 point er én standardafvigelse)."
    ) % {
        "score": decimal_comma(score),
        "word": word,
    }


def _trend(family: Family, last: FollowUp | None) -> str:
    if last is None:
        return _("Tendens: for lidt at sige noget ud fra, før målene er fulgt op.")
    if not last.trend:
        return ""
    sentence = _("Tendens: %(trend)s.") % {"trend": trend_line(last)}
    if last.trend != Trend.NEGATIVE:
        return sentence
    answer = last.setback_answers.first()
    if answer is not None:
        return f"{sentence} {answer.get_choice_display()}: {answer.reason}"
    lives_here = family.phase not in (Phase.EXITED, Phase.CLOSED)
    if lives_here and last.outcome == FollowUpOutcome.KEEP_GOALS:
        return f"{sentence} " + _("Teamet har endnu ikke svaret på tilbagegangen.")
    return sentence


def _stands(goal: Goal, last: GoalRating | None) -> str:
    score = last.score if last else goal.baseline
    if score is None:
        return ""
    described = dict(goal.levels)[score]
    level = f"{signed(score)}: {described}" if described else signed(score)
    return level if last else _("%(level)s (da målet blev sat)") % {"level": level}
