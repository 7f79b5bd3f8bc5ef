"""A family group conference: what it was asked, who came, the family's own plan, and what the authority said to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.access.policies import FourEyes
from placement.families.models import Family
from workflows.kernel.models import Process


class Conference(MunicipalityModel):
    """One conference, from the question the parents agreed to ask. Its coordinator stands outside the case."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="conferences")
    #: Its own run of the flow; set in the transaction that asks for it.
    process = models.OneToOneField(Process, on_delete=models.PROTECT, null=True, related_name="conference")
    question = models.TextField(_("spørgsmålet"))
    consented_on = models.DateField(_("forældrenes samtykke"))
    consented_how = models.CharField(
        _("hvordan"), max_length=8, choices=[("written", _("Skriftligt")), ("oral", _("Mundtligt"))]
    )
    asked_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    asked_at = models.DateTimeField(_("skrevet"), default=clock.now)
    # A trigger refuses somebody who is the family's caseworker or on its team that day.
    coordinator = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("koordinator"),
    )
    appointed_on = models.DateField(_("koordinator udpeget"), null=True, blank=True)
    planned_on = models.DateField(_("mødets dag"), null=True, blank=True)

    class Meta:
        verbose_name = _("familierådslagning")
        verbose_name_plural = _("familierådslagninger")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="conference_has_a_question"),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(consented_on__lte=F("asked_at__date")),
                name="conference_consent_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(coordinator__isnull=True, appointed_on__isnull=True)
                | Q(coordinator__isnull=False, appointed_on__isnull=False),
                name="conference_coordinator_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="conference_by_family")]

    def __str__(self) -> str:
        return f"conference {self.pk}"


class ConferenceMeeting(MunicipalityModel):
    """One meeting of it: information, the family's time alone, and the plan they came back with, or why none."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("holdt"))
    information = models.TextField(_("hvad familien fik at vide først"))
    private_time = models.BooleanField(_("familien var alene om planen"))
    has_plan = models.BooleanField(_("familien lagde en plan"))
    without_plan = models.TextField(_("hvorfor ingen plan"), blank=True)
    changes_exit_plan = models.BooleanField(_("planen ændrer udslusningsplanen"), default=False)
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("rådslagningens møde")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(has_plan=False) | Q(private_time=True), name="conference_plan_is_the_familys_own"
            ),
            models.CheckConstraint(
                condition=Q(has_plan=True) | ~Q(without_plan=""), name="conference_without_plan_says_why"
            ),
            models.CheckConstraint(
                condition=Q(changes_exit_plan=False) | Q(has_plan=True), name="conference_change_is_of_a_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"meeting of conference {self.conference_id}"


class ConferencePlanLine(MunicipalityModel):
    """One line of the family's plan: who does what, and by when."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    meeting = models.ForeignKey(ConferenceMeeting, on_delete=models.PROTECT, related_name="lines")
    who = models.CharField(_("hvem"), max_length=80)
    what = models.TextField(_("hvad"))
    by_on = models.DateField(_("inden"))

    class Meta:
        verbose_name = _("linje i familiens plan")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(who="") & ~Q(what=""), name="conference_line_says_who_and_what"
            )
        ]

    def __str__(self) -> str:
        return f"plan line {self.pk}"


class ConferenceDecision(MunicipalityModel):
    """The authority's word on the plan: it is followed when it is safe for the child, or why it is not."""

    privileges: ClassVar[str] = "SELECT, INSERT"
    # The coordinator brings the plan; whoever acts for them does not approve it.
    four_eyes = FourEyes(asked="coordinator", decided="decided_by", at="decided_at")

    meeting = models.OneToOneField(ConferenceMeeting, on_delete=models.PROTECT, related_name="decision")
    approved = models.BooleanField(_("godkendt"))
    reason = models.TextField(_("begrundelse"))
    coordinator = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("godkendt eller afvist af")
    )
    decided_at = models.DateTimeField(_("afgjort"), default=clock.now)

    class Meta:
        verbose_name = _("svar på familiens plan")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="conference_decision_has_reason"),
            models.CheckConstraint(
                condition=~Q(coordinator=F("decided_by")), name="conference_decision_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"decision on meeting {self.meeting_id}"


class ConferenceFollowUp(MunicipalityModel):
    """About three months later: is the plan followed, and does it work."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    conference = models.OneToOneField(Conference, on_delete=models.PROTECT, related_name="follow_up")
    held_on = models.DateField(_("holdt"))
    works = models.BooleanField(_("planen virker"))
    text = models.TextField(_("hvordan det går"))
    followed_up_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("fulgt op af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("opfølgning på rådslagning")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="conference_follow_up_tells")]

    def __str__(self) -> str:
        return f"follow-up of conference {self.conference_id}"
