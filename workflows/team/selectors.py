"""Who is on a family's team, and who could be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from placement.access.models import Staff, StaffMembership
from placement.access.roles import Role
from placement.families.models import Family, FamilyGrant, GrantFunction
from placement.staffing.selectors import deputies_of

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
    """The team from ``day`` on: appointed, not about to leave, and still at work in the municipality.

    A substitute counts to their last day: it was known from the start.
    """
    at_work = StaffMembership.objects.in_force(day).filter(municipality_id=family.municipality_id)
    appointed = FamilyGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=day) | Q(ends=day, stands_in_for__isnull=False),
        content_object=family,
        function=GrantFunction.TEAM,
        starts__lte=day,
        user__in=at_work.values("staff"),
    )
    return list(appointed.select_related("user", "stands_in_for").order_by("id"))


@dataclass(frozen=True)
class Seat:
    """Somebody who can have been at a meeting of the team, and as what; ``deputy_of`` names the member otherwise."""

    staff: Staff
    profession: str
    from_day: date
    deputy_of: Staff | None = None

    def __str__(self) -> str:
        if self.deputy_of is not None:
            words = _("%(name)s (stedfortræder for %(member)s, %(profession)s)")
            return words % {"name": self.staff, "member": self.deputy_of, "profession": self.profession}
        return f"{self.staff} ({self.profession})" if self.profession else str(self.staff)


def seats(family: Family, first: date, last: date) -> list[Seat]:
    """Who was on the team some day from ``first`` to ``last``, each once, then the deputies of those who are."""
    grants = (
        FamilyGrant.objects.filter(
            Q(ends__isnull=True) | Q(ends__gte=first),
            content_object=family,
            function=GrantFunction.TEAM,
            starts__lte=last,
        )
        .select_related("user")
        .order_by("id")
    )
    found: dict[int, Seat] = {}
    for grant in grants:
        known = found.get(grant.user_id)
        begun = min(known.from_day, grant.starts) if known else grant.starts
        found[grant.user_id] = Seat(grant.user, grant.profession, begun)
    members = Staff.objects.filter(pk__in=list(found))
    for standing in deputies_of(members, first, last):
        member = found[standing.stands_in_for_id]
        found.setdefault(
            standing.deputy_id,
            Seat(standing.deputy, member.profession, standing.starts, deputy_of=member.staff),
        )
    return list(found.values())


def team_on(family: Family, day: date) -> list[FamilyGrant]:
    """The team as it was on ``day``, first and last days of appointments included."""
    appointed = FamilyGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=day),
        content_object=family,
        function=GrantFunction.TEAM,
        starts__lte=day,
    )
    return list(appointed.select_related("user", "stands_in_for").order_by("id"))


def missing_now(family: Family, required: Iterable[str], day: date) -> tuple[str, ...]:
    """The required professions that nobody on the team has on ``day``, in the model's order."""
    held = {grant.profession for grant in team_members(family, day)}
    return tuple(profession for profession in required if profession not in held)


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


def professions_of(people: Iterable[Staff], municipality_id: int, day: date) -> dict[int, set[str]]:
    """The professions of each person's memberships on ``day``, by the person's key."""
    found: dict[int, set[str]] = {person.pk: set() for person in people}
    held = StaffMembership.objects.in_force(day).filter(
        municipality_id=municipality_id, staff__in=list(found)
    )
    for staff, profession in held.values_list("staff", "profession"):
        found[staff].add(profession)
    return found
