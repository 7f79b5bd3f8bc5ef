"""A map of who is there for the family on one day, in rings and sectors.

People in the network are third parties: a first name or a relation, never more, and none of it is exported.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family
from placement.network.models.members import NetworkMember


class Moment(models.TextChoices):
    """When in the journey a map is drawn; start and exit are compared."""

    START = "start", _("Ved start")
    AGAIN = "again", _("Undervejs")
    EXIT = "exit", _("Ved udslusning")


class Sector(models.TextChoices):
    """The four quarters of a network map."""

    FAMILY = "family", _("Familie")
    FRIENDS = "friends", _("Venner")
    PROFESSIONALS = "professionals", _("Fagpersoner")
    WORK_NEIGHBOURHOOD = "work_neighbourhood", _("Arbejde, skole og nabolag")


class Closeness(models.IntegerChoices):
    """The ring on the map; 1 is nearest."""

    NEAR = 1, _("1 – tæt på")
    MIDDLE = 2, _("2 – i midten")
    FAR = 3, _("3 – længere væk")


class Direction(models.TextChoices):
    """Which way support goes, seen from the family."""

    GIVES = "gives", _("Giver støtte")
    TAKES = "takes", _("Får støtte")
    MUTUAL = "mutual", _("Begge veje")


class NetworkMap(MunicipalityModel):
    """One drawing of the network on one day."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="network_maps", verbose_name=_("familie")
    )
    drawn_on = models.DateField(_("tegnet"))
    moment = models.CharField(_("hvornår i forløbet"), max_length=8, choices=Moment.choices)
    drawn_with_parents = models.BooleanField(_("tegnet sammen med forældrene"))
    remark = models.TextField(_("bemærkning"), blank=True)
    drawn_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("tegnet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("netværkskort")
        verbose_name_plural = _("netværkskort")
        ordering = ["-drawn_on", "-id"]
        indexes = [models.Index(fields=["municipality", "family", "-drawn_on"], name="network_map_by_family")]

    def __str__(self) -> str:
        return f"network map {self.pk}"


class NetworkPerson(MunicipalityModel):
    """One person on a map: as little as the map needs."""

    # Updated only to say who somebody is, on a map that was drawn before the network had records of its people.
    privileges: ClassVar[str] = "SELECT, INSERT, UPDATE"

    map = models.ForeignKey(
        NetworkMap, on_delete=models.PROTECT, related_name="people", verbose_name=_("netværkskort")
    )
    #: The same person on every map. Two maps are compared by it, never by names.
    member = models.ForeignKey(
        NetworkMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        verbose_name=_("samme person"),
    )
    label = models.CharField(_("fornavn eller relation"), max_length=60)
    sector = models.CharField(_("område"), max_length=20, choices=Sector.choices)
    closeness = models.PositiveSmallIntegerField(_("nærhed"), choices=Closeness.choices)
    direction = models.CharField(_("støtte"), max_length=8, choices=Direction.choices)
    strained = models.BooleanField(_("anspændt forhold"), default=False)

    class Meta:
        verbose_name = _("person i netværket")
        verbose_name_plural = _("personer i netværket")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(label=""), name="network_person_has_label"),
            models.CheckConstraint(
                condition=Q(closeness__gte=1, closeness__lte=3), name="network_person_in_three_rings"
            ),
            models.UniqueConstraint(
                fields=["municipality", "map", "member"],
                condition=Q(member__isnull=False),
                name="network_person_once_on_a_map",
            ),
        ]

    def __str__(self) -> str:
        return f"network person {self.pk}"
