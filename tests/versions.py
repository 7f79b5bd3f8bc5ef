"""A second national version for tests: the shipped file with something written anew."""

from __future__ import annotations

from datetime import date

from workflows.model_versions import services
from workflows.model_versions.content import NATIONAL
from workflows.model_versions.models import ModelVersion

SHIPPED = (NATIONAL / "2026-1.toml").read_text(encoding="utf-8")
#: Like the shipped one, with a team meeting every third week.
NEXT = (
    SHIPPED.replace('code = "2026-1"', 'code = "2026-2"\nbased_on = "2026-1"', 1)
    .replace("in_force_from = 2024-01-01", "in_force_from = 2024-02-01")
    .replace("team_meeting = 28", "team_meeting = 21")
)
TODAY = date(2026, 11, 25)


def imported(source: str = NEXT) -> ModelVersion:
    """The file as a draft."""
    return services.import_version(source=source, using="owner")


def approved(source: str = NEXT, by: str = "Modellens ejer") -> ModelVersion:
    """The file in force."""
    return services.approve_version(code=imported(source).code, by=by, on=TODAY, using="owner")
