"""The fixed cast as actors, and the ways they reach the house: a browser's client, an API's client."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from django.dispatch import receiver
from django.test import Client
from django.test.client import ClientHandler
from django.test.signals import setting_changed
from rest_framework.test import APIClient

from demo.people import SLUGS
from placement.access import tokens
from placement.access.actor import Actor, actor_for
from placement.access.models import Staff

CODES = {slug: code for code, slug in SLUGS.items()}


class Town:
    """The eight people of one municipality."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.code = CODES[slug]

    def __getattr__(self, part: str) -> Actor:
        staff = Staff.objects.filter(username=f"{self.slug}.{part}").first()
        if staff is None:
            raise AttributeError(part)
        actor = actor_for(staff, self.code)
        assert actor is not None
        return actor

    @property
    def everybody(self) -> list[Actor]:
        names = Staff.objects.filter(username__startswith=f"{self.slug}.").order_by("username")
        return [actor for staff in names if (actor := actor_for(staff, self.code))]


class Cast:
    """Greve, Randers, Odense, and the two who belong to none."""

    @cached_property
    def greve(self) -> Town:
        return Town("greve")

    @cached_property
    def randers(self) -> Town:
        return Town("randers")

    @cached_property
    def odense(self) -> Town:
        return Town("odense")

    @property
    def evaluator(self) -> Actor:
        return self._national("vive.evaluator")

    @property
    def admin(self) -> Actor:
        return self._national("admin")

    @property
    def everybody(self) -> list[Actor]:
        return [
            *self.greve.everybody,
            *self.randers.everybody,
            *self.odense.everybody,
            self.evaluator,
            self.admin,
        ]

    def _national(self, username: str) -> Actor:
        actor = actor_for(Staff.objects.get(username=username), None)
        assert actor is not None
        return actor


#: What a handler sets up once: the chain of the middleware. Each reads the settings when it is made.
_SET_UP = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")
_ready: list[ClientHandler] = []

Caller = TypeVar("Caller", Client, APIClient)


@receiver(setting_changed)
def _begin_anew(**changed: Any) -> None:
    _ready.clear()


def visitor(kind: type[Caller]) -> Caller:
    """A client that nobody has logged in with, before the chain that all clients share.

    Setting up a chain lists every static file there is; the server does it once, and so do these.
    """
    if not _ready:
        first = ClientHandler()
        first.load_middleware()
        _ready.append(first)
    client = kind()
    for name in _SET_UP:
        setattr(client.handler, name, getattr(_ready[0], name))
    return client


def browser(actor: Actor) -> Client:
    """A client logged in as the person, as by the log-in page."""
    client = visitor(Client)
    client.force_login(actor.staff)
    return client


def api(actor: Actor) -> APIClient:
    """An API client with a token of the person."""
    token = tokens.issue(staff=actor.staff, municipality_id=actor.municipality_id, using="owner")
    client = visitor(APIClient)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def body(response: Any) -> Any:
    """A JSON answer's content."""
    return response.json()
