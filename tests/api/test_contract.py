"""The open door as a contract: its description, the shape of lists and problems, and what an answer costs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import jsonschema
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from placement import clock
from placement.access.actor import Actor
from placement.families.models import Family
from placement.journal.services import write_note
from tests import story
from tests.cast import Cast, api, browser
from tests.walking import ENQUIRY, ByApi, Walker, all_of
from tests.watching import nothing_written
from workflows.journey.services import begin_journey


@pytest.fixture(scope="module")
def cast(shared_house: None) -> Cast:
    return Cast()


@pytest.fixture(scope="module")
def looking(superuser_url: str, shared_house: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(superuser_url, autocommit=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def walked(shared_house: None) -> Walker:
    return ByApi().walk([*story.TO_THE_HOUSE, *story.PROGRESSION[:2], *story.TEAM[:2], *story.EXIT[:5]])


@pytest.fixture(scope="module")
def described(cast: Cast) -> dict[str, Any]:
    """The description as the API itself gives it."""
    answer = api(cast.greve.caseworker).get("/api/v1/schema/")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_the_description_is_made_without_a_warning(shared_house: None) -> None:
    out, err = StringIO(), StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out, stderr=err)
    assert "openapi: 3" in out.getvalue()
    assert err.getvalue() == ""


def test_the_description_is_the_same_in_every_language(described: dict[str, Any], cast: Cast) -> None:
    """Names of types are part of the contract; only the words for people may differ."""
    english = api(cast.greve.caseworker).get("/api/v1/schema/", HTTP_ACCEPT_LANGUAGE="en")
    other = json.loads(english.content)
    assert set(other["components"]["schemas"]) == set(described["components"]["schemas"])
    assert not [name for name in described["components"]["schemas"] if re.search(r"[0-9a-f]{3}Enum", name)]


OPEN_DOOR = {
    "/api/v1/me/": {"get"},
    "/api/v1/families/": {"get", "post"},
    "/api/v1/families/{family}/": {"get"},
    "/api/v1/families/{family}/notes/": {"get", "post"},
    "/api/v1/families/{family}/notes/{note}/corrections/": {"post"},
    "/api/v1/families/{family}/measurements/": {"get", "post"},
    "/api/v1/families/{family}/goals/": {"get"},
    "/api/v1/families/{family}/meetings/": {"get"},
    "/api/v1/families/{family}/follow-ups/": {"get"},
    "/api/v1/families/{family}/exit-steps/": {"get"},
    "/api/v1/families/{family}/exit-ground/{record}/": {"get", "post"},
    "/api/v1/families/{family}/access-log/": {"get"},
    "/api/v1/tasks/": {"get"},
    "/api/v1/tasks/{task}/": {"get"},
    "/api/v1/tasks/{task}/complete/": {"post"},
    "/api/v1/releases/": {"get", "post"},
    "/api/v1/releases/{release}/": {"get"},
    "/api/v1/releases/{release}/report/": {"get"},
    "/api/v1/releases/{release}/review/": {"post"},
    "/api/v1/releases/{release}/approve/": {"post"},
    "/api/v1/releases/{release}/reject/": {"post"},
    "/api/v1/releases/{release}/withdraw/": {"post"},
    "/api/v1/releases/{release}/link/": {"post"},
    "/api/v1/releases/{release}/archive/{token}": {"get"},
    "/api/v1/releases/{release}/files/{name}": {"get"},
    "/api/v1/agreements/": {"get", "post"},
}


def test_what_is_promised_is_described(described: dict[str, Any]) -> None:
    """Addresses and methods may be added; one of these that is gone breaks somebody's program."""
    verbs = {"get", "post", "put", "patch", "delete"}
    found = {path: set(operations) & verbs for path, operations in described["paths"].items()}
    for path, methods in OPEN_DOOR.items():
        assert methods <= found.get(path, set()), path
    names = [
        o["operationId"]
        for operations in described["paths"].values()
        for v, o in operations.items()
        if v in verbs
    ]
    assert len(names) == len(set(names))


def _resolved(document: dict[str, Any], part: Any) -> Any:
    if isinstance(part, dict) and "$ref" in part:
        found: Any = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return _resolved(document, found)
    if isinstance(part, dict):
        return {name: _resolved(document, inner) for name, inner in part.items()}
    return [_resolved(document, inner) for inner in part] if isinstance(part, list) else part


def _check(document: dict[str, Any], path: str, method: str, status: int, answer: Any) -> None:
    """The answer is what the description says of this operation."""
    responses = document["paths"][path][method]["responses"]
    schema = _resolved(document, responses[str(status)]["content"]["application/json"]["schema"])
    checked = json.loads(json.dumps(schema).replace('"nullable"', '"x-nullable"'))
    jsonschema.Draft202012Validator(_nullable(checked)).validate(answer)


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema says a type of null."""
    if isinstance(schema, list):
        return [_nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _nullable(part) for name, part in schema.items() if name != "x-nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("x-nullable") else plain


READS = [
    ("/api/v1/me/", "caseworker"),
    ("/api/v1/families/", "caseworker"),
    ("/api/v1/families/{family}/", "caseworker"),
    ("/api/v1/families/{family}/notes/", "practitioner"),
    ("/api/v1/families/{family}/measurements/", "practitioner"),
    ("/api/v1/families/{family}/goals/", "practitioner"),
    ("/api/v1/families/{family}/meetings/", "practitioner"),
    ("/api/v1/families/{family}/follow-ups/", "practitioner"),
    ("/api/v1/families/{family}/exit-steps/", "practitioner"),
    ("/api/v1/families/{family}/access-log/", "teamlead"),
    ("/api/v1/tasks/", "practitioner"),
    ("/api/v1/tasks/{task}/", "practitioner"),
]


@pytest.mark.parametrize(("path", "part"), READS)
def test_answers_are_what_the_description_says(
    described: dict[str, Any], walked: Walker, cast: Cast, path: str, part: str
) -> None:
    with clock.standing_at(walked.now):
        client = api(getattr(cast.greve, part))
        if "notes" in path or "measurements" in path:
            written = {
                "notes": {"kind": "observation", "text": "Rolig.", "element": "progression", "score": 4},
                "measurements": {"element": "progression", "instrument": "hverdagslog", "score": 4},
            }["notes" if "notes" in path else "measurements"]
            made = client.post(path.replace("{family}", str(walked.family_uuid)), written, format="json")
            assert made.status_code == 201, made.content.decode()
            _check(described, path, "post", 201, made.json())
        task = next(iter(all_of(client, "/api/v1/tasks/")), {"id": ""})
        answer = client.get(path.replace("{family}", str(walked.family_uuid)).replace("{task}", task["id"]))
        assert answer.status_code == 200, answer.content.decode()
        _check(described, path, "get", 200, answer.json())
        if path.endswith("}/") or path.endswith("me/"):
            assert answer.json()["id"]
        else:
            assert set(answer.json()) == {"results", "next"}
            assert answer.json()["results"] and all(row["id"] for row in answer.json()["results"])


def test_the_form_of_an_enquiry_is_described_and_answers(described: dict[str, Any], cast: Cast) -> None:
    body = _resolved(
        described,
        described["paths"]["/api/v1/families/"]["post"]["requestBody"]["content"]["application/json"][
            "schema"
        ],
    )
    jsonschema.Draft202012Validator(body).validate(ENQUIRY)
    answer = api(cast.randers.caseworker).post("/api/v1/families/", ENQUIRY, format="json")
    assert answer.status_code == 201
    _check(described, "/api/v1/families/", "post", 201, answer.json())


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50, 200, 1000])
def test_pages_follow_each_other_to_the_end(walked: Walker, cast: Cast, limit: int) -> None:
    """Whatever the size of a page: everything, once, newest first, also while something is added."""
    with clock.standing_at(walked.now):
        client = api(cast.greve.practitioner)
        address = f"/api/v1/families/{walked.family_uuid}/notes/"
        while len(all_of(client, address, limit=200)) < 7:
            client.post(address, {"kind": "observation", "text": "Et notat."}, format="json")
        whole = [note["id"] for note in all_of(client, address, limit=200)]
        assert [note["id"] for note in all_of(client, address, limit=limit)] == whole
        first = client.get(address, {"limit": limit}).json()
        assert len(first["results"]) == min(limit, 200, len(whole))
        if first["next"] is None:
            return
        client.post(address, {"kind": "observation", "text": "Skrevet imens."}, format="json")
        rest = all_of(client, f"{address}?limit={limit}&cursor={first['next']}")
        assert [note["id"] for note in [*first["results"], *rest]] == whole


def test_integers_stay_inside(walked: Walker, cast: Cast) -> None:
    """Ids outside are UUIDs, in answers as in addresses (the access log's rows are numbered for the leads alone)."""
    with clock.standing_at(walked.now):
        for path, part in READS:
            if "{task}" in path or "access-log" in path:
                continue
            answer = (
                api(getattr(cast.greve, part)).get(path.replace("{family}", str(walked.family_uuid))).json()
            )
            for row in answer.get("results", [answer]):
                assert re.fullmatch(r"[0-9a-f-]{36}", row["id"])
                assert not any(name == "pk" or name.endswith("_id") for name in row)


PROBLEMS = [
    ("get", "/api/v1/families/00000000-0000-4000-8000-000000000000/", None, 404, "not-found"),
    ("get", "/api/v1/nothing/", None, 404, "not-found"),
    ("delete", "/api/v1/families/", None, 405, "method-not-allowed"),
    ("post", "/api/v1/families/", {}, 422, "invalid"),
    ("get", "/api/v1/families/?limit=x", None, 400, "bad-request"),
    ("post", "/api/v1/releases/", {}, 403, "not-allowed"),
]


@pytest.mark.parametrize(("method", "address", "body", "status", "kind"), PROBLEMS)
def test_a_no_is_a_problem_document(
    cast: Cast, looking: psycopg.Connection[Any], method: str, address: str, body: Any, status: int, kind: str
) -> None:
    client = api(cast.greve.caseworker)
    with nothing_written(looking):
        answer = (
            getattr(client, method)(address, body, format="json")
            if body is not None
            else getattr(client, method)(address)
        )
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "private, no-store" or "no-store" in answer["Cache-Control"]
    told = json.loads(answer.content)
    assert told["type"] == f"urn:familieforloeb:problem:{kind}"
    assert told["status"] == status and told["title"] and told["detail"]


def test_a_token_that_is_unknown_revoked_or_malformed_is_a_401(
    cast: Cast, looking: psycopg.Connection[Any]
) -> None:
    from rest_framework.test import APIClient

    for header in ("Token x", "Token ", "Token", "Bearer x", "Token \x7f", "Basic Z3JldmU6ZGVtbw=="):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=header)
        answer = client.get("/api/v1/me/")
        assert answer.status_code == 401, header
        assert answer.json()["type"] == "urn:familieforloeb:problem:not-authenticated"
    client = api(cast.greve.caseworker)
    assert client.get("/api/v1/me/").status_code == 200
    looking.execute("UPDATE access_stafftoken SET revoked = now()")
    assert client.get("/api/v1/me/").status_code == 401


def test_tokens_are_kept_as_digests(cast: Cast, looking: psycopg.Connection[Any]) -> None:
    from placement.access import tokens

    token = tokens.issue(staff=cast.greve.caseworker.staff, municipality_id=253, using="owner")
    (text,) = looking.execute("SELECT string_agg(t::text, '|') FROM access_stafftoken t").fetchone() or ("",)
    assert token not in text and len(token) >= 40


def test_a_browsers_session_writes_only_with_its_own_token(cast: Cast) -> None:
    """A page of somebody else's cannot post to the API in a logged-in person's name."""
    from django.test import Client

    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.greve.caseworker.staff)
    assert careful.get("/api/v1/me/").status_code == 200
    answer = careful.post("/api/v1/families/", json.dumps(ENQUIRY), content_type="application/json")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    page = careful.post("/familier/ny/", {})
    assert page.status_code == 403


# What an answer costs ------------------------------------------------------------------------------------


def queries(client: Any, address: str) -> int:
    """How many statements an answer takes, the second time it is asked for."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def enquiries(actor: Actor, count: int) -> list[Family]:
    with actor.acting():
        return [
            begin_journey(
                actor=actor,
                source="casework",
                enquiry_text="",
                traits=[],
                people=[
                    {
                        "kind": "parent",
                        "name": "Ulla",
                        "born_on": clock.today() - timedelta(days=9000),
                        "custody_holder": True,
                    },
                    {"kind": "child", "name": "Bo", "born_on": clock.today() - timedelta(days=40)},
                ],
                now=clock.now(),
            )
            for _number in range(count)
        ]


def test_a_worklist_of_fifty_costs_what_one_of_five_does(cast: Cast) -> None:
    caseworker = cast.odense.caseworker
    person, program = browser(caseworker), api(caseworker)
    addresses = {
        "/min-dag/": person, "/familier/": person, "/api/v1/tasks/?limit=200": program,
        "/api/v1/families/?limit=200": program,
    }  # fmt: skip
    enquiries(caseworker, 5)
    few = {address: queries(client, address) for address, client in addresses.items()}
    enquiries(caseworker, 45)
    many = {address: queries(client, address) for address, client in addresses.items()}
    assert len(all_of(program, "/api/v1/tasks/")) == 50
    assert many == few
    assert few["/api/v1/tasks/?limit=200"] <= 8
    assert few["/min-dag/"] <= 20


def test_a_family_with_two_hundred_notes_costs_what_one_with_ten_does(walked: Walker, cast: Cast) -> None:
    with clock.standing_at(walked.now):
        practitioner = cast.greve.practitioner
        person, program = browser(practitioner), api(practitioner)
        family = str(walked.family_uuid)
        addresses = {
            f"/familier/{family}/": person,
            f"/api/v1/families/{family}/notes/?limit=200": program,
            f"/api/v1/families/{family}/measurements/?limit=200": program,
        }
        _notes(practitioner, walked.family, 10)
        few = {address: queries(client, address) for address, client in addresses.items()}
        _notes(practitioner, walked.family, 190)
        many = {address: queries(client, address) for address, client in addresses.items()}
    assert many == few
    assert few[f"/familier/{family}/"] <= 42


def _notes(actor: Actor, family: Family, count: int) -> None:
    from decimal import Decimal

    with actor.acting(), transaction.atomic():
        for number in range(count):
            write_note(
                actor=actor,
                family=family,
                kind="observation",
                text=f"Notat {number}.",
                element="progression",
                score=Decimal(number % 10),
                now=clock.now(),
            )
