"""Goals set with the family, follow-ups that rate them (barnets lov § 95), and every measured score."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person
from placement.progression.codes import Element, MissingReason, Respondent
from placement.progression.querysets import GoalQuerySet, MeasurementQuerySet

WEIGHTS = [(1, _("1 – vigtigt")), (2, _("2 – meget vigtigt")), (3, _("3 – afgørende"))]


class Goal(MunicipalityModel):
    """One goal in the family's own words, with five levels of attainment (goal attainment scaling).

    A goal that is changed is closed and replaced, so that earlier ratings keep the levels they were given on.
    """

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="goals", verbose_name=_("familie")
    )
    title = models.CharField(_("mål"), max_length=200)
    purpose_link = models.TextField(_("hvordan målet hænger sammen med formålet"), blank=True)
    level_m2 = models.TextField(_("meget mindre end forventet"), blank=True)
    level_m1 = models.TextField(_("mindre end forventet"), blank=True)
    level_0 = models.TextField(_("som forventet"))
    level_p1 = models.TextField(_("mere end forventet"), blank=True)
    level_p2 = models.TextField(_("meget mere end forventet"), blank=True)
    weight = models.PositiveSmallIntegerField(_("vægt"), choices=WEIGHTS, default=1)
    formulated_with_parents = models.BooleanField(_("formuleret sammen med forældrene"), default=False)
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
