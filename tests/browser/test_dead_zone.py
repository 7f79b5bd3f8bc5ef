"""The quick log where the network is gone, on two devices at once, and on one that changes hands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Room
from tests.browser.people import Thumb, draft_is_kept, log_in, log_out
from tests.cast import Cast
from tests.scene import Scene

Count = Callable[..., int]


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    """A family that has just moved in, with a team."""
    scene = Scene("greve")
    scene.settle()
    return scene


def dead(page: Page) -> Callable[[], None]:
    """No answer comes any more, though the phone believes that it has a network; the way back is returned."""
    page.route("**/*", lambda route: route.abort("internetdisconnected"))
    return lambda: page.unroute("**/*")


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-draft-status]")).to_contain_text(words)


def test_three_taps_with_the_network_cut_in_the_middle(
    room: Room, cast: Cast, scene: Scene, looking: psycopg.Connection[Any], count: Count
) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto("/min-dag/")
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name=re.compile("^Log")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Log")
    scores = page.get_by_role("group", name="Hvordan går det i dag?")
    room.heard.clear()
    network_is_back = dead(page)
    thumb.tap(scores.get_by_text("7", exact=True))
    thumb.tap(page.get_by_role("button", name="Gem"))
    says(page, "notatet er ikke gemt endnu")
    expect(scores.get_by_label("7", exact=True)).to_be_checked()
    assert count("journal_note", family_id=scene.family.pk) == 0
    network_is_back()
    says(page, "Nettet er tilbage: tryk Gem.")
    room.heard[:] = [said for said in room.heard if "ERR_INTERNET_DISCONNECTED" not in said]
    thumb.tap(page.get_by_role("button", name="Gem"))
    expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")
    scored = looking.execute(
        "SELECT m.score::int FROM journal_note n JOIN progression_measurement m ON m.id = n.measurement_id"
        " WHERE n.family_id = %s", [scene.family.pk],
    ).fetchall()  # fmt: skip
    assert scored == [(7,)]


def test_nothing_of_the_text_is_kept_on_the_device(room: Room, cast: Cast, scene: Scene) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto(f"/familier/{scene.family.uuid}/log/")
    dead(page)
    page.get_by_label("Tekst").fill("Kun i siden")
    says(page, "Ingen forbindelse")
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie.includes('Kun')]")
    assert kept == [0, 0, False]
    room.heard[:] = [said for said in room.heard if "ERR_INTERNET_DISCONNECTED" not in said]


def test_the_same_draft_on_a_phone_and_on_a_desk_becomes_two(
    room: Room, cast: Cast, scene: Scene, count: Count
) -> None:
    room.expect(409)
    phone = room.open(cast.greve.teamlead)
    phone.goto(f"/familier/{scene.family.uuid}/log/")
    phone.get_by_label("Tekst").fill("Begyndt på telefonen.")
    draft_is_kept(phone)
    desk = room.open(cast.greve.teamlead, size={"width": 1280, "height": 900})
    desk.goto(f"/familier/{scene.family.uuid}/log/")
    expect(desk.get_by_label("Tekst")).to_have_value("Begyndt på telefonen.")
    desk.get_by_label("Tekst").fill("Begyndt på telefonen. Skrevet færdig ved bordet.")
    draft_is_kept(desk)
    phone.get_by_label("Tekst").fill("Begyndt på telefonen. Og så ringede det.")
    says(phone, "gemt som en kladde for sig")
    for page in (desk, phone):
        page.get_by_role("button", name="Gem").click()
        expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")
    for text in ("Skrevet færdig ved bordet.", "Og så ringede det."):
        assert count("journal_note", family_id=scene.family.pk, text=f"Begyndt på telefonen. {text}") == 1


def test_on_a_shared_device_what_one_typed_is_not_signed_by_the_next(
    room: Room, scene: Scene, looking: psycopg.Connection[Any], count: Count
) -> None:
    room.expect(409)
    page = room.open(size=PHONE)
    log_in(page, "greve.practitioner")
    page.goto(f"/familier/{scene.family.uuid}/log/")
    other = page.context.new_page()
    other.goto("/min-dag/")
    log_out(other)
    log_in(other, "greve.teamlead")
    page.get_by_label("Tekst").fill("Skrevet af behandleren")
    says(page, "En anden er logget ind på enheden")
    page.get_by_role("button", name="Gem").click()
    says(page, "En anden er logget ind på enheden")
    expect(page.get_by_label("Tekst")).to_have_value("Skrevet af behandleren")
    assert count("journal_note", family_id=scene.family.pk, text="Skrevet af behandleren") == 0
    log_out(other)
    log_in(other, "greve.practitioner")
    draft_is_kept(page)
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")
    signed = looking.execute(
        "SELECT s.username FROM journal_note n JOIN access_staff s ON s.id = n.author_id WHERE n.text = %s",
        ["Skrevet af behandleren"],
    ).fetchall()
    assert signed == [("greve.practitioner",)]
