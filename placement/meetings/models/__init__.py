"""Meetings of the team and with the network, mentalising sessions, and the baseline they start from."""

from placement.meetings.models.meetings import (
    AgendaItem,
    AgendaKind,
    Attendance,
    DecisionOutcome,
    Meeting,
    MeetingDecision,
    MeetingKind,
    MeetingOutcome,
    MinutesGiven,
)
from placement.meetings.models.sessions import (
    FocusFormulation,
    FocusParticipant,
    MentalisationBaseline,
    ParentBaseline,
    Session,
    SessionKind,
    SessionOutcome,
    SessionParticipant,
    SessionStatus,
)

__all__ = [
    "AgendaItem",
    "AgendaKind",
    "Attendance",
    "DecisionOutcome",
    "FocusFormulation",
    "FocusParticipant",
    "Meeting",
    "MeetingDecision",
    "MeetingKind",
    "MeetingOutcome",
    "MentalisationBaseline",
    "MinutesGiven",
    "ParentBaseline",
    "Session",
    "SessionKind",
    "SessionOutcome",
    "SessionParticipant",
    "SessionStatus",
]
