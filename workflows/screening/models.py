"""Notifications of concern (underretninger) and how they were assessed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.access.policies import FourEyes
from placement.families.models import Family, Person
from workflows.kernel.models import Process
from workflows.screening.codes import ConcernOutcome, Notifier, Turn
from workflows.screening.querysets import ConcernQuerySet


class Concern(MunicipalityModel):
    """One notification of concern about a family's child. Open until it is assessed and its follow-up is closed.

    ``notifier`` and ``what`` may tell who notified: they are shown to the authority and the family's team only.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="concerns")
    #: Its own run of the flow; set in the transaction that receives it.
    process = models.OneToOneField(Process, on_delete=models.PROTECT, null=True, related_name="concern")
    received_at = models.DateTimeField(_("modtaget"))
    notifier = models.CharField(_("fra"), max_length=16, choices=Notifier.choices)
    what = models.TextField(_("hvad underretningen handler om"))
    acute = models.BooleanField(_("akut"))
    violence_possible = models.BooleanField(_("vold eller æresrelateret konflikt kan være til stede"))
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)

    # The outcome is the latest assessment's; the moment is the first's, which the law gives a day.
    assessed_at = models.DateTimeField(_("vurderet"), null=True, blank=True)
    outcome = models.CharField(_("udfald"), max_length=12, choices=ConcernOutcome.choices, blank=True)
    #: The child had support when it was assessed, so somebody not earlier involved assesses it anew (§ 137).
    needs_second = models.BooleanField(_("vurderes på ny"), default=False)
    receipt_sent_on = models.DateField(_("kvittering sendt"), null=True, blank=True)
    receipt_sent_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("afsluttet"), null=True, blank=True)
    closed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_reason = models.TextField(_("hvorfor afsluttet"), blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("underretning")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="concern_says_what"),
            models.CheckConstraint(
                condition=Q(received_at__lte=F("registered_at")), name="concern_received_before_registered"
            ),
            models.CheckConstraint(
                condition=Q(assessed_at__isnull=True, outcome="")
                | Q(assessed_at__isnull=False, assessed_at__gte=F("received_at")) & ~Q(outcome=""),
                name="concern_assessed_after_received",
            ),
            models.CheckConstraint(
                condition=Q(receipt_sent_on__isnull=True, receipt_sent_by__isnull=True)
                # The house's time zone is Denmark's.
                | Q(
                    receipt_sent_on__isnull=False,
                    receipt_sent_by__isnull=False,
                    received_at__date__lte=F("receipt_sent_on"),
                ),
                name="concern_receipt_after_received",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_reason="")
                | Q(
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    assessed_at__isnull=False,
                    closed_at__gte=F("assessed_at"),
                )
                & ~Q(closed_reason=""),
                name="concern_closed_after_assessed_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "family", "-received_at"], name="concern_by_family"),
            models.Index(
                fields=["municipality", "family"],
                condition=Q(closed_at__isnull=True),
                name="concern_open_by_family",
            ),
        ]

    def __str__(self) -> str:
        return f"concern {self.pk}"


class ConcernChild(MunicipalityModel):
    """One of the children a notification is about. A notification with none is about all of them, or does not say."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("barn i en underretning")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "concern", "child"], name="concern_names_a_child_once"
            )
        ]

    def __str__(self) -> str:
        return f"child {self.child_id} of concern {self.concern_id}"


class ConcernAssessment(MunicipalityModel):
    """One person's assessment of a notification, with the risk to the child's safety as they saw it.

    Barnets lov § 18: where violence or an honour-related conflict may exist, the risk is assessed before the
    parents are told. § 137: the second is somebody's who was not earlier involved in the case.
    """

    # Made once: nobody rewrites it.
    privileges: ClassVar[str] = "SELECT, INSERT"
    # Whoever acts for the first assessor is no other.
    four_eyes = FourEyes(asked="first_by", decided="assessed_by", at="assessed_at")

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="assessments")
    turn = models.CharField(max_length=6, choices=Turn.choices)
    outcome = models.CharField(_("udfald"), max_length=12, choices=ConcernOutcome.choices)
    reasons = models.TextField(_("begrundelse"))
    violence_possible = models.BooleanField(_("vold eller æresrelateret konflikt kan være til stede"))
    safety_risk = models.TextField(_("risikoen for barnets sikkerhed"), blank=True)
    parents_may_be_told = models.BooleanField(_("forældrene må kontaktes nu"))
    #: Who made the first assessment, on a second one.
    first_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assessed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(_("vurderet"))
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("vurdering af underretning")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "concern", "turn"], name="concern_assessed_once_a_turn"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="concern_assessment_has_reasons"),
            models.CheckConstraint(
                condition=Q(turn="first", first_by__isnull=True)
                | Q(turn="second", first_by__isnull=False) & ~Q(assessed_by=F("first_by")),
                name="concern_second_assessor_is_another",
            ),
            models.CheckConstraint(
                condition=Q(violence_possible=False) | Q(parents_may_be_told=False) | ~Q(safety_risk=""),
                name="concern_risk_assessed_before_parents",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn} assessment of concern {self.concern_id}"
