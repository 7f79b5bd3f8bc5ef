"""Agreements by which data leave, who may work with what leaves, and the count that the gate of T2 is asked with."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.models.base import EvaluationModel
from evaluation.models.words import Controller, FollowUp, LegalBasis
from evaluation.querysets import AgreementQuerySet
from placement import clock
from placement.access.models import Staff


class Agreement(EvaluationModel):
    """An agreement by which data leave: what for, by what right, until when, and what it covers. Not changed later.

    The municipalities see it whole in every report they decide on. `key_id` names the key its pseudonyms are made with.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    number = models.CharField(_("nummer"), max_length=60)
    title = models.CharField(_("titel"), max_length=200)
    purpose = models.TextField(_("formål"))
    legal_basis = models.CharField(_("grundlag"), max_length=10, choices=LegalBasis.choices)
    role = models.CharField(_("VIVEs rolle"), max_length=10, choices=Controller.choices)
    ends_on = models.DateField(_("udløber"))
    datasets = ArrayField(models.CharField(max_length=30), verbose_name=_("datasæt"))
    #: "dataset.variable" of those it covers; empty: all of its datasets' variables.
    variables = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    #: How far its extracts tell of each family.
    follow_up = models.CharField(
        _("hvor langt familierne følges"), max_length=9, choices=FollowUp.choices, default=FollowUp.DAY
    )
    key_id = models.CharField(max_length=60)
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("aftale")
        verbose_name_plural = _("aftaler")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="agreement_number_once"),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(title="") & ~Q(purpose="") & ~Q(key_id=""),
                name="agreement_says_what",
            ),
            models.CheckConstraint(condition=Q(datasets__len__gte=1), name="agreement_covers_something"),
            models.CheckConstraint(
                condition=Q(follow_up__in=FollowUp.values), name="agreement_follow_up_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_over(self, now: datetime) -> bool:
        """Whether its last day has passed in Denmark at ``now``."""
        return self.ends_on < clock.danish_day(now)

    @property
    def over_words(self) -> str:
        """Why nothing leaves by it any more."""
        return gettext("Aftalen %(number)s udløb den %(day)s. Der udleveres ikke mere efter den.") % {
            "number": self.number,
            "day": f"{self.ends_on:%d.%m.%Y}",
        }


class AgreementPerson(EvaluationModel):
    """Somebody who may work with what leaves by an agreement."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="people")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("navngiven person")
        constraints = [models.UniqueConstraint(fields=["agreement", "staff"], name="agreement_person_once")]

    def __str__(self) -> str:
        return str(self.staff)


class Population(EvaluationModel):
    """How many families there were to count, when the worker last counted: what the gate of T2 is asked with."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    families = models.PositiveIntegerField(_("familier"))
    municipalities = models.PositiveIntegerField(_("kommuner"))
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("optælling")

    def __str__(self) -> str:
        return f"{self.families} families in {self.municipalities} municipalities"
