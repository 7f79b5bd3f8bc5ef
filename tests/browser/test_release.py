"""The evaluator asks, the worker builds, two others say yes, the evaluator takes the files home: three browsers."""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import releasing, serving
from tests.browser.conftest import DESK, PHONE, Room
from tests.cast import Cast
from tests.scene import Scene
from tests.serving import Serving


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    """A family whose first exit step was asked for by one and approved by another."""
    scene = Scene("greve")
    scene.go_on_to("carry_out_step")
    return scene


def test_the_evaluator_asks_two_others_say_yes_and_the_files_are_taken(
    room: Room, cast: Cast, scene: Scene, tmp_path: Path
) -> None:
    releasing.register(cast.evaluator)
    with serving.worker(tmp_path / "worker.log") as worker:
        page = room.open(cast.evaluator, size=DESK)
        page.goto("/")
        page.get_by_label("Formål").fill("Evaluering af udslusningen")
        expect(page.get_by_role("heading", name="Efter aftalen")).to_be_visible()
        expect(page.get_by_label("Udslusningstrin")).to_be_hidden()
        page.get_by_label("Kun nogle af dem").check()
        for dataset in ("Registreringsskema", "Udslusningstrin"):
            page.get_by_label(dataset).check()
        page.get_by_role("button", name="Bestil").click()
        expect(page.get_by_role("status")).to_contain_text("Udtrækket er bestilt.")
        expect(page.get_by_role("heading", name="Personoplysninger")).to_be_visible()
        address = page.url
        # The page turns by itself when the worker has been there.
        waiting = page.get_by_text("Udtrækket bygges")
        expect(waiting).to_be_hidden(timeout=120_000)
        expect(page.get_by_role("heading", name="Rapport om filerne")).to_be_visible()
        for person, step in (
            (cast.greve.privacy, "Gennemgå udtrækket"),
            (cast.greve.authoritylead, "Godkend udtrækket"),
        ):
            theirs = room.open(person, size=PHONE)
            here = theirs.locator(f'a[href="{urlsplit(address).path}"]')
            _look_until(theirs, "/udtraek/", here, worker)
            _look_until(theirs, address, theirs.get_by_role("link", name=step), worker)
            theirs.get_by_role("link", name=step).click()
            theirs.get_by_label("Ja").check()
            theirs.get_by_role("button", name="Gem").click()
            expect(theirs.get_by_role("status")).to_contain_text("Gemt")
        _look_until(page, address, page.get_by_role("button", name="Lav et link til filerne"), worker)
        page.get_by_role("button", name="Lav et link til filerne").click()
        expect(page.get_by_role("heading", name="Adgangskode til arkivet")).to_be_visible()
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Hent det krypterede arkiv").click()
        assert downloading.value.suggested_filename.endswith(".zip")
        password = page.locator('section[aria-labelledby="password"] code').inner_text().strip()
        taken = releasing.opened(Path(downloading.value.path()).read_bytes(), password)
        text = taken["exit_steps.csv"].decode()
        bare = page.request.get(f"{address}filer/exit_steps.csv")
        assert bare.status == 409
    assert [row["code"] for row in csv.DictReader(text.splitlines())] == ["U1"]
    for hidden in ("Skjult", scene.family.number, str(scene.family.uuid), "Sofie"):
        assert hidden not in text


def _look_until(page: Page, address: str, wanted: Locator, worker: Serving) -> None:
    """Load the page again until the worker has been there."""
    for _look in range(120):
        page.goto(address)
        if wanted.count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(worker.said)
