"""A parent answers on another device than the staff's: scanned or typed, paused, sent once, and written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from placement.families.models import Family
from tests import serving
from tests.browser.conftest import PHONE, Room
from tests.browser.people import wait_until
from tests.browser.test_every_page import faults
from tests.cast import Cast
from tests.placement.houses import family_in
from workflows.measuring.own_answers.staff_views import picture_of

Count = Callable[..., int]


@pytest.fixture(scope="module")
def family(cast: Cast) -> Family:
    """A mother with a child of 100 days."""
    return family_in(cast.greve)


def code_from(page: Page, family: Family, instrument: str) -> str:
    """Staff make a code; what the camera sees is the address with the code behind its #."""
    page.goto(f"/familier/{family.uuid}/maalinger/ny/{instrument}/kode/")
    page.locator("input[name=person]").first.check()
    page.get_by_label("24 timer").check()
    page.get_by_role("button", name="Lav koden").click()
    code = page.locator(".code-letters").inner_text().strip()
    squares = re.findall(r'd="([^"]+)"', picture_of(f"{re.match(r'http://[^/]+', page.url)[0]}/svar/#{code}"))  # type: ignore[index]
    assert (
        page.locator(".code-picture path").evaluate_all("all => all.map(one => one.getAttribute('d'))")
        == squares
    )
    return code


def test_a_scanned_code_is_answered_in_a_second_browser(
    room: Room, cast: Cast, family: Family, looking: psycopg.Connection[object], tmp_path: Path
) -> None:
    room.expect(422)
    staff, parent = room.open(cast.greve.practitioner), room.open(size=PHONE)
    code = code_from(staff, family, "epds")
    assert faults(staff) == []

    parent.goto(f"/svar/#{code}")
    parent.wait_for_url("**/svar/skema/")
    assert code not in parent.url and not parent.locator("nav, header").count()
    assert faults(parent) == []
    sizes = parent.locator("main :is(p, legend, .choice span, button)").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 20, "large type"

    parent.locator("input[name=item_1][value='1']").check()
    parent.get_by_role("button", name="English").click()
    expect(parent.locator("html")).to_have_attribute("lang", "en")
    expect(parent.locator("input[name=item_1][value='1']")).to_be_checked()
    parent.get_by_role("button", name="Dansk").click()
    parent.get_by_role("button", name="Hold pause").click()
    expect(parent.get_by_role("status")).to_contain_text("gemt og ikke sendt")
    parent.goto("/svar/skema/")
    parent.wait_for_url("**/svar/")

    parent.get_by_label("Din kode").fill(code.lower())
    parent.get_by_role("button", name="Gå videre").click()
    expect(parent.locator("input[name=item_1][value='1']")).to_be_checked()
    parent.get_by_role("button", name="Send mit svar").click()
    expect(parent.get_by_role("alert")).to_be_focused()
    assert faults(parent) == []
    for item in range(2, 11):
        parent.locator(f"input[name=item_{item}][value='1']").check()
    parent.get_by_role("button", name="Send mit svar").click()
    parent.wait_for_url("**/svar/tak/")
    assert faults(parent) == []

    with serving.worker(tmp_path / "worker.log") as working:
        wait_until(
            lambda: looking.execute(
                "SELECT count(*) FROM flow_measuring_selfreport WHERE administration_id IS NOT NULL"
            ),
            seconds=100,
        )
        assert code not in working.said
    staff.goto(f"/familier/{family.uuid}/maalinger/")
    expect(staff.locator("#made + ul")).to_contain_text("forælderen selv, med en kode fra")
    expect(staff.locator("#made + ul")).to_contain_text("tal med forælderen i dag")

    parent.goto("/svar/")
    parent.get_by_label("Din kode").fill(code)
    parent.get_by_role("button", name="Gå videre").click()
    expect(parent.get_by_role("alert")).to_contain_text("Koden åbner ikke noget")


def test_a_no_thanks_takes_one_tap(room: Room, cast: Cast, family: Family, count: Count) -> None:
    parent = room.open(size=PHONE)
    parent.goto(f"/svar/#{code_from(room.open(cast.greve.practitioner), family, 'who-5')}")
    parent.get_by_role("button", name="Jeg vil ikke svare").click()
    parent.wait_for_url("**/svar/tak/")
    assert count("flow_measuring_selfreport", instrument="who-5") == 1
