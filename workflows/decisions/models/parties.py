"""Who stands in the case beside the parties, what the parties were heard about, and a view obtained another way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import ChildView, Family, Person
from workflows.decisions.codes import CaseRole, Channel


class CasePerson(MunicipalityModel):
    """A party's supporter or representative, from a day to a day, and in what.

    Barnets lov § 6: a supporter is old enough and has declared to keep quiet (a trigger reckons the age).
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="case_persons")
    party = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="case_persons", verbose_name=_("for")
    )
    role = models.CharField(_("rolle"), max_length=14, choices=CaseRole.choices)
    name = models.CharField(_("navn"), max_length=120)
    born_on = models.DateField(_("fødselsdato"), null=True, blank=True)
    scope = models.TextField(_("omfang"))
    starts = models.DateField(_("fra"))
    ends = models.DateField(_("til og med"), null=True, blank=True)
    confidentiality_on = models.DateField(_("tavshedspligt erklæret"), null=True, blank=True)
    #: The age that was asked for when it was written, in years; 0 for a representative.
    from_years = models.PositiveSmallIntegerField(default=0)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bisidder eller partsrepræsentant")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(scope=""), name="case_person_name_and_scope"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="case_person_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(role="representative")
                | Q(
                    born_on__isnull=False,
                    confidentiality_on__isnull=False,
                    confidentiality_on__lte=F("starts"),
                    from_years__gte=1,
                ),
                name="case_person_supporter_keeps_quiet",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ViewWaiver(MunicipalityModel):
    """In a quite special case a child was not asked; the view was obtained another way (barnets lov § 5, stk. 4)."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="view_waivers")
    view = models.ForeignKey(ChildView, on_delete=models.PROTECT, related_name="waivers")
    reason = models.TextField(_("hvorfor barnet ikke er spurgt"))
    waived_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("perspektiv indhentet på anden vis")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="view_waiver_has_reason"),
            models.UniqueConstraint(fields=["municipality", "view"], name="view_waived_once"),
        ]

    def __str__(self) -> str:
        return f"waiver {self.pk}"


class Hearing(MunicipalityModel):
    """One party heard on facts they do not know (forvaltningsloven § 19), or why that was not needed."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="hearings")
    party = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="hearings", verbose_name=_("part")
    )
    needed = models.BooleanField(_("partshøring nødvendig"))
    reason = models.TextField(_("hvorfor ikke nødvendig"), blank=True)
    facts = models.TextField(_("oplysninger, parten høres om"), blank=True)
    how = models.CharField(_("hvordan"), max_length=5, choices=Channel.choices, blank=True)
    sent_on = models.DateField(_("sendt"), null=True, blank=True)
    deadline_on = models.DateField(_("svarfrist"), null=True, blank=True)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answered_on = models.DateField(_("svar modtaget"), null=True, blank=True)
    answer = models.TextField(_("partens svar"), blank=True)
    #: Closed without an answer: the party was silent until the deadline had passed.
    closed_at = models.DateTimeField(_("afsluttet"), null=True, blank=True)
    closed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("partshøring")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ~Q(facts=""),
                    ~Q(how=""),
                    needed=True,
                    reason="",
                    sent_on__isnull=False,
                    deadline_on__isnull=False,
                    deadline_on__gte=F("sent_on"),
                )
                | Q(
                    ~Q(reason=""),
                    needed=False,
                    facts="",
                    sent_on__isnull=True,
                    deadline_on__isnull=True,
                    answered_on__isnull=True,
                    closed_at__isnull=False,
                ),
                name="hearing_asks_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="")
                | Q(
                    ~Q(answer=""),
                    answered_on__isnull=False,
                    answered_on__gte=F("sent_on"),
                    closed_at__isnull=False,
                ),
                name="hearing_answer_after_asking",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="hearing_closed_by_somebody",
            ),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(needed=False)
                | Q(closed_at__isnull=True)
                | Q(answered_on__isnull=False)
                | Q(closed_at__date__gt=F("deadline_on")),
                name="hearing_silence_after_deadline",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="hearing_by_family")]

    def __str__(self) -> str:
        return f"hearing {self.pk}"
