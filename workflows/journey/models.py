"""The contacts after a journey has closed: what the family tells 1, 3, 6 and 12 months later."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family
from workflows.journey.moves.models import (  # noqa: F401
    Correction,
    EarlierJourney,
    HandOver,
    RiskAssessment,
    Withdrawal,
)
from workflows.kernel.models import Process


class FollowUpContact(MunicipalityModel):
    """One contact after closing, at one of the model version's months."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="follow_up_contacts")
    # Which of the family's journeys it follows; one that is opened again gets contacts of its own.
    journey = models.ForeignKey(Process, on_delete=models.PROTECT, null=True, related_name="+")
    months = models.PositiveSmallIntegerField(_("måneder efter afslutning"))
    held_on = models.DateField(_("dato"))
    reached = models.BooleanField(_("familien blev nået"))
    lives_together = models.BooleanField(_("forældre og barn bor sammen"), null=True, blank=True)
    summary = models.TextField(_("hvad familien fortalte"), blank=True)
    held_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    # The step was opened again: another record holds what is true, this one stays readable.
    corrected_at = models.DateTimeField(_("rettet"), null=True, blank=True)

    class Meta:
        ordering = ["months"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "family", "journey", "months"],
                condition=Q(corrected_at__isnull=True),
                nulls_distinct=False,
                name="contact_once_per_month_mark",
            ),
            models.CheckConstraint(
                condition=Q(reached=True) | Q(lives_together__isnull=True),
                name="contact_unreached_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"contact after {self.months} months"
