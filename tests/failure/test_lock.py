"""Somebody sits on a family's lock: others are told so within seconds, and nothing of theirs is half-written."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from placement import clock
from tests.cast import api, browser
from tests.scene import Scene
from tests.watching import nothing_written

Looking = psycopg.Connection[Any]


@pytest.fixture
def busy(house: None, superuser_url: str) -> Iterator[tuple[Scene, psycopg.Connection[Any]]]:
    """A family about to ask for an exit step, and somebody who holds its lock and does not let go."""
    scene = Scene("greve")
    scene.go_on_to("request_step")
    with psycopg.connect(superuser_url) as holder:
        holder.execute("SELECT FROM families_family WHERE id = %s FOR NO KEY UPDATE", [scene.family.pk])
        yield scene, holder


def _wish() -> dict[str, Any]:
    return {"why_now": "Familien er klar.", "planned_from": clock.today().isoformat()}


def test_who_waits_longer_than_three_seconds_is_told_and_may_try_again(
    busy: tuple[Scene, psycopg.Connection[Any]], looking: Looking
) -> None:
    scene, holder = busy
    task = scene.open_task("request_step")
    lead = scene.company.actor("teamlead")
    program, window = api(lead), browser(lead)
    address = f"/api/v1/tasks/{task.uuid}/complete/"
    facts = program.get(f"/api/v1/tasks/{task.uuid}/").json()["facts_version"]
    body = _wish() | {"facts_version": facts}
    with nothing_written(looking):
        begun = time.monotonic()
        refused = program.post(address, body, format="json", headers={"Idempotency-Key": "once"})
        waited = time.monotonic() - begun
        assert (refused.status_code, refused.json()["type"]) == (503, "urn:familieforloeb:problem:in-use")
        assert 2.9 < waited < 6
        page = window.post(f"/opgaver/{task.uuid}/", _wish() | {"facts_version": facts, "submit_token": "t"})
        assert page.status_code == 503
        assert "En anden arbejder med familien" in page.content.decode()
    holder.rollback()
    # The very same again, with the same key: the refused attempt left no trace that would stand in its way.
    answer = program.post(address, body, format="json", headers={"Idempotency-Key": "once"})
    assert answer.status_code == 200, answer.content
    assert looking.execute("SELECT count(*) FROM flow_exit_exitstep").fetchone() == (1,)


def test_who_waits_less_is_served(busy: tuple[Scene, psycopg.Connection[Any]], looking: Looking) -> None:
    scene, holder = busy
    task = scene.open_task("request_step")
    program = api(scene.company.actor("teamlead"))
    facts = program.get(f"/api/v1/tasks/{task.uuid}/").json()["facts_version"]
    letting_go = threading.Timer(1.0, holder.rollback)
    letting_go.start()
    answer = program.post(
        f"/api/v1/tasks/{task.uuid}/complete/", _wish() | {"facts_version": facts}, format="json"
    )
    letting_go.join()
    assert answer.status_code == 200, answer.content


def test_other_families_and_notes_do_not_wait(
    busy: tuple[Scene, psycopg.Connection[Any]], looking: Looking
) -> None:
    scene, _holder = busy
    lead = scene.company.actor("teamlead")
    program = api(lead)
    begun = time.monotonic()
    note = program.post(
        f"/api/v1/families/{scene.family.uuid}/notes/",
        {"kind": "observation", "text": "Sov roligt."},
        format="json",
    )
    assert note.status_code == 201, note.content
    assert browser(lead).get(f"/familier/{scene.family.uuid}/").status_code == 200
    assert time.monotonic() - begun < 2.5
    other = Scene("greve")
    other.go_on_to("obtain_consent")
