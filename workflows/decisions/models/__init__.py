"""What is written around a decision: who stands in the case, hearing, letters, complaints, plan, another track."""

from workflows.decisions.models.complaints import Complaint
from workflows.decisions.models.letters import DecisionLetter, LetterTemplate
from workflows.decisions.models.parties import CasePerson, Hearing, ViewWaiver
from workflows.decisions.models.plans import ChildPlan, ChildPlanChild, PlanDecision, TrackChange

__all__ = [
    "CasePerson",
    "ChildPlan",
    "ChildPlanChild",
    "Complaint",
    "DecisionLetter",
    "Hearing",
    "LetterTemplate",
    "PlanDecision",
    "TrackChange",
    "ViewWaiver",
]
