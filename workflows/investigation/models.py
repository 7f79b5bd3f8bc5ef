"""How a need was screened and examined (barnets lov §§ 18-22, before a birth §§ 24-27), and the track beside a pregnancy."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person
from workflows.investigation.codes import AtBirth, Need, Track
from workflows.kernel.models import Process


class RiskJudgement(MunicipalityModel):
    """The risk where violence or an honour-related conflict may exist, judged before anybody is involved (§ 18).

    The newest stands: it says whether the parents, and whether the network, may be involved now.
    """

    # Made once: a new judgement is a new row.
    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="risk_judgements")
    risk = models.TextField(_("risikoen"))
    protection = models.TextField(_("hvad der gøres for at beskytte"), blank=True)
    parents_may_be_involved = models.BooleanField(_("forældrene må inddrages nu"))
    network_may_be_involved = models.BooleanField(_("netværket må inddrages nu"))
    judged_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(_("vurderet"))

    class Meta:
        verbose_name = _("risikovurdering før inddragelse")
        ordering = ["-judged_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(risk=""), name="risk_judgement_says_what"),
            models.CheckConstraint(
                condition=Q(parents_may_be_involved=False, network_may_be_involved=False) | ~Q(protection=""),
                name="risk_judgement_protects_who_is_at_risk",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-judged_at"], name="risk_by_family")]

    def __str__(self) -> str:
        return f"risk judgement {self.pk}"


class Investigation(MunicipalityModel):
    """A need that the municipality became aware of: the screening, and what it led to.

    ``aware_on`` is when it became aware, by whatever way; the four months run from that day, not from ``begun_at``.
    About coming parents (§§ 24-27) it names the unborn ``child``; otherwise it is about the family's children.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="investigations")
    #: Its own run of the flow; set in the transaction that begins it.
    process = models.OneToOneField(Process, on_delete=models.PROTECT, null=True, related_name="investigation")
    child = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ventet barn"),
    )
    aware_on = models.DateField(_("kommunen blev opmærksom"))
    why = models.TextField(_("hvad kommunen blev opmærksom på"))
    violence_possible = models.BooleanField(_("vold eller æresrelateret konflikt kan være til stede"))
    begun_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)

    track = models.CharField(
        _("hvad screeningen fører til"), max_length=14, choices=Track.choices, blank=True
    )
    reasons = models.TextField(_("begrundelse"), blank=True)
    #: The judgement that the screening rests on, where violence is possible.
    risk = models.ForeignKey(RiskJudgement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    screened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    screened_at = models.DateTimeField(_("screenet"), null=True, blank=True)

    need = models.CharField(_("hvad den fandt"), max_length=10, choices=Need.choices, blank=True)
    conclusion = models.TextField(_("konklusion"), blank=True)
    concluded_on = models.DateField(_("afsluttet"), null=True, blank=True)
    concluded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: It was concluded while a measure ran beside it (§ 32, stk. 4): the first follow-up is then due (§ 95).
    alongside = models.BooleanField(_("sideløbende med støtten"), default=False)
    #: When nothing of it waits any more: it led to nothing, was concluded, or the pregnancy was lost.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("undersøgelse")
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="investigation_says_why"),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(begun_at__date__gte=F("aware_on")),
                name="investigation_aware_before_begun",
            ),
            models.CheckConstraint(
                condition=Q(screened_at__isnull=True, screened_by__isnull=True, track="", reasons="")
                | Q(
                    ~Q(track=""),
                    ~Q(reasons=""),
                    screened_at__isnull=False,
                    screened_by__isnull=False,
                    screened_at__gte=F("begun_at"),
                ),
                name="investigation_screened_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(screened_at__isnull=True) | Q(violence_possible=False) | Q(risk__isnull=False),
                name="investigation_risk_before_screening",
            ),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True, concluded_by__isnull=True, need="", conclusion="")
                | Q(
                    ~Q(need=""),
                    ~Q(conclusion=""),
                    concluded_on__isnull=False,
                    concluded_by__isnull=False,
                    concluded_on__gte=F("aware_on"),
                    track__in=[Track.CLARIFICATION, Track.EXAMINATION],
                    ended_at__isnull=False,
                ),
                name="investigation_concluded_after_aware",
            ),
            models.UniqueConstraint(
                fields=["municipality", "family", "child"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="investigation_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "family", "-begun_at"], name="investigation_by_family")
        ]

    def __str__(self) -> str:
        return f"investigation {self.pk}"

    @property
    def before_birth(self) -> bool:
        """Whether it is about coming parents (§§ 24-27)."""
        return self.child_id is not None


class PreliminaryAssessment(MunicipalityModel):
    """What is known when an examination cannot be ended in four months, why not, and when it will be (§ 20)."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="preliminary")
    text = models.TextField(_("foreløbig vurdering"))
    why_late = models.TextField(_("hvorfor undersøgelsen ikke kan afsluttes i tide"))
    expected_on = models.DateField(_("afsluttes senest"))
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("foreløbigt vurderet"))

    class Meta:
        verbose_name = _("foreløbig vurdering")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(why_late=""), name="preliminary_assessment_says_why"
            ),
            models.CheckConstraint(
                condition=Q(made_at__date__lte=F("expected_on")), name="preliminary_assessment_looks_ahead"
            ),
        ]

    def __str__(self) -> str:
        return f"preliminary assessment {self.pk}"


class ParallelTrack(MunicipalityModel):
    """Plan A and plan B side by side before a child is born, until it is clear which holds at the birth.

    Barnets lov § 49: without consent, the committee decides on a placement at birth earliest three months before term.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="parallel_tracks")
    #: Its own run of the flow; set in the transaction that begins it.
    process = models.OneToOneField(
        Process, on_delete=models.PROTECT, null=True, related_name="parallel_track"
    )
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="parallel_tracks")
    why = models.TextField(_("hvorfor to planer"))
    begun_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begyndt"))

    outcome = models.CharField(_("afklaret"), max_length=8, choices=AtBirth.choices, blank=True)
    reasons = models.TextField(_("begrundelse"), blank=True)
    #: Term, and the first day for a decision, as they stood when it was settled.
    term_on = models.DateField(_("termin"), null=True, blank=True)
    earliest_on = models.DateField(_("tidligste dag for en afgørelse"), null=True, blank=True)
    decided_on = models.DateField(_("afgørelsen er truffet"), null=True, blank=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("parallelt spor")
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="parallel_track_says_why"),
            models.UniqueConstraint(
                fields=["municipality", "child"],
                condition=Q(settled_at__isnull=True),
                name="parallel_track_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    settled_at__isnull=True, settled_by__isnull=True, outcome="", decided_on__isnull=True
                )
                | Q(~Q(outcome=""), settled_at__isnull=False, settled_by__isnull=False),
                name="parallel_track_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) & ~Q(outcome=AtBirth.DECIDED)
                | Q(
                    ~Q(reasons=""),
                    outcome=AtBirth.DECIDED,
                    decided_on__isnull=False,
                    earliest_on__isnull=False,
                    term_on__isnull=False,
                    earliest_on__lt=F("term_on"),
                    decided_on__gte=F("earliest_on"),
                ),
                name="placement_at_birth_not_too_early",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="parallel_track_by_family")]

    def __str__(self) -> str:
        return f"parallel track {self.pk}"


class ParallelPlan(MunicipalityModel):
    """Both plans as they were written, and when the parents saw them; rewritten plans are a new row, the newest stands."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    track = models.ForeignKey(ParallelTrack, on_delete=models.PROTECT, related_name="plans")
    plan_a = models.TextField(_("plan A: familien sammen"))
    plan_b = models.TextField(_("plan B: hvis barnet ikke kan bo hos forældrene"))
    turning_point = models.TextField(_("hvad der afgør, hvilken plan der holder"))
    #: None while the parents may not be involved (§ 18): both plans are written, and shown once they may.
    shown_on = models.DateField(_("vist til forældrene"), null=True, blank=True)
    parents_said = models.TextField(_("hvad forældrene sagde"), blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("skrevet"))

    class Meta:
        verbose_name = _("plan A og plan B")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(plan_a="") & ~Q(plan_b="") & ~Q(turning_point=""),
                name="parallel_plan_has_both_plans",
            ),
            models.CheckConstraint(
                condition=Q(written_at__date__gte=F("shown_on")), name="parallel_plan_shown_before_written"
            ),
        ]

    def __str__(self) -> str:
        return f"plans of track {self.track_id}"
