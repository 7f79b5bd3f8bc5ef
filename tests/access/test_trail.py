"""Who looked and what was changed is written down: before the answer, whatever becomes of it, and no more than that."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action
from tests import oracle, story
from tests.cast import Cast, api, browser
from tests.neighbours import Position, positions, remove_elsewhere
from tests.routes import FAMILY, ROUTES, TASK, address_of, is_api, takes, view_of
from tests.walking import FATHER_CPR, MOTHER_CPR, ByApi, ByPages, Page
from tests.watching import nothing_written, tables

Looking = psycopg.Connection[Any]

#: Lists and pages that name several families: each of them is looked at.
LISTS = {"day", "families", "deadlines", "api-families"}
#: A list without names: each family that it has a task of is looked at.
WORKLIST = "api-tasks"
#: Routes that lead to a family and show nothing of it: why that is no look.
NO_LOOK = {
    "time-draft": "takes what is being typed and gives back a time",
    "costs": "sums of the whole municipality, no family",
    "costs-sheet": "sums of the whole municipality, no family",
    "costs-weeks": "weeks, no family",
    "costs-rates": "what an hour and a night are reckoned at, no family",
    "api-cost-rates": "what an hour and a night are reckoned at, no family",
    "draft": "takes what is being typed and gives back a time",
    "enquiry": "an empty form; what was registered is shown on the family's page",
    "home": "leads on",
    "deputies": "colleagues and their days, no family",
    "training": "colleagues and what they are trained in, no family",
    "api-instruments": "the instruments, which are the same for every family",
    "log-words": "the municipality's words for the log, no family",
    "api-log-words": "the municipality's words for the log, no family",
    "parents-reading": "which kinds of notes parents may read, no family",
    "letter-templates": "the municipality's words for letters, no family",
    "model": "the model, which is the same for every family",
    "model-version": "the model",
    "model-differences": "the model",
    "model-adaptation": "the model",
    "model-adaptation-decision": "the model",
    "model-organisation": "the house and its values",
    "model-self-assessment": "the house",
    "api-kept": "numbers of the whole municipality, no family",
}
#: Name only some of the families; their own tests see to the looks (tests/workflows/test_waiting.py,
#: tests/workflows/test_completeness.py, tests/workflows/test_kept.py, tests/workflows/test_research_pages.py and
#: tests/placement/test_costs.py).
NAMING_SOME = {
    "waiting", "completeness", "api-completeness", "kept", "research",
    "time-week", "api-time-week", "costs-other",
}  # fmt: skip
SHOWING = [
    (name, method)
    for name, route in ROUTES.items()
    if route.kind in {FAMILY, TASK}
    for method in sorted(takes(name))
]


class Watched:
    """A family with its team in Greve, and everybody who may do something with it."""

    def __init__(self, looking: Looking) -> None:
        self.looking = looking
        self.cast = Cast()
        self.positions = positions(self.cast, looking)
        self.place: Position = self.positions["on the team"]
        self.clients: dict[tuple[int, bool], Any] = {}

    def who_may(self, name: str, method: str) -> Actor:
        """Somebody of Greve who sees the family and may do this."""
        action = (
            Action(self.place.task_action) if ROUTES[name].kind == TASK else view_of(name).action_for(method)
        )
        for actor in self.cast.greve.everybody:
            person = oracle.person(self.looking, actor.staff_id, actor.municipality_id, clock.today())
            if person.may(action) and oracle.sees(self.looking, person, self.place.key, clock.today()):
                return actor
        raise LookupError(f"nobody may {method} {name}")

    def ask(self, actor: Actor, name: str, method: str, address: str) -> Any:
        key = (actor.staff_id, is_api(name))
        if key not in self.clients:
            self.clients[key] = api(actor) if is_api(name) else browser(actor)
            self.clients[key].raise_request_exception = False
        client = self.clients[key]
        if is_api(name):
            return client.generic(
                method, address, "{}" if method == "POST" else "", content_type="application/json"
            )
        return client.generic(method, address)

    def looks(self) -> list[tuple[int, int, str, str]]:
        """(who, at which family, by which route, how) of every look so far."""
        return self.looking.execute(
            "SELECT staff_id, family_id, route, method FROM trail_read ORDER BY id"
        ).fetchall()


@pytest.fixture(scope="module")
def watched(shared_house: None, superuser_url: str) -> Iterator[Watched]:
    with psycopg.connect(superuser_url, autocommit=True) as looking:
        yield Watched(looking)
    remove_elsewhere(superuser_url)


def test_each_route_is_a_look_or_says_why_not() -> None:
    showing = {name for name, _method in SHOWING}
    silent = {name for name, route in ROUTES.items() if route.kind in {"public", "person", "release"}}
    assert set(ROUTES) == showing | LISTS | {WORKLIST} | NAMING_SOME | set(NO_LOOK) | silent
    assert not showing & (LISTS | set(NO_LOOK))


@pytest.mark.parametrize(("name", "method"), SHOWING)
def test_a_look_at_one_family_is_one_row(watched: Watched, name: str, method: str) -> None:
    """GET shows it; an empty POST is refused (422), and the look stays all the same, alone."""
    actor = watched.who_may(name, method)
    before = watched.looks()
    with nothing_written(watched.looking):
        response = watched.ask(actor, name, method, address_of(name, watched.place))
    assert response.status_code == (200 if method == "GET" else 422), response.content.decode()
    assert watched.looks()[len(before) :] == [(actor.staff_id, watched.place.key, name, method)]


def test_head_is_a_look_too(watched: Watched) -> None:
    actor = watched.who_may("family", "GET")
    before = watched.looks()
    assert watched.ask(actor, "family", "HEAD", address_of("family", watched.place)).status_code == 200
    assert [look[2:] for look in watched.looks()[len(before) :]] == [("family", "HEAD")]


@pytest.mark.parametrize(("name", "method"), SHOWING)
def test_a_look_that_shows_nothing_is_none(watched: Watched, name: str, method: str) -> None:
    before = watched.looks()
    practitioner = watched.cast.greve.practitioner
    for place in (watched.positions["ended yesterday"], watched.positions["of another municipality"], None):
        assert watched.ask(practitioner, name, method, address_of(name, place)).status_code == 404
    assert watched.looks() == before


#: What finding a family, or a task of it, takes; everything else breaks in the test below.
_TO_FIND = {
    "families_family", "families_familygrant", "kernel_task", "kernel_process", "access_staff", "access_stafftoken",
    "access_staffmembership", "access_municipality", "django_session", "trail_read", "access_site", "access_unit",
    "staffing_deputyship",
}  # fmt: skip


@contextmanager
def broken(looking: Looking) -> Iterator[None]:
    """The web role may read nothing but what finding a family takes: whatever is built after that falls."""
    readable = looking.execute(
        "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL (%s) "
        "AND has_table_privilege('ff_web', oid, 'SELECT')",
        [sorted(_TO_FIND)],
    ).fetchone()
    assert readable is not None and readable[0]
    looking.execute(f"REVOKE SELECT ON {readable[0]} FROM ff_web")
    try:
        yield
    finally:
        looking.execute(f"GRANT SELECT ON {readable[0]} TO ff_web")


def test_the_look_stays_when_the_answer_falls(watched: Watched) -> None:
    """The row is committed before the answer is built, so a failure afterwards does not undo it."""
    fallen = set()
    with broken(watched.looking):
        for name, method in SHOWING:
            actor = watched.who_may(name, method)
            before = watched.looks()
            with nothing_written(watched.looking):
                response = watched.ask(actor, name, method, address_of(name, watched.place))
            assert watched.looks()[len(before) :] == [(actor.staff_id, watched.place.key, name, method)], name
            if response.status_code == 500:
                fallen.add(name)
                if is_api(name):
                    assert response.json()["type"] == "urn:familieforloeb:problem:server-error"
                else:
                    assert "galt" in Page(response.content.decode()).text
    assert len(fallen) >= 12, fallen


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_is_a_look_at_each_family_on_it(watched: Watched, name: str) -> None:
    for part in ("caseworker", "authoritylead", "practitioner", "healthvisitor"):
        actor = getattr(watched.cast.greve, part)
        person = oracle.person(watched.looking, actor.staff_id, actor.municipality_id, clock.today())
        visible = {
            place.key
            for place in watched.positions.values()
            if oracle.sees(watched.looking, person, place.key, clock.today())
        }
        before = watched.looks()
        response = watched.ask(actor, name, "GET", address_of(name))
        assert response.status_code == 200
        looked = watched.looks()[len(before) :]
        shown = {key for key in visible if _number(watched, key) in response.content.decode()}
        assert {family for _who, family, _route, _how in looked} == shown
        assert len(looked) == len(shown)
        assert {(who, route, how) for who, _family, route, how in looked} <= {(actor.staff_id, name, "GET")}
        assert shown == visible or name == "day"


def test_the_worklist_is_a_look_at_each_family_that_it_has_a_task_of(watched: Watched) -> None:
    for part in ("caseworker", "authoritylead", "practitioner"):
        actor = getattr(watched.cast.greve, part)
        before = watched.looks()
        listed = watched.ask(actor, WORKLIST, "GET", address_of(WORKLIST)).json()["results"]
        named = {line["family"] for line in listed}
        keys = {place.key for place in watched.positions.values() if str(place.family) in named}
        looked = watched.looks()[len(before) :]
        assert len(keys) == len(named)
        assert sorted(looked) == sorted((actor.staff_id, key, WORKLIST, "GET") for key in keys)


def _number(watched: Watched, key: int) -> str:
    found = watched.looking.execute("SELECT number FROM families_family WHERE id = %s", [key]).fetchone()
    assert found is not None
    return str(found[0])


def test_a_page_of_a_list_is_a_look_at_that_page_only(watched: Watched) -> None:
    lead = watched.cast.greve.authoritylead
    before = watched.looks()
    answer = api(lead).get("/api/v1/families/", {"limit": 2}).json()
    assert len(answer["results"]) == 2 and answer["next"]
    assert len(watched.looks()) - len(before) == 2


def test_routes_never_carry_an_id(watched: Watched) -> None:
    routes = {route for _who, _family, route, _how in watched.looks()}
    assert routes <= set(ROUTES)


def test_nobody_rewrites_the_trail(watched: Watched, superuser_url: str) -> None:
    from django.db import DatabaseError, connection, transaction

    for statement in (
        "DELETE FROM trail_read", "UPDATE trail_read SET staff_id = 1", "DELETE FROM trail_write",
        "UPDATE trail_write SET new = NULL", "TRUNCATE trail_read",
        "INSERT INTO trail_read (at, municipality_id, staff_id, family_id, route, method) VALUES (now(), 253, 1, 1, 'x', 'GET')",
    ):  # fmt: skip
        with (
            watched.cast.greve.caseworker.acting(),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# Writes --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def walked(watched: Watched) -> ByApi:
    walker = ByApi().walk([*story.TO_THE_HOUSE, *story.TEAM[:4], *story.PROGRESSION[:5], *story.EXIT[:10]])
    client = walker.client(walker.company.actor("practitioner"))
    with clock.standing_at(walker.now):
        note = client.post(
            f"/api/v1/families/{walker.family_uuid}/notes/",
            {"kind": "observation", "text": "Rolig morgen.", "element": "progression", "score": 4},
            format="json",
        ).json()
        corrected = client.post(
            f"/api/v1/families/{walker.family_uuid}/notes/{note['id']}/corrections/",
            {
                "kind": "observation",
                "text": "Rolig formiddag.",
                "element": "progression",
                "score": 5,
                "reason": "Tiden.",
            },
            format="json",
        )
        assert corrected.status_code == 201, corrected.content.decode()
    return walker


def trailed_tables(looking: Looking) -> list[str]:
    found = looking.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'trail' ORDER BY 1"
    ).fetchall()
    return [name.strip('"') for (name,) in found]


def test_the_trail_tells_every_row_from_its_first_word_to_its_last(watched: Watched, walked: ByApi) -> None:
    """Replayed from the first insert, change by change, the trail gives the tables as they are: nothing is missing,
    and no change names a column that did not change."""
    looking, replayed = watched.looking, 0
    for table in trailed_tables(looking):
        rows: dict[int, dict[str, Any]] = {}
        for row, operation, old, new in looking.execute(
            "SELECT row_id, operation, old, new FROM trail_write WHERE table_name = %s ORDER BY id", [table]
        ).fetchall():
            if operation == "INSERT":
                assert old is None and row not in rows
                rows[row] = dict(new)
                continue
            assert operation == "UPDATE", (table, operation)
            assert set(old) == set(new) and old, table
            for column in new:
                hidden = new[column] == "changed"
                assert hidden or (old[column] != new[column] and rows[row][column] == old[column]), (
                    table,
                    column,
                )
            rows[row] |= new
            replayed += 1
        for key, stands in looking.execute(f'SELECT id, to_jsonb(t) FROM "{table}" t').fetchall():
            if table in {"access_unit", "access_site"}:
                continue  # made before the trail of this run, by the set-up
            told = rows[key]
            assert set(told) == set(stands), table
            for column, value in stands.items():
                assert told[column] == value or told[column] == "changed", (table, column)
    assert replayed > 80


def test_a_step_changes_what_it_says_and_nothing_else(watched: Watched, walked: ByApi) -> None:
    changes = watched.looking.execute(
        "SELECT new FROM trail_write WHERE table_name = 'families_family' AND row_id = %s AND operation = 'UPDATE' "
        "ORDER BY id",
        [walked.family.pk],
    ).fetchall()
    assert [set(new) for (new,) in changes] == [
        {"in_target_group", "assessment", "phase"},
        {"phase"},
        {"phase"},
        {"started_on", "site_id", "receives_other_support", "home_before", "home_language", "phase"},
        {"moved_in_on", "room", "phase"},
    ]


def test_who_changed_it_and_for_what_stands_with_it(watched: Watched, walked: ByApi) -> None:
    staff = {staff.pk: name.split(".")[1] for name, staff in _staff(walked).items()}
    by = defaultdict(set)
    for table, who, purpose in watched.looking.execute(
        "SELECT table_name, staff_id, purpose FROM trail_write WHERE municipality_id = 253 "
        "AND (new->>'family_id')::bigint = %s",
        [walked.family.pk],
    ).fetchall():
        assert purpose == "case"
        by[table].add(staff[who])
    assert by["families_decision"] == {"caseworker"}
    assert by["flow_exit_exitplan"] <= {"practitioner", "teamlead"}
    assert by["journal_note"] == {"practitioner"}


def _staff(walker: ByApi) -> dict[str, Any]:
    return {f"greve.{part}": staff for part, staff in walker.company._staff.items()}


def test_numbers_of_people_stand_nowhere_in_words(watched: Watched, walked: ByApi) -> None:
    """CPR is ciphertext in its own columns, "changed" in the trail, and nowhere else at all."""
    looking = watched.looking
    sealed = looking.execute(
        "SELECT encode(cpr_sealed, 'hex'), encode(cpr_index, 'hex') FROM families_person"
    ).fetchall()
    secrets = {value for row in sealed for value in row if value}
    assert len(secrets) >= 4
    for table in tables(looking):
        (text,) = looking.execute(
            f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t"
        ).fetchone() or ("",)
        for number in (MOTHER_CPR, FATHER_CPR, f"{MOTHER_CPR[:6]}-{MOTHER_CPR[6:]}"):
            assert number not in text, table
        if table != "families_person":
            assert not any(secret in text for secret in secrets), table
    told = looking.execute(
        "SELECT new->>'cpr_sealed', new->>'cpr_index' FROM trail_write WHERE table_name = 'families_person' "
        "AND new->>'cpr_sealed' IS NOT NULL"
    ).fetchall()
    assert told and set(told) == {("changed", "changed")}


def test_a_birth_is_a_change_of_the_same_row(watched: Watched) -> None:
    lead = watched.cast.greve.caseworker
    day = (clock.today() + timedelta(days=9)).isoformat()
    told = {
        "source": "midwife",
        "parents": [{"name": "Ulla", "born_on": "1998-01-01", "custody_holder": True}],
        "children": [{"due_on": day}],
        "siblings": [],
    }
    family = api(lead).post("/api/v1/families/", told, format="json").json()["id"]
    client = browser(lead)
    address = f"/familier/{family}/personer/"
    page = Page(client.get(address).content.decode())
    (child,) = page.fields["child"] or set()
    born = clock.today() - timedelta(days=1)
    number = f"{born:%d%m%y}4001"
    form = {
        "child": child,
        "what": "born",
        "born_on": f"{born:%d.%m.%Y}",
        "name": "Bo",
        "cpr": number,
    }
    assert client.post(address, form).status_code == 302
    (change,) = watched.looking.execute(
        "SELECT old, new FROM trail_write WHERE table_name = 'families_person' AND operation = 'UPDATE'"
    ).fetchall()
    assert set(change[1]) == {"birth_state", "born_on", "name", "cpr_sealed", "cpr_index"}
    assert change[1]["cpr_sealed"] == change[1]["cpr_index"] == "changed"
    assert number not in str(change)


def test_what_is_being_typed_is_not_in_the_trail_until_it_is_sent(watched: Watched) -> None:
    client = browser(watched.cast.greve.practitioner)
    words = "En tanke, der ikke er tænkt færdig."
    count = "SELECT count(*) FROM trail_write"
    before = watched.looking.execute(count).fetchone()
    token = uuid.uuid4()
    for _keystroke in range(3):
        kept = client.post(
            f"/kladder/{token}/?family={watched.place.family}&form=log",
            {"text": words, "kind": "observation"},
        )
        assert kept.status_code == 200
    assert watched.looking.execute(count).fetchone() == before
    sent = {"text": words, "kind": "observation", "submit_token": str(token)}
    assert client.post(f"/familier/{watched.place.family}/log/", sent).status_code == 302
    found = watched.looking.execute(
        "SELECT DISTINCT table_name FROM trail_write WHERE new::text LIKE %s", [f"%{words}%"]
    ).fetchall()
    assert found == [("journal_note",)]
    assert watched.looking.execute(
        "SELECT data FROM journal_draft WHERE submit_token = %s", [token]
    ).fetchone() == ({},)


def test_a_refused_act_leaves_no_write(watched: Watched) -> None:
    walker = ByPages()
    task = walker.task("journey.assess_target_group")
    with nothing_written(watched.looking):
        client = walker.client(walker.company.actor("caseworker"))
        assert client.post(f"/opgaver/{task.uuid}/", {"in_target_group": "maybe"}).status_code == 422
