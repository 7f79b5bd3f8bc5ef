"""Notes, measurements and goals through the API: pages of a list, one write per key, problems with a type."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from placement import clock
from placement.families.codes import PersonKind
from placement.progression.goals import set_goals
from tests.cast import api
from tests.placement.houses import decision_for, formulated_with_all, goal

URN = "urn:familieforloeb:problem:"


@pytest.fixture
def client(practitioner):
    return api(practitioner)


@pytest.fixture
def address(family):
    return lambda name: reverse(f"api-{name}", kwargs={"family": family.uuid})


def create(client, url, body, **headers):
    return client.post(url, body, format="json", headers=headers)


def test_a_note_comes_back_as_it_was_written(client, address, practitioner):
    made = create(
        client, address("notes"), {"kind": "observation", "text": "Ro", "element": "team", "score": 8}
    )
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["score"], body["element"], body["version"], body["replaces"]) == (8.0, "team", 1, None)
    assert body["author"] == {"id": str(practitioner.staff.uuid), "name": str(practitioner.staff)}
    (listed,) = client.get(address("notes")).json()["results"]
    assert listed == body
    (measured,) = client.get(address("measurements")).json()["results"]
    assert (measured["instrument"], measured["score"], measured["scale_max"]) == ("hverdagslog", 8.0, 10.0)


def test_a_correction_replaces_what_the_list_shows(client, cast, address, family):
    first = create(client, address("notes"), {"kind": "observation", "text": "Ro"}).json()
    url = reverse("api-note-corrections", kwargs={"family": family.uuid, "note": first["id"]})
    right = create(client, url, {"kind": "observation", "text": "Uro", "reason": "Forkert ord"})
    assert right.status_code == 201, right.json()
    assert right.json()["replaces"] == first["id"]
    assert client.get(address("notes")).json()["results"] == [right.json()]
    assert create(client, url, {"kind": "observation", "text": "x", "reason": "y"}).status_code == 409
    lead = create(api(cast.greve.teamlead), url, {"kind": "observation", "text": "x", "reason": "y"})
    assert (lead.status_code, lead.json()["type"]) == (403, URN + "not-author")
    nobodys = url.replace(first["id"], str(uuid4()))
    assert create(client, nobodys, {"kind": "observation", "text": "x", "reason": "y"}).status_code == 404


def test_the_same_key_is_the_same_answer(client, address):
    body, key = {"kind": "observation", "text": "Ro"}, {"Idempotency-Key": "k1"}
    first, again = (create(client, address("notes"), body, **key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = create(client, address("notes"), {**body, "text": "Uro"}, **key)
    assert (other.status_code, other.json()["type"]) == (409, URN + "key-reused")
    assert len(client.get(address("notes")).json()["results"]) == 1


@pytest.mark.parametrize(
    ("body", "type_of", "field"),
    [
        ({}, "invalid", "kind"),
        ({"kind": "x", "text": "y"}, "invalid", "kind"),
        ({"kind": "observation", "text": "y\0"}, "invalid", "text"),
        ({"kind": "observation", "score": 11, "element": "team"}, "invalid", "score"),
        ({"kind": "observation", "score": 1}, "element-missing", None),
        ({"kind": "observation"}, "note-empty", None),
        ({"kind": "observation", "text": "x", "happened_at": "2999-01-01T00:00:00Z"}, "note-in-future", None),
    ],
)
def test_a_note_that_cannot_be_says_why(client, address, body, type_of, field):
    answer = create(client, address("notes"), body)
    assert (answer.status_code, answer.json()["type"]) == (422, URN + type_of)
    if field:
        assert field in answer.json()["errors"]
    assert client.get(address("notes")).json()["results"] == []


@pytest.mark.parametrize("body", [[], "text", 1])
def test_a_body_that_is_no_object_cannot_be_read(client, address, body):
    assert create(client, address("notes"), body).status_code == 400


def test_pages_follow_each_other_without_gap_or_repetition(client, address):
    for number in range(7):
        create(client, address("notes"), {"kind": "observation", "text": str(number)})
    seen, cursor = [], None
    while True:
        page = client.get(address("notes"), {"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        seen += [note["text"] for note in page["results"]]
        cursor = page["next"]
        if cursor is None:
            break
        # Written in between: on a later first page, and not in this walk.
        create(client, address("notes"), {"kind": "observation", "text": "new"})
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "x"}, {"limit": "-1"}, {"limit": ""}, {"cursor": "æ"}, {"cursor": "AAAA"}],
)
def test_a_query_that_cannot_be_read_is_a_bad_request(client, address, query):
    answer = client.get(address("notes"), query)
    assert (answer.status_code, answer.json()["type"]) == (400, URN + "bad-request")


def test_a_cursor_belongs_to_its_own_list(client, address):
    for _ in range(2):
        create(client, address("notes"), {"kind": "observation", "text": "x"})
    cursor = client.get(address("notes"), {"limit": 1}).json()["next"]
    assert client.get(address("notes"), {"limit": 1, "cursor": cursor}).status_code == 200
    assert client.get(address("measurements"), {"cursor": cursor}).status_code == 400


def test_more_than_the_largest_page_gives_the_largest(client, address):
    assert client.get(address("notes"), {"limit": "99999999999999999999"}).status_code == 200


def test_a_measurement_is_stored_whole(client, address, family, practitioner, at_work):
    with at_work(practitioner):
        child = family.people.get(kind=PersonKind.CHILD)
    body = {
        "element": "progression",
        "instrument": "asq-se-2",
        "score": 25.5,
        "scale_min": 0,
        "scale_max": 360,
        "person": str(child.uuid),
        "respondent": "parent",
    }
    made = create(client, address("measurements"), body)
    assert made.status_code == 201, made.json()
    assert made.json()["person"] == str(child.uuid)
    assert made.json()["measured_on"] == clock.today().isoformat()
    assert client.get(address("measurements")).json()["results"] == [made.json()]
    missing = {"element": "team", "instrument": "hverdagslog", "missing_reason": "declined"}
    assert create(client, address("measurements"), missing).json()["score"] is None
    for change, type_of in (
        ({"person": str(uuid4())}, "person-unknown"),
        ({"score": 400}, "outside-scale"),
        ({"measured_on": "2999-01-01"}, "measured-in-future"),
        ({"scale_max": None}, "scale-missing"),
        ({"instrument": "A B"}, "invalid"),
        ({"score": "NaN"}, "invalid"),
    ):
        answer = create(client, address("measurements"), {**body, **change})
        assert (answer.status_code, answer.json()["type"]) == (422, URN + type_of)


def test_goals_show_what_they_serve_who_made_them_and_their_levels(
    client, address, cast, family, practitioner, at_work
):
    decision = decision_for(cast.greve, family)
    with at_work(practitioner):
        set_goals(
            actor=practitioner,
            family=family,
            goals=[goal("Trøste")],
            formulated=formulated_with_all(decision, family),
            now=clock.now(),
        )
    (shown,) = client.get(address("goals")).json()["results"]
    assert [level["text"] for level in shown["levels"]][2:4] == ["De fleste gange", "Også på svære dage"]
    assert (shown["active"], shown["last_rating"], shown["baseline"]) == (True, None, -1)
    assert (shown["decision"], shown["purpose"]) == (str(decision.uuid), "Ro om barnet")
    assert sorted(part["kind"] for part in shown["formulated_with"]) == ["child", "parent"]
