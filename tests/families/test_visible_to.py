"""Who sees which family on which day: a table of every role, and the source that may go no other way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction

from placement import clock
from placement.access.actor import Actor, actor_for
from placement.access.roles import ROLE_ACTIONS, Action, Role
from placement.families import services
from placement.families.models import Family, FamilyGrant, GrantFunction
from tests import oracle
from tests.cast import api, browser
from tests.neighbours import ELSEWHERE, another_unit_and_site, remove_elsewhere

ROOT = Path(__file__).resolve().parents[2]
Looking = psycopg.Connection[Any]
EVERY_PART = ("caseworker", "authoritylead", "practitioner", "teamlead", "healthvisitor", "oncall", "privacy")


@pytest.fixture
def elsewhere(looking: Looking, superuser_url: str) -> Iterator[tuple[int, int]]:
    """A second unit and a second site in Greve."""
    yield another_unit_and_site(looking, 253)
    remove_elsewhere(superuser_url)


def register(actor: Actor) -> Family:
    with actor.acting(), transaction.atomic():
        return services.register_enquiry(
            actor=actor, source="casework", enquiry_text="", traits=[], now=clock.now()
        )


def appoint(family: Family, actor: Actor, function: str, starts: date, ends: date | None = None) -> None:
    with actor.acting(), transaction.atomic():
        grant = services.appoint(
            family=family, staff=actor.staff, function=function, by=actor, on=clock.today()
        )
        FamilyGrant.objects.filter(pk=grant.pk).update(starts=starts, ends=ends)


def sees(actor: Actor, family: Family) -> bool:
    with actor.acting(), transaction.atomic():
        return Family.objects.visible_to(actor).filter(pk=family.pk).exists()


def place(looking: Looking, family: Family, *, unit: int | None = None, site: int | None = None) -> None:
    looking.execute("SET session_replication_role = replica")
    if unit:
        looking.execute("UPDATE families_family SET unit_id = %s WHERE id = %s", [unit, family.pk])
    if site:
        looking.execute("UPDATE families_family SET site_id = %s WHERE id = %s", [site, family.pk])
    looking.execute("SET session_replication_role = origin")


def ids_of(looking: Looking) -> tuple[int, int]:
    """Greve's own unit and site."""
    found = looking.execute(
        "SELECT (SELECT id FROM access_unit WHERE municipality_id = 253 AND name <> %s), "
        "(SELECT id FROM access_site WHERE municipality_id = 253 AND name <> %s)",
        [ELSEWHERE, ELSEWHERE],
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


#: Days from today: first day and last day (None: open) of an appointment, and whether it gives anything today.
DATES: list[tuple[int, int | None, bool]] = [
    (-30, None, True),
    (0, None, True),
    (0, 0, True),
    (-30, 0, True),
    (-30, 1, True),
    (-30, -1, False),
    (1, None, False),
    (1, 30, False),
]


@pytest.mark.parametrize(("first", "last", "holds"), DATES)
@pytest.mark.parametrize("part", EVERY_PART)
def test_an_appointment_gives_sight_from_its_first_to_its_last_day(
    cast: Any,
    looking: Looking,
    elsewhere: tuple[int, int],
    part: str,
    first: int,
    last: int | None,
    holds: bool,
) -> None:
    family = register(cast.greve.authoritylead)
    place(looking, family, unit=elsewhere[0], site=elsewhere[1])  # so that no lead reaches it without one
    actor = getattr(cast.greve, part)
    today = clock.today()
    assert not sees(actor, family)
    appoint(
        family,
        actor,
        GrantFunction.TEAM,
        today + timedelta(days=first),
        None if last is None else today + timedelta(days=last),
    )
    by_appointment = part in {"caseworker", "practitioner", "healthvisitor"}
    assert sees(actor, family) is (holds and by_appointment)


def test_the_last_day_ends_at_midnight_in_denmark(
    cast: Any, looking: Looking, elsewhere: tuple[int, int]
) -> None:
    from datetime import datetime

    family = register(cast.greve.authoritylead)
    place(looking, family, unit=elsewhere[0])
    practitioner = cast.greve.practitioner
    appoint(family, practitioner, GrantFunction.TEAM, date(2026, 6, 1), date(2026, 6, 30))
    for moment, seen in (
        (datetime(2026, 5, 31, 23, 59, tzinfo=clock.DENMARK), False),
        (datetime(2026, 6, 1, 0, 0, tzinfo=clock.DENMARK), True),
        (datetime(2026, 6, 30, 23, 59, tzinfo=clock.DENMARK), True),
        (datetime(2026, 7, 1, 0, 1, tzinfo=clock.DENMARK), False),
    ):
        with clock.standing_at(moment):
            assert sees(practitioner, family) is seen, moment


#: Who sees an enquiry that nobody has been appointed to, by who wrote it down.
ENQUIRIES = {
    "caseworker": {"caseworker", "authoritylead"},
    "authoritylead": {"caseworker", "authoritylead"},
    "healthvisitor": {"caseworker", "authoritylead", "healthvisitor"},
}


@pytest.mark.parametrize("registrar", ENQUIRIES)
def test_an_enquiry_without_a_team(cast: Any, registrar: str) -> None:
    family = register(getattr(cast.greve, registrar))
    assert {part for part in EVERY_PART if sees(getattr(cast.greve, part), family)} == ENQUIRIES[registrar]
    assert not any(sees(actor, family) for actor in [*cast.randers.everybody, cast.evaluator, cast.admin])


def test_an_enquiry_of_another_unit_is_its_registrars_and_that_units(
    cast: Any, looking: Looking, elsewhere: tuple[int, int]
) -> None:
    family = register(cast.greve.caseworker)
    place(looking, family, unit=elsewhere[0])
    assert {part for part in EVERY_PART if sees(getattr(cast.greve, part), family)} == {"caseworker"}
    with cast.greve.authoritylead.acting(), transaction.atomic():
        services.appoint(
            family=family,
            staff=cast.greve.practitioner.staff,
            function=GrantFunction.TEAM,
            by=cast.greve.authoritylead,
            on=clock.today(),
        )
    assert {part for part in EVERY_PART if sees(getattr(cast.greve, part), family)} == {"practitioner"}


def test_a_referrer_goes_on_seeing_whom_they_referred(cast: Any) -> None:
    family = register(cast.greve.healthvisitor)
    with cast.greve.authoritylead.acting(), transaction.atomic():
        services.appoint(
            family=family,
            staff=cast.greve.caseworker.staff,
            function=GrantFunction.CASEWORKER,
            by=cast.greve.authoritylead,
            on=clock.today(),
        )
    assert sees(cast.greve.healthvisitor, family)
    assert sees(cast.greve.caseworker, family)


def test_leads_see_their_own_unit_and_site_without_appointment(
    cast: Any, looking: Looking, elsewhere: tuple[int, int]
) -> None:
    unit, site = ids_of(looking)
    family = register(cast.greve.caseworker)
    leads = {
        "authoritylead": (
            lambda: place(looking, family, unit=unit),
            lambda: place(looking, family, unit=elsewhere[0]),
        ),
        "teamlead": (
            lambda: place(looking, family, site=site),
            lambda: place(looking, family, site=elsewhere[1]),
        ),
    }
    for part, (here, there) in leads.items():
        here()
        assert sees(getattr(cast.greve, part), family), part
        there()
        assert not sees(getattr(cast.greve, part), family), part


@pytest.mark.parametrize("part", ["oncall", "privacy"])
def test_some_roles_see_nobody(cast: Any, part: str) -> None:
    families = [register(cast.greve.caseworker), register(cast.greve.healthvisitor)]
    actor = getattr(cast.greve, part)
    for family in families:
        appoint(family, actor, GrantFunction.TEAM, clock.today())
        assert not sees(actor, family)


def test_people_without_a_municipality_see_nobody(cast: Any) -> None:
    family = register(cast.greve.caseworker)
    for actor in (cast.evaluator, cast.admin):
        with actor.acting(), transaction.atomic():
            assert list(Family.objects.visible_to(actor)) == []
        assert not sees(actor, family)


def test_two_roles_at_once_each_reach_where_they_are_held(
    cast: Any, looking: Looking, elsewhere: tuple[int, int]
) -> None:
    """A team lead at one site who helps out as practitioner at another leads only the first."""
    _unit, site = ids_of(looking)
    staff = cast.greve.teamlead.staff
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, site_id, profession, starts) "
        "VALUES (%s, 253, 'practitioner', %s, '', %s)",
        [staff.pk, elsewhere[1], clock.today()],
    )
    both = actor_for(staff, 253)
    assert both is not None and both.roles == {Role.TEAM_LEAD, Role.PRACTITIONER}
    led, helped = register(cast.greve.caseworker), register(cast.greve.caseworker)
    place(looking, led, site=site)
    place(looking, helped, site=elsewhere[1])
    assert sees(both, led)
    assert not sees(both, helped)
    appoint(helped, both, GrantFunction.TEAM, clock.today())
    assert sees(both, helped)

    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, unit_id, profession, starts) "
        "VALUES (%s, 253, 'authoritylead', %s, '', %s)",
        [cast.greve.caseworker.staff_id, elsewhere[0], clock.today()],
    )
    lead_there = cast.greve.caseworker
    assert lead_there.roles == {Role.CASEWORKER, Role.AUTHORITY_LEAD}
    appoint(led, cast.greve.practitioner, GrantFunction.TEAM, clock.today())
    assert not sees(lead_there, led)  # in the unit where they are a caseworker, they lead nobody
    place(looking, led, unit=elsewhere[0])
    assert sees(lead_there, led)
    assert {Action.APPROVE_DECISION, Action.REQUEST_DECISION} <= lead_there.actions


def test_a_membership_that_ended_yesterday_opens_nothing(cast: Any, looking: Looking) -> None:
    family = register(cast.greve.caseworker)
    caseworker = cast.greve.caseworker
    program, person = api(caseworker), browser(caseworker)
    assert program.get(f"/api/v1/families/{family.uuid}/").status_code == 200
    assert person.get("/min-dag/").status_code == 200
    yesterday = clock.today() - timedelta(days=1)
    try:
        looking.execute(
            "UPDATE access_staffmembership SET ends = %s WHERE staff_id = %s",
            [yesterday, caseworker.staff_id],
        )
        assert actor_for(caseworker.staff, 253) is None
        for address in ("/api/v1/me/", f"/api/v1/families/{family.uuid}/", "/api/v1/tasks/"):
            assert program.get(address).status_code == 401
            assert person.get(address).status_code == 401
        for address in ("/min-dag/", f"/familier/{family.uuid}/"):
            response = person.get(address)
            assert (response.status_code, response.url) == (302, "/vaelg/")
    finally:
        looking.execute(
            "UPDATE access_staffmembership SET ends = NULL WHERE staff_id = %s", [caseworker.staff_id]
        )


def test_has_perm_answers_by_role_table_and_sight(cast: Any) -> None:
    family = register(cast.greve.caseworker)
    for actor in [cast.greve.caseworker, cast.greve.oncall, cast.randers.caseworker, cast.admin]:
        with actor.acting(), transaction.atomic():
            visible = Family.objects.visible_to(actor).filter(pk=family.pk).exists()
            for action in Action:
                may = any(action in ROLE_ACTIONS[role] for role in actor.roles)
                assert actor.staff.has_perm(action.value) is may
                assert actor.staff.has_perm(action.value, family) is (may and visible)
            assert not actor.staff.has_perm("families.view_family", family)
    assert not cast.greve.caseworker.staff.has_perm(Action.SEE_FAMILIES.value, family)  # nobody is acting


def test_the_second_telling_agrees_in_every_case_of_this_table(cast: Any, looking: Looking) -> None:
    families = [register(getattr(cast.greve, part)) for part in ENQUIRIES] + [
        register(cast.randers.caseworker)
    ]
    appoint(families[0], cast.greve.practitioner, GrantFunction.TEAM, clock.today())
    for actor in cast.everybody:
        person = oracle.person(looking, actor.staff_id, actor.municipality_id, clock.today())
        for family in families:
            assert sees(actor, family) is oracle.sees(looking, person, family.pk, clock.today())


# The source ----------------------------------------------------------------------------------------------

#: The floors, lowest first; a room imports from its own floor only itself, and what is named beside it.
FLOORS = [
    {
        "placement.access",
        "placement.staffing",
        "placement.clock",
        "placement.charts",
        "placement.measured_charts",
        "placement.network_chart",
        "placement.paper",
        "placement.svg",
        "placement.templatetags",
        "placement.formats",
    },
    {"placement.families"},
    {"placement.instruments"},
    {
        "placement.journal",
        "placement.progression",
        "placement.network",
        "placement.meetings",
        "placement.costs",
        "placement.research",
    },
    {"workflows"},
    {"evaluation"},
    {"demo"},
]
#: On one floor: who may also use whom (notes and sessions may carry a score; one is invited to a
#: meeting; a week of hours begins with the meetings one was at).
BESIDE = {
    ("placement.network", "placement.meetings"),
    ("placement.journal", "placement.progression"),
    ("placement.meetings", "placement.progression"),
    ("placement.costs", "placement.meetings"),
    ("placement.costs", "placement.progression"),
    ("placement.access", "placement.clock"),
}
#: The project's own package: settings and addresses, which name other floors by string only.
PROJECT = {
    "placement",
    "placement.settings",
    "placement.urls",
    "placement.api_urls",
    "placement.wsgi",
    "placement.apps",
}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("placement", "workflows", "evaluation", "demo"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def room_of(module: str) -> str:
    return next(
        (room for floor in FLOORS for room in floor if module == room or module.startswith(f"{room}.")),
        module,
    )


def floor_of(room: str) -> int | None:
    return next((number for number, floor in enumerate(FLOORS) if room in floor), None)


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports say the whole name"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {
        name
        for name in found
        if name.split(".")[0] in {"placement", "workflows", "evaluation", "demo", "tests"}
    }


def test_rooms_import_only_from_floors_below() -> None:
    wrong, checked = [], 0
    for module, path in modules():
        mine = room_of(module)
        floor = floor_of(mine)
        for name in imports(path):
            theirs = room_of(name)
            assert not name.startswith("tests"), module
            if theirs == mine or theirs in PROJECT:
                continue
            below = floor_of(theirs)
            if below is None:
                continue  # a name inside one of the project's own modules
            checked += 1
            limit = 0 if floor is None and not module.startswith("placement.forms") else floor
            if (
                limit is None
                or (below >= limit and (mine, theirs) not in BESIDE and limit != 0)
                or (limit == 0 and below > 0)
            ):
                wrong.append(f"{module} imports {name}")
    assert not wrong, "\n".join(wrong)
    assert checked > 200


def test_every_module_stands_on_a_floor() -> None:
    homeless = {
        module for module, _path in modules() if floor_of(room_of(module)) is None and module not in PROJECT
    }
    assert homeless <= {"placement.forms_renderer", "workflows"}, homeless


_MANAGER = re.compile(r"\bFamily\.objects\b(?!\s*\.(?:visible_to|unscoped)\()")


def test_families_are_only_found_through_their_door() -> None:
    """Every use of the manager starts from `visible_to`, or from `unscoped` with its reason."""
    wrong, doors = [], 0
    for module, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Attribute)
                and node.attr in {"objects", "_default_manager", "_base_manager"}
            ):
                continue
            if not (isinstance(node.value, ast.Name) and node.value.id == "Family"):
                continue
            doors += 1
            if _MANAGER.search(_statement(path, node)):
                wrong.append(f"{module}:{node.lineno}")
    # `create` makes a family where there was none; it is the one service that registers an enquiry.
    allowed = {line for line in wrong if line.startswith("placement.families.services:")}
    assert set(wrong) == allowed and len(allowed) == 1, wrong
    assert doors >= 10


def _statement(path: Path, node: ast.AST) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    first = getattr(node, "lineno", 1) - 1
    return re.sub(r"\s+", "", " ".join(lines[first : first + 3]))


def test_no_view_asks_the_manager_for_unscoped_families() -> None:
    """`unscoped` is for work that is nobody's look: locks, numbers, jobs; never for an answer to a person."""
    users = {module for module, path in modules() if ".unscoped(" in path.read_text(encoding="utf-8")}
    assert not {
        module
        for module in users
        if module.rsplit(".", 1)[-1] in {"views", "api", "day", "picture", "selectors"}
    }
