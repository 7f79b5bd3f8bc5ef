"""The letter on a decision to each party, and the words a municipality begins it with."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.access.policies import FourEyes
from placement.families.models import Decision, Family, Person
from workflows.decisions.codes import Channel, LetterKind


class LetterTemplate(MunicipalityModel):
    """One version of a municipality's words for a letter; the newest of a kind stands."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    kind = models.CharField(_("brev"), max_length=6, choices=LetterKind.choices)
    text = models.TextField(_("tekst"))
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("brevskabelon")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="letter_template_has_text")]

    def __str__(self) -> str:
        return f"template {self.pk}"


class DecisionLetter(MunicipalityModel):
    """One party's letter on one decision: written by one, approved by another, then sent, then received.

    Triggers see to it that its decision is approved, and that its words stand once they are approved.
    """

    four_eyes = FourEyes(asked="written_by", decided="approved_by", at="approved_at")

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="decision_letters")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    party = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("til"))
    text = models.TextField(_("brevet"))
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("godkendt"), null=True, blank=True)
    how = models.CharField(_("hvordan"), max_length=5, choices=Channel.choices, blank=True)
    sent_on = models.DateField(_("sendt"), null=True, blank=True)
    sent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField(_("modtaget"), null=True, blank=True)
    #: The last day of complaining: reckoned when it is known when the party had the letter.
    complaint_until = models.DateField(_("klagefrist"), null=True, blank=True)

    class Meta:
        verbose_name = _("afgørelsesbrev")
        ordering = ["decision_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "decision", "party"], name="letter_once_a_party"),
            models.CheckConstraint(condition=~Q(text=""), name="letter_has_text"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("written_by")),
                name="letter_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, sent_by__isnull=True, how="")
                | Q(
                    ~Q(how=""),
                    sent_on__isnull=False,
                    sent_by__isnull=False,
                    approved_at__isnull=False,
                    # The house's time zone is Denmark's.
                    approved_at__date__lte=F("sent_on"),
                ),
                name="letter_sent_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, complaint_until__isnull=True)
                | Q(
                    sent_on__isnull=False,
                    received_on__isnull=False,
                    received_on__gte=F("sent_on"),
                    complaint_until__isnull=False,
                    complaint_until__gt=F("received_on"),
                ),
                name="letter_received_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    def may_still_complain(self, day: date) -> bool:
        """Whether a complaint of ``day`` is in time; while nobody knows when the letter came, it is."""
        return self.complaint_until is None or day <= self.complaint_until
