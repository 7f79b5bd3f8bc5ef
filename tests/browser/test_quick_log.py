"""The quick log on a phone at three in the morning: three taps, nothing lost, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Room
from tests.browser.people import Keyboard, Thumb, draft_is_kept, log_in, log_out, wait_until
from tests.cast import Cast
from tests.scene import Scene

Count = Callable[..., int]


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    """A family that has just moved in, with a team."""
    scene = Scene("greve")
    scene.settle()
    return scene


@pytest.mark.parametrize(
    "start", ["/min-dag/", "/familier/{family}/"], ids=["from Min dag", "from the family"]
)
def test_a_score_is_logged_in_three_taps_without_scrolling(
    room: Room, cast: Cast, scene: Scene, looking: psycopg.Connection[Any], start: str
) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto(start.format(family=scene.family.uuid))
    before = _scores(looking, scene)
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name=re.compile("^Log")))
    thumb.tap(page.get_by_role("group", name="Hvordan går det i dag?").get_by_text("7", exact=True))
    thumb.tap(page.get_by_role("button", name="Gem"))
    expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")
    assert thumb.taps == 3
    assert _scores(looking, scene) == [*before, (7, "progression", "observation", "")]


def _scores(looking: psycopg.Connection[Any], scene: Scene) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in looking.execute(
            "SELECT m.score::int, m.element, n.kind, n.text FROM journal_note n "
            "JOIN progression_measurement m ON m.id = n.measurement_id WHERE n.family_id = %s ORDER BY n.id",
            [scene.family.pk],
        )
    ]


def test_a_draft_outlives_the_closed_tab_and_the_log_out(room: Room, scene: Scene, count: Count) -> None:
    page = room.open()
    log_in(page, "greve.practitioner")
    page.goto(f"/familier/{scene.family.uuid}/log/")
    page.get_by_label("Tekst").fill("Oppe klokken tre. Barnet faldt til ro på mors bryst.")
    draft_is_kept(page)
    page.close()

    again = page.context.new_page()
    again.goto("/min-dag/")
    log_out(again)
    log_in(again, "greve.practitioner")
    again.get_by_role("region", name="Kladder, du ikke har gemt").get_by_role("link").click()
    expect(again.get_by_label("Tekst")).to_have_value("Oppe klokken tre. Barnet faldt til ro på mors bryst.")
    again.get_by_role("button", name="Gem").click()
    expect(again.get_by_role("status")).to_contain_text("Gemt: Observation.")
    assert (
        count(
            "journal_note",
            family_id=scene.family.pk,
            text="Oppe klokken tre. Barnet faldt til ro på mors bryst.",
        )
        == 1
    )
    again.goto("/min-dag/")
    expect(again.get_by_role("region", name="Kladder, du ikke har gemt")).to_have_count(0)


def test_leaving_the_page_in_the_middle_of_a_word_keeps_it(
    room: Room, cast: Cast, scene: Scene, looking: psycopg.Connection[Any]
) -> None:
    page = room.open(cast.greve.teamlead)
    page.goto(f"/familier/{scene.family.uuid}/log/")
    page.get_by_label("Tekst").press_sequentially("Midt i en sætn")
    page.goto("/min-dag/")
    # The last words travel while the page is already gone.
    wait_until(
        lambda: looking.execute("SELECT count(*) FROM journal_draft WHERE data::text LIKE '%i en sætn%'")
    )
    page.reload()
    page.get_by_role("region", name="Kladder, du ikke har gemt").get_by_role("link").click()
    expect(page.get_by_label("Tekst")).to_have_value("Midt i en sætn")


def test_somebody_logged_out_while_typing_is_told_and_loses_nothing(
    room: Room, scene: Scene, looking: psycopg.Connection[Any]
) -> None:
    room.expect(401)
    page = room.open()
    log_in(page, "greve.teamlead2")
    page.goto(f"/familier/{scene.family.uuid}/log/")
    looking.execute("DELETE FROM django_session")
    page.get_by_label("Tekst").fill("Skrevet efter log ud")
    expect(page.locator("[data-draft-status]")).to_contain_text("logget ud")
    expect(page.get_by_label("Tekst")).to_have_value("Skrevet efter log ud")
    other = page.context.new_page()
    log_in(other, "greve.teamlead2")
    # Waiting for the next attempt, which comes by itself.
    draft_is_kept(page)
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")


def test_a_double_click_makes_one_note(room: Room, cast: Cast, scene: Scene, count: Count) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto(f"/familier/{scene.family.uuid}/log/")
    page.get_by_label("Tekst").fill("Kun én gang")
    page.get_by_role("button", name="Gem").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")
    assert count("journal_note", family_id=scene.family.pk, text="Kun én gang") == 1


def test_the_same_form_sent_again_makes_one_note(room: Room, cast: Cast, scene: Scene, count: Count) -> None:
    """Back in the browser, and the button once more: also without the script's guard."""
    page = room.open(cast.greve.practitioner)
    page.goto(f"/familier/{scene.family.uuid}/log/")
    page.get_by_label("Tekst").fill("Sendt to gange")
    twice = """async (form) => {
      const send = () => fetch(location.href, {method: 'POST', body: new FormData(form), redirect: 'manual'});
      await Promise.all([send(), send()]);
    }"""
    page.locator("form.form-quick").evaluate(twice)
    assert count("journal_note", family_id=scene.family.pk, text="Sendt to gange") == 1


def test_a_refused_note_keeps_the_text_and_leads_to_what_is_wrong(
    room: Room, cast: Cast, scene: Scene
) -> None:
    room.expect(422)
    page = room.open(cast.greve.practitioner)
    page.goto(f"/familier/{scene.family.uuid}/log/")
    page.get_by_label("Tekst").fill("I morgen")
    page.get_by_text("Situation, tema og tidspunkt").click()
    page.get_by_label("Hvornår skete det?").fill("24.12.2099 14.30")
    page.get_by_role("button", name="Gem").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Det kan ikke være sket i fremtiden")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Tekst")).to_have_value("I morgen")
    page.get_by_role("link", name="fremtiden").click()
    moment = page.get_by_label("Hvornår skete det?")
    expect(moment).to_be_focused()
    moment.fill("")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")


def test_from_the_log_in_to_a_saved_note_by_keyboard_alone(room: Room, scene: Scene, count: Count) -> None:
    page = room.open()
    page.goto("/log-ind/")
    keys = Keyboard(page)
    keys.tab_to(name="username")
    keys.write("greve.practitioner")
    keys.tab_to(name="password")
    keys.write("demo")
    keys.press("Enter")
    page.wait_for_url("**/min-dag/")
    keys.tab_to(text="Log", tag="a", most=30)
    while not keys.focus.href.endswith("/log/"):
        keys.tab_to(text="Log", tag="a", most=30)
    keys.press("Enter")
    page.wait_for_url("**/log/")
    keys.tab_to(name="kind")
    keys.press("ArrowRight")
    assert keys.focus.value == "assessment"
    keys.tab_to(name="score")
    keys.press("Space")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    chosen = keys.focus.value
    keys.tab_to(name="text")
    keys.write("Skrevet uden mus")
    keys.tab_to(text="Gem", tag="button")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Gemt: Vurdering.")
    assert chosen == "1"
    assert count("journal_note", family_id=scene.family.pk, kind="assessment", text="Skrevet uden mus") == 1


def test_the_skip_link_is_the_first_stop(room: Room, cast: Cast) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto("/min-dag/")
    keys = Keyboard(page)
    keys.press("Tab")
    assert keys.focus.text == "Gå til sidens indhold"
    assert keys.focus.visible and keys.focus.on_screen
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
