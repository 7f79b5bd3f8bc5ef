"""Follow-ups that rate the goals (barnets lov § 95), and what was done about a setback."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family
from placement.progression.codes import SetbackChoice, Trend
from placement.progression.models.goals import Goal


class FollowUpOutcome(models.TextChoices):
    """What a follow-up means for the goals."""

    KEEP_GOALS = "keep_goals", _("Målene fortsætter")
    REVISE_GOALS = "revise_goals", _("Målene skal ændres")


class FollowUp(MunicipalityModel):
    """One follow-up: every goal rated, the four questions of barnets lov § 95 answered, the next date set."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("familie")
    )
    held_on = models.DateField(_("holdt"))
    adjust = models.BooleanField(_("skal indsatsen justeres?"))
    adjust_text = models.TextField(_("hvordan indsatsen justeres"), blank=True)
    investigate = models.BooleanField(_("er der brug for mere udredning?"))
    investigate_text = models.TextField(_("hvad der skal udredes"), blank=True)
    plan = models.BooleanField(_("skal der laves eller ændres en plan?"))
    plan_text = models.TextField(_("hvad der skal ændres i planen"), blank=True)
    other_text = models.TextField(_("andre forhold"), blank=True)
    next_on = models.DateField(_("næste opfølgning"))
    next_reason = models.TextField(_("hvorfor næste opfølgning ligger der"))
    #: The day that the model's rhythm would have given; empty for follow-ups from before 0.2.0, like the trend.
    rhythm_on = models.DateField(_("modellens rytme"), null=True, blank=True)
    trend = models.CharField(_("tendens"), max_length=10, choices=Trend.choices, blank=True)
    #: The T score of the goals that could be compared, in the round before and in this one.
    t_before = models.DecimalField(_("T-score før"), max_digits=4, decimal_places=1, null=True, blank=True)
    t_now = models.DecimalField(_("T-score nu"), max_digits=4, decimal_places=1, null=True, blank=True)
    outcome = models.CharField(
        _("fører til"), max_length=12, choices=FollowUpOutcome.choices, default=FollowUpOutcome.KEEP_GOALS
    )
    held_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("holdt af"))
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("opfølgning")
        verbose_name_plural = _("opfølgninger")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(next_on__gt=F("held_on")), name="follow_up_next_is_later"),
            models.CheckConstraint(condition=~Q(next_reason=""), name="follow_up_next_has_reason"),
            models.CheckConstraint(
                condition=(Q(adjust=False) | ~Q(adjust_text=""))
                & (Q(investigate=False) | ~Q(investigate_text=""))
                & (Q(plan=False) | ~Q(plan_text="")),
                name="follow_up_yes_says_what",
            ),
            models.CheckConstraint(
                condition=Q(trend__in=["", Trend.TOO_FEW], t_before__isnull=True, t_now__isnull=True)
                | (~Q(trend__in=["", Trend.TOO_FEW]) & Q(t_before__isnull=False, t_now__isnull=False)),
                name="follow_up_trend_has_scores",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-held_on"], name="follow_up_by_family")]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class GoalRating(MunicipalityModel):
    """How far one goal had come at one follow-up: -2 to +2, where 0 is as expected."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings", verbose_name=_("mål"))
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.PROTECT, related_name="ratings", verbose_name=_("opfølgning")
    )
    score = models.SmallIntegerField(_("score"), validators=[MinValueValidator(-2), MaxValueValidator(2)])
    comment = models.TextField(_("hvad vi ser"), blank=True)

    class Meta:
        verbose_name = _("vurdering af mål")
        verbose_name_plural = _("vurderinger af mål")
        ordering = ["goal_id"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=-2, score__lte=2), name="goal_rating_minus_2_to_2"),
            models.UniqueConstraint(
                fields=["municipality", "follow_up", "goal"], name="goal_rated_once_per_follow_up"
            ),
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"


class SetbackAnswer(MunicipalityModel):
    """What the team does about the negative trend of one follow-up, and why. Written once."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="setback_answers", verbose_name=_("familie")
    )
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.PROTECT, related_name="setback_answers", verbose_name=_("opfølgning")
    )
    choice = models.CharField(_("hvad vi gør"), max_length=12, choices=SetbackChoice.choices)
    reason = models.TextField(_("hvad der ændres, eller hvorfor planen står"))
    answered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("besvaret af")
    )
    answered_at = models.DateTimeField(_("besvaret"), default=clock.now)

    class Meta:
        verbose_name = _("svar på tilbagegang")
        verbose_name_plural = _("svar på tilbagegang")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "follow_up"], name="setback_answered_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="setback_answer_has_reason"),
            models.CheckConstraint(
                condition=Q(choice__in=SetbackChoice.values), name="setback_answer_is_one_of_three"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="setback_answer_by_family")]

    def __str__(self) -> str:
        return f"setback answer {self.pk}"
