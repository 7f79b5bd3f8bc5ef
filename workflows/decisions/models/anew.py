"""What became of a decision that the municipality or Ankestyrelsen changed after a complaint."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Decision, Family
from workflows.decisions.codes import Anew
from workflows.decisions.models.complaints import Complaint


class Redecision(MunicipalityModel):
    """One answer to a complaint that changed a decision: a new one is asked for, or why none is.

    A new decision is approved by another like the first; rejected, it is asked for again in a row of its own. A trigger
    asks that the complaint did change something.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="redecisions")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="redecisions")
    outcome = models.CharField(_("hvad følger af den"), max_length=8, choices=Anew.choices)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="redecision"
    )
    text = models.TextField(_("begrundelse"))
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("ny afgørelse efter en klage")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="redecision_says_why"),
            models.CheckConstraint(
                condition=Q(outcome="new", decision__isnull=False)
                | Q(~Q(outcome="new"), decision__isnull=True),
                name="redecision_new_has_decision",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="redecision_by_family")]

    def __str__(self) -> str:
        return f"redecision {self.pk}"
