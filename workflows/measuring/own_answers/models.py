"""What a parent is asked to answer themselves: one instrument, behind one code, for a short time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person

#: No code is good for longer, whatever is asked for; the database says so too.
LONGEST = timedelta(days=7)


class SelfReport(MunicipalityModel):
    """One parent asked for one answer on one instrument. Only a keyed digest of the code is stored.

    Times are real ones, also in a demonstration whose clock was moved: they guard a secret. The day of the answer is
    the house's.
    """

    #: A digest would tell nothing and answers are not to lie in two places: they stand in the administration.
    hidden_columns: ClassVar[tuple[str, ...]] = ("digest", "draft", "answers")
    doors: ClassVar[Path | None] = Path(__file__).with_name("doors.sql")

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="self_reports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    instrument = models.SlugField(_("redskab"), max_length=40)
    instrument_version = models.CharField(_("redskabets version"), max_length=20)
    digest = models.CharField(max_length=64)
    invited_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("bedt om af")
    )
    #: The roles they asked with; what is sent is written down with these, also when they have left since.
    invited_as = ArrayField(models.CharField(max_length=20))
    invited_at = models.DateTimeField(_("bedt om"))
    expires_at = models.DateTimeField(_("koden gælder til"))
    #: Whom the parent may turn to, in the words of whoever asked: shown when the answer has been sent, whatever it says.
    turn_to = models.CharField(_("hvem forælderen kan henvende sig til"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(_("taget tilbage"), null=True, blank=True)
    #: What was chosen so far, by item; emptied when the answer is sent, taken back, or too late.
    draft = models.JSONField(default=dict, blank=True)
    #: What was sent, until it has been written down as an administration.
    answers = models.JSONField(null=True, blank=True)
    given_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    answered_on = models.DateField(_("besvaret"), null=True, blank=True)
    administration = models.OneToOneField(
        "flow_measuring.Administration",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="self_report",
    )
    #: Why what was sent could not be written down; somebody must then do it by hand.
    refused = models.TextField(_("hvorfor svaret ikke er skrevet ind"), blank=True)

    class Meta:
        verbose_name = _("forælderens eget svar")
        verbose_name_plural = _("forældrenes egne svar")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "digest"], name="self_report_code_once"),
            models.UniqueConstraint(
                fields=["municipality", "person", "instrument"],
                condition=Q(given_at__isnull=True, withdrawn_at__isnull=True),
                name="self_report_one_open",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at"), expires_at__lte=F("invited_at") + LONGEST),
                name="self_report_expires",
            ),
            models.CheckConstraint(
                condition=Q(
                    given_at__isnull=True,
                    answered_on__isnull=True,
                    answers__isnull=True,
                    administration__isnull=True,
                    refused="",
                )
                | Q(given_at__isnull=False, answered_on__isnull=False, withdrawn_at__isnull=True, draft={}),
                name="self_report_given_once",
            ),
            # What was sent is kept until it stands elsewhere, and not after.
            models.CheckConstraint(
                condition=Q(given_at__isnull=True)
                | Q(administration__isnull=True, answers__isnull=False)
                | Q(administration__isnull=False, answers__isnull=True, refused=""),
                name="self_report_never_lost",
            ),
        ]
        indexes = [
            models.Index(fields=["digest"], name="self_report_by_code"),
            models.Index(fields=["municipality", "family", "-id"], name="self_report_by_family"),
        ]

    def __str__(self) -> str:
        return f"self-report {self.pk}"
