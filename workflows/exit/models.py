"""The exit: its plan, its steps with their one decision, and the authority's word where it is needed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import ChildView, Family
from workflows.exit.querysets import PlansOfThisJourney, StepsOfThisJourney


class ExitPlan(MunicipalityModel):
    """Where the family is heading, and who receives them."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="exit_plans")
    destination = models.CharField(
        _("hvor skal familien hen?"),
        max_length=10,
        choices=[
            ("home", _("Eget hjem sammen")),
            ("offer", _("Et andet tilbud")),
            ("apart", _("Barnet anbringes")),
        ],
    )
    home_situation = models.TextField(_("boligen"), blank=True)
    receiving_support = models.TextField(_("støtte efter udflytning"), blank=True)
    contact_person = models.CharField(_("gennemgående kontaktperson"), max_length=120, blank=True)
    made_on = models.DateField(_("lagt"))
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    objects = PlansOfThisJourney()
    every = models.Manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(destination=""), name="exit_plan_has_destination")]

    def __str__(self) -> str:
        return f"exit plan {self.pk}"


class StepResult(models.TextChoices):
    """What the evaluation of a step led to. A step back is a way on, and carries no blame."""

    PROCEED = "proceed", _("Videre til næste trin")
    REPEAT = "repeat", _("Samme trin igen")
    BACK = "back", _("Et trin tilbage")


class ExitStep(MunicipalityModel):
    """One step of the exit ladder: asked for, decided on, carried out, evaluated."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="exit_steps")
    plan = models.ForeignKey(ExitPlan, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(_("trin"), max_length=8)
    attempt = models.PositiveSmallIntegerField(_("forsøg"), default=1)

    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("ønsket"), default=clock.now)
    why_now = models.TextField(_("hvorfor nu?"))
    planned_from = models.DateField(_("fra"))

    carried_out_on = models.DateField(_("gennemført"), null=True, blank=True)
    carried_out_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accompanied_by = models.CharField(_("ledsaget af"), max_length=120, blank=True)

    # An approved step that came to nothing: the same rung may be asked for again.
    abandoned_at = models.DateTimeField(_("opgivet"), null=True, blank=True)
    abandoned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    abandoned_reason = models.TextField(_("hvorfor ikke gennemført?"), blank=True)

    evaluated_at = models.DateTimeField(_("evalueret"), null=True, blank=True)
    evaluated_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff_view = models.TextField(_("teamets evaluering"), blank=True)
    parents_view = models.TextField(_("forældrenes evaluering"), blank=True)
    child_view = models.ForeignKey(
        ChildView, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.CharField(_("resultat"), max_length=8, choices=StepResult.choices, blank=True)

    objects = StepsOfThisJourney()
    every = models.Manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(why_now=""), name="exit_step_has_reason"),
            models.CheckConstraint(
                condition=Q(evaluated_at__isnull=True, result="")
                | Q(evaluated_at__isnull=False, carried_out_on__isnull=False, child_view__isnull=False)
                & ~Q(result=""),
                name="exit_step_evaluated_after_carried_out_with_child_view",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_on__isnull=True)
                # The house's time zone is Denmark's.
                | Q(requested_at__date__lte=F("carried_out_on")),
                name="exit_step_carried_out_after_request",
            ),
            models.CheckConstraint(
                condition=Q(abandoned_at__isnull=True, abandoned_by__isnull=True, abandoned_reason="")
                | Q(abandoned_at__isnull=False, abandoned_by__isnull=False, carried_out_on__isnull=True)
                & ~Q(abandoned_reason=""),
                name="exit_step_abandoned_with_reason_and_not_carried_out",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="exit_step_by_family")]

    def __str__(self) -> str:
        return f"{self.code} ({self.pk})"


class ExitStepDecision(MunicipalityModel):
    """The team lead's one decision on a step, with the facts it was made on."""

    # Made once: nobody rewrites it.
    privileges: ClassVar[str] = "SELECT, INSERT"

    step = models.OneToOneField(ExitStep, on_delete=models.PROTECT, related_name="decision")
    approved = models.BooleanField(_("godkendt"))
    reason = models.TextField(_("begrundelse"), blank=True)
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("afgjort"), default=clock.now)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("requested_by")), name="exit_decision_approver_is_not_requester"
            ),
            models.CheckConstraint(
                condition=Q(approved=True) | ~Q(reason=""), name="exit_decision_rejection_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"decision on step {self.step_id}"


class AuthorityWord(MunicipalityModel):
    """The authority's recorded decision on a step that is not the site's to decide: trial living and moving out."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    step = models.OneToOneField(ExitStep, on_delete=models.PROTECT, related_name="authority_word")
    approved = models.BooleanField(_("godkendt"))
    reason = models.TextField(_("begrundelse"))
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("requested_by")), name="authority_word_approver_is_not_requester"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="authority_word_has_reason"),
        ]

    def __str__(self) -> str:
        return f"authority's word on step {self.step_id}"
