"""People at their own browsers and programs with their own tokens, speaking HTTP to a real server."""

from __future__ import annotations

import html
import http.client
import json
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Visitor:
    """One browser (cookies) or one program (``token``). Not to be shared by threads: make one each."""

    url: str
    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request on a connection of its own."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.token:
            sent["Authorization"] = f"Token {self.token}"
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            for line in response.msg.get_all("Set-Cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            text = response.read().decode()
            return Answer(response.status, text, response.headers.get("Location", ""))
        finally:
            connection.close()

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form as the browser does, with the protection token it was given."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}).encode()
        return self.ask(
            "POST", path, body, Content_Type="application/x-www-form-urlencoded", Referer=self.url
        )

    def call(self, path: str, body: dict[str, Any], **headers: str) -> Answer:
        """Send JSON to the API."""
        return self.ask("POST", path, json.dumps(body).encode(), Content_Type="application/json", **headers)

    def open_form(self, path: str) -> dict[str, str]:
        """The hidden fields of a step's page: its submit token and the version of its facts."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.text
        names = ("submit_token", "facts_version")
        return {name: _hidden(answer.text, name) for name in names}

    def again(self) -> Visitor:
        """The same person in another window."""
        return Visitor(self.url, self.token, dict(self.cookies))


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return html.unescape(found[1])


def at_the_same_moment(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Let all begin together, each in a thread of its own; their answers, in the same order."""
    barrier = threading.Barrier(len(acts))

    def begin(act: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))
