"""The family's network: its people, the maps of it, its generations, and what somebody in it has agreed to do."""

from placement.network.models.agreements import Agreement
from placement.network.models.genograms import (
    Generation,
    Genogram,
    GenogramPerson,
    GenogramRelation,
    OwnPlacement,
    RelationKind,
)
from placement.network.models.maps import (
    Closeness,
    Direction,
    Moment,
    NetworkMap,
    NetworkPerson,
    Sector,
)
from placement.network.models.members import (
    ContactAnswer,
    HowAsked,
    NetworkAnswer,
    NetworkInvitation,
    NetworkMember,
    NetworkSafetyCheck,
    Occasion,
    SafetyOutcome,
)

__all__ = [
    "Agreement",
    "Closeness",
    "ContactAnswer",
    "Direction",
    "Generation",
    "Genogram",
    "GenogramPerson",
    "GenogramRelation",
    "HowAsked",
    "Moment",
    "NetworkAnswer",
    "NetworkInvitation",
    "NetworkMap",
    "NetworkMember",
    "NetworkPerson",
    "NetworkSafetyCheck",
    "Occasion",
    "OwnPlacement",
    "RelationKind",
    "SafetyOutcome",
    "Sector",
]
