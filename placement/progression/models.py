"""Goals set with the family, follow-ups that rate them (barnets lov § 95), setbacks, and every measured score."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Decision, Family, Person
from placement.progression.codes import Element, MissingReason, Respondent, SetbackChoice, Trend
from placement.progression.querysets import GoalQuerySet, MeasurementQuerySet

WEIGHTS = [(1, _("1 – vigtigt")), (2, _("2 – meget vigtigt")), (3, _("3 – afgørende"))]


class Goal(MunicipalityModel):
    """One goal in the family's own words, with five levels of attainment (goal attainment scaling).

    A goal that is changed is closed and replaced, so that earlier ratings keep the levels they were given on.
    Goals from before 0.2.0 may lack decision, baseline and levels; they stand until they are closed or replaced.
    """

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="goals", verbose_name=_("familie")
    )
    title = models.CharField(_("mål"), max_length=200)
    #: The decision whose purpose the goal serves (barnets lov § 92).
    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("afgørelse"),
    )
    purpose_link = models.TextField(_("hvordan målet hænger sammen med formålet"), blank=True)
    level_m2 = models.TextField(_("meget mindre end forventet"), blank=True)
    level_m1 = models.TextField(_("mindre end forventet"), blank=True)
    level_0 = models.TextField(_("som forventet"))
    level_p1 = models.TextField(_("mere end forventet"), blank=True)
    level_p2 = models.TextField(_("meget mere end forventet"), blank=True)
    weight = models.PositiveSmallIntegerField(_("vægt"), choices=WEIGHTS, default=1)
    #: Where the family stood on the goal's own levels the day it was set.
    baseline = models.SmallIntegerField(_("udgangspunkt"), null=True, blank=True)
    #: At least one parent took part; who did stands in `GoalParticipant`.
    formulated_with_parents = models.BooleanField(_("formuleret sammen med forældrene"), default=False)
    absent_reason = models.TextField(_("hvorfor en forælder ikke var med"), blank=True)
    set_on = models.DateField(_("sat"))
    set_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("sat af"))
    closed_on = models.DateField(_("lukket"), null=True, blank=True)
    closed_reason = models.TextField(_("hvorfor målet er lukket"), blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("afløser"),
    )

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("mål")
        verbose_name_plural = _("mål")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(level_0=""), name="goal_says_what_is_expected"
            ),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=3), name="goal_weight_1_to_3"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_reason="")
                | (Q(closed_on__isnull=False, closed_on__gte=F("set_on")) & ~Q(closed_reason="")),
                name="goal_closed_after_set_with_reason",
            ),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                condition=Q(replaces__isnull=False),
                name="goal_replaced_once",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline__gte=-2, baseline__lte=2),
                name="goal_baseline_minus_2_to_2",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False) | Q(decision__isnull=False),
                name="goal_active_serves_decision",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False)
                | (
                    Q(baseline__isnull=False)
                    & ~Q(level_m2="")
                    & ~Q(level_m1="")
                    & ~Q(level_p1="")
                    & ~Q(level_p2="")
                ),
                name="goal_active_has_all_levels",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False) | Q(formulated_with_parents=True) | ~Q(absent_reason=""),
                name="goal_active_with_parents_or_why",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="goal_by_family")]

    def __str__(self) -> str:
        return f"goal {self.pk}"

    @property
    def active(self) -> bool:
        """Whether the family still works on it."""
        return self.closed_on is None

    @property
    def levels(self) -> list[tuple[int, str]]:
        """(score, what it would look like), from -2 to +2; a level that was not described is ''."""
        texts = (self.level_m2, self.level_m1, self.level_0, self.level_p1, self.level_p2)
        return list(zip(range(-2, 3), texts, strict=True))


class GoalParticipant(MunicipalityModel):
    """A parent or child who took part in formulating a goal (barnets lov § 92)."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, related_name="participants", verbose_name=_("mål")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("formuleret sammen med")
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "goal", "person"], name="goal_participant_once")
        ]

    def __str__(self) -> str:
        return f"participant {self.pk}"


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


class Measurement(MunicipalityModel):
    """One score on one instrument, or the reason why there is none. Corrected by a new one with a reason."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="measurements", verbose_name=_("familie")
    )
    element = models.CharField(_("kerneelement"), max_length=16, choices=Element.choices)
    instrument = models.SlugField(_("redskab"), max_length=60)
    instrument_version = models.CharField(_("redskabets version"), max_length=20, default="1")
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measurements",
        verbose_name=_("om"),
    )
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    scale_min = models.DecimalField(_("laveste på skalaen"), max_digits=7, decimal_places=2)
    scale_max = models.DecimalField(_("højeste på skalaen"), max_digits=7, decimal_places=2)
    missing_reason = models.CharField(
        _("hvorfor scoren mangler"), max_length=16, choices=MissingReason.choices, blank=True
    )
    measured_on = models.DateField(_("målt"))
    respondent = models.CharField(
        _("svaret af"), max_length=10, choices=Respondent.choices, default=Respondent.STAFF
    )
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("retter"),
    )
    reason = models.TextField(_("hvorfor den er rettet"), blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("måling")
        verbose_name_plural = _("målinger")
        ordering = ["measured_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scale_min__lt=F("scale_max")), name="measurement_scale_has_length"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=F("scale_min"), score__lte=F("scale_max")),
                name="measurement_inside_scale",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False, missing_reason="")
                | (Q(score__isnull=True) & ~Q(missing_reason="")),
                name="measurement_score_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="") | (Q(replaces__isnull=False) & ~Q(reason="")),
                name="measurement_corrected_with_reason",
            ),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                condition=Q(replaces__isnull=False),
                name="measurement_replaced_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "family", "element", "measured_on"], name="measurement_series"
            )
        ]

    def __str__(self) -> str:
        return f"measurement {self.pk}"
