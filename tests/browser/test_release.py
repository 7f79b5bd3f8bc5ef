"""The evaluator asks, the worker builds, the evaluator takes the file home: three processes and a browser."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import serving
from tests.browser.conftest import DESK, Room
from tests.cast import Cast
from tests.scene import Scene


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    """A family whose first exit step was asked for by one and approved by another."""
    scene = Scene("greve")
    scene.go_on_to("carry_out_step")
    return scene


def test_the_evaluator_asks_for_a_dataset_and_downloads_it(
    room: Room, cast: Cast, scene: Scene, tmp_path: Path
) -> None:
    with serving.worker(tmp_path / "worker.log") as worker:
        page = room.open(cast.evaluator, size=DESK)
        page.goto("/")
        page.get_by_label("Formål").fill("Evaluering af udslusningen")
        page.get_by_label("Aftale", exact=True).fill("2026-17")
        for dataset in ("Registreringsskema", "Udslusningstrin"):
            page.get_by_label(dataset).check()
        page.get_by_role("button", name="Bestil").click()
        expect(page.get_by_role("status")).to_contain_text("Udtrækket er bestilt.")
        expect(page.get_by_text("Kun til demo")).to_be_visible()
        link = page.get_by_role("link", name="exit_steps.csv")
        for _look in range(60):
            if link.count():
                break
            page.wait_for_timeout(500)
            page.get_by_role("link", name="Se, om det er klar").click()
        assert link.count() == 1, worker.said
        with page.expect_download() as downloading:
            link.click()
        taken = tmp_path / "exit_steps.csv"
        downloading.value.save_as(taken)
    rows = list(csv.DictReader(taken.open(encoding="utf-8", newline="")))
    assert [row["code"] for row in rows] == ["U1"]
    text = taken.read_text(encoding="utf-8")
    for hidden in ("Skjult", scene.family.number, str(scene.family.uuid), "Sofie"):
        assert hidden not in text
