"""The way of a release by three people: asked for, sealed, reviewed, approved by each municipality, taken home."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, transaction

from placement import clock
from placement.access import context
from placement.access.errors import NotAllowed, StaleState
from tests import releasing
from tests.cast import api, browser
from tests.releasing import say

Looking = psycopg.Connection[Any]
ASKED = {"kind": "T1", "purpose": "Evaluering", "agreement": "2026-17", "datasets": ["registration"]}


@pytest.fixture
def towns(cast: Any, looking: Looking) -> list[Any]:
    """Greve and Randers, each with a family that has begun; Odense has none."""
    releasing.families_have_begun([cast.greve, cast.randers], looking)
    return [cast.greve, cast.randers]


@pytest.fixture
def with_them(cast: Any, towns: list[Any]) -> Callable[..., Any]:
    """``with_them(...)``: a release that lies with the two municipalities."""
    return lambda **changed: releasing.to_the_municipalities(cast.evaluator, **changed)


def rows(looking: Looking, release: Any, columns: str) -> list[tuple[Any, ...]]:
    """The municipalities' rows, by municipality and round."""
    return looking.execute(
        f"SELECT {columns} FROM evaluation_releaseapproval WHERE release_uuid = %s "
        "ORDER BY municipality_id, round",
        [release.uuid],
    ).fetchall()


def mistake(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["type"].rsplit(":", 1)[-1]


def also(looking: Looking, username: str, role: str, municipality: int) -> None:
    """Give somebody of the cast one more role, for the rest of the test."""
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, unit_id, profession, starts) "
        "SELECT s.id, %s, %s, (SELECT min(id) FROM access_unit WHERE municipality_id = %s), '', '2024-01-02' "
        "FROM access_staff s WHERE s.username = %s",
        [municipality, role, municipality, username],
    )


# The whole way -------------------------------------------------------------------------------------------


def test_three_people_bring_a_release_home_by_the_api(cast: Any, towns: list[Any], looking: Looking) -> None:
    client = api(cast.evaluator)
    releasing.register(cast.evaluator)
    asked = client.post("/api/v1/releases/", ASKED, format="json")
    assert asked.status_code == 201, asked.json()
    release = releasing.Found(asked.json()["id"])
    address = f"/api/v1/releases/{release.uuid}/"
    releasing.build(cast.evaluator, release)
    assert client.get(address).json()["status"] == "built"
    releasing.carry(release)
    assert (client.get(address).json()["status"], client.get(address).json()["files"]) == ("reported", [])
    assert client.get(f"{address}files/registration.csv").status_code == 404

    officer = api(cast.greve.privacy)
    (line,) = officer.get("/api/v1/tasks/").json()["results"]
    assert (line["element"], line["node"], line["release"], line["family"]) == (
        "release", "review", str(release.uuid), None,
    )  # fmt: skip
    assert mistake(officer.post(f"{address}review/", {}, format="json")) == (422, "facts-version-missing")
    report = officer.get(f"{address}report/").json()
    assert report["report"]["agreement"]["number"] == "2026-17"
    assert report["report"]["counts"]["families_in"] == 2
    assert officer.post(f"{address}review/", {}, format="json").json()["reviewed"] is True
    releasing.carry(release)
    for town in towns:
        lead = api(town.authoritylead)
        (line,) = lead.get("/api/v1/tasks/?limit=200").json()["results"]
        read = lead.get(f"/api/v1/tasks/{line['id']}/").json()
        assert set(read["form"]["properties"]) == {"approved", "reason"}
        answer = {"approved": True, "reason": "", "facts_version": read["facts_version"]}
        done = lead.post(f"/api/v1/tasks/{line['id']}/complete/", answer, format="json")
        assert done.json()["status"] == "done", done.json()
    releasing.carry(release)

    ready = client.get(address).json()
    assert ready["status"] == "available"
    assert [one["answer"] for one in client.get(f"{address}report/").json()["municipalities"]] == [
        "yes",
        "yes",
    ]
    assert mistake(client.get(f"{address}files/registration.csv")) == (409, "personal-data-by-link")
    made = client.post(f"{address}link/").json()
    taken = releasing.opened(client.get(made["url"]).content, made["password"])
    assert len(taken["registration.csv"].decode().splitlines()) == 3
    (listed,) = api(cast.randers.privacy).get("/api/v1/releases/").json()["results"]
    assert (listed["id"], listed["status"]) == (str(release.uuid), "available")
    assert looking.execute("SELECT count(*) FROM trail_write WHERE table_name = 'evaluation_releaseapproval'").fetchone()[0] >= 6  # type: ignore[index]  # fmt: skip


def test_three_people_bring_a_release_home_by_the_pages(
    cast: Any, towns: list[Any], looking: Looking, django_assert_max_num_queries: Any
) -> None:
    evaluator, officer = browser(cast.evaluator), browser(cast.randers.privacy)
    releasing.register(cast.evaluator)
    sent = evaluator.post("/udtraek/", {**ASKED, "which": "some", "submit_token": "a"})
    address = sent["Location"]
    assert "bygges" in evaluator.get(address).content.decode()
    release = releasing.Found(address.split("/")[2])
    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    with django_assert_max_num_queries(18):
        assert "Venter på dig" in officer.get("/udtraek/").content.decode()
    with django_assert_max_num_queries(24):
        page = officer.get(address).content.decode()
    for words in ("Personoplysninger", "Rapport om filerne", "Gennemgå udtrækket", "2026-17", "Segl"):
        assert words in page
    assert "registration.csv" not in page
    task = page.split('href="/opgaver/')[1].split('"')[0]
    step = officer.get(f"/opgaver/{task}")
    version = step.content.decode().split('name="facts_version" value="')[1].split('"')[0]
    said = {"approved": "true", "reason": "", "facts_version": version, "submit_token": str(uuid4())}
    done = officer.post(f"/opgaver/{task}", said)
    assert (done.status_code, done["Location"]) == (302, address)
    releasing.carry(release)
    for town in towns:
        lead = browser(town.authoritylead)
        day = lead.get("/min-dag/").content.decode()
        assert "Godkend udtrækket for kommunen" in day
        # Whoever is excluded from deciding reviewed it, and asked for nothing.
        assert f"Gennemgået af {cast.randers.privacy.staff}" in day and "Ønsket af" not in day
        page = lead.get(address).content.decode()
        assert "gennemgået af" in page and "i Randers Kommune" in page
        task = page.split('href="/opgaver/')[1].split('"')[0]
        version = (
            lead.get(f"/opgaver/{task}").content.decode().split('facts_version" value="')[1].split('"')[0]
        )
        said = {"approved": "true", "reason": "", "facts_version": version, "submit_token": str(uuid4())}
        assert lead.post(f"/opgaver/{task}", said).status_code == 302
    releasing.carry(release)
    page = evaluator.get(address).content.decode()
    assert "Lav et link til filerne" in page and "Personoplysninger" in page
    link = evaluator.post(f"{address}link/").content.decode()
    assert "Adgangskode til arkivet" in link
    archive = link.split('href="')[1:]
    (way,) = {part.split('"')[0] for part in archive if "/hent/" in part.split('"')[0]}
    for _time in range(3):
        taken = evaluator.get(way)
        assert (taken.status_code, taken["Content-Type"]) == (200, "application/zip")
    assert evaluator.get(way).status_code == 409
    assert evaluator.get(f"{way}x").status_code == 404
    counted = looking.execute(
        "SELECT array_agg(number ORDER BY id) FROM evaluation_releasedownload"
    ).fetchone()
    assert counted == ([1, 2, 3],)


# The municipalities --------------------------------------------------------------------------------------


def test_one_review_serves_for_all_and_says_whose_it_was(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    say(cast.randers.privacy, release, "review", reason="Set efter.")
    releasing.carry(release)
    officer = cast.randers.privacy.staff_id
    assert rows(
        looking, release, "municipality_id, review, reviewed_by_id, reviewed_in_id, review_reason"
    ) == [
        (253, "yes", officer, 730, "Set efter."),
        (730, "yes", officer, 730, "Set efter."),
    ]
    assert api(cast.greve.privacy).get("/api/v1/tasks/").json()["results"] == []
    assert len(api(cast.greve.authoritylead).get("/api/v1/tasks/").json()["results"]) == 1
    again = releasing.Found(release.uuid)
    releasing.carry(again)
    assert looking.execute(
        "SELECT count(*) FROM kernel_process WHERE release_uuid IS NOT NULL"
    ).fetchone() == (3,)


def test_a_municipality_that_says_no_is_left_out_and_the_others_are_asked_anew(
    cast: Any, with_them: Callable[..., Any], looking: Looking, tables: Callable[[Any], Any]
) -> None:
    release = with_them()
    say(cast.greve.privacy, release, "review")
    releasing.carry(release)
    old = releasing.fresh(cast.evaluator, release)
    lead = api(cast.greve.authoritylead)
    read = lead.get(f"/api/v1/releases/{release.uuid}/report/").json()["facts_version"]
    said = api(cast.randers.authoritylead).post(
        f"/api/v1/releases/{release.uuid}/reject/", {"reason": "Vi er for få."}, format="json"
    )
    assert (said.status_code, said.json()["answer"]) == (200, "no")
    releasing.carry(release)
    stale = lead.post(f"/api/v1/releases/{release.uuid}/approve/", {"facts_version": read}, format="json")
    assert mistake(stale) == (409, "stale-state")

    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    new = releasing.fresh(cast.evaluator, release)
    assert (new.round, new.municipalities, new.left_out) == (2, [253], [730])
    assert new.seal != old.seal
    # What was read was another report: nobody says yes to it unseen.
    unseen = api(cast.greve.privacy).post(
        f"/api/v1/releases/{release.uuid}/review/", {"facts_version": read}, format="json"
    )
    assert mistake(unseen) == (409, "stale-facts")
    say(cast.greve.privacy, release, "review")
    say(cast.greve.authoritylead, release, "approve")
    releasing.carry(release)
    new = releasing.fresh(cast.evaluator, release)
    assert new.status == "available"
    assert {row["municipality_code"] for row in tables(new)["registration"]} == {"253"}
    assert api(cast.randers.privacy).get("/api/v1/tasks/").json()["results"] == []
    assert "Kommunen har sagt nej" in browser(cast.randers.privacy).get("/udtraek/").content.decode()
    assert rows(looking, release, "municipality_id, round, voided_at IS NULL") == [
        (253, 1, False), (253, 2, True), (730, 1, False),
    ]  # fmt: skip


def test_when_all_say_no_nothing_is_released(cast: Any, with_them: Callable[..., Any]) -> None:
    release = with_them()
    say(cast.greve.privacy, release, "review", approved=False, reason="For lidt formål.")
    say(cast.randers.privacy, release, "review", approved=False, reason="Samme her.")
    releasing.carry(release)
    told = api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/").json()
    assert (told["status"], told["reasons"][0]) == ("refused", "Ingen kommune sagde ja.")
    assert "For lidt formål." in told["reasons"]


def test_without_families_nobody_is_asked(cast: Any, house: None) -> None:
    release = releasing.to_the_municipalities(cast.evaluator)
    told = api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/").json()
    assert (told["status"], told["reasons"]) == ("refused", ["Der er ingen familier at udlevere data om."])


def test_a_municipality_may_regret_before_and_after(
    cast: Any, with_them: Callable[..., Any], towns: list[Any]
) -> None:
    release = releasing.make_available(cast.evaluator, towns)
    page = browser(cast.greve.authoritylead)
    address = f"/udtraek/{release.uuid}/sig-nej/"
    assert page.get(address).status_code == 200
    assert page.post(address, {"reason": ""}).status_code == 422
    assert page.post(address, {"reason": "En familie har trukket sig."}).status_code == 302
    assert page.post(address, {"reason": "Igen."}).status_code == 409
    releasing.carry(release)
    told = api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/").json()
    assert (told["status"], told["files"]) == ("withdrawn", [])
    assert "Greve Kommune har trukket sit ja tilbage: En familie har trukket sig." in told["reasons"][0]

    another = with_them()
    say(cast.greve.privacy, another, "review")
    releasing.carry(another)
    officer = api(cast.randers.privacy)
    no = officer.post(f"/api/v1/releases/{another.uuid}/reject/", {"reason": "Nej."}, format="json")
    assert no.json()["answer"] == "no"
    assert api(cast.randers.authoritylead).get("/api/v1/tasks/").json()["results"] == []
    releasing.carry(another)
    assert releasing.fresh(cast.evaluator, another).left_out == [730]


def test_who_asked_may_take_it_back_wherever_it_stands(
    cast: Any, with_them: Callable[..., Any], towns: list[Any], looking: Looking
) -> None:
    client = api(cast.evaluator)
    unbuilt = releasing.request(cast.evaluator)
    available = releasing.make_available(cast.evaluator, towns)
    lying = with_them()
    for release in (unbuilt, lying, available):
        address = f"/api/v1/releases/{release.uuid}/withdraw/"
        assert mistake(client.post(address, {}, format="json")) == (422, "invalid")
        done = client.post(address, {"reason": "Fejl i ønsket."}, format="json")
        assert (done.status_code, done.json()["status"]) == (200, "withdrawn"), done.json()
        releasing.carry(release)
        assert mistake(client.post(address, {"reason": "Igen."}, format="json")) == (409, "stale-state")
    assert api(cast.greve.privacy).get("/api/v1/tasks/").json()["results"] == []
    assert browser(cast.evaluator).get(f"/udtraek/{unbuilt.uuid}/traek-tilbage/").status_code == 200
    page = browser(cast.evaluator).get(f"/udtraek/{lying.uuid}/").content.decode()
    assert "<h2>Trukket tilbage</h2><p>Fejl i ønsket.</p>" in page
    assert "skal ikke svare" in page and "venter på" not in page and "Det kan ikke gøres nu" not in page
    ended = looking.execute(
        "SELECT DISTINCT status FROM kernel_process WHERE municipality_id IS NULL"
    ).fetchall()
    assert ended == [("DONE",)]


def test_a_municipality_without_families_in_it_knows_nothing_of_it(
    cast: Any, with_them: Callable[..., Any]
) -> None:
    release = with_them()
    for actor in (cast.odense.privacy, cast.odense.authoritylead):
        program, page = api(actor), browser(actor)
        assert program.get("/api/v1/releases/").json()["results"] == []
        assert program.get("/api/v1/tasks/").json()["results"] == []
        for rest in ("", "report/"):
            assert program.get(f"/api/v1/releases/{release.uuid}/{rest}").status_code == 404
        assert (
            program.post(
                f"/api/v1/releases/{release.uuid}/reject/", {"reason": "x"}, format="json"
            ).status_code
            == 404
        )
        assert page.get(f"/udtraek/{release.uuid}/").status_code == 404
        with actor.acting(), pytest.raises(Exception, match="does not exist"):
            say(actor, release, "review")
    foreign = releasing.open_step(cast.greve.privacy, release, "review")
    for actor in (cast.odense.privacy, cast.randers.privacy, cast.evaluator, cast.greve.caseworker):
        assert api(actor).get(f"/api/v1/tasks/{foreign.uuid}/").status_code == 404
        assert (
            api(actor).post(f"/api/v1/tasks/{foreign.uuid}/complete/", {}, format="json").status_code == 404
        )
    assert api(cast.greve.authoritylead).get(f"/api/v1/tasks/{foreign.uuid}/").status_code == 403


# Four eyes, and the seal ---------------------------------------------------------------------------------


def test_nobody_approves_twice(cast: Any, with_them: Callable[..., Any], looking: Looking) -> None:
    release = with_them()
    say(cast.greve.privacy, release, "review")
    lead = api(cast.greve.authoritylead)
    address = f"/api/v1/releases/{release.uuid}/"
    lead.get(f"{address}report/")
    task = releasing.open_step(cast.greve.authoritylead, release, "approve")
    assert lead.post(f"{address}approve/", {}, format="json").status_code == 200
    again = lead.post(f"{address}approve/", {}, format="json")
    assert mistake(again) == (409, "stale-state")
    assert "kun én gang" in again.json()["detail"]
    assert mistake(lead.post(f"/api/v1/tasks/{task.uuid}/complete/", {"approved": True}, format="json")) == (
        409, "stale-state",
    )  # fmt: skip
    officer = api(cast.greve.privacy)
    officer.get(f"{address}report/")
    assert mistake(officer.post(f"{address}review/", {}, format="json")) == (409, "stale-state")
    assert mistake(officer.post(f"{address}approve/", {}, format="json")) == (403, "not-allowed")
    assert mistake(lead.post(f"{address}review/", {}, format="json")) == (403, "not-allowed")
    assert rows(looking, release, "municipality_id, decision") == [(253, "yes"), (730, "")]


def test_whoever_asked_or_reviewed_does_not_approve(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    also(looking, "vive.evaluator", "privacy", 253)
    also(looking, "vive.evaluator", "authoritylead", 253)
    also(looking, "greve.privacy", "authoritylead", 253)
    from placement.access.actor import actor_for

    asker = actor_for(cast.evaluator.staff, 253)
    assert asker is not None
    with asker.acting(), transaction.atomic():
        from workflows.kernel.models import Task

        assert not Task.objects.waiting_for(asker).exists()
    with pytest.raises(NotAllowed) as refused:
        say(asker, release, "review")
    assert refused.value.type == "four-eyes"
    say(cast.greve.privacy, release, "review")
    for person in (asker, cast.greve.privacy):
        with pytest.raises(NotAllowed) as refused:
            say(person, release, "approve")
        assert refused.value.type == "four-eyes"
        with pytest.raises(IntegrityError, match="release_approver_is_not"):
            _write(cast.greve.authoritylead, release, decision="yes", decided_by_id=person.staff_id)
    say(cast.greve.authoritylead, release, "approve")


def _write(actor: Any, release: Any, **values: Any) -> None:
    """A decision past every service, as the web's log-in may write it."""
    from evaluation.models import ReleaseApproval

    with context.access(actor.municipality_id, actor.staff_id), transaction.atomic():
        mine = ReleaseApproval.objects.filter(release_uuid=release.uuid).order_by("-round").first()
        assert mine is not None
        given = {
            "decided_at": clock.now(),
            "decided_seal": mine.seal,
            "decided_by_id": actor.staff_id,
            **values,
        }
        for name, value in given.items():
            setattr(mine, name, value)
        mine.save()


def test_the_deputy_of_who_reviewed_does_not_approve(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    say(cast.greve.privacy, release, "review")
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "INSERT INTO staffing_deputyship (uuid, municipality_id, role, deputy_id, stands_in_for_id, starts, ends, "
        "reason, made_by_id, made_at) VALUES (gen_random_uuid(), 253, 'authoritylead', %(lead)s, %(officer)s, "
        "current_date - 1, current_date + 1, 'Ferie', %(officer)s, now())",
        {"lead": cast.greve.authoritylead.staff_id, "officer": cast.greve.privacy.staff_id},
    )
    looking.execute("SET session_replication_role = origin")
    with pytest.raises(NotAllowed) as refused:
        say(cast.greve.authoritylead, release, "approve")
    assert refused.value.type == "four-eyes"
    with pytest.raises(IntegrityError, match="acts for whoever asked"):
        _write(cast.greve.authoritylead, release, decision="yes")


def test_a_file_that_is_changed_voids_every_yes(
    cast: Any, with_them: Callable[..., Any], towns: list[Any], looking: Looking
) -> None:
    release = with_them()
    say(cast.greve.privacy, release, "review")
    releasing.carry(release)
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "UPDATE evaluation_releasefile SET content = content || '\\x0a' WHERE name = 'registration.csv'"
    )
    looking.execute("SET session_replication_role = origin")
    for town in towns:
        say(town.authoritylead, release, "approve")
    releasing.carry(release)
    now = releasing.fresh(cast.evaluator, release)
    assert (now.status, now.round, now.answers) == ("requested", 2, {})
    assert rows(looking, release, "voided_at IS NOT NULL") == [(True,), (True,)]
    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    assert len(api(cast.greve.privacy).get("/api/v1/tasks/").json()["results"]) == 1


def test_the_database_holds_a_yes_to_its_seal_and_the_report_to_what_it_was(
    cast: Any, with_them: Callable[..., Any]
) -> None:
    release = with_them()
    with pytest.raises(IntegrityError, match="release_decision_on_the_seal"):
        _write(cast.greve.authoritylead, release, decision="yes")  # nobody has reviewed it
    say(cast.greve.privacy, release, "review")
    with pytest.raises(IntegrityError, match="release_decision_on_the_seal"):
        _write(cast.greve.authoritylead, release, decision="yes", decided_seal="0" * 64)
    for changed in ({"seal": "0" * 64}, {"report": {}}, {"hard_failures": 1}):
        with pytest.raises(IntegrityError, match="is not changed"):
            _write(cast.greve.authoritylead, release, **changed)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> str:
    """A report with a test that failed."""
    from evaluation import making

    found = "Én celle kan regnes ud."
    report_of = making.report_of
    monkeypatch.setattr(
        making, "report_of", lambda *given, **named: {**report_of(*given, **named), "hard_failures": [found]}
    )
    return found


def test_a_failed_test_is_never_overridden_for_tables(
    cast: Any, towns: list[Any], with_them: Callable[..., Any], failing: str, looking: Looking
) -> None:
    from placement.access.errors import GateClosed

    releasing.families_have_begun([town for town in towns for _family in range(11)], looking)
    release = with_them(kind="T3")
    with pytest.raises(GateClosed, match="kan ikke tilsidesættes"):
        say(cast.greve.privacy, release, "review", reason="Det går nok.")
    with pytest.raises(IntegrityError, match="release_hard_failures_stop_it"):
        _write(
            cast.greve.privacy, release, decided_at=None, decided_by_id=None, decided_seal="", review="yes",
            review_reason="Det går.", reviewed_at=clock.now(), reviewed_by_id=cast.greve.privacy.staff_id,
            reviewed_in_id=253, reviewed_seal=releasing.fresh(cast.evaluator, release).seal,
        )  # fmt: skip
    assert failing in browser(cast.greve.privacy).get(f"/udtraek/{release.uuid}/").content.decode()
    say(cast.greve.privacy, release, "review", approved=False, reason=failing)


def test_for_rows_under_agreement_a_failed_test_needs_a_reason_each_time(
    cast: Any, with_them: Callable[..., Any], failing: str
) -> None:
    from placement.access.errors import GateClosed

    release = with_them()
    with pytest.raises(GateClosed, match="Skriv, hvorfor"):
        say(cast.greve.privacy, release, "review")
    say(cast.greve.privacy, release, "review", reason="Efter aftalen i sikkert miljø.")
    with pytest.raises(GateClosed, match="Skriv, hvorfor"):
        say(cast.greve.authoritylead, release, "approve")
    with pytest.raises(IntegrityError, match="release_hard_failures_stop_it"):
        _write(cast.greve.authoritylead, release, decision="yes", decision_reason="")
    say(cast.greve.authoritylead, release, "approve", reason="Som rådgiveren skriver.")


def test_each_look_at_a_report_is_written_down(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    seal = releasing.fresh(cast.evaluator, release).seal
    browser(cast.greve.privacy).get(f"/udtraek/{release.uuid}/")
    api(cast.greve.authoritylead).get(f"/api/v1/releases/{release.uuid}/report/")
    api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/report/")
    found = looking.execute(
        "SELECT municipality_id, staff_id, route, seal FROM evaluation_reportlook ORDER BY id"
    ).fetchall()
    assert found == [
        (253, cast.greve.privacy.staff_id, "release", seal),
        (253, cast.greve.authoritylead.staff_id, "api-release-report", seal),
        (None, cast.evaluator.staff_id, "api-release-report", seal),
    ]


def test_every_page_of_rows_says_that_they_are_personal_data(
    cast: Any, with_them: Callable[..., Any]
) -> None:
    rows_of, tables_of = with_them(), with_them(kind="T3")
    for actor, others in (
        (cast.evaluator, ("", "traek-tilbage/")),
        (cast.greve.privacy, ("", "sig-nej/")),
    ):
        page = browser(actor)
        assert "personoplysninger" in page.get("/udtraek/").content.decode().lower()
        for rest in others:
            for release, said in ((rows_of, True), (tables_of, False)):
                text = page.get(f"/udtraek/{release.uuid}/{rest}").content.decode()
                assert ("<h2>Personoplysninger</h2>" in text) == said, (rest, said)
    task = releasing.open_step(cast.greve.privacy, rows_of, "review")
    assert "Personoplysninger" in browser(cast.greve.privacy).get(f"/opgaver/{task.uuid}/").content.decode()


def test_neither_side_sees_the_other_s_rows(cast: Any, with_them: Callable[..., Any]) -> None:
    from evaluation.models import Release, ReleaseApproval, ReleaseFile

    with_them()
    with cast.greve.privacy.acting(), transaction.atomic():
        assert not Release.objects.exists() and not ReleaseFile.objects.exists()
        assert set(ReleaseApproval.objects.values_list("municipality_id", flat=True)) == {253}
    with cast.evaluator.acting(), transaction.atomic():
        assert Release.objects.exists() and not ReleaseApproval.objects.exists()


# Agreements, gates, links --------------------------------------------------------------------------------


def test_by_which_agreement_it_leaves(cast: Any, house: None, looking: Looking) -> None:
    client = api(cast.evaluator)

    def asked(**changed: Any) -> Any:
        return client.post("/api/v1/releases/", {**ASKED, **changed}, format="json")

    unknown = asked()
    assert mistake(unknown) == (422, "release-gate")
    assert "er ikke registreret" in unknown.json()["detail"]
    releasing.register(cast.evaluator, datasets=["registration"])
    releasing.register(cast.evaluator, "2026-18", people=[str(cast.evaluator.staff.uuid)])
    beyond = asked(datasets=["registration", "exit_steps"])
    assert "dækker ikke: Udslusningstrin" in beyond.json()["detail"]
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "UPDATE evaluation_agreementperson SET staff_id = %s WHERE agreement_id = "
        "(SELECT id FROM evaluation_agreement WHERE number = '2026-18')",
        [cast.admin.staff_id],
    )
    assert "ikke en af de personer" in asked(agreement="2026-18").json()["detail"]
    assert asked().status_code == 201
    looking.execute("UPDATE evaluation_agreement SET ends_on = current_date - 1")
    over = asked()
    assert mistake(over) == (422, "release-gate") and "udløb den" in over.json()["detail"]
    page = browser(cast.evaluator).post("/udtraek/", {**ASKED, "which": "all"})
    assert page.status_code == 422 and "udløb den" in page.content.decode()


def test_an_agreement_is_shown_to_who_is_named_in_it_or_registered_it(
    cast: Any, house: None, looking: Looking
) -> None:
    client, page = api(cast.evaluator), browser(cast.evaluator)
    for number in ("2026-31", "2026-32", "2026-33"):
        releasing.register(cast.evaluator, number)
    looking.execute("SET session_replication_role = replica")
    for table, column, others in (
        ("evaluation_agreement", "registered_by_id", ("2026-31", "2026-33")),
        ("evaluation_agreementperson", "staff_id", ("2026-32", "2026-33")),
    ):
        key = "id" if column == "registered_by_id" else "agreement_id"
        looking.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} IN "
            "(SELECT id FROM evaluation_agreement WHERE number = ANY(%s))",
            [cast.admin.staff_id, list(others)],
        )
    listed = client.get("/api/v1/agreements/").json()["results"]
    assert [one["number"] for one in listed] == ["2026-32", "2026-31"]
    shown = page.get("/udtraek/aftaler/").content.decode()
    assert "2026-31" in shown and "2026-32" in shown and "2026-33" not in shown
    # Neither does a request tell that there is another.
    told = [
        client.post("/api/v1/releases/", {**ASKED, "agreement": number}, format="json").json()["detail"]
        for number in ("2026-33", "2026-99")
    ]
    assert told[0].replace("2026-33", "2026-99") == told[1]


def test_an_agreement_is_put_on_file_as_it_stands(cast: Any, house: None) -> None:
    client, page = api(cast.evaluator), browser(cast.evaluator)
    whole = {
        "number": "2026-20", "title": "Titel", "purpose": "Formål", "legal_basis": "research", "role": "controller",
        "people": [str(cast.evaluator.staff.uuid)], "ends_on": (clock.today() + timedelta(days=9)).isoformat(),
        "datasets": ["registration"],
    }  # fmt: skip
    wrong = {
        "number": " ", "title": "", "purpose": ["x"], "legal_basis": "none", "role": "", "datasets": ["x"],
        "people": [str(cast.greve.privacy.staff.uuid)], "ends_on": "2020-01-01", "variables": ["exit_steps.code"],
        "follow_up": "for ever",
    }  # fmt: skip
    for name, value in wrong.items():
        answer = client.post("/api/v1/agreements/", {**whole, name: value}, format="json")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name]), name
    made = client.post("/api/v1/agreements/", whole, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["follow_up"] == "day"
    assert client.post("/api/v1/agreements/", whole, format="json").json()["errors"]["number"]
    assert page.post("/udtraek/aftaler/", whole).status_code == 422
    assert page.post("/udtraek/aftaler/", {**whole, "number": "2026-21"}).status_code == 302
    listed = [one["number"] for one in client.get("/api/v1/agreements/").json()["results"]]
    assert listed == ["2026-21", "2026-20"]
    assert "2026-21" in page.get("/udtraek/aftaler/").content.decode()
    for other in (cast.greve.privacy, cast.greve.authoritylead):
        assert api(other).get("/api/v1/agreements/").status_code == 403
        assert browser(other).get("/udtraek/aftaler/").status_code == 403


def test_what_an_agreement_does_not_cover_does_not_leave(
    cast: Any, towns: list[Any], tables: Callable[[Any], Any]
) -> None:
    releasing.register(cast.evaluator, variables=["registration.phase"])
    release = releasing.to_the_municipalities(cast.evaluator, datasets=["registration"])
    for row in tables(release)["registration"]:
        assert set(row) == {"family_id", "phase", "phase_missing"}
    (dataset,) = releasing.fresh(cast.evaluator, release).report["datasets"]
    assert [variable["name"] for variable in dataset["variables"]] == ["family_id", "phase"]


def test_anonymised_rows_wait_for_enough_families(cast: Any, towns: list[Any]) -> None:
    from evaluation.ending import count_population
    from evaluation.models import Population

    releasing.register(cast.evaluator)
    client = api(cast.evaluator)
    uncounted = client.post("/api/v1/releases/", {**ASKED, "kind": "T2"}, format="json")
    assert mistake(uncounted) == (422, "release-gate")
    with cast.evaluator.acting():
        count_population(now=clock.now())
    counted = client.post("/api/v1/releases/", {**ASKED, "kind": "T2"}, format="json")
    told = counted.json()["detail"]
    assert "omkring 5000 familier" in told and "10 kommuner" in told, "two families are not told of"
    with cast.evaluator.acting(), transaction.atomic():
        Population.objects.create(families=5000, municipalities=10, counted_at=clock.now())
    assert client.post("/api/v1/releases/", {**ASKED, "kind": "T2"}, format="json").status_code == 201


def test_tables_of_two_families_are_refused_and_counts_nobody(
    cast: Any, towns: list[Any], looking: Looking
) -> None:
    release = releasing.request(cast.evaluator, kind="T3", datasets=["registration"])
    releasing.build(cast.evaluator, release)
    answer = api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/").json()
    assert (answer["status"], answer["files"]) == ("failed", [])
    assert "Ingen af tabellerne kan udgives" in answer["reasons"][0] and "2" not in answer["reasons"][0]
    assert looking.execute("SELECT count(*) FROM evaluation_releasefile").fetchone() == (0,)


def test_tables_of_twelve_families_in_each_town_show_no_small_number(
    cast: Any, towns: list[Any], tables: Callable[[Any], Any], looking: Looking
) -> None:
    releasing.families_have_begun([town for town in towns for _family in range(11)], looking)
    release = releasing.make_available(cast.evaluator, towns, kind="T3", datasets=["registration"])
    found = tables(release)
    assert [(row["municipality_code"], row["value"]) for row in found["registration_families"]] == [
        ("253", "10"), ("730", "10"), ("i alt", "20"),
    ]  # fmt: skip
    assert not [
        row for rows in found.values() for row in rows if "share" in row and row["value"] in set("1234567")
    ]
    assert release.report["counts"]["families_in"] is None


def test_a_link_counts_runs_out_and_keeps_no_secret(cast: Any, towns: list[Any], looking: Looking) -> None:
    from evaluation import taking
    from evaluation.models import ReleaseDownload, ReleaseLink

    release = releasing.make_available(cast.evaluator, towns)
    client = api(cast.evaluator)
    made = client.post(f"/api/v1/releases/{release.uuid}/link/").json()
    assert made["downloads_left"] == 3
    kept = json.dumps(
        looking.execute("SELECT to_jsonb(l) - 'archive' FROM evaluation_releaselink l").fetchall(),
        default=str,
    ) + json.dumps(looking.execute("SELECT new FROM trail_write").fetchall(), default=str)
    assert made["password"] not in kept and made["url"].rsplit("/", 1)[1] not in kept
    for other in (cast.greve.privacy, cast.admin):
        assert api(other).get(made["url"]).status_code == 403
    token = made["url"].rsplit("/", 1)[1]
    with cast.evaluator.acting(), pytest.raises(StaleState):
        taking.take_by_link(
            actor=cast.evaluator, release_uuid=release.uuid, token=token, now=clock.now() + timedelta(days=14)
        )
    assert client.get(made["url"]).status_code == 200
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE evaluation_agreement SET ends_on = current_date - 1")
    for answer in (
        client.get(made["url"]),
        client.post(f"/api/v1/releases/{release.uuid}/link/"),
        client.get(f"/api/v1/releases/{release.uuid}/files/registration.csv"),
    ):
        assert mistake(answer) == (409, "stale-state") and "udløb den" in answer.json()["detail"]
    with (
        pytest.raises(IntegrityError, match="release_download_not_too_often"),
        cast.evaluator.acting(),
        transaction.atomic(),
    ):
        link = ReleaseLink.objects.get()
        ReleaseDownload.objects.create(
            release=release,
            link=link.uuid,
            name="x",
            number=4,
            staff=cast.evaluator.staff,
            sha256=link.sha256,
        )
