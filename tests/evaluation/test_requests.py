"""Asking for a release and taking its files, on the page and in the API."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import PurePosixPath
from typing import Any

import psycopg
import pytest
from django.db import transaction

from evaluation.asking import request_release
from placement import clock
from placement.access.errors import NotAllowed
from placement.access.problems import InvalidFields
from tests import releasing
from tests.cast import api, browser

ASKED = {"kind": "T1", "purpose": "Evaluering", "agreement": "2026-17", "datasets": ["registration"]}


def count(looking: psycopg.Connection[Any], table: str) -> int:
    return int(looking.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # type: ignore[index]


def test_other_roles_meet_a_403_everywhere(cast: Any, built: Any) -> None:
    release = built()
    for actor in (cast.greve.caseworker, cast.greve.teamlead, cast.greve.oncall, cast.admin):
        with actor.acting(), transaction.atomic(), pytest.raises(NotAllowed):
            request_release(actor=actor, now=clock.now(), **ASKED)
        for number in (release.uuid, uuid.uuid4()):
            for path in ("/", f"/{number}/", f"/{number}/filer/registration.csv"):
                assert browser(actor).get(f"/udtraek{path}").status_code == 403, (actor, path)
            for path in ("/", f"/{number}/", f"/{number}/report/", f"/{number}/files/registration.csv"):
                assert api(actor).get(f"/api/v1/releases{path}").status_code == 403, (actor, path)
        assert browser(actor).post("/udtraek/", ASKED).status_code == 403
        assert api(actor).post("/api/v1/releases/", ASKED, format="json").status_code == 403
    for actor in (cast.greve.privacy, cast.greve.authoritylead):
        assert browser(actor).post("/udtraek/", ASKED).status_code == 403
        assert api(actor).post("/api/v1/releases/", ASKED, format="json").status_code == 403
        assert api(actor).get(f"/api/v1/releases/{release.uuid}/files/registration.csv").status_code == 403


def test_the_api_asks_reads_and_takes(cast: Any, looking: psycopg.Connection[Any]) -> None:
    releasing.families_have_begun([cast.greve], looking)
    releasing.register(cast.evaluator)
    client = api(cast.evaluator)
    first = client.post("/api/v1/releases/", ASKED, format="json", headers={"Idempotency-Key": "one"})
    again = client.post("/api/v1/releases/", ASKED, format="json", headers={"Idempotency-Key": "one"})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() == {"id": first.json()["id"], "status": "requested", "reasons": []}
    assert count(looking, "evaluation_release") == 1
    other = client.post(
        "/api/v1/releases/", {**ASKED, "purpose": "x"}, format="json", headers={"Idempotency-Key": "one"}
    )
    assert other.status_code == 409

    address = f"/api/v1/releases/{first.json()['id']}/"
    waiting = client.get(address).json()
    assert (waiting["status"], waiting["files"]) == ("requested", [])
    assert client.get(f"{address}files/registration.csv").status_code == 404
    release = releasing.Found(first.json()["id"])
    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    releasing.say(cast.greve.privacy, release, "review")
    releasing.say(cast.greve.authoritylead, release, "approve")
    releasing.carry(release)
    ready = client.get(address).json()
    assert (ready["status"], ready["reasons"]) == ("available", [])
    names = [f["name"] for f in ready["files"]]
    assert names[0] == "registration.csv" and {"datapackage.json", "stata/registration.dta"} < set(names)
    bare = [described for described in ready["files"] if described["rows"] is None]
    assert {PurePosixPath(described["name"]).suffix for described in ready["files"] if described not in bare} == {
        ".csv", ".parquet", ".dta", ".sav",
    }  # fmt: skip
    for described in ready["files"]:
        if described not in bare:
            kept = client.get(described["url"])
            assert (kept.status_code, kept.json()["type"].rsplit(":", 1)[-1]) == (
                409,
                "personal-data-by-link",
            )
            assert "Lav et link" in kept.json()["detail"]
            continue
        taken = client.get(described["url"], headers={"Accept": "text/csv"})
        assert taken.status_code == 200
        assert hashlib.sha256(taken.content).hexdigest() == described["sha256"]
        assert (
            taken["Content-Disposition"] == f'attachment; filename="{PurePosixPath(described["name"]).name}"'
        )
        assert "no-store" in taken["Cache-Control"]
    assert count(looking, "evaluation_releasedownload") == len(bare)
    listed = client.get("/api/v1/releases/").json()
    assert [r["id"] for r in listed["results"]] == [first.json()["id"]]
    assert client.get(f"{address}files/nothing.csv").status_code == 404
    for _time in range(19):
        assert client.get(f"{address}files/datapackage.json").status_code == 200
    assert client.get(f"{address}files/datapackage.json").status_code == 409


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "T4"}, "kind"),
        ({"purpose": "  "}, "purpose"),
        ({"purpose": ["Evaluering"]}, "purpose"),
        ({"purpose": "a\0b"}, "purpose"),
        ({"agreement": None}, "agreement"),
        ({"datasets": []}, "datasets"),
        ({"datasets": "registration"}, "datasets"),
        ({"datasets": ["families_family"]}, "datasets"),
    ],
)
def test_bad_fields_are_named(cast: Any, house: None, changed: dict[str, Any], field: str) -> None:
    answer = api(cast.evaluator).post("/api/v1/releases/", {**ASKED, **changed}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_the_service_checks_for_itself(cast: Any, house: None) -> None:
    with cast.evaluator.acting(), transaction.atomic(), pytest.raises(InvalidFields) as refused:
        request_release(
            actor=cast.evaluator, kind="T4", purpose="", agreement=" ", datasets=["x"], now=clock.now()
        )
    assert set(refused.value.errors) == {"kind", "purpose", "agreement", "datasets"}


#: As the page sends it.
TYPED = {**ASKED, "which": "some"}


def test_the_page_asks_once_and_keeps_what_was_typed(cast: Any, looking: psycopg.Connection[Any]) -> None:
    client = browser(cast.evaluator)
    assert client.get("/udtraek/").status_code == 200
    releasing.register(cast.evaluator)
    wrong = client.post("/udtraek/", {**TYPED, "purpose": "", "submit_token": "a"})
    assert wrong.status_code == 422
    shut = client.post("/udtraek/", {**TYPED, "agreement": "2020-1", "submit_token": "a"})
    assert shut.status_code == 422
    assert "er ikke registreret" in shut.content.decode() and "Evaluering" in shut.content.decode()
    sent = client.post("/udtraek/", {**TYPED, "submit_token": "a"})
    resent = client.post("/udtraek/", {**TYPED, "submit_token": "a"})
    assert (sent.status_code, sent["Location"]) == (302, resent["Location"])
    assert count(looking, "evaluation_release") == 1
    page = client.get(sent["Location"]).content.decode()
    assert "bygges" in page
    assert f'data-look-again="/api/v1/releases/{sent["Location"].split("/")[2]}/"' in page


def test_one_asks_by_an_agreement_one_is_named_in_and_that_has_not_ended(
    cast: Any, looking: psycopg.Connection[Any]
) -> None:
    client = browser(cast.evaluator)
    nothing = client.get("/udtraek/")
    assert (nothing.context["agreement"], nothing.context["form"]) == (None, None)
    assert "ikke nævnt i nogen" in nothing.content.decode()
    unnamed = client.post("/udtraek/", {**TYPED, "agreement": ""})
    assert unnamed.status_code == 422 and count(looking, "evaluation_release") == 0
    for number in ("2026-17", "2026-18", "2026-19", "2026-20"):
        releasing.register(cast.evaluator, number, datasets=["registration", "goals"])
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE evaluation_agreement SET ends_on = current_date - 1 WHERE number = '2026-19'")
    looking.execute(
        "UPDATE evaluation_agreementperson SET staff_id = %s WHERE agreement_id = "
        "(SELECT id FROM evaluation_agreement WHERE number = '2026-20')",
        [cast.admin.staff_id],
    )
    page = client.get("/udtraek/")
    assert page.context["agreement"].number == "2026-18"
    assert [one["agreement"].number for one in page.context["others"]] == ["2026-17"]
    other = client.get(page.context["others"][0]["url"])
    assert other.context["agreement"].number == "2026-17"
    assert client.get("/udtraek/?aftale=2026-19").context["agreement"].number == "2026-18"


def test_all_that_an_agreement_covers_or_some_of_it(cast: Any, house: None) -> None:
    from evaluation.models import Release

    releasing.register(cast.evaluator, datasets=["registration", "goals", "exit_steps"])
    client = browser(cast.evaluator)
    offered = client.get("/udtraek/").context["form"].fields["datasets"].choices
    assert [[value for value, _label in inside] for _subject, inside in offered] == [
        ["registration"], ["goals"], ["exit_steps"],
    ]  # fmt: skip

    def asked(**changed: Any) -> Any:
        return client.post(
            "/udtraek/", {"kind": "T1", "purpose": "Evaluering", "agreement": "2026-17", **changed}
        )

    for wrong, field in (
        ({}, "which"),
        ({"datasets": ["goals"]}, "which"),
        ({"which": "some"}, "datasets"),
        ({"which": "some", "datasets": ["stays"]}, "datasets"),
        ({"which": "everything"}, "which"),
    ):
        answer = asked(**wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), wrong
    assert asked(which="all").status_code == 302
    assert asked(which="some", datasets=["goals"]).status_code == 302
    with cast.evaluator.acting(), transaction.atomic():
        made = list(Release.objects.order_by("id").values_list("datasets", flat=True))
    assert made == [["registration", "goals", "exit_steps"], ["goals"]]
    few = asked(kind="T2")
    assert few.status_code == 422 and few.context["form"].errors == {}
    assert "T2" in few.context["refusal"]["reason"] or "familier" in few.context["refusal"]["reason"]


def test_every_dataset_stands_under_one_subject() -> None:
    from evaluation.dataset_names import SUBJECTS, DatasetName

    assert sorted(name for _subject, inside in SUBJECTS for name in inside) == sorted(DatasetName)


def test_somebody_elses_release_is_not_found(cast: Any, built: Any, looking: Any) -> None:
    release = built()
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE evaluation_release SET requested_by_id = %s", [cast.admin.staff_id])
    client, page = api(cast.evaluator), browser(cast.evaluator)
    assert client.get("/api/v1/releases/").json()["results"] == []
    assert client.get(f"/api/v1/releases/{release.uuid}/").status_code == 404
    assert client.get(f"/api/v1/releases/{release.uuid}/files/registration.csv").status_code == 404
    assert page.get(f"/udtraek/{release.uuid}/").status_code == 404
    assert page.get(f"/udtraek/{release.uuid}/filer/registration.csv").status_code == 404


def test_a_failed_release_says_what_to_do(cast: Any, requested: Any, monkeypatch: Any) -> None:
    from evaluation import building

    def broken(*given: Any, **stated: Any) -> Any:
        raise KeyError("Anna")

    monkeypatch.setattr(building, "made_of", broken)
    release = requested()
    releasing.build(cast.evaluator, release)
    answer = api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/").json()
    assert (answer["status"], answer["files"]) == ("failed", [])
    assert "Bestil det igen" in answer["reasons"][0]
    page = browser(cast.evaluator).get(f"/udtraek/{release.uuid}/").content.decode()
    assert "KeyError" in page
    assert "Anna" not in page
