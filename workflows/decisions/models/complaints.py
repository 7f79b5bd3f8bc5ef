"""A party's complaint of a decision: the municipality looks again itself, then it goes to Ankestyrelsen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person
from workflows.decisions.codes import BoardOutcome, Reassessed
from workflows.decisions.models.letters import DecisionLetter
from workflows.decisions.models.parties import CasePerson


class Complaint(MunicipalityModel):
    """One complaint; its letter says of which decision and whose. A trigger asks that the letter was sent first."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="complaints")
    letter = models.ForeignKey(DecisionLetter, on_delete=models.PROTECT, related_name="complaints")
    party = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("klager"))
    by = models.ForeignKey(
        CasePerson, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ved")
    )
    received_on = models.DateField(_("modtaget"))
    text = models.TextField(_("hvad der klages over"))
    in_time = models.BooleanField(_("inden for fristen"))
    late_accepted = models.BooleanField(_("behandles, selv om den er for sen"), null=True, blank=True)
    late_reason = models.TextField(_("hvorfor eller hvorfor ikke"), blank=True)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    reassessed = models.CharField(_("genvurdering"), max_length=8, choices=Reassessed.choices, blank=True)
    reassessed_reason = models.TextField(_("begrundelse"), blank=True)
    reassessed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reassessed_at = models.DateTimeField(_("genvurderet"), null=True, blank=True)
    sent_on = models.DateField(_("sendt til Ankestyrelsen"), null=True, blank=True)
    sent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    board_outcome = models.CharField(
        _("Ankestyrelsens afgørelse"), max_length=9, choices=BoardOutcome.choices, blank=True
    )
    board_on = models.DateField(_("Ankestyrelsens afgørelse af"), null=True, blank=True)
    board_text = models.TextField(_("hvad den betyder for sagen"), blank=True)
    board_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("klage")
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="complaint_has_words"),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(recorded_at__date__gte=F("received_on")),
                name="complaint_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(in_time=True, late_accepted__isnull=True, late_reason="")
                | Q(~Q(late_reason=""), in_time=False, late_accepted__isnull=False),
                name="complaint_late_says_why",
            ),
            models.CheckConstraint(
                condition=Q(reassessed="", reassessed_at__isnull=True, reassessed_by__isnull=True)
                | Q(
                    ~Q(reassessed=""),
                    ~Q(reassessed_reason=""),
                    reassessed_at__isnull=False,
                    reassessed_by__isnull=False,
                ),
                name="complaint_reassessed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, sent_by__isnull=True)
                | Q(
                    Q(reassessed__in=["upheld", "partly"])
                    # Unknown is no: a comparison with nothing would let the row through.
                    | Q(late_accepted__isnull=False, late_accepted=False),
                    sent_on__isnull=False,
                    sent_on__gte=F("received_on"),
                    sent_by__isnull=False,
                ),
                name="complaint_sent_on_after_look",
            ),
            models.CheckConstraint(
                condition=Q(board_outcome="", board_on__isnull=True, board_by__isnull=True)
                | Q(
                    ~Q(board_outcome=""),
                    board_on__isnull=False,
                    sent_on__isnull=False,
                    board_on__gte=F("sent_on"),
                    board_by__isnull=False,
                ),
                name="complaint_board_after_sent_on",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="complaint_by_family")]

    def __str__(self) -> str:
        return f"complaint {self.pk}"
