"""What was answered on an instrument, what it scored, and what somebody did about a score that asked for it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person
from placement.progression.codes import REASONS_TO_GIVE, MissingReason, Respondent
from placement.progression.models import Measurement

# The framework knows what parents answer themselves from here.
from workflows.measuring.own_answers.models import SelfReport as SelfReport

#: Which reasons say that nothing more is to be expected; the others wait for another day.
FINAL = frozenset({MissingReason.DECLINED, MissingReason.NOT_RELEVANT})


class Administration(MunicipalityModel):
    """One time that one instrument was used about one person: answered, or not and why. Corrected by a new one."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="administrations", verbose_name=_("familie")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("om"))
    instrument = models.SlugField(_("redskab"), max_length=40)
    instrument_version = models.CharField(_("redskabets version"), max_length=20)
    #: Of the file that it was scored by.
    definition_digest = models.CharField(max_length=64)
    answered_on = models.DateField(_("besvaret"))
    respondent = models.CharField(_("svaret af"), max_length=10, choices=Respondent.choices)
    interpreter = models.BooleanField(_("med tolk"), default=False)
    language = models.CharField(_("sprog"), max_length=40, blank=True)
    #: The child's age that counted (whole months, corrected where the instrument asks for it); None before birth.
    age_months = models.SmallIntegerField(_("barnets alder i måneder"), null=True, blank=True)
    #: Why there are no answers at all.
    missing_reason = models.CharField(
        _("hvorfor der ikke er svar"), max_length=16, choices=REASONS_TO_GIVE, blank=True
    )
    #: Codes of answers that somebody must see the same day.
    alerts = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    #: The days between which the same is measured again, when a score asks for it.
    repeat_from = models.DateField(_("gentages tidligst"), null=True, blank=True)
    repeat_by = models.DateField(_("gentages senest"), null=True, blank=True)
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
    reason = models.TextField(_("hvorfor den er rettet"), blank=True)

    class Meta:
        verbose_name = _("besvarelse")
        verbose_name_plural = _("besvarelser")
        ordering = ["-answered_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="") | (Q(replaces__isnull=False) & ~Q(reason="")),
                name="administration_corrected_with_reason",
            ),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                condition=Q(replaces__isnull=False),
                name="administration_replaced_once",
            ),
            models.CheckConstraint(
                condition=Q(repeat_from__isnull=True, repeat_by__isnull=True)
                | Q(repeat_from__gt=F("answered_on"), repeat_by__gte=F("repeat_from")),
                name="administration_repeated_later",
            ),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(answered_on__lte=F("recorded_at__date")),
                name="administration_not_in_future",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "family", "instrument", "-answered_on"],
                name="administration_by_family",
            )
        ]

    def __str__(self) -> str:
        return f"administration {self.pk}"


class Answer(MunicipalityModel):
    """The answer to one item, as it was given: a number, "not relevant", or the reason why there is none."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="answers")
    item = models.PositiveSmallIntegerField(_("spørgsmål"))
    value = models.SmallIntegerField(_("svar"), null=True, blank=True)
    not_relevant = models.BooleanField(_("ikke relevant"), default=False)
    missing_reason = models.CharField(
        _("hvorfor svaret mangler"), max_length=16, choices=REASONS_TO_GIVE, blank=True
    )

    class Meta:
        verbose_name = _("svar på et spørgsmål")
        ordering = ["item"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "administration", "item"], name="answer_once_per_item"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, not_relevant=False, missing_reason="")
                | Q(value__isnull=True, not_relevant=True, missing_reason="")
                | (Q(value__isnull=True, not_relevant=False) & ~Q(missing_reason="")),
                name="answer_or_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.item} of administration {self.administration_id}"


class ScaleScore(MunicipalityModel):
    """One scale's score, reckoned once; the measurement beside it is what charts and datasets read."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="scores")
    scale = models.SlugField(_("skala"), max_length=40)
    value = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    scoring_version = models.CharField(_("regnet efter"), max_length=10)
    #: Codes of the cut-offs that ask somebody to look.
    crossed = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    measurement = models.OneToOneField(Measurement, on_delete=models.PROTECT, related_name="scale_score")

    class Meta:
        verbose_name = _("score på en skala")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "administration", "scale"], name="scale_scored_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale} of administration {self.administration_id}"


class Urgency(models.TextChoices):
    """How soon somebody must look at a score."""

    TODAY = "today", _("Samme dag")
    SOON = "soon", _("Inden for få dage")


class ActionTaken(models.TextChoices):
    """What somebody did about a score."""

    TALKED = "talked", _("Talt med familien")
    HELP = "help", _("Støtten er ændret")
    REFERRED = "referred", _("Henvist til anden hjælp")
    KNOWN = "known", _("Der er allerede hjælp i gang")
    NOTHING = "nothing", _("Der skal ikke gøres noget")


class ScoreAction(MunicipalityModel):
    """Somebody is asked to look at a score or an answer, and says what was done. It decides nothing by itself."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="score_actions")
    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="actions")
    urgency = models.CharField(_("hvor hurtigt"), max_length=8, choices=Urgency.choices)
    #: The titles of what was crossed, as the instrument's file had them that day.
    asked = models.TextField(_("hvad der bedes om"))
    asked_at = models.DateTimeField(_("oprettet"), default=clock.now)
    taken = models.CharField(_("hvad der er gjort"), max_length=10, choices=ActionTaken.choices, blank=True)
    text = models.TextField(_("hvordan"), blank=True)
    done_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(_("gjort"), null=True, blank=True)

    class Meta:
        verbose_name = _("handling på en score")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "administration", "urgency"], name="score_action_once"
            ),
            models.CheckConstraint(
                condition=Q(taken="", text="", done_by__isnull=True, done_at__isnull=True)
                | (Q(done_by__isnull=False, done_at__isnull=False) & ~Q(taken="") & ~Q(text="")),
                name="score_action_done_says_what",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="score_action_by_family")]

    def __str__(self) -> str:
        return f"action {self.pk}"
