"""The fixed cast: the same people in the demonstration and in the tests. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from placement.access import context
from placement.access.models import Municipality, Site, Staff, StaffMembership, Unit
from placement.access.roles import Role

PASSWORD = "demo"
SINCE = date(2024, 1, 1)

UNITS = {253: "Familie og børn, Greve", 730: "Børn og familie, Randers", 461: "Børn og unge, Odense"}
SITES = {253: "Familiehuset Strandlyst", 730: "Døgnfamilie Gudenåen", 461: "Familiens Hus Åløkken"}
SLUGS = {253: "greve", 730: "randers", 461: "odense"}


@dataclass(frozen=True)
class Part:
    """One part of the cast in every municipality."""

    suffix: str
    role: Role
    profession: str
    at_site: bool


PARTS = (
    Part("caseworker", Role.CASEWORKER, "socialrådgiver", at_site=False),
    Part("authoritylead", Role.AUTHORITY_LEAD, "socialrådgiver", at_site=False),
    Part("practitioner", Role.PRACTITIONER, "familiebehandler", at_site=True),
    Part("teamlead", Role.TEAM_LEAD, "familiebehandler", at_site=True),
    Part("teamlead2", Role.TEAM_LEAD, "psykolog", at_site=True),
    Part("healthvisitor", Role.HEALTH_VISITOR, "sundhedsplejerske", at_site=False),
    Part("oncall", Role.ON_CALL, "socialrådgiver", at_site=False),
    Part("privacy", Role.PRIVACY_OFFICER, "", at_site=False),
    # On no family's team: somebody who was not earlier involved when a notification is assessed anew.
    Part("caseworker2", Role.CASEWORKER, "socialrådgiver", at_site=False),
)

NAMES = {
    253: (
        "Mette Holm",
        "Lone Bruun",
        "Sofie Lind",
        "Jonas Krogh",
        "Birgit Skov",
        "Anne Vester",
        "Karim Aziz",
        "Per Dahl",
        "Nina Berg",
    ),
    730: (
        "Lars Friis",
        "Hanne Toft",
        "Ida Mark",
        "Thomas Bech",
        "Ulla Riis",
        "Gitte Nør",
        "Maria Hede",
        "Ole Lund",
        "Poul Krag",
    ),
    461: (
        "Camilla Juul",
        "Jens Wind",
        "Nadia Saleh",
        "Rikke Bang",
        "Kim Eskesen",
        "Dorte Kaas",
        "Bo Hviid",
        "Eva Munk",
        "Helle Ravn",
    ),
}


@dataclass(frozen=True)
class Person:
    """Somebody of the cast as `var/demo.json` names them."""

    username: str
    role: Role
    municipality_id: int | None


def create_people(*, using: str = "default") -> list[Person]:
    """Create the cast with their units and sites where they are missing (owner's login)."""
    made: list[Person] = []
    password = make_password(PASSWORD)
    for code, slug in SLUGS.items():
        with context.access(code, None, context.SETUP), transaction.atomic(using=using):
            made += _create_municipal(code, slug, password, using)
    with transaction.atomic(using=using):
        for username, role, name in (
            ("vive.evaluator", Role.EVALUATOR, "Vibeke Evald"),
            ("admin", Role.ADMINISTRATOR, "Allan Minor"),
        ):
            _person(username, name, password, role, None, None, None, "", using)
            made.append(Person(username, role, None))
    return made


def _create_municipal(code: int, slug: str, password: str, using: str) -> list[Person]:
    municipality = Municipality.objects.using(using).get(pk=code)
    unit, _ = Unit.objects.using(using).get_or_create(municipality=municipality, name=UNITS[code])
    site, _ = Site.objects.using(using).get_or_create(municipality=municipality, name=SITES[code])
    people = []
    for part, name in zip(PARTS, NAMES[code], strict=True):
        username = f"{slug}.{part.suffix}"
        _person(
            username,
            name,
            password,
            part.role,
            municipality,
            None if part.at_site else unit,
            site if part.at_site else None,
            part.profession,
            using,
        )
        people.append(Person(username, part.role, code))
    return people


def _person(
    username: str,
    name: str,
    password: str,
    role: Role,
    municipality: Municipality | None,
    unit: Unit | None,
    site: Site | None,
    profession: str,
    using: str,
) -> None:
    first, last = name.split(" ", 1)
    staff, made = Staff.objects.using(using).get_or_create(
        username=username,
        defaults={
            "first_name": first,
            "last_name": last,
            "password": password,
            "is_demo": True,
            "email": f"{username}@example.invalid",
        },
    )
    if made:
        StaffMembership.objects.using(using).create(
            staff=staff,
            municipality=municipality,
            role=role.value,
            unit=unit,
            site=site,
            profession=profession,
            starts=SINCE,
        )
