"""How an exit ended, told as it was: both outcomes are results, and neither is a failure."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person


class Initiator(models.TextChoices):
    """Whose wish the ending was."""

    PLANNED_TOGETHER = "together", _("Aftalt mellem familie, sted og myndighed")
    PARENTS = "parents", _("Forældrene")
    AUTHORITY = "authority", _("Myndigheden")
    SITE = "site", _("Stedet")
    OTHER = "other", _("En anden")


class Lives(models.TextChoices):
    """Where the child lives after the exit."""

    BOTH_PARENTS = "both_parents", _("Hos begge forældre sammen")
    ONE_PARENT = "one_parent", _("Hos den ene forælder")
    NETWORK = "network", _("Hos familie eller netværk")
    FOSTER = "foster", _("I plejefamilie")
    RESIDENTIAL = "residential", _("På institution eller opholdssted")
    OTHER_OFFER = "other_offer", _("I et andet tilbud sammen med en forælder")
    OTHER = "other", _("Et andet sted")


class ParentLives(models.TextChoices):
    """Where a parent lives after the exit."""

    OWN_HOME = "own_home", _("I eget hjem")
    RELATIVES = "relatives", _("Hos familie eller venner")
    OFFER = "offer", _("I botilbud eller behandling")
    NO_HOME = "no_home", _("Uden fast bolig")
    OTHER = "other", _("Et andet sted")
    UNKNOWN = "unknown", _("Det ved vi ikke")


class ExitRecord(MunicipalityModel):
    """What became of the family at the end: planned or not, on whose wish, where the child lives, with which support.

    The outcome itself and the family's own view stand on the family.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="exit_records")
    planned = models.BooleanField(_("afslutningen var planlagt"))
    initiator = models.CharField(_("på hvis initiativ"), max_length=10, choices=Initiator.choices)
    child_lives = models.CharField(_("hvor barnet bor"), max_length=14, choices=Lives.choices)
    support_at_exit = models.TextField(_("støtte ved afslutningen"), blank=True)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["municipality", "family"], name="exit_record_by_family")]

    def __str__(self) -> str:
        return f"exit record {self.pk}"


class ExitHome(MunicipalityModel):
    """Where one parent lives after the exit."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    record = models.ForeignKey(ExitRecord, on_delete=models.PROTECT, related_name="homes")
    parent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lives = models.CharField(_("bor"), max_length=10, choices=ParentLives.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "record", "parent"], name="exit_home_once_per_parent"
            )
        ]

    def __str__(self) -> str:
        return f"home {self.pk}"
