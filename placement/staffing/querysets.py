"""Whom somebody acts for today: read inside the queries that scope, so that it is never older than they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import BigIntegerField, BooleanField, Exists, F, Func, OuterRef, QuerySet, Value

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


def any_of(name: str, ids: Any) -> Func:
    """``name`` is one of an array of ids that the database finds once, before it looks at any row."""
    return Func(F(name), ids, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def acted_for(actor: Actor, roles: Collection[Role]) -> Func:
    """The actor, and the colleagues they stand in for today in one of ``roles``, who hold that role today."""
    held = StaffMembership.objects.in_force(clock.today()).filter(
        staff=OuterRef("stands_in_for"), municipality=OuterRef("municipality"), role=OuterRef("role")
    )
    colleagues = _deputyships(actor, roles).filter(Exists(held)).values("stands_in_for_id")
    return _together(colleagues, [actor.staff_id])


def places_of(actor: Actor, role: Role, place: str) -> Func:
    """The units or sites (``place``: "unit_id" or "site_id") where the actor, or whom they stand in for, is ``role``."""
    own = actor.units_as(role) if place == "unit_id" else actor.sites_as(role)
    theirs = StaffMembership.objects.in_force(clock.today()).filter(
        municipality_id=municipality_of(actor),
        role=role.value,
        staff__in=_deputyships(actor, [role]).values("stands_in_for"),
    )
    return _together(theirs.filter(**{f"{place}__isnull": False}).values(place), own)


def _deputyships(actor: Actor, roles: Collection[Role]) -> DeputyshipQuerySet:
    from placement.staffing.models import Deputyship

    return Deputyship.objects.of_deputy(actor).filter(role__in=sorted(role.value for role in roles))


def _together(found: Any, known: Collection[int]) -> Func:
    ids = ArrayField(BigIntegerField())
    return Func(
        ArraySubquery(found.order_by()),
        Value(sorted(known), output_field=ids),
        function="array_cat",
        output_field=ids,
    )
