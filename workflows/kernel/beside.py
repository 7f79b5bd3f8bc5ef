"""What a flow beside the journey begins on: the version of the model that its family follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from placement.clock import danish_day
from placement.families.models import Family
from workflows.kernel.processes import journey_of
from workflows.model_versions.adaptations import adaptation_in_force
from workflows.model_versions.services import version_in_force


def beside_the_journey(family: Family, now: datetime) -> dict[str, Any]:
    """The family, and the version and adaptation of its journey; before any journey those in force that day."""
    journey = journey_of(family.pk)
    if journey is not None and journey.model_version is not None:
        return {"family": family, "model_version": journey.model_version, "adaptation": journey.adaptation}
    version = version_in_force(danish_day(now))
    return {
        "family": family,
        "model_version": version,
        "adaptation": adaptation_in_force(municipality_id=family.municipality_id, version=version),
    }
