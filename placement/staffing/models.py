"""What is known about staff besides who they are: who stands in for whom, what they are trained in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.access.policies import FourEyes
from placement.access.roles import ROLE_TITLES, Role
from placement.staffing.querysets import DeputyshipQuerySet, TrainingQuerySet

#: The roles that work with families; only in these somebody can stand in for a colleague.
CASE_ROLES = (
    Role.CASEWORKER,
    Role.AUTHORITY_LEAD,
    Role.PRACTITIONER,
    Role.TEAM_LEAD,
    Role.HEALTH_VISITOR,
)


class Deputyship(MunicipalityModel):
    """Somebody acts for a colleague of the same role from one day to another; never without an end.

    It gives the colleague's reach to families and tasks, and only while it lasts: `visible_to` reads it. What the
    deputy writes and reads stands under the deputy's own name.
    """

    deputy = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("stedfortræder")
    )
    stands_in_for = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("for hvem")
    )
    role = models.CharField(
        _("rolle"), max_length=20, choices=[(r.value, ROLE_TITLES[r]) for r in CASE_ROLES]
    )
    starts = models.DateField(_("fra"))
    ends = models.DateField(_("til og med"))
    reason = models.CharField(_("hvorfor"), max_length=300)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("stedfortrædelse")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(deputy=F("stands_in_for")), name="deputyship_is_not_for_oneself"
            ),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="deputyship_end_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="deputyship_says_why"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in CASE_ROLES]), name="deputyship_of_a_case_role"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="deputyship_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "deputy"],
                condition=Q(withdrawn_at__isnull=True),
                name="deputyship_by_deputy",
            )
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.stands_in_for_id}"


class TrainingRecord(MunicipalityModel):
    """One course or supervision that somebody has had: what, when, with whom, and until when it counts.

    ``kind`` is a code of the model version; its title is kept as it was. A certificate, which an instrument asks for,
    is put on file by somebody else than its holder, and not by who acts for the holder.
    """

    # What was written stands: a new record takes the place of an old one.
    privileges: ClassVar[str] = "SELECT, INSERT"
    four_eyes = FourEyes(asked="staff", decided="recorded_by", at="recorded_at", only_when="NEW.certificate")

    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("medarbejder")
    )
    kind = models.CharField(max_length=40)
    title = models.CharField(_("hvad"), max_length=120)
    held_on = models.DateField(_("dato"))
    valid_until = models.DateField(_("gælder til og med"), null=True, blank=True)
    provider = models.CharField(_("hos hvem"), max_length=120)
    #: Whether an instrument's scores may be written down by it.
    certificate = models.BooleanField(_("certifikat til et redskab"), default=False)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("uddannelse eller supervision")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("held_on")),
                name="training_ends_after_it_was_held",
            ),
            models.CheckConstraint(condition=~Q(provider=""), name="training_says_with_whom"),
            models.CheckConstraint(
                condition=Q(certificate=False) | ~Q(recorded_by=F("staff")),
                name="certificate_put_on_file_by_another",
            ),
            models.UniqueConstraint(
                fields=["municipality", "staff", "kind", "held_on"], name="training_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "staff", "kind"], name="training_by_staff")]

    def __str__(self) -> str:
        return f"training {self.pk}"
