"""Mentalising sessions, and the baseline they start from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family
from placement.progression.models import Measurement


class SessionOutcome(models.TextChoices):
    """What a mentalising session leads to."""

    NEXT_SESSION = "next_session", _("Næste samtale")
    RENEW_BASELINE = "renew_baseline", _("Udgangspunktet skal laves om")


class SessionKind(models.TextChoices):
    """How a mentalising session is held."""

    INDIVIDUAL = "individual", _("Samtale med forælder")
    PARENT_CHILD = "parent_child", _("Samspil mellem forælder og barn")
    VIDEO_FEEDBACK = "video_feedback", _("Videofeedback")


class Session(MunicipalityModel):
    """One mentalising session with a parent, or with parent and child."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("familie")
    )
    kind = models.CharField(_("form"), max_length=16, choices=SessionKind.choices)
    held_on = models.DateField(_("holdt"))
    focus = models.CharField(_("fokus"), max_length=200)
    summary = models.TextField(_("hvad der skete"), blank=True)
    next_on = models.DateField(_("næste gang"), null=True, blank=True)
    outcome = models.CharField(
        _("fører til"), max_length=16, choices=SessionOutcome.choices, default=SessionOutcome.NEXT_SESSION
    )
    held_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("holdt af"))
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("mentaliserende samtale")
        verbose_name_plural = _("mentaliserende samtaler")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("held_on")), name="session_next_is_later"
            ),
            models.CheckConstraint(condition=~Q(focus=""), name="session_has_focus"),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-held_on"], name="session_by_family")]

    def __str__(self) -> str:
        return f"session {self.pk}"


class MentalisationBaseline(MunicipalityModel):
    """Where the parents stand when the work begins: what they can already, and what to work on first."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="mentalisation_baselines", verbose_name=_("familie")
    )
    taken_on = models.DateField(_("lavet"))
    strengths = models.TextField(_("det kan forældrene"))
    focus = models.TextField(_("det arbejder vi med først"))
    measurement = models.ForeignKey(
        Measurement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("score"),
    )
    taken_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("lavet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("udgangspunkt for mentalisering")
        verbose_name_plural = _("udgangspunkter for mentalisering")
        ordering = ["-taken_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(strengths="") & ~Q(focus=""), name="baseline_says_something")
        ]

    def __str__(self) -> str:
        return f"baseline {self.pk}"
