"""A worklist holds what its reader may complete, and nothing else, at every point of a journey."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg

from placement import clock
from placement.access.roles import Action
from tests import oracle, story
from tests.cast import Cast
from tests.walking import ByApi, all_of
from tests.watching import nothing_written

POINTS = [
    *story.TO_THE_HOUSE,
    *story.TEAM[:1],
    *story.MENTALISATION[:1],
    *story.PROGRESSION[:1],
    *story.NETWORK[:2],
    *story.EXIT[:5],
]


def test_everybody_finds_only_what_they_may_complete(house: None, looking: psycopg.Connection[Any]) -> None:
    cast = Cast()
    walker = ByApi()
    seen: set[str] = set()
    found = 0
    for step, otherwise in POINTS:
        walker.move_on(step)
        with clock.standing_at(walker.now):
            day = clock.today()
            refused: list[tuple[Any, str, int]] = []
            new = [t for t in walker.open() if f"{t.element}.{t.flow_task.name}" not in seen]
            if not new:
                walker.now -= timedelta(days=2)
                walker.act(step, **otherwise)
                continue
            for actor in [*cast.greve.everybody, cast.randers.caseworker, cast.evaluator]:
                person = oracle.person(looking, actor.staff_id, actor.municipality_id, day)
                visible = oracle.sees(looking, person, walker.family.pk, day)
                client = walker.client(actor)
                listed = {line["id"] for line in all_of(client, "/api/v1/tasks/")}
                for task in walker.open():
                    may = person.may(Action(task.owner_permission)) and task.excluded_id != actor.staff_id
                    assert (str(task.uuid) in listed) is (visible and may), (
                        actor.staff.username,
                        task.flow_task.name,
                    )
                assert len(listed) <= len(walker.open())
                found += len(listed)
                for task in new:
                    address = f"/api/v1/tasks/{task.uuid}/"
                    mine = str(task.uuid) in listed
                    assert client.get(address).status_code == (200 if mine else 403 if visible else 404)
                    if not mine:
                        refused.append((client, f"{address}complete/", 403 if visible else 404))
            with nothing_written(looking):
                for client, address, status in refused:
                    assert client.post(address, {}, format="json").status_code == status
            seen |= {f"{task.element}.{task.flow_task.name}" for task in new}
        walker.act(step, **otherwise)
    assert len(seen) >= 17 and found > 40
