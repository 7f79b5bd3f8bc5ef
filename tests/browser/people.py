"""How somebody at a screen goes about it: taps that are counted, keys, and what can be seen without scrolling."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from playwright.sync_api import Locator, Page, expect

PASSWORD = "demo"

_FOCUS = """
() => {
  const focused = document.activeElement;
  const shown = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  };
  const box = (focused.closest('.choice') || focused).getBoundingClientRect();
  return {
    tag: focused.tagName.toLowerCase(),
    name: focused.getAttribute('name') || '',
    value: focused.getAttribute('value') || '',
    text: (focused.innerText || '').trim(),
    href: focused.getAttribute('href') || '',
    visible: [focused, focused.closest('.choice')].some((element) => element && shown(element)),
    on_screen: box.bottom > 0 && box.top < innerHeight,
  };
}
"""


@dataclass
class Thumb:
    """A thumb on a phone: it only reaches what is on the screen, and each tap counts."""

    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        expect(target).to_be_in_viewport(ratio=0.9)
        target.tap()
        self.taps += 1


@dataclass(frozen=True)
class Focus:
    """What holds the keyboard's focus."""

    tag: str
    name: str
    value: str
    text: str
    href: str
    visible: bool
    on_screen: bool


class Keyboard:
    """A keyboard and nothing else. Each stop of the Tab key must show where one is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def focus(self) -> Focus:
        return Focus(**self.page.evaluate(_FOCUS))

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, name: str = "", text: str = "", tag: str = "", most: int = 60) -> Focus:
        """Tab until the focus is on such an element; fails on an invisible focus and when it never comes."""
        for _stop in range(most):
            self.press("Tab")
            now = self.focus
            if now.tag == "body":
                continue
            assert now.visible and now.on_screen, f"one does not see that the focus is on {now}"
            if (
                (not name or now.name == name)
                and (not text or text in now.text)
                and (not tag or now.tag == tag)
            ):
                return now
        raise AssertionError(f"Tab does not lead to {name or text or tag}")


def log_in(page: Page, username: str) -> None:
    """By the log-in page."""
    page.goto("/log-ind/")
    page.get_by_label("Brugernavn").fill(username)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_url(lambda address: "log-ind" not in address)


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log ud").click()
    page.wait_for_url("**/log-ind/")


def draft_is_kept(page: Page) -> None:
    """Wait until the page says that what was typed is kept."""
    expect(page.locator("[data-draft-status]")).to_contain_text("Kladde gemt")


def wait_until(count: Callable[[], psycopg.Cursor[Any]], *, seconds: float = 10) -> None:
    """Wait until the query counts something; what a closing page sends arrives after it is gone."""
    deadline = time.monotonic() + seconds
    while not count().fetchone()[0]:  # type: ignore[index]
        assert time.monotonic() < deadline, "it never arrived"
        time.sleep(0.05)
