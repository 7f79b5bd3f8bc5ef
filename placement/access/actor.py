"""Who is acting: one person in one municipality, with the roles they hold there today.

Built once per request, per job or per test; services take it as ``actor`` and never look at a request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from placement import clock
from placement.access import context
from placement.access.models import Staff, StaffMembership
from placement.access.roles import ROLE_TITLES, Action, Role, actions_of


@dataclass(frozen=True)
class Actor:
    """A member of staff acting for one municipality (or nationally: ``municipality_id`` None)."""

    staff: Staff
    municipality_id: int | None
    municipality_name: str
    roles: frozenset[Role]
    #: (role, unit, site) of each membership: a lead leads where they are lead, and nowhere else.
    posts: frozenset[tuple[Role, int | None, int | None]]

    @property
    def staff_id(self) -> int:
        return int(self.staff.pk)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units the person belongs to, in whatever role."""
        return frozenset(unit for _role, unit, _site in self.posts if unit)

    def units_as(self, role: Role) -> frozenset[int]:
        """The units in which the person holds ``role``."""
        return frozenset(unit for held, unit, _site in self.posts if held == role and unit)

    def sites_as(self, role: Role) -> frozenset[int]:
        """The sites at which the person holds ``role``."""
        return frozenset(site for held, _unit, site in self.posts if held == role and site)

    @property
    def actions(self) -> frozenset[Action]:
        return actions_of(self.roles)

    @property
    def role_titles(self) -> list[str]:
        """The roles in the reader's language, in the order of the role table."""
        return [str(ROLE_TITLES[role]) for role in Role if role in self.roles]

    @property
    def purpose(self) -> str:
        """What this person's transactions are signed for: the case, or evaluation for national evaluators."""
        return context.EVALUATION if Role.EVALUATOR in self.roles else context.CASE

    def may(self, action: Action) -> bool:
        """Whether one of the roles carries ``action`` (says nothing about which family)."""
        return action in self.actions

    def narrowed(self, roles: Collection[Role]) -> Actor:
        """The same person with these of their roles only, each where it is held; themselves, if that is all."""
        kept = self.roles.intersection(roles)
        if kept == self.roles:
            return self
        return replace(self, roles=kept, posts=frozenset(post for post in self.posts if post[0] in kept))

    @contextmanager
    def acting(self) -> Iterator[Actor]:
        """State the signed access context for this person; must begin outside any transaction."""
        with context.access(self.municipality_id, self.staff_id, self.purpose):
            yield self


def memberships_today(staff: Staff, day: date | None = None) -> list[StaffMembership]:
    """The memberships of ``staff`` in force on ``day`` (today if not given), municipalities by name."""
    return list(
        StaffMembership.objects.in_force(day or clock.today())
        .filter(staff=staff)
        .select_related("municipality")
        .order_by("municipality__name", "id")
    )


def actors_in(municipality_id: int, roles: Collection[Role], day: date) -> list[Actor]:
    """Everybody who holds one of ``roles`` in the municipality on ``day``, each with those roles alone."""
    posts: dict[Staff, list[StaffMembership]] = {}
    held = StaffMembership.objects.in_force(day).filter(
        municipality_id=municipality_id, role__in=[role.value for role in roles], staff__is_active=True
    )
    for membership in held.select_related("staff", "municipality").order_by("staff_id", "id"):
        posts.setdefault(membership.staff, []).append(membership)
    return [
        Actor(
            staff=staff,
            municipality_id=municipality_id,
            municipality_name=mine[0].municipality.name if mine[0].municipality else "",
            roles=frozenset(Role(m.role) for m in mine),
            posts=frozenset((Role(m.role), m.unit_id, m.site_id) for m in mine),
        )
        for staff, mine in posts.items()
    ]


#: What `StaffMembershipQuerySet.in_force` says, ready made: it is asked before everything else of every page and
#: answer, and to have it written anew each time is dearer than the answer.
_POSTS = """
SELECT held.role, held.unit_id, held.site_id, place.name FROM access_staffmembership held
  LEFT JOIN access_municipality place ON place.code = held.municipality_id
 WHERE held.staff_id = %s AND held.municipality_id IS NOT DISTINCT FROM %s
   AND held.starts <= %s AND (held.ends IS NULL OR held.ends >= %s)
"""


def actor_for(staff: Staff, municipality_id: int | None) -> Actor | None:
    """``staff`` acting in ``municipality_id`` (None: nationally), or None when they hold no role there today."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, [staff.pk, municipality_id, today, today])
        mine = cursor.fetchall()
    if not mine or not staff.is_active:
        return None
    return Actor(
        staff=staff,
        municipality_id=municipality_id,
        municipality_name=mine[0][3] or "",
        roles=frozenset(Role(role) for role, _unit, _site, _name in mine),
        posts=frozenset((Role(role), unit, site) for role, unit, site, _name in mine),
    )
