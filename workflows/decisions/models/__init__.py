"""What is written around a decision: parties, hearing, letters, complaints, access to the file, plan, another track."""

from workflows.decisions.models.anew import Redecision
from workflows.decisions.models.complaints import Complaint
from workflows.decisions.models.insight import AccessRequest
from workflows.decisions.models.letters import DecisionLetter, LetterTemplate
from workflows.decisions.models.parties import CasePerson, Hearing, ViewWaiver
from workflows.decisions.models.plans import ChildPlan, ChildPlanChild, PlanDecision, TrackChange

__all__ = [
    "AccessRequest",
    "CasePerson",
    "ChildPlan",
    "ChildPlanChild",
    "Complaint",
    "DecisionLetter",
    "Hearing",
    "LetterTemplate",
    "PlanDecision",
    "Redecision",
    "TrackChange",
    "ViewWaiver",
]
