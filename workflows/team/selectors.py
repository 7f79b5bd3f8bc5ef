"""Who is on a family's team, and who could be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from placement.access.models import Staff, StaffMembership
from placement.access.roles import Role
from placement.families.models import Family, FamilyGrant, GrantFunction

#: Roles whose work is with families; the others are never on a team.
TEAM_ROLES = (
    Role.CASEWORKER,
    Role.AUTHORITY_LEAD,
    Role.PRACTITIONER,
    Role.TEAM_LEAD,
    Role.HEALTH_VISITOR,
)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be appointed; ``profession`` is '' when their membership names none."""

    staff: Staff
    profession: str


def team_members(family: Family, day: date) -> list[FamilyGrant]:
    """The team from ``day`` on: appointed, not about to leave, and still at work in the municipality."""
    at_work = StaffMembership.objects.in_force(day).filter(municipality_id=family.municipality_id)
    appointed = FamilyGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=day),
        content_object=family,
        function=GrantFunction.TEAM,
        starts__lte=day,
        user__in=at_work.values("staff"),
    )
    return list(appointed.select_related("user").order_by("id"))


def candidates(family: Family, day: date) -> list[Candidate]:
    """Staff of the family's site and of the municipality's authority who work with families, by name."""
    memberships = (
        StaffMembership.objects.in_force(day)
        .filter(
            Q(site_id=family.site_id) | Q(site__isnull=True),
            municipality_id=family.municipality_id,
            role__in=[role.value for role in TEAM_ROLES],
            staff__is_active=True,
        )
        .select_related("staff")
        .order_by("staff__first_name", "staff__last_name", "staff__username", "id")
    )
    found: dict[int, Candidate] = {}
    for membership in memberships:
        known = found.get(membership.staff_id)
        if known is None or not known.profession:
            found[membership.staff_id] = Candidate(membership.staff, membership.profession)
    return list(found.values())
