"""The family's generations as the parents tell them: who belongs to whom, where it broke, who lived away from home."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family


class Generation(models.IntegerChoices):
    """The row somebody stands in, the oldest on top."""

    GREAT_GRANDPARENTS = 1, _("Oldeforældre")
    GRANDPARENTS = 2, _("Bedsteforældre")
    PARENTS = 3, _("Forældre og deres søskende")
    CHILDREN = 4, _("Børn")


class OwnPlacement(models.TextChoices):
    """Whether somebody was placed away from home as a child. Nothing more about it."""

    UNKNOWN = "unknown", _("Ved ikke")
    YES = "yes", _("Ja")
    NO = "no", _("Nej")


class RelationKind(models.TextChoices):
    """How two people belong together."""

    COUPLE = "couple", _("Par")
    PARENT_CHILD = "parent_child", _("Forælder til")
    SIBLINGS = "siblings", _("Søskende")


class Genogram(MunicipalityModel):
    """One drawing of the generations on one day. Drawn again, the newest stands."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="genograms", verbose_name=_("familie")
    )
    drawn_on = models.DateField(_("tegnet"))
    remark = models.TextField(_("bemærkning"), blank=True)
    drawn_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("tegnet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("genogram")
        verbose_name_plural = _("genogrammer")
        ordering = ["-drawn_on", "-id"]
        indexes = [models.Index(fields=["municipality", "family", "-drawn_on"], name="genogram_by_family")]

    def __str__(self) -> str:
        return f"genogram {self.pk}"


class GenogramPerson(MunicipalityModel):
    """Somebody in a genogram: first name or relation, generation, and whether they were placed themselves."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    genogram = models.ForeignKey(
        Genogram, on_delete=models.PROTECT, related_name="people", verbose_name=_("genogram")
    )
    label = models.CharField(_("fornavn eller relation"), max_length=40)
    generation = models.PositiveSmallIntegerField(_("generation"), choices=Generation.choices)
    own_placement = models.CharField(
        _("selv anbragt som barn"), max_length=8, choices=OwnPlacement.choices, default=OwnPlacement.UNKNOWN
    )

    class Meta:
        verbose_name = _("person i genogrammet")
        ordering = ["generation", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(label=""), name="genogram_person_has_label"),
            models.UniqueConstraint(
                fields=["municipality", "genogram", "label"], name="genogram_person_label_once"
            ),
        ]

    def __str__(self) -> str:
        return f"genogram person {self.pk}"


class GenogramRelation(MunicipalityModel):
    """How two people of one genogram belong together; ``broken``: they have no contact."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    genogram = models.ForeignKey(
        Genogram, on_delete=models.PROTECT, related_name="relations", verbose_name=_("genogram")
    )
    one = models.ForeignKey(
        GenogramPerson, on_delete=models.PROTECT, related_name="+", verbose_name=_("den ene")
    )
    other = models.ForeignKey(
        GenogramPerson, on_delete=models.PROTECT, related_name="+", verbose_name=_("den anden")
    )
    kind = models.CharField(_("relation"), max_length=12, choices=RelationKind.choices)
    broken = models.BooleanField(_("brudt"), default=False)

    class Meta:
        verbose_name = _("relation i genogrammet")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(one=F("other")), name="genogram_relation_of_two"),
            models.UniqueConstraint(
                fields=["municipality", "genogram", "one", "other", "kind"], name="genogram_relation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"genogram relation {self.pk}"
