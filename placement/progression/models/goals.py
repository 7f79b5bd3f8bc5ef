"""Goals set with the family for the decision's purpose, and who took part (barnets lov § 92)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Decision, Family, Person
from placement.progression.querysets import GoalQuerySet

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
