"""Whether a child's plan is made (barnets lov § 91), the plan, and a family's way onto another track."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Consent, Decision, Family, Person
from placement.progression.models import FollowUp
from workflows.decisions.codes import PlanTrack, Track, TrackCause


class TrackChange(MunicipalityModel):
    """How a family goes on after a consent was taken back, or when a child is placed. No answer is a failure."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="track_changes")
    cause = models.CharField(_("anledning"), max_length=17, choices=TrackCause.choices)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    track = models.CharField(_("hvordan det går videre"), max_length=15, choices=Track.choices)
    decided_on = models.DateField(_("fra"))
    legal_basis = models.CharField(_("hjemmel"), max_length=60, blank=True)
    text = models.TextField(_("hvorfor"))
    #: Whether the stay goes on for the others.
    goes_on = models.BooleanField(_("opholdet fortsætter for de andre"))
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("sporskifte")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="track_change_says_why"),
            models.CheckConstraint(
                condition=~Q(track__in=["without_consent", "placed"]) | ~Q(legal_basis=""),
                name="track_change_has_legal_basis",
            ),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(settled_at__date__gte=F("decided_on")),
                name="track_change_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(cause="placement", consent__isnull=True)
                | Q(cause="consent_withdrawn", consent__isnull=False),
                name="track_change_of_a_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"change of track {self.pk}"


class PlanDecision(MunicipalityModel):
    """Whether a child's plan is made, and why; when it is, the last day for it."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="plan_decisions")
    track = models.CharField(_("for"), max_length=9, choices=PlanTrack.choices)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    track_change = models.ForeignKey(
        TrackChange, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    makes_plan = models.BooleanField(_("der laves en plan"))
    reason = models.TextField(_("begrundelse"))
    due_on = models.DateField(_("senest"), null=True, blank=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("stillingtagen til barnets plan")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="plan_decision_has_reason"),
            models.CheckConstraint(
                condition=Q(track="stay", decision__isnull=False, track_change__isnull=True)
                | Q(track="placement", decision__isnull=True, track_change__isnull=False, makes_plan=True),
                name="plan_decision_mandatory_when_placed",
            ),
            models.CheckConstraint(
                condition=Q(makes_plan=True, due_on__isnull=False) | Q(makes_plan=False, due_on__isnull=True),
                name="plan_decision_has_last_day",
            ),
            models.UniqueConstraint(
                fields=["municipality", "decision"],
                condition=Q(decision__isnull=False),
                name="plan_decided_once_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"plan decision {self.pk}"


class ChildPlan(MunicipalityModel):
    """A child's plan was made or revised; the plan itself is the authority's document. One may serve siblings."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="child_plans")
    plan_decision = models.ForeignKey(
        PlanDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="plans"
    )
    #: The follow-up that asked for a plan to be made or revised (barnets lov § 95).
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_on = models.DateField(_("lavet"))
    joint = models.BooleanField(_("fælles plan for søskende"))
    made_with = models.TextField(_("lavet sammen med"))
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("barnets plan")
        ordering = ["-made_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(made_with=""), name="child_plan_made_with_somebody"),
            models.CheckConstraint(
                condition=Q(plan_decision__isnull=False) | Q(follow_up__isnull=False),
                name="child_plan_was_asked_for",
            ),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(recorded_at__date__gte=F("made_on")),
                name="child_plan_not_in_future",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class ChildPlanChild(MunicipalityModel):
    """One of the children a plan is for."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    plan = models.ForeignKey(ChildPlan, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("barn i en plan")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "child"], name="plan_names_a_child_once")
        ]

    def __str__(self) -> str:
        return f"child {self.child_id} of plan {self.plan_id}"
