"""The picture of a family's way: where it stands, who acts, how long things took, and nothing for strangers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from placement import clock
from tests.cast import Cast, browser
from tests.scene import Scene
from tests.walking import Page
from workflows.kernel.pictures.standing import Stand, days_in_words, took_in_words


def shown(actor: Any, scene: Scene, element: str, *, at: datetime | None = None) -> str:
    with clock.standing_at(at or scene.now):
        response = browser(actor).get(f"/familier/{scene.family.uuid}/forloeb/{element}/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_family_is_seen_where_it_stands(cast: Cast) -> None:
    scene = Scene("greve")
    scene.settle()
    meeting = scene.open_task("hold_meeting")
    page = Page(shown(cast.greve.teamlead, scene, "team", at=scene.now + timedelta(days=3))).text
    assert "«Hold teammøde»" in page and "Gjort" in page
    assert "(3 dage)" in page, "it has stood open for three days"
    assert f"Frist {meeting.due:%d.%m.%Y}" in page
    journey = Page(shown(cast.greve.caseworker, scene, "journey")).text
    assert "I gang siden" in journey and "Ikke endnu" in journey


def test_rounds_are_counted_and_timed(cast: Cast) -> None:
    scene = Scene("greve")
    scene.settle()
    for _round in range(2):
        scene.take(scene.open_task("hold_meeting"))
        if scene.open_tasks() and not any(t.flow_task.name == "hold_meeting" for t in scene.open_tasks()):
            scene.take(scene.open_task("appoint_team"))
    page = Page(shown(cast.greve.teamlead, scene, "team")).text
    assert "Nu, 3. gang: " in page and "Gjort 2 gange, senest" in page


def test_before_it_begins_the_picture_shows_how_it_will_go(cast: Cast) -> None:
    scene = Scene("greve")
    page = Page(shown(cast.greve.caseworker, scene, "exit")).text
    assert "ikke begyndt" in page and "Læg udslusningsplan" in page
    assert "ingen underretninger" in Page(shown(cast.greve.caseworker, scene, "screening")).text


def test_each_notification_has_a_picture_without_its_words(cast: Cast) -> None:
    from tests.scene import WHISPER

    scene = Scene("greve")
    scene.settle()
    scene.receive_concern()
    scene.receive_concern(acute=True)
    page = shown(cast.greve.teamlead, scene, "screening")
    assert page.count("<svg xmlns") == 2 and "flow2-title" in page
    assert WHISPER not in page


def test_an_element_that_is_none_is_not_found_and_strangers_see_nothing(cast: Cast) -> None:
    scene = Scene("greve")
    address = f"/familier/{scene.family.uuid}/forloeb/"
    assert browser(cast.greve.caseworker).get(f"{address}release/").status_code == 404
    assert browser(cast.greve.caseworker).get(f"{address}drab/").status_code == 404
    assert browser(cast.randers.caseworker).get(f"{address}journey/").status_code == 404


def test_a_picture_is_a_look(cast: Cast, looking: psycopg.Connection[Any]) -> None:
    scene = Scene("greve")
    shown(cast.greve.caseworker, scene, "journey")
    routes = looking.execute(
        "SELECT route FROM trail_read WHERE family_id = %s", [scene.family.pk]
    ).fetchall()
    assert ("family-flow",) in routes


@pytest.mark.parametrize("element", ["journey", "team", "screening"])
def test_a_picture_asks_the_same_however_much_has_happened(cast: Cast, element: str) -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from workflows.journey.flow_page import flow_context
    from workflows.kernel.models import Element

    scene = Scene("greve")
    scene.settle()
    scene.receive_concern()

    def asked() -> int:
        lead = cast.greve.teamlead
        with lead.acting(), transaction.atomic(), CaptureQueriesContext(connection) as queries:
            flow_context(scene.family, Element(element))
        return len(queries)

    before = asked()
    scene.receive_concern()
    for _round in range(4):
        scene.take(scene.open_tasks()[0])
    assert asked() == before


def test_how_long_things_took_is_true_to_how_few_they_are() -> None:
    assert took_in_words(()) == ""
    assert took_in_words((3, 9)) == "3 dage, 9 dage"
    assert took_in_words((0, 2, 7)) == "typisk 2 dage, længst 7 dage"
    assert days_in_words(2.5) == "2,5 dage" and days_in_words(1) == "1 dag"
    assert Stand(took=(1,), last_on=date(2026, 1, 1)).state == "done"
