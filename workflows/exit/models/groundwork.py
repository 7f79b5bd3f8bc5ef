"""What an exit step rests on, written where it happens: each row is a record of its own, and none is rewritten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family
from workflows.exit.models.steps import ExitStep
from workflows.exit.querysets import GroundOfThisJourney


class Groundwork(MunicipalityModel):
    """Base of the records that gates read. Of a kind, the newest stands; what was before it is kept."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    objects = GroundOfThisJourney()
    every = models.Manager()

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class VisitKind(models.TextChoices):
    """What the family tried at home."""

    DAY = "day", _("Dag eller del af en dag")
    NIGHT = "night", _("Med overnatning")


class ExitVisit(Groundwork):
    """One visit home on a step of the ladder, as staff, parents and child had it."""

    step = models.ForeignKey(ExitStep, on_delete=models.PROTECT, related_name="visits")
    held_on = models.DateField(_("dato"))
    kind = models.CharField(_("besøg"), max_length=6, choices=VisitKind.choices)
    accompanied_by = models.CharField(_("ledsaget af"), max_length=120, blank=True)
    staff_view = models.TextField(_("teamets evaluering"))
    parents_view = models.TextField(_("forældrenes evaluering"), blank=True)
    child_signals = models.TextField(_("barnets signaler"))
    incident = models.BooleanField(_("hændelse"))
    incident_text = models.TextField(_("hvad der skete"), blank=True)

    class Meta(Groundwork.Meta):
        verbose_name = _("besøg hjemme")
        constraints = [
            models.CheckConstraint(
                condition=~Q(staff_view="") & ~Q(child_signals=""), name="exit_visit_tells_of_staff_and_child"
            ),
            models.CheckConstraint(
                condition=Q(incident=False, incident_text="") | Q(Q(incident=True), ~Q(incident_text="")),
                name="exit_visit_incident_is_told",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "step"], name="exit_visit_by_step")]


class SafetyPlan(Groundwork):
    """How the child is kept safe at home: dated, signed, in versions."""

    version = models.PositiveSmallIntegerField(_("version"))
    dated_on = models.DateField(_("dateret"))
    worries = models.TextField(_("det, vi er bekymrede for"))
    agreed = models.TextField(_("det, der er aftalt"))
    signed_by = models.CharField(_("underskrevet af"), max_length=200)
    night_contact = models.CharField(_("netværksperson på vagt"), max_length=80, blank=True)
    night_phone = models.CharField(_("telefon døgnet rundt"), max_length=30, blank=True)
    # The further parts of a plan as Signs of Safety has it; blank on plans from before they were asked for.
    safety_goal = models.TextField(_("sikkerhedsmålet"), blank=True)
    network_tasks = models.TextField(_("netværkets opgaver"), blank=True)
    professional_control = models.TextField(_("de professionelles kontrol"), blank=True)
    child_explanation = models.TextField(_("forklaringen til barnet"), blank=True)

    class Meta(Groundwork.Meta):
        verbose_name = _("sikkerhedsplan")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "family", "version"], name="safety_plan_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(worries="") & ~Q(agreed="") & ~Q(signed_by=""),
                name="safety_plan_is_signed_and_whole",
            ),
        ]


class SafetyPlanReview(Groundwork):
    """How the safety plan is lived with: whether its goal is met, what the child and the network say of it.

    Three of the four published criteria for closing a plan (Signs of Safety). The other, agreements kept over time, is
    read from the agreements.
    """

    held_on = models.DateField(_("holdt"))
    goal_met = models.BooleanField(_("sikkerhedsmålet er nået"))
    child_feels_safe = models.BooleanField(_("barnet er trygt"))
    child_signs = models.TextField(_("hvordan det kan mærkes på barnet"))
    network_finds_it_works = models.BooleanField(_("netværket oplever, at planen virker"))
    network_goes_on = models.BooleanField(_("netværket vil fortsætte"))
    network_words = models.TextField(_("hvad netværket siger"))

    class Meta(Groundwork.Meta):
        verbose_name = _("gennemgang af sikkerhedsplanen")
        constraints = [
            models.CheckConstraint(
                condition=~Q(child_signs="") & ~Q(network_words=""), name="safety_review_tells_of_both"
            ),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(held_on__lte=models.F("recorded_at__date")),
                name="safety_review_held_before_it_is_written",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="safety_review_by_family")]


class HomeCheck(Groundwork):
    """Somebody has been in the home and seen what a child needs there."""

    checked_on = models.DateField(_("set"))
    sleeping_place = models.BooleanField(_("sovested til barnet"))
    heating = models.BooleanField(_("varme"))
    food = models.BooleanField(_("mad og køkken"))
    remark = models.TextField(_("bemærkning"), blank=True)

    class Meta(Groundwork.Meta):
        verbose_name = _("boligtjek")
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="home_check_by_family")]


class SupportKind(models.TextChoices):
    """Who receives the family."""

    HOME_SUPPORT = "home_support", _("Støtte i hjemmet")
    FAMILY_HOUSE = "family_house", _("Familiehus eller Familiens Hus")
    HEALTH = "health", _("Sundhedspleje eller læge")
    NETWORK = "network", _("Familiens netværk")
    OTHER = "other", _("Andet")


class ReceivingSupport(Groundwork):
    """Who supports the family after the move: named, informed, and with a first appointment."""

    kind = models.CharField(_("hvilken støtte"), max_length=14, choices=SupportKind.choices)
    organisation = models.CharField(_("sted"), max_length=120)
    contact = models.CharField(_("kontaktperson"), max_length=120)
    informed_on = models.DateField(_("informeret"))
    first_appointment_on = models.DateField(_("første aftale"), null=True, blank=True)
    health_visitor_informed_on = models.DateField(_("sundhedsplejersken informeret"), null=True, blank=True)

    class Meta(Groundwork.Meta):
        verbose_name = _("modtagende støtte")
        constraints = [
            models.CheckConstraint(
                condition=~Q(organisation="") & ~Q(contact=""), name="receiving_support_is_named"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="support_by_family")]


class PlaceKept(Groundwork):
    """Until when the family's place in the house is kept, so that a trial can end without the family losing it."""

    kept_until = models.DateField(_("holdes til og med"))
    agreed_with = models.CharField(_("aftalt med"), max_length=120)

    class Meta(Groundwork.Meta):
        verbose_name = _("plads, der holdes")
        constraints = [
            models.CheckConstraint(condition=~Q(agreed_with=""), name="place_kept_is_agreed"),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(recorded_at__date__lte=models.F("kept_until")),
                name="place_kept_is_not_past",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="place_kept_by_family")]


class ChildPlanRevision(Groundwork):
    """The child's plan was revised, so that it holds after the move: what has changed, and whether the parents took part.

    The plan itself is the authority's document elsewhere; here stands that it was revised, and what to look for in it.
    """

    revised_on = models.DateField(_("revideret"))
    changes = models.TextField(_("det, der er ændret"))
    parents_took_part = models.BooleanField(_("forældrene var med"))

    class Meta(Groundwork.Meta):
        verbose_name = _("revision af barnets plan")
        constraints = [
            models.CheckConstraint(condition=~Q(changes=""), name="child_plan_revision_says_what_changed"),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(revised_on__lte=models.F("recorded_at__date")),
                name="child_plan_revised_before_it_is_written",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="child_plan_by_family")]


class HandoverMeeting(Groundwork):
    """The meeting at which those who receive the family take over from those who lived beside it."""

    held_on = models.DateField(_("holdt"))
    received_by = models.CharField(_("hvem tager imod"), max_length=200)
    parents_present = models.BooleanField(_("forældrene var med"))
    agreed = models.TextField(_("det, der er aftalt"))

    class Meta(Groundwork.Meta):
        verbose_name = _("overleveringsmøde")
        constraints = [
            models.CheckConstraint(
                condition=~Q(received_by="") & ~Q(agreed=""), name="handover_says_who_and_what"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-id"], name="handover_by_family")]
