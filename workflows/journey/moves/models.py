"""What the moves leave behind: each is a visible event in the family's history, with who, when and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Site, Staff
from placement.families import codes
from placement.families.models import Consent, Family, Phase
from workflows.kernel.models import Process, Task


class HandOver(MunicipalityModel):
    """An open task given to a named colleague. It stands first on their day; whoever may do it still may."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="hand_overs")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="hand_overs")
    given_to = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    note = models.TextField(_("besked"), blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("overdragelse")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "task"],
                condition=Q(taken_back_at__isnull=True),
                name="hand_over_to_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="hand_over_taken_back_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class Correction(MunicipalityModel):
    """A completed step was opened again. ``earlier``: the answer as it stood, in words, for good."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="corrections")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    again = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("hvorfor"))
    earlier = models.JSONField(_("svaret, som det var"), default=list)
    answered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    corrected_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("rettet trin")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_reason"),
            models.UniqueConstraint(fields=["municipality", "task"], name="correction_once_per_answer"),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Withdrawal(MunicipalityModel):
    """A journey was broken off: why, by whose wish, and how it leaves everybody. No outcome here is a failure."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="withdrawals")
    process = models.OneToOneField(Process, on_delete=models.PROTECT, related_name="+")
    phase_before = models.CharField(_("fase før"), max_length=12, choices=Phase.choices)
    ended_on = models.DateField(_("sidste dag"))
    reason = models.CharField(_("årsag"), max_length=12, choices=codes.EndReason.choices)
    initiator = models.CharField(_("hvis ønske"), max_length=12, choices=codes.Initiator.choices, blank=True)
    planned = models.BooleanField(_("planlagt"), null=True, blank=True)
    text = models.TextField(_("hvad er der sket?"), blank=True)
    child_lives = models.CharField(_("hvor barnet bor"), max_length=120, blank=True)
    support_after = models.TextField(_("støtte bagefter"), blank=True)
    withdrawn_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("afbrudt forløb")
        ordering = ["-id"]
        constraints = [
            # A lost pregnancy asks for no words.
            models.CheckConstraint(
                condition=Q(reason="lost") | Q(~Q(text=""), ~Q(initiator=""), planned__isnull=False),
                name="withdrawal_explains_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"withdrawal {self.pk}"


class EarlierJourney(MunicipalityModel):
    """How things stood when a journey that had ended was opened again as a new one of the same family."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="earlier_journeys")
    process = models.OneToOneField(Process, on_delete=models.PROTECT, related_name="+")
    following = models.OneToOneField(Process, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(_("fase"), max_length=12, choices=Phase.choices)
    in_target_group = models.BooleanField(_("i målgruppen"), null=True)
    assessment = models.TextField(_("vurdering"), blank=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("sted")
    )
    room = models.CharField(_("værelse"), max_length=20, blank=True)
    started_on = models.DateField(_("start i indsatsen"), null=True)
    moved_in_on = models.DateField(_("flyttet ind"), null=True)
    moved_out_on = models.DateField(_("flyttet ud"), null=True)
    closed_on = models.DateField(_("afsluttet"), null=True)
    outcome = models.CharField(_("udfald"), max_length=20, choices=codes.Outcome.choices, blank=True)
    family_view_of_outcome = models.TextField(_("familiens egen vurdering"), blank=True)
    reason = models.TextField(_("hvorfor genåbnet"))
    reopened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("tidligere forløb")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_reason"),
            models.CheckConstraint(condition=~Q(process=F("following")), name="reopening_leads_on"),
        ]

    def __str__(self) -> str:
        return f"earlier journey {self.pk}"


class RiskAssessment(MunicipalityModel):
    """What the caseworker found on the day a consent was taken back: is the child safe, and what happens now."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="risk_assessments")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    child_safe = models.BooleanField(_("barnet er i sikkerhed i dag"))
    next_step = models.CharField(
        _("hvad sker der nu"),
        max_length=12,
        choices=[
            ("talk", _("Vi taler videre med forældrene om et nyt samtykke")),
            ("without", _("Støtte uden samtykke overvejes (barnets lov §§ 37-41)")),
            ("placement", _("Anbringelse overvejes")),
            ("break_off", _("Forløbet afbrydes")),
        ],
    )
    text = models.TextField(_("vurdering"))
    assessed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("risikovurdering")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="risk_assessment_has_words"),
            models.UniqueConstraint(
                fields=["municipality", "consent"], name="risk_assessed_once_per_consent"
            ),
        ]

    def __str__(self) -> str:
        return f"risk assessment {self.pk}"
