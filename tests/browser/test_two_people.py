"""Two people at the same note: they meet, both texts on the page, and neither is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from placement import clock
from placement.journal.services import write_note
from tests.browser.conftest import DESK, Room
from tests.cast import Cast
from tests.scene import Scene


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    """A family with something written in the week."""
    scene = Scene("greve")
    scene.settle()
    author = cast.greve.practitioner
    with author.acting():
        write_note(
            actor=author, family=scene.family, kind="observation", text="Bo sov i mors arme.",
            element="mentalisation", situations=["sleep"], now=clock.now(),
        )  # fmt: skip
    return scene


def test_two_people_correct_the_same_weekly_summary(
    room: Room, cast: Cast, scene: Scene, count: Callable[..., int]
) -> None:
    room.expect(409)
    mine, hers = room.open(cast.greve.practitioner), room.open(cast.greve.teamlead, size=DESK)
    here = f"/familier/{scene.family.uuid}/ugeresume/"
    mine.goto(here)
    mine.get_by_role("button", name="Underskriv og gem").click()
    expect(mine.get_by_role("status")).to_contain_text("Gemt: Ugeresumé.")
    for page in (mine, hers):
        page.goto(here)
        page.get_by_role("link", name="Se eller ret").click()
    hers.get_by_label("Tekst").fill("Lederens ord om ugen.")
    hers.get_by_label("Hvorfor retter du?").fill("Mere kort")
    hers.get_by_role("button", name="Gem").click()
    expect(hers.get_by_role("status")).to_contain_text("Gemt: Ugeresumé.")
    mine.get_by_label("Tekst").fill("Behandlerens ord om ugen.")
    mine.get_by_label("Hvorfor retter du?").fill("Natten manglede")
    mine.get_by_role("button", name="Gem").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("To har rettet notatet")
    expect(mine.get_by_text("Lederens ord om ugen.")).to_be_visible()
    expect(mine.get_by_text("Behandlerens ord om ugen.").first).to_be_visible()
    mine.goto("/min-dag/")
    mine.get_by_role("region", name="Kladder, du ikke har gemt").get_by_role("link").click()
    expect(mine.get_by_text("Lederens ord om ugen.")).to_be_visible()
    mine.get_by_text("En ny tekst", exact=True).click()
    mine.get_by_role("textbox", name="Ny tekst").fill("Begges ord om ugen.")
    mine.get_by_role("button", name="Gem").click()
    expect(mine.get_by_role("status")).to_contain_text("Gemt: Ugeresumé.")
    for text, version in (("Lederens ord om ugen.", 2), ("Begges ord om ugen.", 3)):
        assert count("journal_note", family_id=scene.family.pk, text=text, version=version) == 1


def test_a_template_and_tags_with_one_thumb_and_the_way_back(room: Room, cast: Cast, scene: Scene) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto(f"/familier/{scene.family.uuid}/log/")
    page.get_by_label("Tekst").fill("Kort.")
    page.get_by_role("button", name="Aftale").click()
    expect(page.get_by_label("Tekst")).to_have_value(
        "Kort.\n\nVi har aftalt:\nHvem gør hvad:\nHvornår ser vi på det igen:\n"
    )
    expect(page.get_by_role("radio", name="Aftale")).to_be_checked()
    page.get_by_text("Situation, tema og tidspunkt").click()
    page.get_by_text("Måltid", exact=True).click()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("status")).to_contain_text("Gemt: Aftale.")
    page.get_by_role("status").get_by_role("link", name="Fortryd").click()
    page.get_by_role("button", name="Tag tilbage").click()
    expect(page.get_by_role("status")).to_contain_text("Taget tilbage.")
    expect(page.get_by_text("Vi har aftalt:")).to_have_count(0)
