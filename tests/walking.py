"""Two ways to walk a family through its acts: as staff do it on pages, as a program does it by the API."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from html.parser import HTMLParser
from random import Random
from typing import Any
from uuid import UUID

import jsonschema
import psycopg
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from demo.answers import answer
from demo.ground import lay_ground
from demo.walk import Company, open_tasks
from placement import clock
from placement.access.actor import Actor
from placement.families.models import Family
from tests.cast import api, browser
from tests.story import Act
from workflows.kernel.models import Task

START = datetime(2026, 3, 2, 9, tzinfo=UTC)

#: A mother and a father who do not exist; their numbers can.
MOTHER_CPR, FATHER_CPR = "1203991234", "0507951235"
ENQUIRY: dict[str, Any] = {
    "source": "midwife",
    "enquiry_text": "Jordemoderen er urolig for, om der er ro nok om barnet.",
    "parents": [
        {"name": "Filippa Prøvedal", "cpr": MOTHER_CPR, "custody_holder": True, "education": "primary"},
        {"name": "Halfdan Prøvedal", "cpr": FATHER_CPR, "custody_holder": True, "employment": "employed"},
    ],
    "children": [{"name": "Vilfred", "born_on": "2026-02-02"}],
    "siblings": [{"name": "Rosalinde", "born_on": "2021-06-07"}],
    "traits": ["low_mentalisation", "network"],
}
NAMES = ("Filippa", "Halfdan", "Prøvedal", "Vilfred", "Rosalinde")


class Page(HTMLParser):
    """What a page offers: the fields of its forms with their choices, its links, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, set[str] | None] = {}
        #: What stands in a field or is chosen before anybody has touched it; not the words of a text area.
        self.given: dict[str, set[str]] = {}
        self.hidden: dict[str, str] = {}
        self.links: list[str] = []
        self.words: list[str] = []
        self._select = ""
        self.feed(html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "input" and given.get("type") == "hidden":
            self.hidden[name] = given.get("value", "")
        elif tag == "input" and given.get("type") in {"radio", "checkbox"}:
            self._choice(name, given.get("value", "on"), chosen="checked" in given)
        elif tag in {"input", "textarea"}:
            self.fields[name] = None
            self.given[name] = {given["value"]} if given.get("value") else set()
        elif tag == "select":
            self._select = name
            self.fields[name] = set()
        elif tag == "option":
            # A browser chooses the first of a list in which none is chosen.
            self._choice(
                self._select,
                given.get("value", ""),
                chosen="selected" in given or not self.fields.get(self._select),
            )

    def _choice(self, name: str, value: str, *, chosen: bool) -> None:
        choices = self.fields.setdefault(name, set())
        assert choices is not None
        choices.add(value)
        if chosen:
            self.given[name] = {value}

    def fill_in(self, form: dict[str, list[str]]) -> dict[str, list[str]]:
        """``form`` as this page sends it, hidden fields with it; fails for what the page does not offer."""
        for name, values in form.items():
            known = name if name in self.fields else re.sub(r"-\d+-", "-__prefix__-", name)
            assert known in self.fields, f"the page has no field {name}"
            choices = self.fields[known]
            assert choices is None or choices == {"on"} or set(values) <= choices, (name, values, choices)
        hidden = {name: [value] for name, value in self.hidden.items() if name != "csrfmiddlewaretoken"}
        return hidden | form


def as_form(data: dict[str, Any]) -> dict[str, list[str]]:
    """An answer as the API takes it as the fields of a form: rows by number, days as Danes write them."""
    form: dict[str, list[str]] = {}
    for name, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                form |= {f"{name}-{number}-{field}": values for field, values in as_form(row).items()}
        elif isinstance(value, list):
            form |= {name: [str(item) for item in value]} if value else {}
        elif isinstance(value, bool):
            form[name] = ["true" if value else "false"]
        elif value is not None and value != "":
            form[name] = [_as_typed(str(value))]
    return form


def _as_typed(value: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    return value


class Walker:
    """A family of one municipality on its way, and a day that moves on with each act."""

    def __init__(self, slug: str = "greve", code: int = 253, *, start: datetime = START) -> None:
        self.company = Company(slug, code)
        self.now = start
        self.done: list[str] = []
        self._clients: dict[int, Any] = {}
        self.family_uuid = self.enquire(self.company.actor("caseworker"))

    @cached_property
    def family(self) -> Family:
        with self.company.actor("authoritylead").acting(), transaction.atomic():
            return Family.objects.unscoped(reason="a test").get(uuid=self.family_uuid)

    def client(self, actor: Actor) -> Any:
        """The person's own client, the same one for the whole walk."""
        if actor.staff_id not in self._clients:
            self._clients[actor.staff_id] = self.make_client(actor)
        return self._clients[actor.staff_id]

    def open(self) -> list[Task]:
        return open_tasks(self.company, self.family)

    def task(self, step: str) -> Task:
        """The family's open task of this step; fails when it is not open."""
        waiting = {f"{task.element}.{task.flow_task.name}": task for task in self.open()}
        assert step in waiting, f"{step} is not open, but {sorted(waiting)}"
        return waiting[step]

    def ready(self, step: str) -> tuple[Task, Actor]:
        """The open task of this step and who takes it, with everything written that it will be judged on."""
        task = self.task(step)
        actor = self.company.for_task(task)
        lay_ground(actor, task, now=self.now)
        return task, actor

    def usual(self, task: Task, actor: Actor, **otherwise: Any) -> dict[str, Any]:
        """What the cast answers, the same in every walk; ``otherwise`` says it otherwise."""
        rng = Random(f"{len(self.done)}")
        with actor.acting(), transaction.atomic():
            fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
            on = clock.danish_day(self.now)
            said = {k: v(fresh.family, on) if callable(v) else v for k, v in otherwise.items()}
            return answer(fresh, on=on, rng=rng, choices={fresh.flow_task.name: said})

    def walk(self, acts: list[Act]) -> Walker:
        for step, otherwise in acts:
            self.act(step, **otherwise)
        return self

    def act(self, step: str, **otherwise: Any) -> Any:
        """The right person of the cast takes the open ``step``, two days later or on the day it is due."""
        self.move_on(step)
        with clock.standing_at(self.now):
            task, actor = self.ready(step)
            response = self.complete(actor, task, self.usual(task, actor, **otherwise))
        self.done.append(step)
        return response

    def move_on(self, step: str) -> None:
        self.now += timedelta(days=2)
        if step == "journey.follow_up_contact":
            due = self.task(step).due
            assert due is not None
            self.now = max(self.now, datetime(due.year, due.month, due.day, 9, tzinfo=UTC))

    def make_client(self, actor: Actor) -> Any:
        raise NotImplementedError

    def enquire(self, actor: Actor) -> UUID:
        raise NotImplementedError

    def complete(self, actor: Actor, task: Task, data: dict[str, Any]) -> Any:
        raise NotImplementedError


class ByPages(Walker):
    """Pages only: what is sent was offered by the page it is sent from."""

    def make_client(self, actor: Actor) -> Client:
        return browser(actor)

    def enquire(self, actor: Actor) -> UUID:
        with clock.standing_at(self.now):
            client = self.client(actor)
            page = Page(client.get("/familier/ny/").content.decode())
            response = client.post("/familier/ny/", page.fill_in(as_form(ENQUIRY)))
        assert response.status_code == 302, Page(response.content.decode()).text
        return UUID(response.url.strip("/").split("/")[-1])

    def complete(self, actor: Actor, task: Task, data: dict[str, Any]) -> Any:
        client = self.client(actor)
        address = f"/opgaver/{task.uuid}/"
        family = Page(client.get(f"/familier/{self.family_uuid}/").content.decode())
        assert address in family.links, "the step is not on the family's page"
        shown = client.get(address)
        assert shown.status_code == 200
        page = Page(shown.content.decode())
        response = client.post(address, page.fill_in(as_form(data)))
        assert response.status_code == 302, Page(response.content.decode()).text
        return response


class ByApi(Walker):
    """The API only: the worklist, the task, its schema, and completing it."""

    def make_client(self, actor: Actor) -> APIClient:
        return api(actor)

    def enquire(self, actor: Actor) -> UUID:
        with clock.standing_at(self.now):
            response = self.client(actor).post("/api/v1/families/", ENQUIRY, format="json")
        assert response.status_code == 201, response.content.decode()
        return UUID(response.json()["id"])

    def complete(self, actor: Actor, task: Task, data: dict[str, Any]) -> Any:
        client = self.client(actor)
        listed = [line for line in all_of(client, "/api/v1/tasks/") if line["id"] == str(task.uuid)]
        assert len(listed) == 1, "the step is not on the worklist"
        assert listed[0]["family"] == str(self.family_uuid)
        assert (listed[0]["element"], listed[0]["node"]) == (task.element, task.flow_task.name)
        read = client.get(f"/api/v1/tasks/{task.uuid}/").json()
        check_schema(json.dumps(read["form"]))
        jsonschema.Draft202012Validator(read["form"]).validate(data)
        response = client.post(
            f"/api/v1/tasks/{task.uuid}/complete/",
            data | {"facts_version": read["facts_version"]},
            format="json",
        )
        assert response.status_code == 200, response.content.decode()
        assert response.json()["status"] == "done"
        return response


@cache
def check_schema(text: str) -> None:
    """A form is a schema of its draft; the same one is once, however often it is shown."""
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def all_of(client: APIClient, address: str, **query: Any) -> list[dict[str, Any]]:
    """Everything on a list of the API, page after page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        response = client.get(address, {**query, **({"cursor": cursor} if cursor else {})})
        assert response.status_code == 200, response.content.decode()
        answered = response.json()
        assert set(answered) == {"results", "next"}
        found += answered["results"]
        cursor = answered["next"]
    return found


_HISTORY = """
SELECT element || '.' || substring(flow_task FROM '[^.]+$') FROM kernel_task t
  JOIN families_family f ON f.id = t.family_id WHERE f.uuid = %s ORDER BY t.id
"""
_WAYS = """
SELECT DISTINCT a.element || '.' || substring(a.flow_task FROM '[^.]+$'),
                b.element || '.' || substring(b.flow_task FROM '[^.]+$')
  FROM kernel_task_previous way JOIN kernel_task b ON b.id = way.from_task_id
  JOIN kernel_task a ON a.id = way.to_task_id JOIN families_family f ON f.id = b.family_id WHERE f.uuid = %s
"""


def history(looking: psycopg.Connection[Any], family: UUID) -> list[str]:
    """Every node the family has passed, human or not, in order, as it stands in the tables."""
    return [node for (node,) in looking.execute(_HISTORY, [family])]


def ways(looking: psycopg.Connection[Any], family: UUID) -> set[tuple[str, str]]:
    """From which node to which the family's work has moved."""
    return {(before, after) for before, after in looking.execute(_WAYS, [family])}
