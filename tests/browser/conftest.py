"""A real browser before the real server. Any word on its console, any refusal of the policy, fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, WebError

from placement.access.actor import Actor
from tests import serving
from tests.cast import Cast, browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
HERE = Path(__file__).parent

#: A page may say these on the console when a test provokes them (a browser reports each answer above 399).
_ANSWER_LINE = "Failed to load resource: the server responded with a status of "


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last of all: the browser's driver keeps an event loop in this thread, which others would stumble over."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium as `manage.py test` found it; without its sandbox only where it refuses to run with it."""
    arguments = [
        "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-first-run", "--lang=da-DK",
    ]  # fmt: skip
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {"executable_path": os.environ["FAMILIEFORLOEB_CHROMIUM"], "headless": True, "args": arguments}


@pytest.fixture(scope="session", autouse=True)
def beside_an_event_loop() -> Iterator[None]:
    """The driver's loop runs in this thread, so the framework must be told that we know what we do."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def cast(shared_house: None) -> Cast:
    """The fixed cast, for a whole module."""
    return Cast()


@pytest.fixture(scope="module")
def looking(superuser_url: str, shared_house: None) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection, to see what is really in the tables."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def server(prepared: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Serving]:
    """The web server of the whole run of browser tests."""
    with serving.web(tmp_path_factory.mktemp("web") / "web.log") as running:
        yield running


class Room:
    """Where people sit down before a browser: ``room.open(actor)`` gives a page, logged in as that person."""

    def __init__(self, browser: Browser, server: serving.Serving) -> None:
        self.browser = browser
        self.url = server.url
        self.heard: list[str] = []
        self.expected: set[int] = set()
        self._contexts: list[BrowserContext] = []

    def open(self, actor: Actor | None = None, *, size: dict[str, int] = PHONE) -> Page:
        """A new browser of its own; a person is logged in by session, without going through the log-in page."""
        phone = size["width"] < 800
        context = self.browser.new_context(
            base_url=self.url, viewport=size, locale="da-DK", timezone_id="Europe/Copenhagen",  # type: ignore[arg-type]
            reduced_motion="reduce", has_touch=phone, accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("response", self._answered)
        if actor is not None:
            session = browser(actor).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
        return context.new_page()

    def expect(self, *statuses: int) -> None:
        """This test provokes answers of these statuses; all others above 399 fail it."""
        self.expected |= set(statuses)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _said(self, message: ConsoleMessage) -> None:
        if any(message.text.startswith(f"{_ANSWER_LINE}{status}") for status in self.expected):
            return
        self.heard.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _broke(self, error: WebError) -> None:
        self.heard.append(f"error: {error.error}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.heard.append(f"status {response.status}: {response.request.method} {response.url}")


@pytest.fixture
def room(browser: Browser, server: serving.Serving, shared_house: None) -> Iterator[Room]:
    """A room whose browsers have said nothing unexpected at the end of the test."""
    one = Room(browser, server)
    yield one
    one.close()
    assert one.heard == []


@pytest.fixture
def count(looking: psycopg.Connection[Any]) -> Callable[..., int]:
    """``count("journal_note", family_id=7)``: how many such rows there are."""

    def rows(table: str, **where: Any) -> int:
        condition = " AND ".join(f'"{column}" = %s' for column in where) or "true"
        found = looking.execute(f'SELECT count(*) FROM "{table}" WHERE {condition}', [*where.values()])
        return int(found.fetchone()[0])  # type: ignore[index]

    return rows
