"""What a notification of concern rests on, and why it may not go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.families.models import Decision
from workflows.kernel.steps import Condition, Situation, first_unmet
from workflows.screening.codes import ConcernOutcome, Notifier, Turn
from workflows.screening.involvement import APPOINTMENT, ENTRY, TASK, involved
from workflows.screening.models import Concern, ConcernAssessment

KINDS = {
    APPOINTMENT: _("udpeget til familien"),
    TASK: _("har løst opgaver i sagen"),
    ENTRY: _("har skrevet i sagen"),
}


@dataclass(frozen=True)
class SecondFacts:
    """What an assessment anew rests on: how it was assessed first, and what the one who asks did in the case."""

    first_outcome: str
    involvement: tuple[str, ...]


def second_facts(situation: Situation) -> SecondFacts:
    """Read for the person who stands before the task."""
    concern = situation.process.concern
    return SecondFacts(
        first_outcome=concern.outcome,
        involvement=tuple(sorted(involved(concern).get(situation.actor.staff_id, ()))),
    )


def second_conditions(facts: SecondFacts) -> tuple[Condition, ...]:
    """The assessor was not earlier involved (barnets lov § 137)."""
    did = ", ".join(str(KINDS[kind]) for kind in facts.involvement)
    return (
        Condition(
            code="not-involved",
            title=_("Du har ikke været inde i sagen før"),
            met=not facts.involvement,
            evidence=did or _("Ingen udpegning, opgave eller optegnelse i sagen."),
            reason=_("Du har været inde i sagen før (%(did)s). En anden skal foretage den nye vurdering.")
            % {"did": did},
        ),
    )


def may_assess_anew(facts: SecondFacts, answer: Mapping[str, Any]) -> str | None:
    """Whoever was involved may only hand it back, so that another is appointed."""
    return first_unmet(second_conditions(facts)) if answer["able"] else None


def has_notifier(activation: Any) -> bool:
    """Whether somebody is known to whom a receipt is owed."""
    return bool(activation.process.concern.notifier != Notifier.ANONYMOUS)


def has_support(family_id: int) -> bool:
    """Whether the family's children already have support: there is an approved decision on a stay (§ 137)."""
    return Decision.objects.filter(family_id=family_id, approved=True).exists()


def needs_second(activation: Any) -> bool:
    """Whether somebody not earlier involved must assess it anew, as it stood when it was assessed."""
    return bool(activation.process.concern.needs_second)


def is_assessed_anew(activation: Any) -> bool:
    """Whether the second assessment was made, and not handed back."""
    concern = activation.process.concern
    return ConcernAssessment.objects.filter(concern=concern, turn=Turn.SECOND).exists()


def needs_follow_up(activation: Any) -> bool:
    """Whether anybody who assessed it found something to follow up."""
    return something_found(activation.process.concern)


def something_found(concern: Concern) -> bool:
    """Whether one of the assessments found more than no concern."""
    found = ConcernAssessment.objects.filter(concern=concern)
    return found.exclude(outcome=ConcernOutcome.NO_CONCERN).exists()
