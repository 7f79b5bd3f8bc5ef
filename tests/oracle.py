"""Who may see which family, said a second time: from the role table of the design and the raw rows.

Nothing here asks `visible_to`; it reads appointments and memberships as a superuser and says what must be so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import psycopg

from placement.access.roles import ROLE_ACTIONS, Action, Role

#: Roles whose sight comes from being appointed, for as long as the appointment lasts.
BY_APPOINTMENT = {Role.CASEWORKER, Role.PRACTITIONER, Role.HEALTH_VISITOR}


@dataclass(frozen=True)
class Person:
    """A member of staff in one municipality (None: nationally), as their memberships of the day say."""

    staff: int
    municipality: int | None
    roles: frozenset[Role]
    #: (role, unit) and (role, site): a role reaches where it is held.
    units: frozenset[tuple[Role, int]]
    sites: frozenset[tuple[Role, int]]

    #: Those they stand in for that day, each with the one role in which they do and where it is held.
    colleagues: tuple[Person, ...] = ()

    def may(self, action: Action) -> bool:
        return any(action in ROLE_ACTIONS[role] for role in self.roles)


def person(looking: psycopg.Connection[Any], staff: int, municipality: int | None, day: date) -> Person:
    """The person's roles, units and sites on ``day``, both ends of a membership included, and whom they act for."""
    alone = _alone(looking, staff, municipality, day)
    acts_for = looking.execute(
        "SELECT stands_in_for_id, role FROM staffing_deputyship WHERE deputy_id = %s "
        "AND municipality_id IS NOT DISTINCT FROM %s AND withdrawn_at IS NULL AND starts <= %s AND ends >= %s",
        [staff, municipality, day, day],
    ).fetchall()
    return replace(
        alone,
        colleagues=tuple(
            _alone(looking, colleague, municipality, day, only=Role(role))
            for colleague, role in acts_for
            if Role(role) in alone.roles
        ),
    )


def _alone(
    looking: psycopg.Connection[Any],
    staff: int,
    municipality: int | None,
    day: date,
    *,
    only: Role | None = None,
) -> Person:
    held = looking.execute(
        "SELECT role, unit_id, site_id FROM access_staffmembership WHERE staff_id = %s "
        "AND municipality_id IS NOT DISTINCT FROM %s AND starts <= %s AND (ends IS NULL OR ends >= %s)",
        [staff, municipality, day, day],
    ).fetchall()
    kept = [row for row in held if only is None or Role(row[0]) == only]
    return Person(
        staff=staff,
        municipality=municipality,
        roles=frozenset(Role(role) for role, _unit, _site in kept),
        units=frozenset((Role(role), unit) for role, unit, _site in kept if unit),
        sites=frozenset((Role(role), site) for role, _unit, site in kept if site),
    )


def sees(looking: psycopg.Connection[Any], who: Person, family: int, day: date) -> bool:
    """Whether the design's table lets ``who`` see the family (by inner id) on ``day``, or somebody they act for."""
    return any(_sees(looking, one, family, day) for one in (who, *who.colleagues))


def _sees(looking: psycopg.Connection[Any], who: Person, family: int, day: date) -> bool:
    found = looking.execute(
        "SELECT municipality_id, unit_id, site_id, registered_by_id FROM families_family WHERE id = %s",
        [family],
    ).fetchone()
    assert found is not None
    municipality, unit, site, registrar = found
    if who.municipality is None or who.municipality != municipality:
        return False
    grants = looking.execute(
        "SELECT user_id, function, starts, ends FROM families_familygrant WHERE content_object_id = %s",
        [family],
    ).fetchall()
    appointed = any(
        user == who.staff and starts <= day and (ends is None or day <= ends)
        for user, _function, starts, ends in grants
    )
    nobody_yet = all(function in ("referrer", "convener") for _user, function, _starts, _ends in grants)
    return (
        (bool(who.roles & BY_APPOINTMENT) and appointed)
        # An enquiry without a team: its registrar and the unit's caseworkers.
        or (nobody_yet and (Role.CASEWORKER, unit) in who.units)
        or (
            bool(who.roles & {Role.CASEWORKER, Role.HEALTH_VISITOR}) and nobody_yet and registrar == who.staff
        )
        or (Role.AUTHORITY_LEAD, unit) in who.units
        or (Role.TEAM_LEAD, site) in who.sites
    )
