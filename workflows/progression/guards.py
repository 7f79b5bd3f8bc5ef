"""When goals may be set, followed up and a setback answered. Pure answers over decision, goals and follow-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.families.models import Decision
from placement.progression.codes import SetbackChoice, Trend
from placement.progression.models import FollowUp, FollowUpOutcome, Goal, SetbackAnswer
from placement.progression.selectors import setback_to_answer
from workflows.kernel.reading import read_once
from workflows.kernel.steps import Condition, Situation, first_unmet, model_of


@dataclass(frozen=True)
class GoalFacts:
    """What setting goals rests on."""

    decision: int | None
    purpose: str
    #: The goals the family works on now, by public id.
    active: tuple[str, ...]
    #: The goals went backwards, and they are to be changed for it.
    after_setback: bool = False


@dataclass(frozen=True)
class SetbackFacts:
    """What the answer to a setback rests on: the follow-up that showed it."""

    follow_up: str | None
    held_on: date | None


@dataclass(frozen=True)
class FollowUpFacts:
    """What a follow-up rests on."""

    active: tuple[str, ...]
    latest_on: date | None


def active_goals(situation: Situation) -> list[Goal]:
    """The goals the family works on now, oldest first."""
    return list(Goal.objects.active().filter(family=situation.family).order_by("id"))


def goal_facts(situation: Situation) -> GoalFacts:
    """Read the decision's purpose and the goals that stand."""
    approved = Decision.objects.filter(family=situation.family, approved=True).first()
    return GoalFacts(
        decision=approved.pk if approved else None,
        purpose=approved.purpose if approved else "",
        active=tuple(str(goal.uuid) for goal in active_goals(situation)),
        after_setback=setback_behind(situation.family.pk) is not None,
    )


def setback_facts(situation: Situation) -> SetbackFacts:
    """Read the follow-up whose negative trend is to be answered."""
    latest = latest_follow_up(situation.family.pk)
    if latest is None or not setback_to_answer(latest):
        return SetbackFacts(follow_up=None, held_on=None)
    return SetbackFacts(follow_up=str(latest.uuid), held_on=latest.held_on)


def follow_up_facts(situation: Situation) -> FollowUpFacts:
    """Read the goals that stand and the latest follow-up."""
    latest = latest_follow_up(situation.family.pk)
    return FollowUpFacts(
        active=tuple(str(goal.uuid) for goal in active_goals(situation)),
        latest_on=latest.held_on if latest else None,
    )


def goal_conditions(facts: GoalFacts) -> tuple[Condition, ...]:
    """There is a purpose for the goals to serve (barnets lov § 92)."""
    return (
        Condition(
            code="purpose",
            title=_("Afgørelsen siger et formål"),
            met=bool(facts.purpose),
            evidence=facts.purpose,
            reason=_("Der er ingen godkendt afgørelse med et formål. Tal med rådgiveren."),
        ),
    )


def follow_up_conditions(facts: FollowUpFacts) -> tuple[Condition, ...]:
    """There is a goal to follow up."""
    return (
        Condition(
            code="goals",
            title=_("Familien har mål at følge op på"),
            met=bool(facts.active),
            evidence=_("%(count)d mål") % {"count": len(facts.active)} if facts.active else "",
            reason=_("Familien har ingen mål. Sæt mål, før I følger op."),
        ),
    )


def may_set_goals(facts: GoalFacts, answer: Mapping[str, Any]) -> str | None:
    """Goals serve the decision's purpose, and at least one is left to work on."""
    ended = set(answer.get("closed", ())) | {
        row["replaces"] for row in answer["goals"] if row.get("replaces")
    }
    if not answer["goals"] and not set(facts.active) - ended:
        return str(_("Familien skal have mindst ét mål. Skriv et nyt, eller behold et af dem, der er."))
    if facts.after_setback and not answer["goals"] and not ended:
        return str(
            _(
                "Målene skulle ændres, fordi det går tilbage. Skriv et nyt mål, eller luk eller afløs et af dem."
            )
        )
    return first_unmet(goal_conditions(facts))


def may_follow_up(facts: FollowUpFacts, answer: Mapping[str, Any]) -> str | None:
    """A follow-up needs goals to rate; that each is rated is the form's to see to."""
    return first_unmet(follow_up_conditions(facts))


def may_answer_setback(facts: SetbackFacts, answer: Mapping[str, Any]) -> str | None:
    """There is a setback that nobody has answered yet."""
    if facts.follow_up is None:
        return str(_("Den seneste opfølgning viste ingen tilbagegang, der mangler svar. Genindlæs siden."))
    return None


def latest_follow_up(family_id: int) -> FollowUp | None:
    """The family's newest follow-up, or None."""
    # The one written last: two follow-ups may be written down in another order than they were held.
    return FollowUp.objects.filter(family_id=family_id).order_by("-id").first()


def setback_behind(family_id: int) -> FollowUp | None:
    """The latest follow-up, when its trend is negative and the goals are to be changed for it; else None."""
    latest = latest_follow_up(family_id)
    negative = latest is not None and latest.trend == Trend.NEGATIVE
    return latest if negative and latest is not None and _goals_must_change(latest) else None


def _goals_must_change(follow_up: FollowUp) -> bool:
    answered = SetbackAnswer.objects.filter(follow_up=follow_up, choice=SetbackChoice.CHANGE_GOALS)
    return follow_up.outcome == FollowUpOutcome.REVISE_GOALS or answered.exists()


def must_revise_goals(activation: Any) -> bool:
    """Whether the latest follow-up, or the answer to its setback, found that the goals must be changed."""
    latest = read_once(activation.process, latest_follow_up)
    return latest is not None and _goals_must_change(latest)


def must_answer_setback(activation: Any) -> bool:
    """Whether the goals went backwards and nobody has said what is done about it.

    A follow-up that changes the goals has said so already.
    """
    latest = read_once(activation.process, latest_follow_up)
    if latest is None or latest.outcome == FollowUpOutcome.REVISE_GOALS:
        return False
    return setback_to_answer(latest)


def agreed_follow_up(process: Any) -> date | None:
    """The date the latest follow-up set; the first one counts from the start of the intervention (§ 95)."""
    latest = read_once(process, latest_follow_up)
    if latest is not None:
        return latest.next_on
    started: date | None = process.family.started_on
    return started + timedelta(days=model_of(process).cadence_days["goal_follow_up"]) if started else None
