"""Who has looked: in words, and truly about what is not shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, api, browser
from tests.walking import ENQUIRY, Page
from workflows.journey import views


@pytest.fixture
def family(cast: Cast) -> str:
    made = api(cast.greve.caseworker).post("/api/v1/families/", ENQUIRY, format="json")
    return str(made.json()["id"])


def test_looks_by_a_program_have_words(cast: Cast, family: str) -> None:
    client = api(cast.greve.caseworker)
    for address in ("", "notes/", "measurements/", "goals/", "exit-steps/"):
        assert client.get(f"/api/v1/families/{family}/{address}").status_code == 200
    client.get("/api/v1/families/")
    client.get("/api/v1/tasks/")
    shown = browser(cast.greve.authoritylead).get(f"/familier/{family}/hvem-har-set/").content.decode()
    assert "api-" not in Page(shown).text
    assert "gennem et andet system" in shown
    assert "De ældre" not in shown


def test_every_route_that_is_a_look_has_words() -> None:
    from tests.routes import FAMILY, ROUTES, TASK

    looks = {name for name, route in ROUTES.items() if route.kind in {FAMILY, TASK}}
    looks |= {"day", "families", "deadlines", "api-families", "api-tasks"}
    assert looks <= set(views.ROUTE_TITLES)


def test_the_page_says_when_it_shows_only_the_newest(cast: Cast, family: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "READS_SHOWN", 2)
    lead = browser(cast.greve.authoritylead)
    for _look in range(3):
        shown = lead.get(f"/familier/{family}/hvem-har-set/").content.decode()
    assert "Her står de nyeste 2 opslag." in Page(shown).text
