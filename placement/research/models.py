"""The chosen families, what each person said to each activity, and what became of it. Never a file, never a link."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.access.no_video import MEDIA
from placement.families.models import Family, Person
from placement.research import codes
from placement.research.codes import ResearchActivity

#: The day on which the child on a video was as old as VIVE asks.
_TWO_MONTHS_OLD = Func(
    F("child_born_on"),
    template=f"(%(expressions)s + interval '{codes.VIDEO_FROM_MONTHS} months')::date",
    output_field=models.DateField(),
)


class SelectedFamily(MunicipalityModel):
    """A family that VIVE follows more closely: one of a municipality's four places, and of a window's two.

    A family that leaves gives its place free; what was said and done stays with it.
    """

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="selections", verbose_name=_("familie")
    )
    #: A code of the model version of that day.
    window = models.CharField(_("vindue"), max_length=40)
    place = models.PositiveSmallIntegerField(_("plads i kommunen"))
    turn = models.PositiveSmallIntegerField(_("plads i vinduet"))
    #: When the intervention began, as it stood when the family was chosen.
    started_on = models.DateField(_("start i indsatsen"))
    why = models.CharField(_("hvorfor netop denne familie"), max_length=300, blank=True)
    selected_on = models.DateField(_("valgt"))
    selected_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("valgt af")
    )
    selected_at = models.DateTimeField(_("skrevet"), default=clock.now)
    ended_on = models.DateField(_("ikke med mere fra"), null=True, blank=True)
    end_reason = models.CharField(
        _("hvorfor ikke mere"), max_length=10, choices=codes.EndOfSelection.choices, blank=True
    )
    ended_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skrevet af")
    )

    class Meta:
        verbose_name = _("udvalgt familie")
        verbose_name_plural = _("udvalgte familier")
        ordering = ["-selected_on", "-id"]
        constraints = [
            # Three municipalities with four places each are the twelve, and no thirteenth.
            models.CheckConstraint(
                condition=Q(municipality__in=codes.MUNICIPALITIES),
                name="selected_in_the_three_municipalities",
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=codes.PLACES), name="selected_one_of_four_places"
            ),
            models.CheckConstraint(
                condition=Q(turn__gte=1, turn__lte=codes.TURNS), name="selected_one_of_two_in_the_window"
            ),
            models.UniqueConstraint(
                fields=["municipality", "place"],
                condition=Q(ended_on__isnull=True),
                name="selected_place_taken_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "window", "turn"],
                condition=Q(ended_on__isnull=True),
                name="selected_turn_taken_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "family"],
                condition=Q(ended_on__isnull=True),
                name="selected_family_once",
            ),
            models.CheckConstraint(
                condition=Q(selected_on__lte=F("selected_at__date"), selected_on__gte=F("started_on")),
                name="selected_after_start_and_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="", ended_by__isnull=True)
                | (Q(ended_on__gte=F("selected_on"), ended_by__isnull=False) & ~Q(end_reason="")),
                name="selected_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"selected family {self.pk}"


class ResearchConsent(MunicipalityModel):
    """What one person said to one activity, and when they took it back if they did. Nothing to do with § 32.

    The newest row of a person and an activity stands. No help depends on it, and no gate reads it.
    """

    selection = models.ForeignKey(
        SelectedFamily, on_delete=models.PROTECT, related_name="consents", verbose_name=_("udvalgt familie")
    )
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", verbose_name=_("familie"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    activity = models.CharField(_("aktivitet"), max_length=24, choices=ResearchActivity.choices)
    answer = models.CharField(_("svar"), max_length=3, choices=codes.ResearchAnswer.choices)
    answered_on = models.DateField(_("dato"))
    how = models.CharField(_("hvordan"), max_length=8, choices=codes.How.choices)
    informed_about = models.TextField(_("hvad der er oplyst om"))
    withdrawn_on = models.DateField(_("trukket tilbage"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)
    withdrawal_recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skrevet af")
    )

    class Meta:
        verbose_name = _("samtykke til en forskningsaktivitet")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "selection", "person", "activity"],
                condition=Q(answer="yes", withdrawn_on__isnull=True),
                name="research_consent_open_once",
            ),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(answered_on__lte=F("recorded_at__date")),
                name="research_consent_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawal_recorded_by__isnull=True)
                | Q(answer="yes", withdrawn_on__gte=F("answered_on"), withdrawal_recorded_by__isnull=False),
                name="research_consent_withdrawn_after_given",
            ),
            models.CheckConstraint(condition=~Q(informed_about=""), name="research_consent_is_informed"),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="research_consent_by_family")]

    def __str__(self) -> str:
        return f"research consent {self.pk}"


class ResearchOutcome(MunicipalityModel):
    """What became of one activity of a chosen family: the status alone, with a day. Corrected by a new one."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    selection = models.ForeignKey(
        SelectedFamily, on_delete=models.PROTECT, related_name="outcomes", verbose_name=_("udvalgt familie")
    )
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", verbose_name=_("familie"))
    activity = models.CharField(_("aktivitet"), max_length=24, choices=ResearchActivity.choices)
    status = models.CharField(_("status"), max_length=12, choices=codes.ResearchStatus.choices)
    happened_on = models.DateField(_("dato"))
    #: A number or word by which VIVE finds it again; never a file or an address.
    reference = models.CharField(_("henvisning"), max_length=80, blank=True)
    reason = models.CharField(_("hvorfor"), max_length=300, blank=True)
    #: The child on a video, and its birthday as it was known then.
    child = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("barn")
    )
    child_born_on = models.DateField(_("barnets fødselsdato"), null=True, blank=True)
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

    class Meta:
        verbose_name = _("status for en forskningsaktivitet")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "selection", "activity"],
                condition=Q(replaces__isnull=True),
                name="research_outcome_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                condition=Q(replaces__isnull=False),
                name="research_outcome_replaced_once",
            ),
            models.CheckConstraint(
                condition=Q(happened_on__lte=F("recorded_at__date")), name="research_outcome_not_in_future"
            ),
            models.CheckConstraint(
                condition=Q(status="done") | ~Q(reason=""), name="research_outcome_undone_says_why"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="research_outcome_corrected_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(status="done", activity__in=codes.VIDEOS)
                | (
                    Q(child__isnull=False, child_born_on__isnull=False)
                    & Q(GreaterThanOrEqual(F("happened_on"), _TWO_MONTHS_OLD))
                ),
                name="research_video_from_two_months",
            ),
            models.CheckConstraint(
                condition=~Q(reference__iregex=MEDIA) & ~Q(reason__iregex=MEDIA),
                name="research_outcome_without_video",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="research_outcome_by_family")]

    def __str__(self) -> str:
        return f"research outcome {self.pk}"
