"""What is wrong is refused in words, with a type that stays the same, and nothing is half-written."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from placement import clock
from tests import story
from tests.cast import api, browser
from tests.walking import ENQUIRY, ByApi, ByPages, Page, Walker, as_form
from tests.watching import nothing_written

PROBLEM = "urn:familieforloeb:problem:"
Looking = psycopg.Connection[Any]


def refused(response: Any, status: int, kind: str, *words: str) -> dict[str, Any]:
    """The problem document of a refusal: its status, its type, and a Danish sentence with ``words`` in it."""
    body = response.content.decode()
    assert response.status_code == status, body
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(body)
    assert document["type"] == PROBLEM + kind
    assert document["status"] == status
    assert document["title"] and document["detail"]
    for word in words:
        assert word in body, body
    return document


def on_page(response: Any, status: int, *words: str) -> None:
    """A page that says what is wrong, in Danish."""
    text = Page(response.content.decode()).text
    assert response.status_code == status, text
    for word in words:
        assert word in text, text


# Enquiries -----------------------------------------------------------------------------------------------

NO_SUCH_CPR = ("3113991234", "0000000000", "123", "12039912345", "120399-123a", "1203991234; DROP TABLE")


def enquiry(**otherwise: Any) -> dict[str, Any]:
    return ENQUIRY | otherwise


@pytest.mark.parametrize("number", NO_SUCH_CPR)
def test_a_cpr_that_does_not_exist(cast: Any, looking: Looking, number: str) -> None:
    wrong = enquiry(parents=[{"name": "Filippa", "cpr": number, "custody_holder": True}])
    with nothing_written(looking):
        response = api(cast.greve.caseworker).post("/api/v1/families/", wrong, format="json")
        assert response.status_code == 422
        kind = "invalid" if len(number) > 11 else "invalid-cpr"
        refused(response, 422, kind)
        assert number not in response.json()["detail"]
        page = browser(cast.greve.caseworker).post("/familier/ny/", as_form(wrong))
    on_page(page, 422)
    if kind == "invalid-cpr":
        on_page(page, 422, "CPR-nummeret findes ikke. Kontrollér de ti cifre")


def test_a_birth_before_the_parents(cast: Any, looking: Looking) -> None:
    wrong = enquiry(siblings=[{"name": "Rosalinde", "born_on": "1990-01-01"}])
    with nothing_written(looking):
        api_answer = api(cast.greve.caseworker).post("/api/v1/families/", wrong, format="json")
        page = browser(cast.greve.caseworker).post("/familier/ny/", as_form(wrong))
    refused(api_answer, 422, "born-before-parents", "Et barn kan ikke være født før sine forældre")
    on_page(page, 422, "Et barn kan ikke være født før sine forældre")


@pytest.mark.parametrize(
    "wrong",
    [
        {"children": [{"name": "Vilfred", "born_on": "1206-02-02"}]},
        {"children": [{"due_on": "2206-05-02"}]},
        {"parents": [{"name": "Filippa", "born_on": "1199-03-12", "custody_holder": True}]},
    ],
    ids=["a child", "a due date", "a parent"],
)
def test_a_year_that_cannot_be_meant(cast: Any, looking: Looking, wrong: dict[str, Any]) -> None:
    with nothing_written(looking):
        response = api(cast.greve.caseworker).post("/api/v1/families/", enquiry(**wrong), format="json")
        page = browser(cast.greve.caseworker).post("/familier/ny/", as_form(enquiry(**wrong)))
    refused(response, 422, "invalid", "Årstallet kan ikke passe. Ret datoen.")
    on_page(page, 422, "Årstallet kan ikke passe. Ret datoen.")


def test_a_birth_before_the_parents_is_refused_when_it_is_written_down_later(
    cast: Any, looking: Looking
) -> None:
    expected = enquiry(children=[{"due_on": (clock.today() + timedelta(days=30)).isoformat()}], siblings=[])
    walker = _with(ByPages, expected)
    client = walker.client(walker.company.actor("caseworker"))
    address = f"/familier/{walker.family_uuid}/personer/"
    page = Page(client.get(address).content.decode())
    (child,) = page.fields["child"] or set()
    for born_on, words in (
        ("01.01.1980", "Et barn kan ikke være født før sine forældre"),
        ((clock.today() + timedelta(days=1)).strftime("%d.%m.%Y"), "fremtiden"),
        ("31.02.2026", "gyldig dato"),
        ("", "Skriv fødselsdatoen"),
    ):
        with nothing_written(looking):
            response = client.post(address, {"child": child, "what": "born", "born_on": born_on})
        on_page(response, 422, words)
    with nothing_written(looking):
        on_page(
            client.post(
                address, {"child": child, "what": "born", "born_on": "01.11.2026", "cpr": "3113991234"}
            ),
            422,
        )


def _with(kind: type[Walker], told: dict[str, Any]) -> Walker:
    walker = kind.__new__(kind)
    from demo.walk import Company

    walker.company, walker.now, walker.done, walker._clients = Company("greve", 253), clock.now(), [], {}
    response = api(walker.company.actor("caseworker")).post("/api/v1/families/", told, format="json")
    assert response.status_code == 201, response.content.decode()
    walker.family_uuid = uuid.UUID(response.json()["id"])
    return walker


# Decisions and exit steps --------------------------------------------------------------------------------


def test_a_decision_without_purpose(house: None, looking: Looking) -> None:
    walker = ByApi().walk(story.TO_THE_HOUSE[:2])
    walker.move_on("")
    with clock.standing_at(walker.now):
        task = walker.task("journey.request_decision")
        caseworker = walker.company.actor("caseworker")
        for purpose in ("", "   ", None):
            wrong = walker.usual(task, caseworker, purpose=purpose)
            with nothing_written(looking):
                response = api(caseworker).post(f"/api/v1/tasks/{task.uuid}/complete/", wrong, format="json")
                page = browser(caseworker).post(f"/opgaver/{task.uuid}/", as_form(wrong))
            problem = refused(response, 422, "invalid", "En afgørelse skal have et formål")
            assert set(problem["errors"]) == {"purpose"}
            on_page(page, 422, "En afgørelse skal have et formål. Skriv, hvad opholdet skal føre til.")


def test_an_exit_step_is_not_approved_by_its_requester(house: None, looking: Looking) -> None:
    walker = ByApi().walk([*story.TO_THE_HOUSE, *story.TEAM[:1], ("exit.plan_exit", {})])
    walker.move_on("")
    lead, other = (walker.company.actor(part) for part in ("teamlead", "teamlead2"))
    with clock.standing_at(walker.now):
        asked, _practitioner = walker.ready("exit.request_step")
        walker.complete(lead, asked, walker.usual(asked, lead))
        task = walker.task("exit.approve_step")
        address = f"/api/v1/tasks/{task.uuid}/"
        facts = {"facts_version": api(other).get(address).json()["facts_version"]}
        with nothing_written(looking):
            for approved in ({"approved": True}, {"approved": False, "reason": "Nej."}):
                response = api(lead).post(f"{address}complete/", approved, format="json")
                refused(response, 403, "four-eyes", "En anden skal tage stilling")
                page = browser(lead).post(f"/opgaver/{task.uuid}/", as_form(approved))
                on_page(page, 403, "Du har selv bedt om det. En anden skal tage stilling.")
            assert api(lead).get(address).status_code == 403
            assert browser(lead).get(f"/opgaver/{task.uuid}/").status_code == 403
        assert str(task.uuid) not in api(lead).get("/api/v1/tasks/").content.decode()
        assert str(task.uuid) in api(other).get("/api/v1/tasks/").content.decode()
        with nothing_written(looking):
            # A rejection says why.
            response = api(other).post(f"{address}complete/", facts | {"approved": False}, format="json")
            assert set(refused(response, 422, "invalid", "Skriv, hvorfor trinnet afvises")["errors"]) == {
                "reason"
            }
        walker.complete(other, task, {"approved": True})


# Sent again ----------------------------------------------------------------------------------------------


def test_a_form_sent_again_is_not_done_again(house: None, looking: Looking) -> None:
    walker = ByPages()
    client = walker.client(walker.company.actor("caseworker"))
    enquired = Page(client.get("/familier/ny/").content.decode()).fill_in(as_form(ENQUIRY))
    first = client.post("/familier/ny/", enquired)
    with nothing_written(looking):
        again = client.post("/familier/ny/", enquired)
    assert (first.status_code, first.url) == (again.status_code, again.url)

    with clock.standing_at(walker.now):
        task = walker.task("journey.assess_target_group")
        actor = walker.company.for_task(task)
        page = Page(client.get(f"/opgaver/{task.uuid}/").content.decode())
        form = page.fill_in(as_form(walker.usual(task, actor)))
        first = client.post(f"/opgaver/{task.uuid}/", form)
        with nothing_written(looking):
            again = client.post(f"/opgaver/{task.uuid}/", form)
            assert (first.status_code, first.url) == (302, again.url)
            anew = client.post(f"/opgaver/{task.uuid}/", form | {"submit_token": ["another"]})
        on_page(anew, 409, "allerede løst")
        gone = client.get(f"/opgaver/{task.uuid}/")
        on_page(gone, 409, "allerede løst")
        assert f"/familier/{walker.family_uuid}/" in Page(gone.content.decode()).links

        log = f"/familier/{walker.family_uuid}/log/"
        note = Page(client.get(log).content.decode()).hidden | {
            "kind": "observation",
            "text": "Rolig morgen.",
        }
        first = client.post(log, note)
        with nothing_written(looking):
            again = client.post(log, note)
        assert (first.status_code, first.url) == (302, again.url)
        with nothing_written(looking):
            on_page(client.post(log, note | {"text": "Noget andet."}), 409, "allerede gemt")

        view = f"/familier/{walker.family_uuid}/barnets-perspektiv/"
        page = Page(client.get(view).content.decode())
        (child,) = [c for c in page.fields["child"] or () if c][:1] or [""]
        seen = page.hidden | {
            "child": child, "obtained_on": "02.03.2026", "child_view_source": "observed", "child_view_text": "Ser på mor.",
        }  # fmt: skip
        first = client.post(view, seen)
        with nothing_written(looking):
            again = client.post(view, seen)
        assert (first.status_code, again.status_code) == (302, 302)


def test_a_call_sent_again_gets_the_same_answer(house: None, looking: Looking) -> None:
    walker = ByApi()
    with clock.standing_at(walker.now):
        task = walker.task("journey.assess_target_group")
        actor = walker.company.for_task(task)
        client = walker.client(actor)
        calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
            ("/api/v1/families/", ENQUIRY, ENQUIRY | {"source": "family"}),
            (
                f"/api/v1/families/{walker.family_uuid}/notes/",
                {"kind": "observation", "text": "Rolig."},
                {"kind": "observation", "text": "Urolig."},
            ),
            (
                f"/api/v1/families/{walker.family_uuid}/measurements/",
                {"element": "progression", "instrument": "hverdagslog", "score": 4},
                {"element": "progression", "instrument": "hverdagslog", "score": 5},
            ),
            (
                f"/api/v1/tasks/{task.uuid}/complete/",
                walker.usual(task, actor),
                walker.usual(task, actor, assessment="Noget andet."),
            ),
        ]
        for number, (address, sent, another) in enumerate(calls):
            for key in (f"key-{number}", f"{number}" * 200):
                headers = {"HTTP_IDEMPOTENCY_KEY": key}
                first = client.post(address, sent, format="json", **headers)
                if "complete" in address and key != f"key-{number}":
                    refused(first, 409, "stale-state")
                    continue
                assert first.status_code in {200, 201}, first.content.decode()
                with nothing_written(looking):
                    again = client.post(address, sent, format="json", **headers)
                    assert (again.status_code, again.json()) == (first.status_code, first.json())
                    refused(client.post(address, another, format="json", **headers), 409, "key-reused")


# Bodies, ids and lists that cannot be read ---------------------------------------------------------------

UNREADABLE = {
    "half": '{"kind": "observation", "te',
    "nothing": "",
    "words": "goddag",
    "not a number": '{"kind": NaN}',
    "a list": "[]",
    "a text": '"kind"',
    "null": "null",
    "a number": "7",
    "deep": "[" * 50_000 + "]" * 50_000,
    "half a sign": '{"kind": "observation", "text": "\\ud800"}',
    "not utf-8": b'{"kind": "observation", "text": "\xff\xfe"}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_bodies_that_cannot_be_read(house: None, looking: Looking, body: Any) -> None:
    walker = ByApi()
    task = walker.task("journey.assess_target_group")
    client = walker.client(walker.company.actor("caseworker"))
    family = f"/api/v1/families/{walker.family_uuid}/"
    for address in (
        "/api/v1/families/", f"{family}notes/", f"{family}measurements/", f"/api/v1/tasks/{task.uuid}/complete/",
    ):  # fmt: skip
        with nothing_written(looking):
            response = client.generic("POST", address, body, content_type="application/json")
        if body == "":
            assert response.status_code in {400, 422}
        else:
            refused(response, 400, "bad-request", "Send JSON")
    with nothing_written(looking):
        response = client.generic("POST", f"{family}notes/", "kind=observation", content_type="text/plain")
    refused(response, 400, "bad-request")


@pytest.mark.parametrize("limit", ["0", "-1", "abc", "1.5", "", " ", "١٢", "1e3", "9" * 500])
def test_limits_that_are_none(house: None, limit: str) -> None:
    walker = ByApi()
    client = walker.client(walker.company.actor("caseworker"))
    for address in ("/api/v1/families/", "/api/v1/tasks/", f"/api/v1/families/{walker.family_uuid}/notes/"):
        response = client.get(address, {"limit": limit})
        if limit.startswith("9"):
            assert response.status_code == 200  # more than 200 gives 200
        else:
            refused(response, 400, "bad-request", "limit skal være et helt tal")


@pytest.mark.parametrize("cursor", ["x", "AAAA", "1", "' OR 1=1 --", "ø", "A" * 5000, "=" * 7, "\x00"])
def test_cursors_that_no_list_gave_out(house: None, cursor: str) -> None:
    walker = ByApi()
    client = walker.client(walker.company.actor("caseworker"))
    for address in ("/api/v1/families/", "/api/v1/tasks/", f"/api/v1/families/{walker.family_uuid}/notes/"):
        refused(client.get(address, {"cursor": cursor}), 400, "bad-request", "cursor er ukendt")


def test_a_cursor_opens_only_its_own_list(house: None) -> None:
    walker = ByApi()
    client = walker.client(walker.company.actor("caseworker"))
    notes = f"/api/v1/families/{walker.family_uuid}/notes/"
    for text in ("En", "To"):
        client.post(notes, {"kind": "observation", "text": text}, format="json")
    cursor = client.get(notes, {"limit": 1}).json()["next"]
    refused(client.get("/api/v1/families/", {"cursor": cursor}), 400, "bad-request")


def test_addresses_that_are_no_ids(house: None) -> None:
    walker = ByApi()
    client = walker.client(walker.company.actor("caseworker"))
    for rubbish in ("1", "x", "0" * 32, "..%2f..", "%00", str(walker.family_uuid).upper() + "1"):
        refused(client.get(f"/api/v1/families/{rubbish}/"), 404, "not-found")
        refused(client.get(f"/api/v1/tasks/{rubbish}/"), 404, "not-found")


# Pages: what a browser could be made to send ---------------------------------------------------------------

ODD = [
    "\x00",
    "\ud7ff\uffff",
    "a" * 30_000,
    "<script>alert(1)</script>",
    "'; DROP TABLE families_family; --",
    "🙂",
]


def test_pages_take_no_odd_text_badly(house: None, looking: Looking) -> None:
    walker = ByPages()
    client = walker.client(walker.company.actor("caseworker"))
    family = f"/familier/{walker.family_uuid}/"
    for number, odd in enumerate(ODD):
        answers = [
            client.post("/familier/ny/", {**as_form(ENQUIRY), "enquiry_text": odd, "submit_token": odd}),
            client.post(f"{family}log/", {"kind": odd, "text": odd, "happened_at": odd, "submit_token": odd}),
            client.post(
                f"{family}log/", {"kind": "observation", "text": odd, "submit_token": str(uuid.uuid4())}
            ),
            client.post(f"{family}barnets-perspektiv/", {"child": odd, "child_view_text": odd}),
            client.post(f"{family}personer/", {"child": odd, "what": odd, "born_on": odd, "cpr": odd}),
            client.post(
                f"/kladder/{uuid.uuid4()}/?family={walker.family_uuid}&form=log", {"text": odd, odd: odd}
            ),
            client.get("/familier/", {"page": odd}),
        ]
        assert all(answer.status_code < 500 for answer in answers), (number, [a.status_code for a in answers])
    shown = client.get(family).content.decode()
    assert "<script>alert(1)</script>" not in shown
    with clock.standing_at(walker.now):
        task = walker.task("journey.assess_target_group")
        for odd in ODD:
            answer = client.post(
                f"/opgaver/{task.uuid}/", {"assessment": odd, "traits": odd, "submit_token": odd}
            )
            assert answer.status_code == 422


# Any JSON at all -------------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(
        ["\x00", "0001-01-01", "9999-12-31", "2026-02-30", "true", "-0", "1e999", " ", "x" * 30_000]
    ),
    st.dates(date(1, 1, 1), date(9999, 12, 31)).map(lambda day: day.isoformat()),
    st.uuids().map(str),
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def _like(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that this part of a form's schema allows, or nearly."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) if schema["enum"] else st.none()
    kind = schema.get("type")
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        return st.integers(schema.get("minimum", -5), schema.get("maximum", 200))
    if kind == "number":
        return st.floats(-5, 200)
    if kind == "array":
        return st.lists(_like(schema["items"]), max_size=4)
    if kind == "object":
        return st.fixed_dictionaries({name: _like(part) for name, part in schema["properties"].items()})
    if schema.get("format") == "date":
        return st.dates(date(2024, 1, 1), date(2028, 1, 1)).map(lambda day: day.isoformat())
    return st.text(max_size=schema.get("maxLength", 60))


def bodies(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects near the schema: each field right, nearly right, anything, or left out; others added."""
    fields = {
        name: st.one_of(_like(part), _like(part), ANYTHING)
        for name, part in schema.get("properties", {}).items()
    }
    known = st.fixed_dictionaries({}, optional=fields)
    return st.tuples(known, st.dictionaries(st.text(max_size=8), ANYTHING, max_size=1)).map(
        lambda two: two[1] | two[0]
    )


def test_no_json_brings_a_step_to_fall(house: None, looking: Looking) -> None:
    """Every human step: whatever is sent is a 4xx in words, or is right by the step's own schema and done."""
    walker = ByApi()
    steps: set[str] = set()
    acts = [*story.TO_THE_HOUSE, *story.TEAM[:2], *story.MENTALISATION[:2], *story.PROGRESSION[:7]]
    acts += [*story.NETWORK[:5], *story.EXIT[:5], ("exit.request_step", {})]
    for step, otherwise in acts:
        if step not in steps or step in {"progression.set_goals", "network.make_agreement"}:
            _throw_at(walker, step, looking)
            steps.add(step)
        walker.act(step, **otherwise)
    assert len(steps) == 21


def _throw_at(walker: Walker, step: str, looking: Looking) -> None:
    with clock.standing_at(walker.now + timedelta(days=2)):
        task = walker.task(step)
        actor = walker.company.for_task(task)
        client = walker.client(actor)
        address = f"/api/v1/tasks/{task.uuid}/"
        read = client.get(address).json()
        schema, facts = read["form"], {"facts_version": read["facts_version"]}
        required = schema.get("required", [])

        @settings(
            max_examples=6, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(body=bodies(schema), broken=st.data())
        def throw(body: dict[str, Any], broken: Any) -> None:
            if required:
                # So that luck does not complete the step: one field that must be there is not, or is no answer.
                name = broken.draw(st.sampled_from(required))
                body.pop(name, None)
                body |= broken.draw(st.sampled_from([{}, {name: None}, {name: {"a": 1}}, {name: [[1]]}]))
            else:
                body |= {"no such field": 1}
            response = client.post(f"{address}complete/", body | facts, format="json")
            assert response.status_code == 422, (step, body, response.content.decode()[:2000])
            problem = refused(response, 422, "invalid")
            assert problem["errors"]

        with nothing_written(looking):
            throw()


def test_no_json_brings_the_other_writes_to_fall(house: None, looking: Looking) -> None:
    walker = ByApi().walk(story.TO_THE_HOUSE[:1])
    client = walker.client(walker.company.actor("caseworker"))
    schema = client.get("/api/v1/schema/").json()
    for path in (
        "/api/v1/families/",
        "/api/v1/families/{family}/notes/",
        "/api/v1/families/{family}/measurements/",
    ):
        described = schema["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        _throw_anything(
            client, path.replace("{family}", str(walker.family_uuid)), _resolved(schema, described)
        )


def _throw_anything(client: Any, address: str, described: dict[str, Any]) -> None:
    statuses = set()

    @settings(
        max_examples=30, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(body=bodies(described))
    def throw(body: dict[str, Any]) -> None:
        response = client.post(address, body, format="json")
        assert response.status_code in {201, 409, 422}, (address, body, response.content.decode()[:2000])
        statuses.add(response.status_code)
        if response.status_code != 201:
            assert response.json()["type"].startswith(PROBLEM)

    throw()
    assert 422 in statuses


def _resolved(schema: dict[str, Any], part: Any) -> Any:
    if isinstance(part, dict) and "$ref" in part:
        found: Any = schema
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return _resolved(schema, found)
    if isinstance(part, dict):
        return {name: _resolved(schema, inner) for name, inner in part.items()}
    if isinstance(part, list):
        return [_resolved(schema, inner) for inner in part]
    return part


def test_a_field_that_does_not_exist_is_not_lost_in_silence(house: None, looking: Looking) -> None:
    walker = ByApi()
    with clock.standing_at(walker.now):
        task = walker.task("journey.assess_target_group")
        actor = walker.company.for_task(task)
        usual = walker.usual(task, actor)
        for wrong, words in (
            (usual | {"asessment": "Tastefejl."}, "«asessment» findes ikke"),
            (usual | {"assessment": ["En", "to"]}, "Skriv en tekst"),
            (usual | {"assessment": 7}, "Skriv en tekst"),
        ):
            with nothing_written(looking):
                response = walker.client(actor).post(
                    f"/api/v1/tasks/{task.uuid}/complete/", wrong, format="json"
                )
            refused(response, 422, "invalid", words)
        with nothing_written(looking):
            wrong = ENQUIRY | {
                "parents": [{"name": "Filippa", "born_on": "1999-01-01", "custody_holder": "maybe"}]
            }
            response = walker.client(actor).post("/api/v1/families/", wrong, format="json")
        refused(response, 422, "invalid", "true eller false")
