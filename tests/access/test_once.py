"""Sent again, sent twice, sent after the person was taken away: each has its answer, and none is a 500."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import transaction

from placement import clock
from placement.access import submissions
from placement.access.errors import Refused
from placement.families.codes import PersonKind
from placement.families.people import add_person, record_birth
from placement.journal.models import Draft
from tests import releasing
from tests.cast import Cast, api, browser
from tests.walking import ENQUIRY, MOTHER_CPR
from workflows.journey.services import begin_journey
from workflows.kernel import drafts

Looking = psycopg.Connection[Any]


@pytest.fixture
def family(cast: Cast) -> Any:
    caseworker = cast.greve.caseworker
    with caseworker.acting():
        return begin_journey(
            actor=caseworker,
            source="casework",
            enquiry_text="",
            traits=[],
            people=[
                {"kind": "parent", "name": "Ursula", "cpr": MOTHER_CPR, "custody_holder": True},
                {"kind": "child", "due_on": date(2030, 1, 2)},
            ],
            now=clock.now(),
        )


def test_a_refusal_leaves_no_row_whatever_the_caller_does(cast: Cast, looking: Looking) -> None:
    caseworker = cast.greve.caseworker

    def refuse() -> dict[str, Any]:
        raise Refused("nej")

    with caseworker.acting(), transaction.atomic():
        with pytest.raises(Refused):
            submissions.once(actor=caseworker, key="k", asked="a", produce=refuse)
        assert submissions.once(actor=caseworker, key="k", asked="b", produce=lambda: {"n": 1}) == {"n": 1}
    assert looking.execute("SELECT count(*) FROM access_submission").fetchone() == (1,)


def test_a_release_refused_is_asked_for_again_in_the_same_form(cast: Cast, looking: Looking) -> None:
    page = browser(cast.evaluator)
    releasing.register(cast.evaluator)
    asked = {
        "kind": "T2", "purpose": "Evaluering", "agreement": "2026-17", "which": "some", "datasets": ["registration"],
        "submit_token": uuid.uuid4().hex,
    }  # fmt: skip
    assert page.post("/udtraek/", asked).status_code == 422
    assert page.post("/udtraek/", asked | {"kind": "T1"}).status_code == 302
    assert looking.execute("SELECT count(*) FROM evaluation_release").fetchone() == (1,)


def test_a_key_replayed_by_somebody_who_lost_the_family_finds_nothing(cast: Cast, looking: Looking) -> None:
    client = api(cast.greve.caseworker)
    key = {"Idempotency-Key": "again"}
    first = client.post("/api/v1/families/", ENQUIRY, format="json", headers=key)
    assert first.status_code == 201
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "UPDATE families_family SET registered_by_id = %s, unit_id = 0", [cast.greve.authoritylead.staff_id]
    )
    looking.execute("SET session_replication_role = origin")
    again = client.post("/api/v1/families/", ENQUIRY, format="json", headers=key)
    assert (again.status_code, again.json()["type"]) == (404, "urn:familieforloeb:problem:not-found")


def test_one_number_belongs_to_one_person_of_a_family(cast: Cast, family: Any) -> None:
    with cast.greve.caseworker.acting(), transaction.atomic():
        with pytest.raises(Refused) as refused:
            add_person(family=family, kind=PersonKind.PARENT, name="Ulla", cpr=MOTHER_CPR, now=clock.now())
        assert refused.value.type == "cpr-twice"
        child = family.people.get(kind="child")
        number = "1402264001"
        born = date(2026, 2, 14)
        record_birth(child=child, born_on=born, cpr=number, now=clock.now())
        with pytest.raises(Refused) as refused:
            add_person(family=family, kind=PersonKind.CHILD, cpr=number, now=clock.now())
        assert refused.value.type == "cpr-twice"
        assert family.people.count() == 2
    twice = {**ENQUIRY, "parents": [ENQUIRY["parents"][0], ENQUIRY["parents"][0]]}
    answer = api(cast.greve.caseworker).post("/api/v1/families/", twice, format="json")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:familieforloeb:problem:cpr-twice")


@pytest.mark.parametrize(
    "form",
    [
        "",
        "log2",
        "anything",
        "task:",
        "task:1",
        "task:x-y",
        "note-correct:",
        "note-correct:12",
        "log\n",
        "LOG",
    ],
)
def test_a_draft_of_no_known_form_is_not_kept(cast: Cast, family: Any, form: str) -> None:
    client = browser(cast.greve.caseworker)
    address = f"/kladder/{uuid.uuid4()}/"
    sent = client.post(f"{address}?family={family.uuid}&form={form}".replace("\n", "%0A"), {"text": "x"})
    assert sent.status_code == 404
    assert client.get("/min-dag/").status_code == 200


def test_the_forms_that_are_used_are_kept(cast: Cast, family: Any) -> None:
    client = browser(cast.greve.caseworker)
    for form in ("log", f"task:{uuid.uuid4()}", f"note-correct:{uuid.uuid4().hex}"):
        kept = client.post(f"/kladder/{uuid.uuid4()}/?family={family.uuid}&form={form}", {"text": "x"})
        assert kept.status_code == 200
    assert client.get("/min-dag/").status_code == 200


@pytest.mark.parametrize("form", ["task:x", "note-correct:x", "log2", ""])
def test_a_draft_that_nobody_knows_has_no_page_and_breaks_none(cast: Cast, family: Any, form: str) -> None:
    caseworker = cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        Draft.objects.put(
            actor=caseworker,
            family=family,
            form=form,
            submit_token=uuid.uuid4(),
            now=clock.now(),
            data={"a": "b"},
        )
        assert drafts.page_of(Draft.objects.get()) == ""
    assert browser(caseworker).get("/min-dag/").status_code == 200


def test_somebody_made_inactive_is_logged_out(cast: Cast, looking: Looking) -> None:
    caseworker = cast.greve.caseworker
    client = browser(caseworker)
    assert client.get("/min-dag/").status_code == 200
    looking.execute("UPDATE access_staff SET is_active = false WHERE id = %s", [caseworker.staff_id])
    try:
        left = client.get("/min-dag/")
        assert left.status_code == 302 and left.url.startswith("/log-ind/")
        assert client.get("/api/v1/me/").status_code == 401
    finally:
        looking.execute("UPDATE access_staff SET is_active = true WHERE id = %s", [caseworker.staff_id])
