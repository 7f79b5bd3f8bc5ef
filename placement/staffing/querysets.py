"""Deputyships and records of training: those in force, and those that somebody may see."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import QuerySet

from placement import clock
from placement.access.actor import Actor
from placement.access.models import Staff, StaffMembership
from placement.access.roles import Role

if TYPE_CHECKING:
    from typing import Self

    from placement.staffing.models import Deputyship, TrainingRecord  # noqa: F401


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    """Deputyships of the context's municipality."""

    def in_force(self, day: date) -> Self:
        """Those that give something on ``day``: both ends included, not withdrawn."""
        return self.filter(withdrawn_at__isnull=True, starts__lte=day, ends__gte=day)

    def of_deputy(self, actor: Actor) -> Self:
        """Those by which the actor acts for somebody today."""
        return self.in_force(clock.today()).filter(
            municipality_id=municipality_of(actor), deputy_id=actor.staff_id
        )


class TrainingQuerySet(models.QuerySet["TrainingRecord"]):
    """Records of training and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those of the staff one leads (see `led_by`)."""
        return self.filter(municipality_id=municipality_of(actor), staff__in=led_by(actor).values("pk"))


def municipality_of(actor: Actor) -> int:
    """The municipality the actor acts for; 0, which none has, for people who belong to none."""
    return actor.municipality_id or 0


def led_by(actor: Actor) -> QuerySet[Staff]:
    """The actor, and who works today at the sites or in the units that they lead; by name."""
    memberships = StaffMembership.objects.in_force(clock.today()).filter(
        municipality_id=municipality_of(actor), staff__is_active=True
    )
    led = memberships.filter(site__in=actor.sites_as(Role.TEAM_LEAD)) | memberships.filter(
        unit__in=actor.units_as(Role.AUTHORITY_LEAD)
    )
    everybody = Staff.objects.filter(pk__in=led.values("staff")) | Staff.objects.filter(pk=actor.staff_id)
    return everybody.order_by("first_name", "last_name", "id")
