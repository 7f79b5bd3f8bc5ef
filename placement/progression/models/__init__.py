"""Goals set with the family, follow-ups that rate them (barnets lov § 95), setbacks, and every measured score."""

from placement.progression.models.follow_ups import FollowUp, FollowUpOutcome, GoalRating, SetbackAnswer
from placement.progression.models.goals import WEIGHTS, Goal, GoalParticipant
from placement.progression.models.measurements import Measurement

__all__ = [
    "WEIGHTS",
    "FollowUp",
    "FollowUpOutcome",
    "Goal",
    "GoalParticipant",
    "GoalRating",
    "Measurement",
    "SetbackAnswer",
]
