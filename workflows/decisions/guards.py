"""The questions that the flows around a decision ask of what is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from placement.access.roles import Action
from workflows.decisions.codes import Anew, Reassessed
from workflows.decisions.models import Hearing
from workflows.decisions.services.anew import asked_anew
from workflows.decisions.services.complaints import complaint_of
from workflows.decisions.services.insight import access_of
from workflows.decisions.services.letters import decision_of, letters_to
from workflows.decisions.services.plans import follow_up_behind, plan_decision_behind
from workflows.journey.guards import DecisionFacts, decision_conditions, decision_facts
from workflows.kernel.deadlines import working_days
from workflows.kernel.models import Clock
from workflows.kernel.steps import Situation, first_unmet, model_of
from workflows.model_versions.clock_rules import Event


def letters_approved(activation: Any) -> bool:
    """Whether every letter of the round was approved; where nobody is left to write to, nothing waits."""
    return not letters_to(decision_of(activation.process)).filter(approved_at__isnull=True).exists()


def is_looked_at(activation: Any) -> bool:
    """Whether the complaint came in time, or is looked at although it did not."""
    complaint = complaint_of(activation.process)
    return complaint.in_time or bool(complaint.late_accepted)


def is_met_in_full(activation: Any) -> bool:
    """Whether the municipality gave whoever complained all they asked for: then nothing is sent on."""
    return bool(complaint_of(activation.process).reassessed == Reassessed.CHANGED)


def redecision_facts(situation: Situation) -> DecisionFacts:
    """Read what a decision made anew rests on: each child and each party after the one that was changed."""
    changed = complaint_of(situation.process).letter.decision
    return decision_facts(situation, since=changed.decided_at)


def may_decide_anew(facts: DecisionFacts, answer: Mapping[str, Any]) -> str | None:
    """A new decision on the stay has the ground that the first had; that there is none needs no ground."""
    return first_unmet(decision_conditions(facts)) if answer["outcome"] == Anew.NEW else None


def asks_for_a_decision(activation: Any) -> bool:
    """Whether a new decision waits for its approval."""
    asked = asked_anew(activation.process)
    return asked is not None and asked.outcome == Anew.NEW


def is_decided_anew(activation: Any) -> bool:
    """Whether the new decision was approved."""
    asked = asked_anew(activation.process)
    return bool(asked is not None and asked.decision is not None and asked.decision.approved)


def redecision_due(process: Any) -> date | None:
    """With the re-assessment's four weeks (retssikkerhedsloven § 66, as we read it); after Ankestyrelsen in days of ours.

    A model version that names no such days has as many from Ankestyrelsen's decision: no step of it is without a day.
    """
    complaint = complaint_of(process)
    since = complaint.board_on or complaint.received_on
    ours = working_days(Action.DECIDE_ANEW)(process) if complaint.board_on else None
    return ours or since + timedelta(days=model_of(process).decisions.reassessment_days)


def approval_due(process: Any) -> date | None:
    """In the model version's days, else with the request."""
    return working_days(Action.APPROVE_ANEW)(process) or redecision_due(process)


def access_due(process: Any) -> date:
    """The last day of the request's own clock."""
    return access_of(process).due_on


def asks_whether(activation: Any) -> bool:
    """Whether it must first be said if a plan is made: neither a placement nor a follow-up leaves that open."""
    return "decision" in activation.process.data


def makes_plan(activation: Any) -> bool:
    """Whether a plan is made."""
    decision = plan_decision_behind(activation.process)
    return decision is None or decision.makes_plan


def hearing_due(process: Any) -> date | None:
    """The day that was set for the party's answer."""
    found: date | None = Hearing.objects.filter(pk=process.data["hearing"]).aggregate(day=Max("deadline_on"))[
        "day"
    ]
    return found


def reassessment_due(process: Any) -> date | None:
    """The last day of the complaint's own clock; as the law says, where the model version has none."""
    complaint = complaint_of(process)
    running = Clock.objects.running().filter(
        about=complaint.uuid, stopped_by=Event.COMPLAINT_REASSESSED.value
    )
    found = running.first()
    if found is not None:
        return found.due_on
    return complaint.received_on + timedelta(days=model_of(process).decisions.reassessment_days)


def plan_due(process: Any) -> date | None:
    """The plan's last day; after a follow-up as many months as the law gives for a new one."""
    decision = plan_decision_behind(process)
    if decision is not None:
        return decision.due_on
    follow_up = follow_up_behind(process)
    return model_of(process).decisions.plan_until(follow_up.held_on) if follow_up else None
