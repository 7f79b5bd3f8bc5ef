"""A party's request to see the case file: asked for, answered by staff, with the day by which that is due."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person
from workflows.decisions.codes import Channel, Insight
from workflows.decisions.models.parties import CasePerson


class AccessRequest(MunicipalityModel):
    """A party's own access to the case (aktindsigt): a child who is a party asks as a parent does.

    What is given out is chosen by whoever answers; nothing of it is stored here. A trigger asks that it is a person of
    the family who has custody, or is a child of it and born.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="access_requests")
    party = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("part"))
    by = models.ForeignKey(
        CasePerson, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ved")
    )
    received_on = models.DateField(_("modtaget"))
    scope = models.TextField(_("hvad parten vil se"))
    #: The last day for the answer, as the model version of that day said.
    due_on = models.DateField(_("besvares senest"))
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    outcome = models.CharField(_("svar"), max_length=7, choices=Insight.choices, blank=True)
    legal_basis = models.CharField(_("hjemmel for det, der er undtaget"), max_length=120, blank=True)
    reason = models.TextField(_("begrundelse"), blank=True)
    how = models.CharField(_("hvordan"), max_length=5, choices=Channel.choices, blank=True)
    given_on = models.DateField(_("besvaret"), null=True, blank=True)
    answered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("anmodning om aktindsigt")
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(scope=""), name="access_request_says_what"),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(recorded_at__date__gte=F("received_on"), due_on__gt=F("received_on")),
                name="access_request_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome="",
                    how="",
                    given_on__isnull=True,
                    answered_by__isnull=True,
                    answered_at__isnull=True,
                )
                | Q(
                    ~Q(outcome=""),
                    ~Q(how=""),
                    given_on__isnull=False,
                    given_on__gte=F("received_on"),
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    answered_at__date__gte=F("given_on"),
                ),
                name="access_request_answered_after_asked",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "given"]) | Q(~Q(legal_basis=""), ~Q(reason="")),
                name="access_request_kept_back_says_why",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="access_request_by_family")]

    def __str__(self) -> str:
        return f"access request {self.pk}"
