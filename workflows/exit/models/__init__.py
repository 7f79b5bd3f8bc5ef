"""The exit: plan and steps, what is laid as their ground, and how it ended."""

from workflows.exit.models.ending import ExitHome, ExitRecord, Initiator, Lives, ParentLives
from workflows.exit.models.groundwork import (
    ExitVisit,
    Groundwork,
    HandoverMeeting,
    HomeCheck,
    PlaceKept,
    ReceivingSupport,
    SafetyPlan,
    SupportKind,
    VisitKind,
)
from workflows.exit.models.steps import (
    DESTINATIONS,
    AuthorityWord,
    BackReason,
    ExceptionSide,
    ExitException,
    ExitPlan,
    ExitStep,
    ExitStepDecision,
    Residence,
    StepResult,
)

__all__ = [
    "DESTINATIONS",
    "AuthorityWord",
    "BackReason",
    "ExceptionSide",
    "ExitException",
    "ExitHome",
    "ExitPlan",
    "ExitRecord",
    "ExitStep",
    "ExitStepDecision",
    "ExitVisit",
    "Groundwork",
    "HandoverMeeting",
    "HomeCheck",
    "Initiator",
    "Lives",
    "ParentLives",
    "PlaceKept",
    "ReceivingSupport",
    "Residence",
    "SafetyPlan",
    "StepResult",
    "SupportKind",
    "VisitKind",
]
