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
    MentalisationBaseline,
    Session,
    SessionKind,
    SessionOutcome,
)

__all__ = [
    "AgendaItem",
    "AgendaKind",
    "Attendance",
    "DecisionOutcome",
    "Meeting",
    "MeetingDecision",
    "MeetingKind",
    "MeetingOutcome",
    "MentalisationBaseline",
    "MinutesGiven",
    "Session",
    "SessionKind",
    "SessionOutcome",
]
