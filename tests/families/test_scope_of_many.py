"""The scope, which is written by hand in SQL, lets through exactly what is told here in Python: people and dates at random.

Nothing here asks the product; it reads the rows as a superuser and says who reaches which family.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import transaction

from placement import clock
from placement.access.actor import Actor, actor_for
from placement.access.models import Staff
from placement.access.roles import Role
from placement.families.models import Family
from tests.cast import Cast
from tests.families.test_visible_to import ids_of, place, register
from tests.neighbours import another_unit_and_site, remove_elsewhere

Looking = psycopg.Connection[Any]

CASE_ROLES = ("caseworker", "authoritylead", "practitioner", "teamlead", "healthvisitor")
FUNCTIONS = ("caseworker", "team", "referrer", "reassessor", "convener")
#: Which roles an appointment serves, by why it was given (docs/roles.md).
SERVED = {
    "caseworker": {"caseworker"},
    "team": {"caseworker", "practitioner", "healthvisitor"},
    "referrer": {"caseworker", "healthvisitor"},
    "reassessor": {"caseworker"},
    "convener": {"caseworker"},
}


class Post(NamedTuple):
    staff: int
    role: str
    unit: int | None
    site: int | None


class Given(NamedTuple):
    family: int
    user: int
    function: str
    holds: bool


class Told(NamedTuple):
    """All that counts on the day: posts held, who acts for whom as what, appointments ever given, families."""

    posts: list[Post]
    acts_for: list[tuple[int, int, str]]
    given: list[Given]
    families: list[tuple[int, int, int | None, int]]


def told_on(looking: Looking, day: date) -> Told:
    posts = looking.execute(
        "SELECT staff_id, role, unit_id, site_id FROM access_staffmembership WHERE municipality_id = 253 "
        "AND %s BETWEEN starts AND coalesce(ends, 'infinity')", [day]).fetchall()  # fmt: skip
    acts_for = looking.execute(
        "SELECT deputy_id, stands_in_for_id, role FROM staffing_deputyship WHERE municipality_id = 253 "
        "AND withdrawn_at IS NULL AND %s BETWEEN starts AND ends", [day]).fetchall()  # fmt: skip
    given = looking.execute(
        "SELECT content_object_id, user_id, function, %s BETWEEN starts AND coalesce(ends, 'infinity') "
        "FROM families_familygrant WHERE municipality_id = 253", [day]).fetchall()  # fmt: skip
    families = looking.execute(
        "SELECT id, unit_id, site_id, registered_by_id FROM families_family WHERE municipality_id = 253"
    ).fetchall()
    return Told([Post(*row) for row in posts], acts_for, [Given(*row) for row in given], families)


def reached(told: Told, staff: int) -> set[int]:
    """The families that ``staff`` reaches: in each role they hold, as themselves and as whom they act for in it."""
    found: set[int] = set()
    for role in {post.role for post in told.posts if post.staff == staff}:
        colleagues = {whom for who, whom, as_role in told.acts_for if who == staff and as_role == role}
        for one in {staff, *colleagues}:
            mine = [post for post in told.posts if post.staff == one and post.role == role]
            if mine:
                found |= {family[0] for family in told.families if _reaches(told, one, role, mine, family)}
    return found


def _reaches(
    told: Told, one: int, role: str, mine: list[Post], family: tuple[int, int, int | None, int]
) -> bool:
    number, unit, site, registrar = family
    appointments = [given for given in told.given if given.family == number]
    if any(g.user == one and g.holds and role in SERVED[g.function] for g in appointments):
        return True
    untaken = all(g.function in ("referrer", "convener") for g in appointments)
    at_unit = unit in {post.unit for post in mine}
    return (
        (role == "caseworker" and untaken and (at_unit or registrar == one))
        or (role == "healthvisitor" and untaken and registrar == one)
        or (role == "authoritylead" and at_unit)
        or (role == "teamlead" and site is not None and site in {post.site for post in mine})
    )


@pytest.fixture
def elsewhere(looking: Looking, superuser_url: str) -> Iterator[tuple[int, int]]:
    yield another_unit_and_site(looking, 253)
    remove_elsewhere(superuser_url)


def _insert(looking: Looking, table: str, row: dict[str, Any]) -> None:
    looking.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))}) ON CONFLICT DO NOTHING",
        list(row.values()),
    )


def _days(rng: Random, today: date, *, open_ended: bool) -> dict[str, date | None]:
    """A first and a last day around today: over, begins, ends today, runs."""
    starts = today + timedelta(days=rng.choice([-30, -5, -1, 0, 1]))
    ends = starts + timedelta(days=rng.choice([0, 1, 4, 5, 6, 60]))
    return {"starts": starts, "ends": None if open_ended and rng.random() < 0.5 else ends}


def _people_and_families(
    looking: Looking, cast: Cast, rng: Random, units: list[int], sites: list[int], today: date
) -> list[Staff]:
    people = [actor.staff for actor in cast.greve.everybody]
    families = [register(rng.choice([cast.greve.caseworker, cast.greve.healthvisitor])) for _ in range(10)]
    for family in families:
        place(looking, family, unit=rng.choice(units), site=rng.choice([None, *sites]))
    looking.execute("SET session_replication_role = replica")
    permission = looking.execute("SELECT id FROM auth_permission WHERE codename = 'view_family'").fetchone()
    assert permission is not None
    for _post in range(16):
        role = rng.choice(CASE_ROLES)
        _insert(looking, "access_staffmembership", {
            "staff_id": rng.choice(people).pk, "municipality_id": 253, "role": role, "profession": "",
            "unit_id": rng.choice([None, *units]), "site_id": rng.choice([None, *sites]),
            **_days(rng, today, open_ended=True),
        })  # fmt: skip
    for _deputyship in range(24):
        deputy, colleague = rng.sample(people, 2)
        withdrawn = clock.now() if rng.random() < 0.2 else None
        _insert(looking, "staffing_deputyship", {
            "uuid": str(uuid.uuid4()), "municipality_id": 253, "deputy_id": deputy.pk,
            "stands_in_for_id": colleague.pk, "role": rng.choice(CASE_ROLES), "reason": "Ferie",
            "made_by_id": colleague.pk, "made_at": clock.now(), "withdrawn_at": withdrawn,
            "withdrawn_by_id": colleague.pk if withdrawn else None, **_days(rng, today, open_ended=False),
        })  # fmt: skip
    for family in rng.sample(families, 7):
        for _grant in range(rng.randint(1, 4)):
            _insert(looking, "families_familygrant", {
                "uuid": str(uuid.uuid4()), "municipality_id": 253, "permission_id": permission[0],
                "content_object_id": family.pk, "user_id": rng.choice(people).pk,
                "function": rng.choice(FUNCTIONS), "profession": "", "granted_by_id": people[0].pk,
                **_days(rng, today, open_ended=True),
            })  # fmt: skip
    looking.execute("SET session_replication_role = origin")
    return people


def _visible(actor: Actor) -> set[int]:
    with actor.acting(), transaction.atomic():
        return set(Family.objects.visible_to(actor).values_list("pk", flat=True))


@pytest.mark.parametrize("seed", range(5))
def test_the_scope_lets_through_exactly_what_is_told(
    cast: Cast, looking: Looking, elsewhere: tuple[int, int], seed: int
) -> None:
    rng = Random(seed)
    today = clock.today()
    unit, site = ids_of(looking)
    people = _people_and_families(looking, cast, rng, [unit, elsewhere[0]], [site, elsewhere[1]], today)
    seen = 0
    for day in (today, today + timedelta(days=1), today + timedelta(days=7)):
        told = told_on(looking, day)
        with clock.standing_at(clock.end_of(day) - timedelta(minutes=1)):
            for staff in people:
                actor = actor_for(staff, 253)
                visible = _visible(actor) if actor else set()
                assert visible == reached(told, staff.pk), (seed, day, staff.username)
                seen += len(visible)
    # Neither everything nor nothing, or the comparison says little.
    assert len(people) * 3 < seen < len(people) * 3 * 10


def test_each_role_alone_lets_through_its_own_part(
    cast: Cast, looking: Looking, elsewhere: tuple[int, int]
) -> None:
    unit, site = ids_of(looking)
    people = _people_and_families(
        looking, cast, Random(99), [unit, elsewhere[0]], [site, elsewhere[1]], clock.today()
    )
    told = told_on(looking, clock.today())
    for staff in people:
        actor = actor_for(staff, 253)
        for role in actor.roles if actor else ():
            assert actor is not None
            alone = told._replace(
                posts=[p for p in told.posts if p.staff != staff.pk or p.role == Role(role).value]
            )
            assert _visible(actor.narrowed([role])) == reached(alone, staff.pk), (staff.username, role)
