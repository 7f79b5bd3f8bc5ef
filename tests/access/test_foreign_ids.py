"""Ids of another municipality, or of another family, in what is sent: refused, and nothing is written.

Every id in every usual answer of every step is replaced, one at a time, by its like from elsewhere; the steps and
the ids are found by walking, not listed here.
"""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from placement import clock
from placement.access.actor import Actor
from tests import story
from tests.cast import browser
from tests.walking import ByApi, Page, Walker, as_form
from tests.watching import nothing_written

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ACTS = [
    *story.TO_THE_HOUSE,
    *story.TEAM[:2],
    *story.MENTALISATION[:2],
    *story.PROGRESSION[:4],
    *story.NETWORK[:5],
    *story.EXIT[:5],
]


class Elsewhere:
    """For an id, ids of the same table that do not belong to the family in hand."""

    def __init__(self, looking: psycopg.Connection[Any]) -> None:
        self.looking = looking
        self.tables = [
            name
            for (name,) in looking.execute(
                "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
                "AND column_name = 'uuid'"
            ).fetchall()
        ]

    def likes(self, known: str, family: int) -> Iterator[tuple[str, str]]:
        """(whose it is, the id): of another municipality, of another family here, and nobody's."""
        yield "nobody's", str(uuid.uuid4())
        for table in self.tables:
            if not self.looking.execute(f'SELECT 1 FROM "{table}" WHERE uuid = %s', [known]).fetchone():
                continue
            if table == "access_staff":
                yield (
                    "another municipality's",
                    self._one("SELECT uuid FROM access_staff WHERE username = 'randers.practitioner'"),
                )
                return
            yield (
                "another municipality's",
                self._one(f'SELECT uuid FROM "{table}" WHERE municipality_id = 730 ORDER BY id DESC LIMIT 1'),
            )
            if self._has_family(table):
                yield (
                    "another family's",
                    self._one(
                        f'SELECT uuid FROM "{table}" WHERE municipality_id = 253 AND family_id <> {family} '
                        "ORDER BY id DESC LIMIT 1"
                    ),
                )

    def _has_family(self, table: str) -> bool:
        asked = "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = 'family_id'"
        return self.looking.execute(asked, [table]).fetchone() is not None

    def _one(self, sql: str) -> str:
        found = self.looking.execute(sql).fetchone()  # type: ignore[call-overload]
        assert found is not None, sql
        return str(found[0])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Where in an answer ids stand: the way to each, and the id (in a key: the way ends with the key itself)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if found := UUID.search(key):
                yield (*path, "key", key), found.group()
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))
    elif isinstance(value, str) and UUID.fullmatch(value):
        yield path, value


def replaced(data: dict[str, Any], path: tuple[Any, ...], known: str, other: str) -> dict[str, Any]:
    changed: Any = copy.deepcopy(data)
    if path[-2:-1] == ("key",):
        changed[path[-1].replace(known, other)] = changed.pop(path[-1])
        return dict(changed)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = other
    return dict(changed)


@pytest.fixture
def walkers(house: None) -> tuple[Walker, Walker, Walker]:
    return ByApi(), ByApi(), ByApi("randers", 730)


def test_every_id_in_every_step_is_checked(
    walkers: tuple[Walker, Walker, Walker], looking: psycopg.Connection[Any]
) -> None:
    mine, neighbour, foreign = walkers
    elsewhere = Elsewhere(looking)
    tried: dict[str, int] = {}
    for step, otherwise in ACTS:
        neighbour.act(step, **otherwise)
        foreign.act(step, **otherwise)
        if step == "progression.set_goals" and step in mine.done:
            otherwise = _a_goal_in_anothers_place(mine, step)
        tried[step] = tried.get(step, 0) + _try(mine, step, otherwise, elsewhere)
        mine.act(step, **otherwise)
    with_ids = {step for step, count in tried.items() if count}
    assert with_ids == {
        "journey.obtain_consent", "journey.request_decision", "journey.start_intervention", "team.appoint_team",
        "team.hold_meeting", "mentalisation.take_baseline", "mentalisation.hold_session", "progression.set_goals",
        "progression.follow_up", "network.make_agreement", "exit.evaluate_step",
    }  # fmt: skip
    assert sum(tried.values()) >= 40


def test_ids_in_what_else_is_sent_are_checked_too(
    walkers: tuple[Walker, Walker, Walker], looking: psycopg.Connection[Any]
) -> None:
    """The writes that are no step: people, consent, the child's view, the caseworker, a score, a correction."""
    mine = walkers[0]
    elsewhere = Elsewhere(looking)
    with clock.standing_at(mine.now):
        for walker in walkers:
            _has_an_awaited_child_and_a_note(walker)
        people = _ids(looking, "families_person", mine.family.pk, "kind, birth_state, uuid")
        parent, child, awaited = (
            next(uuid for kind, state, uuid in people if (kind, state) == wanted)
            for wanted in (("parent", "born"), ("child", "born"), ("child", "expected"))
        )
        ((note,),) = _ids(looking, "journal_note", mine.family.pk, "uuid")
        lead = mine.company.actor("authoritylead")
        caseworker = mine.company.actor("caseworker")
        page, api = f"/familier/{mine.family_uuid}", f"/api/v1/families/{mine.family_uuid}"
        day = mine.now.strftime("%d.%m.%Y")
        view = {"obtained_on": day, "child_view_source": "observed", "child_view_text": "Ser på mor."}
        score = {"element": "progression", "instrument": "hverdagslog", "score": 4}
        writes: list[tuple[Actor, str, str, str, dict[str, Any], int]] = [
            (caseworker, awaited, f"{page}/personer/", "child", {"what": "lost", "goes_on": "true"}, 422),
            (caseworker, parent, f"{page}/samtykke/", "person", {"what": "given", "how": "oral", "on": day}, 422),
            (caseworker, child, f"{page}/barnets-perspektiv/", "child", view, 422),
            (lead, str(caseworker.staff.uuid), f"{page}/raadgiver/", "staff", {}, 422),
            (caseworker, child, f"{api}/measurements/", "person", score, 422),
            (caseworker, note, f"{api}/notes/{{id}}/corrections/", "", {"kind": "observation", "reason": "Ret."}, 404),
            # Last, for a parent corrected without their custody can no longer consent.
            (caseworker, parent, f"{page}/personer/", "person", {"form": "correct", "name": "Ny"}, 404),
        ]  # fmt: skip
        for actor, known, address, field, data, status in writes:
            answers = set()
            for whose, other in elsewhere.likes(known, mine.family.pk):
                with nothing_written(looking):
                    response = _send(mine, actor, address, field, data, other)
                told = response.content.decode()
                assert response.status_code == status, (address, whose, told)
                told = told if address.startswith(api) else Page(told).text
                answers.add(told.replace(other, "the id"))
            assert len(answers) == 1, (address, "the answer tells an id that exists from one that does not")
        # Each of them is right but for the id.
        for actor, known, address, field, data, _status in writes:
            response = _send(mine, actor, address, field, data, known)
            assert response.status_code in {201, 302}, (address, response.content.decode())


def _has_an_awaited_child_and_a_note(walker: Walker) -> None:
    client = browser(walker.company.actor("caseworker"))
    born = {"form": "add", "kind": "child", "due_on": "01.05.2026"}
    assert client.post(f"/familier/{walker.family_uuid}/personer/", born).status_code == 302
    note = {"kind": "observation", "text": "Rolig."}
    answer = walker.client(walker.company.actor("caseworker")).post(
        f"/api/v1/families/{walker.family_uuid}/notes/", note, format="json"
    )
    assert answer.status_code == 201


def _ids(looking: psycopg.Connection[Any], table: str, family: int, columns: str) -> list[tuple[str, ...]]:
    rows = looking.execute(f"SELECT {columns} FROM {table} WHERE family_id = %s ORDER BY id", [family])  # type: ignore[call-overload]
    return [tuple(map(str, row)) for row in rows]


def _send(mine: Walker, actor: Actor, address: str, field: str, data: dict[str, Any], given: str) -> Any:
    body = data | ({field: given} if field else {"text": "Rettet."})
    if address.startswith("/api/"):
        return mine.client(actor).post(address.replace("{id}", given), body, format="json")
    return browser(actor).post(address, body)


def _a_goal_in_anothers_place(mine: Walker, step: str) -> dict[str, Any]:
    task = mine.task(step)
    with clock.standing_at(mine.now):
        actor = mine.company.for_task(task)
        form = mine.client(actor).get(f"/api/v1/tasks/{task.uuid}/").json()["form"]
    first, second = form["properties"]["closed"]["items"]["enum"]
    together = form["properties"]["together_with"]["items"]["enum"]
    row = {"title": "Et andet mål", "baseline": -1, "replaces": first}
    row |= dict.fromkeys(("level_m2", "level_m1", "level_0", "level_p1", "level_p2"), "Som aftalt")
    return {"goals": [row], "closed": [second], "closed_reason": "Nået.", "together_with": together}


def _try(mine: Walker, step: str, otherwise: dict[str, Any], elsewhere: Elsewhere) -> int:
    mine.move_on(step)
    with clock.standing_at(mine.now):
        task = mine.task(step)
        actor = mine.company.for_task(task)
        program, person = mine.client(actor), browser(actor)
        data = mine.usual(task, actor, **otherwise)
        hidden = Page(person.get(f"/opgaver/{task.uuid}/").content.decode()).hidden
        count = 0
        with nothing_written(elsewhere.looking):
            for path, known in places(data):
                answers: set[str] = set()
                for whose, other in elsewhere.likes(known, mine.family.pk):
                    wrong = replaced(data, path, known, other)
                    response = program.post(f"/api/v1/tasks/{task.uuid}/complete/", wrong, format="json")
                    where = f"{step} {path} {whose}: {response.status_code} {response.content.decode()}"
                    assert response.status_code == 422, where
                    assert response.json()["type"] == "urn:familieforloeb:problem:invalid", where
                    answers.add(response.content.decode().replace(other, "the id"))
                    count += 1
                    if not any(UUID.search(key) for key in wrong):  # a page's own fields are not to be chosen
                        page = person.post(f"/opgaver/{task.uuid}/", {**hidden, **as_form(wrong)})
                        assert page.status_code == 422, where
                        assert "Fejl" in Page(page.content.decode()).text
                assert len(answers) == 1, "the answer tells an id that exists from one that does not"
    return count
