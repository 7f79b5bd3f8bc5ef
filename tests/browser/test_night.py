"""Night: dim, few words, large targets; the person's own choice first, then the device's."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Room
from tests.browser.people import Thumb
from tests.cast import Cast
from tests.scene import Scene


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    scene = Scene("greve")
    scene.settle()
    return scene


def brightness(page: Page) -> int:
    """Of the page's ground, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    return sum(colour[:3]) // 3


def test_the_persons_choice_goes_before_the_devices(room: Room, cast: Cast) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto("/min-dag/")
    assert brightness(page) > 200
    page.emulate_media(color_scheme="dark")
    assert brightness(page) < 40, "as the device prefers, without a script and without asking"
    page.get_by_role("button", name="Nat", exact=True).click()
    page.emulate_media(color_scheme="light")
    assert brightness(page) < 40
    page.goto("/familier/")
    assert brightness(page) < 40
    page.get_by_role("button", name="Dag", exact=True).click()
    page.emulate_media(color_scheme="dark")
    assert brightness(page) > 200
    page.get_by_role("button", name="Lys og mørk som enheden").click()
    assert brightness(page) < 40


def test_choosing_night_while_typing_loses_nothing(room: Room, cast: Cast, scene: Scene) -> None:
    page = room.open(cast.greve.teamlead)
    page.goto(f"/familier/{scene.family.uuid}/log/")
    page.get_by_label("Tekst").fill("Skrevet i mørke")
    expect(page.locator("[data-draft-status]")).to_contain_text("Kladde gemt")
    page.get_by_role("button", name="Nat", exact=True).click()
    expect(page.get_by_label("Tekst")).to_have_value("Skrevet i mørke")


def test_the_log_at_night_is_three_taps_with_few_words_and_large_targets(
    room: Room, cast: Cast, scene: Scene
) -> None:
    page = room.open(cast.greve.practitioner)
    page.context.add_cookies([{"name": "night", "value": "on", "url": room.url}])
    page.goto(f"/familier/{scene.family.uuid}/")
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="Log", exact=True))
    page.wait_for_url("**/log/")
    small = page.locator(".form-quick button:visible:not(.unseen), .form-quick .choice:visible").evaluate_all(
        "all => all.map(one => [one.innerText, one.getBoundingClientRect().height]).filter(([, high]) => high < 52)"
    )
    assert small == []
    expect(page.locator("#id_score_helptext")).to_be_visible()
    expect(page.locator(".form-quick .field-aside").first).to_be_hidden()
    thumb.tap(page.get_by_role("group", name="Hvordan går det i dag?").get_by_text("4", exact=True))
    thumb.tap(page.get_by_role("button", name="Gem"))
    expect(page.get_by_role("status")).to_contain_text("Gemt: Observation.")
    assert thumb.taps == 3


@pytest.mark.parametrize(
    "where", ["/min-dag/", "/familier/{f}/", "/familier/{f}/log/", "/frister/", "/loggens-ord/"]
)
def test_everything_can_be_read_at_night(room: Room, cast: Cast, scene: Scene, where: str) -> None:
    for size in (PHONE, DESK):
        page = room.open(cast.greve.teamlead, size=size)
        page.context.add_cookies([{"name": "night", "value": "on", "url": room.url}])
        page.goto(where.format(f=scene.family.uuid))
        for more in page.locator("details > summary").all():
            more.click()
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}).response["violations"]
        said = [(v["id"], node["html"], node["failureSummary"]) for v in found for node in v["nodes"]]
        assert said == [], size
