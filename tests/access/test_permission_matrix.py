"""Every route × everybody of the cast × every position towards a family, generated from the URLconf.

What must come out is computed from the role table and `tests.oracle`; typed (in `tests.routes`) is only of which
kind a route is. A route that is not listed there fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from rest_framework.test import APIClient

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action
from placement.families.opening import FamilyEndpoint, FamilyPage
from tests import oracle
from tests.cast import Cast, api, browser, visitor
from tests.neighbours import Position, positions, remove_elsewhere
from tests.routes import (
    BY_NAME,
    DRAFT,
    FAMILY,
    LOGGED_OUT,
    METHODS,
    PERSON,
    PUBLIC,
    RELEASE,
    ROLE,
    ROUTES,
    TASK,
    address_of,
    is_api,
    patterns,
    takes,
    view_of,
)
from tests.walking import Page, all_of
from tests.watching import nothing_written


class World:
    """The cast, their clients, and the families in every position."""

    def __init__(self, looking: psycopg.Connection[Any]) -> None:
        self.looking = looking
        self.cast = Cast()
        self.positions = positions(self.cast, looking)
        self.today = clock.today()
        self.everybody = self.cast.everybody
        self.persons = {
            actor.staff_id: oracle.person(looking, actor.staff_id, actor.municipality_id, self.today)
            for actor in self.everybody
        }
        self.browsers = {actor.staff_id: browser(actor) for actor in self.everybody}
        self.programs = {actor.staff_id: api(actor) for actor in self.everybody}

        self._seen = {
            (person.staff, place.key): oracle.sees(looking, person, place.key, self.today)
            for person in self.persons.values()
            for place in self.positions.values()
        }

    def sees(self, actor: Actor, position: Position) -> bool:
        return self._seen[actor.staff_id, position.key]

    def ask(self, actor: Actor, name: str, method: str, address: str) -> Any:
        if is_api(name):
            return self.programs[actor.staff_id].generic(
                method, address, "{}", content_type="application/json"
            )
        client: Client = self.browsers[actor.staff_id]
        return client.get(address) if method == "GET" else client.generic(method, address)


@pytest.fixture(scope="module")
def world(shared_house: None, superuser_url: str) -> Iterator[World]:
    # The clock stands: a Danish midnight in the middle would end and begin appointments between two tests.
    with psycopg.connect(superuser_url, autocommit=True) as looking, clock.standing_at(clock.now()):
        yield World(looking)
    remove_elsewhere(superuser_url)


def test_every_route_is_listed_once() -> None:
    names = [str(entry.name) for _route, entry in patterns()]
    assert None not in names and len(names) == len(set(names))
    assert set(names) == set(ROUTES)


def test_public_routes_are_these_and_each_says_what_it_answers() -> None:
    public = {name for name, route in ROUTES.items() if route.kind == PUBLIC}
    assert {name: set(answers) for name, answers in LOGGED_OUT.items()} == {
        name: takes(name) for name in public
    }


def test_routes_are_of_the_kind_their_views_are() -> None:
    for name, route in ROUTES.items():
        view = view_of(name)
        below_a_family = isinstance(view, type) and issubclass(view, FamilyPage | FamilyEndpoint)
        assert (route.kind == FAMILY) == below_a_family, name
        assert ("family" in BY_NAME[name].pattern.converters) == below_a_family, name
        assert ("task" in BY_NAME[name].pattern.converters) == (route.kind == TASK), name
        if route.kind == FAMILY:
            for method in takes(name):
                assert view.action_for(method) in Action


def expected(world: World, name: str, method: str, actor: Actor, position: Position | None) -> int:
    """The status that role table and appointments ask for; a write is sent empty, so 422 is "allowed"."""
    route, person = ROUTES[name], world.persons[actor.staff_id]
    allowed = 200 if method == "GET" else 422
    if route.kind == RELEASE and not is_api(name) and not person.may(view_of(name).read_action):
        return 403
    if method not in takes(name):
        return 405
    if route.kind == ROLE:
        action = route.get if method == "GET" else route.post
        assert action is not None
        return allowed if person.may(action) else 403
    if route.kind == RELEASE:
        if not person.may(view_of(name).action_for(method)):
            return 403
        return 404 if "release" in BY_NAME[name].pattern.converters else allowed
    if position is None or not world.sees(actor, position):
        return 404
    if route.kind == DRAFT:
        return 200
    if route.kind == TASK:
        may = person.may(Action(position.task_action)) and position.excluded != person.staff
        return allowed if may else 403
    return allowed if person.may(view_of(name).action_for(method)) else 403


@pytest.mark.parametrize(
    "name", [name for name, route in ROUTES.items() if route.kind in {FAMILY, TASK, DRAFT}]
)
def test_each_family_route_answers_as_roles_and_appointments_say(world: World, name: str) -> None:
    asked = []
    for actor in world.everybody:
        at_home = actor.municipality_id == world.cast.greve.code
        for place in world.positions.values() if at_home else [world.positions["on the team"]]:
            for method in ("GET", "POST"):
                asked.append((expected(world, name, method, actor, place), method, actor, place))
    refused = [ask for ask in asked if ask[0] in {403, 404, 405}]
    wrong: list[str] = []

    def check(want: int, method: str, actor: Actor, place: Position) -> None:
        got = world.ask(actor, name, method, address_of(name, place)).status_code
        if got != want:
            wrong.append(f"{method} by {actor.staff.username} to a family {place.name}: {got}, not {want}")

    with nothing_written(world.looking):
        for ask in refused:
            check(*ask)
    for ask in asked:
        if ask not in refused:
            check(*ask)
    assert not wrong, "\n".join(wrong)
    assert len(asked) == 2 * (9 * 8 + 20)


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.kind in {ROLE, RELEASE}])
def test_each_role_route_answers_as_the_role_table_says(world: World, name: str) -> None:
    with nothing_written(world.looking):
        for actor in world.everybody:
            for method in ("GET", "POST"):
                want = expected(world, name, method, actor, None)
                got = world.ask(actor, name, method, address_of(name)).status_code
                assert got == want, f"{method} by {actor.staff.username}"


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.kind == PERSON])
def test_everybody_gets_an_answer_where_no_role_is_asked_for(world: World, name: str) -> None:
    if name == "logout":
        return_to = browser(world.cast.greve.caseworker).post(address_of(name))
        assert return_to.status_code == 302
        return
    for actor in world.everybody:
        assert world.ask(actor, name, "GET", address_of(name)).status_code in {200, 302}


@pytest.mark.parametrize("name", ROUTES)
def test_another_method_is_refused_and_writes_nothing(world: World, name: str) -> None:
    place = world.positions["on the team"]
    actor = world.cast.greve.caseworker
    if ROUTES[name].kind == RELEASE:
        evaluator = world.cast.evaluator
        actor = evaluator if evaluator.may(view_of(name).read_action) else world.cast.greve.authoritylead
    with nothing_written(world.looking):
        for method in set(METHODS) - takes(name):
            response = world.ask(actor, name, method, address_of(name, place))
            if name in {"login", "set_language"}:
                # Django's own: the log-in takes PUT as POST, the language does nothing but lead back.
                continue
            assert response.status_code == 405, method
            if is_api(name):
                assert response.json()["type"] == "urn:familieforloeb:problem:method-not-allowed"


@pytest.mark.parametrize("name", ROUTES)
def test_logged_out_nothing_is_shown(world: World, name: str) -> None:
    """Pages lead to the log-in; the API and drafts say 401 in a problem document."""
    kind = ROUTES[name].kind
    for method in takes(name):
        with nothing_written(world.looking):
            client: Client = visitor(APIClient) if is_api(name) else visitor(Client)
            response = client.generic(method, address_of(name, world.positions["on the team"]))
        if kind == PUBLIC:
            assert response.status_code == LOGGED_OUT[name][method], method
        elif is_api(name) or kind == DRAFT or name == "time-draft":
            assert response.status_code == 401, method
            assert response["Content-Type"] == "application/problem+json"
            assert response.json()["type"] == "urn:familieforloeb:problem:not-authenticated"
        else:
            assert response.status_code == 302 and response.url.startswith("/log-ind/"), method


#: Made anew for every answer, whatever it says.
_OF_THE_MOMENT = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.mark.parametrize(
    "name", [name for name, route in ROUTES.items() if route.kind in {FAMILY, TASK, DRAFT}]
)
def test_what_one_may_not_see_and_what_does_not_exist_are_the_same_to_the_byte(
    world: World, name: str
) -> None:
    compared = 0
    for part in ("practitioner", "healthvisitor", "oncall"):
        actor = getattr(world.cast.greve, part)
        for method in takes(name):
            answers = {}
            for where in ("of another municipality", "somebody else's", "ended yesterday", None):
                place = world.positions[where] if where else None
                response = world.ask(actor, name, method, address_of(name, place))
                assert response.status_code == 404, (part, where)
                headers = {k: v for k, v in response.items() if k != "Content-Security-Policy"}
                answers[where] = (_OF_THE_MOMENT.sub(b"", response.content), headers)
            assert len({repr(answer) for answer in answers.values()}) == 1
            compared += 1
    assert compared >= 3


def test_lists_hold_exactly_what_one_may_see(world: World) -> None:
    numbers = dict(world.looking.execute("SELECT id, number FROM families_family").fetchall())
    for actor in world.everybody:
        person = world.persons[actor.staff_id]
        visible = [place for place in world.positions.values() if world.sees(actor, place)]
        mine = {
            str(p.task) for p in visible if person.may(Action(p.task_action)) and p.excluded != person.staff
        }
        listed = all_of(world.programs[actor.staff_id], "/api/v1/tasks/")
        assert {line["id"] for line in listed} == mine
        if not person.may(Action.SEE_FAMILIES):
            assert visible == []
            continue
        assert {line["id"] for line in all_of(world.programs[actor.staff_id], "/api/v1/families/")} == {
            str(place.family) for place in visible
        }
        page = Page(world.browsers[actor.staff_id].get("/familier/").content.decode())
        for place in world.positions.values():
            shown = f"/familier/{place.family}/" in page.links
            assert shown == (place in visible), (actor.staff.username, place.name)
        if actor.municipality_id != world.cast.greve.code:
            continue
        day = world.browsers[actor.staff_id].get("/min-dag/").content.decode()
        assert {n for n in numbers.values() if n in day} <= {numbers[place.key] for place in visible}


def test_the_positions_differ_in_what_the_cast_may_see(world: World) -> None:
    """The matrix is only worth something when the positions are not all alike."""
    seen = {
        place.name: {actor.staff.username for actor in world.cast.greve.everybody if world.sees(actor, place)}
        for place in world.positions.values()
    }
    leads = {"greve.authoritylead", "greve.teamlead", "greve.teamlead2"}
    team = {"greve.caseworker", "greve.practitioner", "greve.healthvisitor"}
    assert seen == {
        "on the team": leads | team,
        "ended yesterday": leads,
        "starts tomorrow": leads,
        "somebody else's": set(),
        "an enquiry": {"greve.authoritylead", "greve.caseworker", "greve.caseworker2"},
        "an enquiry of another unit": set(),
        "referred": {
            "greve.authoritylead",
            "greve.caseworker",
            "greve.caseworker2",
            "greve.healthvisitor",
        },
        "of another municipality": set(),
    }
