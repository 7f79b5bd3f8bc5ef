"""Why a family group conference may not go on. Pure answers over what has been written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflows.conference.selectors import guests, last_meeting
from workflows.kernel.steps import Condition, Situation, first_unmet
from workflows.network.safety import network_may_be_involved


@dataclass(frozen=True)
class MeetingFacts:
    """What the meeting rests on."""

    barred: str
    #: Public ids of those who are invited and of whom it has not been said whether they came.
    invited: tuple[str, ...]


@dataclass(frozen=True)
class PlanFacts:
    """The plan that the authority answers."""

    meeting: int | None
    held_on: date | None
    private_time: bool
    lines: int
    changes_exit_plan: bool


def meeting_facts(situation: Situation) -> MeetingFacts:
    """Read whether the network may be involved, and who is invited."""
    return MeetingFacts(
        barred=network_may_be_involved(situation.family),
        invited=tuple(str(one.member.uuid) for one in guests(situation.process.conference)),
    )


def meeting_conditions(facts: MeetingFacts) -> tuple[Condition, ...]:
    """The network may be involved, and somebody of it is invited."""
    return (
        Condition(
            code="network-may-be-involved",
            title=_("Netværket må inddrages"),
            met=not facts.barred,
            reason=facts.barred,
        ),
        Condition(
            code="guests-invited",
            title=_("Nogen fra netværket er inviteret"),
            met=bool(facts.invited),
            evidence=_("%(n)d inviteret") % {"n": len(facts.invited)} if facts.invited else "",
            reason=_("Ingen fra netværket er inviteret. En rådslagning er familiens og netværkets."),
        ),
    )


def may_hold(facts: MeetingFacts, answer: Mapping[str, Any]) -> str | None:
    """A plan is the family's own: made without professionals, by those who came.

    That it came to nothing can always be written, also while nobody may be involved: then nobody waits for it.
    """
    if not answer["has_plan"] and not answer["came"]:
        return None
    if answer["has_plan"] and not answer["private_time"]:
        return _("Familien skal have haft tid alene uden fagpersoner. Ellers er planen ikke familiens egen.")
    return first_unmet(meeting_conditions(facts))


def plan_facts(situation: Situation) -> PlanFacts:
    """Read the latest meeting."""
    last = last_meeting(situation.process.conference)
    return PlanFacts(
        meeting=last.pk if last else None,
        held_on=last.held_on if last else None,
        private_time=bool(last and last.private_time),
        lines=last.lines.count() if last else 0,
        changes_exit_plan=bool(last and last.changes_exit_plan),
    )


def plan_conditions(facts: PlanFacts) -> tuple[Condition, ...]:
    """There is a plan of the family's own."""
    return (
        Condition(
            code="family-plan",
            title=_("Familien har lagt en plan"),
            met=facts.lines > 0,
            evidence=_("%(n)d linjer") % {"n": facts.lines},
            reason=_("Planen er tom."),
        ),
        Condition(
            code="private-time",
            title=_("Familien var alene om planen"),
            met=facts.private_time,
            reason=_("Familien havde ikke tid alene uden fagpersoner."),
        ),
    )


def may_approve(facts: PlanFacts, answer: Mapping[str, Any]) -> str | None:
    """Saying no needs no plan in order."""
    return first_unmet(plan_conditions(facts)) if answer["approved"] else None


def has_plan(activation: Any) -> bool:
    """Whether the family came back with a plan."""
    last = last_meeting(activation.process.conference)
    return last is not None and last.has_plan


def is_approved(activation: Any) -> bool:
    """Whether the authority follows the latest plan."""
    last = last_meeting(activation.process.conference)
    decision = getattr(last, "decision", None) if last else None
    return decision is not None and decision.approved


def changes_exit(activation: Any) -> bool:
    """Whether the approved plan changes the exit plan."""
    last = last_meeting(activation.process.conference)
    return last is not None and last.changes_exit_plan
