"""The exit's plan, its steps with their one decision and its exceptions, and the authority's word where it is needed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.access.policies import FourEyes
from placement.families.models import ChildView, Family
from workflows.exit.querysets import PlansOfThisJourney, StepsOfThisJourney
from workflows.model_versions.exit_ladder import NEVER_EXCEPTED

DESTINATIONS = [
    ("home", _("Eget hjem sammen")),
    ("offer", _("Et andet tilbud")),
    ("apart", _("Barnet anbringes")),
]


class Residence(models.TextChoices):
    """Whether it is clear where the family will live."""

    CLEAR = "clear", _("Boligen er afklaret")
    OPEN = "open", _("Boligen er ikke afklaret")


class ExitPlan(MunicipalityModel):
    """Where the family is heading, or else, and who receives them. The newest version stands."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="exit_plans")
    destination = models.CharField(_("hvor skal familien hen?"), max_length=10, choices=DESTINATIONS)
    # Plan A and plan B stand beside each other from the beginning, and the parents know both.
    alternative = models.CharField(_("og hvis ikke?"), max_length=10, choices=DESTINATIONS, blank=True)
    shown_to_parents_on = models.DateField(_("vist til forældrene"), null=True, blank=True)
    residence = models.CharField(
        _("er boligen afklaret?"), max_length=6, choices=Residence.choices, blank=True
    )
    residence_task = models.CharField(_("hvem gør hvad ved boligen"), max_length=200, blank=True)
    residence_by = models.DateField(_("inden"), null=True, blank=True)
    home_situation = models.TextField(_("boligen"), blank=True)
    receiving_support = models.TextField(_("støtte efter udflytning"), blank=True)
    contact_person = models.CharField(_("gennemgående kontaktperson"), max_length=120, blank=True)
    made_on = models.DateField(_("lagt"))
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    objects = PlansOfThisJourney()
    every = models.Manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(destination=""), name="exit_plan_has_destination"),
            models.CheckConstraint(
                condition=Q(alternative="") | ~Q(alternative=F("destination")), name="exit_plan_has_two_ways"
            ),
            models.CheckConstraint(
                condition=~Q(residence=Residence.OPEN) | Q(~Q(residence_task=""), residence_by__isnull=False),
                name="exit_plan_open_residence_has_task",
            ),
        ]

    def __str__(self) -> str:
        return f"exit plan {self.pk}"


class StepResult(models.TextChoices):
    """What the evaluation of a step led to. A step back is a way on, and carries no blame."""

    PROCEED = "proceed", _("Videre til næste trin")
    REPEAT = "repeat", _("Samme trin igen")
    BACK = "back", _("Et trin tilbage")


class BackReason(models.TextChoices):
    """Why the family goes a step back, in words that blame nobody."""

    MORE_TIME = "more_time", _("Familien har brug for mere tid på trinnet før")
    CHILD_SIGNALS = "child_signals", _("Barnet viste, at det gik for hurtigt")
    SUPPORT_MISSING = "support_missing", _("Støtten omkring familien var ikke på plads")
    INCIDENT = "incident", _("Der skete noget, som skal tales igennem")
    PARENTS_WISH = "parents_wish", _("Forældrene ønskede det selv")
    HOME = "home", _("Boligen eller det praktiske var ikke på plads")


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
    planned_until = models.DateField(_("til"), null=True, blank=True)
    # What each condition looked like when the step was asked for, so that whoever decides sees what has changed.
    conditions_at_request = models.JSONField(default=list, blank=True)

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
    back_reason = models.CharField(
        _("hvorfor et trin tilbage"), max_length=16, choices=BackReason.choices, blank=True
    )
    child_needs = models.TextField(_("hvad barnet har brug for nu"), blank=True)

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
            models.CheckConstraint(
                condition=Q(planned_until__isnull=True) | Q(planned_until__gte=F("planned_from")),
                name="exit_step_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(Q(result=StepResult.BACK), ~Q(back_reason=""), ~Q(child_needs=""))
                | Q(~Q(result=StepResult.BACK), back_reason="", child_needs=""),
                name="exit_step_back_says_what_the_child_needs",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="exit_step_by_family")]

    def __str__(self) -> str:
        return f"{self.code} ({self.pk})"


class ExitStepDecision(MunicipalityModel):
    """The team lead's one decision on a step, with the facts it was made on."""

    # Made once: nobody rewrites it.
    privileges: ClassVar[str] = "SELECT, INSERT"
    four_eyes = FourEyes()

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
    four_eyes = FourEyes()

    step = models.OneToOneField(ExitStep, on_delete=models.PROTECT, related_name="authority_word")
    approved = models.BooleanField(_("godkendt"))
    reason = models.TextField(_("begrundelse"))
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    # A move needs a new decision that takes over on the day the family moves (barnets lov § 32).
    effective_from = models.DateField(_("afgørelsen gælder fra"), null=True, blank=True)
    legal_basis = models.CharField(_("hjemmel"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("requested_by")), name="authority_word_approver_is_not_requester"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="authority_word_has_reason"),
        ]

    def __str__(self) -> str:
        return f"authority's word on step {self.step_id}"


class ExceptionSide(models.TextChoices):
    """Who made an exception."""

    SITE = "site", _("Teamlederen")
    AUTHORITY = "authority", _("Myndigheden")


class ExitException(MunicipalityModel):
    """One condition that was not met, by name, and why the step was approved all the same."""

    privileges: ClassVar[str] = "SELECT, INSERT"
    four_eyes = FourEyes(decided="made_by", at="made_at")

    step = models.ForeignKey(ExitStep, on_delete=models.PROTECT, related_name="exceptions")
    side = models.CharField(_("hvem"), max_length=10, choices=ExceptionSide.choices)
    code = models.CharField(_("betingelse"), max_length=40)
    name = models.CharField(max_length=40)
    title = models.CharField(_("betingelsen"), max_length=160)
    reason = models.TextField(_("begrundelse"))
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("givet"), default=clock.now)

    class Meta:
        verbose_name = _("undtagelse")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "step", "side", "name"], name="exit_exception_once_per_condition"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exit_exception_has_reason"),
            models.CheckConstraint(
                condition=~Q(made_by=F("requested_by")), name="exit_exception_not_by_the_one_who_asked"
            ),
            models.CheckConstraint(
                condition=~Q(code__in=sorted(code.value for code in NEVER_EXCEPTED)),
                name="exit_exception_never_from_what_protects_the_child",
            ),
        ]

    def __str__(self) -> str:
        return f"exception from {self.name} on step {self.step_id}"
