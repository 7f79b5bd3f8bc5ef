"""Which goals and measurements count today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from placement.progression.models import Goal, Measurement  # noqa: F401


class GoalQuerySet(models.QuerySet["Goal"]):
    def active(self) -> GoalQuerySet:
        """Goals the family still works on."""
        return self.filter(closed_on__isnull=True)


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def current(self) -> MeasurementQuerySet:
        """The last version of each measurement; what a correction replaced is history."""
        return self.filter(replaced_by__isnull=True)
