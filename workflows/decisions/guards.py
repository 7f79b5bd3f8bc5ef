"""The questions that the flows around a decision ask of what is written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from workflows.decisions.codes import Reassessed
from workflows.decisions.models import Hearing
from workflows.decisions.selectors import letters_of
from workflows.decisions.services.complaints import complaint_of
from workflows.decisions.services.letters import decision_of
from workflows.decisions.services.plans import follow_up_behind, plan_decision_behind
from workflows.kernel.models import Clock
from workflows.kernel.steps import model_of
from workflows.model_versions.clock_rules import Event


def letters_approved(activation: Any) -> bool:
    """Whether every letter of the round was approved."""
    letters = letters_of(decision_of(activation.process))
    return letters.exists() and not letters.filter(approved_at__isnull=True).exists()


def is_looked_at(activation: Any) -> bool:
    """Whether the complaint came in time, or is looked at although it did not."""
    complaint = complaint_of(activation.process)
    return complaint.in_time or bool(complaint.late_accepted)


def is_met_in_full(activation: Any) -> bool:
    """Whether the municipality gave whoever complained all they asked for: then nothing is sent on."""
    return bool(complaint_of(activation.process).reassessed == Reassessed.CHANGED)


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
