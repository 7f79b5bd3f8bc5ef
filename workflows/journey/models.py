"""The contacts after a journey has closed: what the family tells 1, 3, 6 and 12 months later."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family


class FollowUpContact(MunicipalityModel):
    """One contact after closing, at one of the model version's months."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="follow_up_contacts")
    months = models.PositiveSmallIntegerField(_("måneder efter afslutning"))
    held_on = models.DateField(_("dato"))
    reached = models.BooleanField(_("familien blev nået"))
    lives_together = models.BooleanField(_("forældre og barn bor sammen"), null=True, blank=True)
    summary = models.TextField(_("hvad familien fortalte"), blank=True)
    held_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["months"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "family", "months"], name="contact_once_per_month_mark"
            ),
            models.CheckConstraint(
                condition=Q(reached=True) | Q(lives_together__isnull=True),
                name="contact_unreached_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"contact after {self.months} months"
