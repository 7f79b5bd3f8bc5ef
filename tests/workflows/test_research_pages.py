"""VIVE's pages and addresses: who sees what, what a look is, and that nothing but status comes in."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from placement import clock
from placement.research.models import ResearchOutcome
from tests.cast import api, browser
from tests.expecting import EVERYTHING, INFORMED, Expecting
from tests.walking import Page


@pytest.fixture
def chosen(house: None) -> Expecting:
    scene = Expecting("greve")
    scene.go_on_to("move_in")
    scene.say(scene.choose(), "Maja", EVERYTHING)
    return scene


def address(scene: Expecting, rest: str = "") -> str:
    return f"/familier/{scene.family.uuid}/vive/{rest}"


def program_address(scene: Expecting, rest: str = "") -> str:
    return f"/api/v1/families/{scene.family.uuid}/research/{rest}"


def test_the_list_names_the_chosen_families_one_sees_and_each_is_a_look(
    chosen: Expecting, looking: psycopg.Connection[Any]
) -> None:
    another = Expecting("greve")

    def looks(part: str) -> set[int]:
        actor = chosen.company.actor(part)
        looking.execute("SELECT 1")
        before = looking.execute("SELECT coalesce(max(id), 0) FROM trail_read").fetchone()
        with clock.standing_at(chosen.now):
            answer = browser(actor).get("/vive/")
        assert answer.status_code == 200 and another.family.number not in answer.content.decode()
        assert ("Maja" in answer.content.decode()) is (part != "practitioner")
        rows = looking.execute(
            "SELECT family_id, route FROM trail_read WHERE id > %s AND staff_id = %s",
            [before[0] if before else 0, actor.staff_id],
        ).fetchall()
        assert {route for _family, route in rows} <= {"research"}
        return {family for family, _route in rows}

    assert looks("teamlead") == {chosen.family.pk}
    assert looks("caseworker") == {chosen.family.pk}
    assert looks("practitioner") == set(), "not on the team yet: the place is counted, and nobody is named"
    with clock.standing_at(chosen.now):
        hidden = browser(chosen.company.actor("practitioner")).get("/vive/").content.decode()
    assert "1 af dem har en familie, du ikke ser" in Page(hidden).text


def test_a_health_visitor_reads_and_does_not_write(chosen: Expecting) -> None:
    visitor = chosen.company.actor("healthvisitor")
    assert browser(visitor).get("/vive/").status_code == 403
    assert api(visitor).post(program_address(chosen, "outcomes/"), {}, format="json").status_code in (
        403,
        404,
    )


def test_who_writes_answers_does_not_choose(chosen: Expecting) -> None:
    caseworker = chosen.company.actor("caseworker")
    assert browser(caseworker).get(address(chosen, "plads/")).status_code == 403
    assert (
        api(caseworker)
        .post(program_address(chosen, "place/"), {"confirmed": True}, format="json")
        .status_code
        == 403
    )


def test_a_program_chooses_asks_and_writes_a_status_once(house: None) -> None:
    scene = Expecting("greve")
    scene.go_on_to("move_in")
    lead, writer = api(scene.company.actor("teamlead")), api(scene.company.actor("caseworker"))
    with clock.standing_at(scene.now):
        key = {"Idempotency-Key": "choose"}
        first = lead.post(program_address(scene, "place/"), {"confirmed": True}, format="json", headers=key)
        assert first.status_code == 201, first.content.decode()
        again = lead.post(program_address(scene, "place/"), {"confirmed": True}, format="json", headers=key)
        assert again.status_code == 201 and again.json() == first.json()
        with scene.at_work():
            mother = scene.person("Maja")
        day = clock.today().isoformat()
        body = {
            "person": str(mother.uuid), "answered_on": day, "how": "oral", "informed_about": INFORMED,
            "activity_pregnancy-interview": "yes", "activity_video-start": "no",
        }  # fmt: skip
        said = writer.post(program_address(scene, "consents/"), body, format="json")
        assert said.status_code == 201, said.content.decode()
        states = {one["activity"]: one["state"] for one in said.json()["items"]}
        assert states["pregnancy-interview"] == "due" and states["video-start"] == "refused"
        assert states["vive-interview"] == "unasked"
        outcome = {
            "activity": "pregnancy-interview",
            "status": "done",
            "happened_on": day,
            "reference": "V-1",
        }
        done = writer.post(program_address(scene, "outcomes/"), outcome, format="json")
        assert done.status_code == 201
        (item,) = [one for one in done.json()["items"] if one["activity"] == "pregnancy-interview"]
        assert (item["state"], item["done_on"], item["reference"]) == ("done", day, "V-1")
        stranger = body | {"person": "00000000-0000-4000-8000-000000000000"}
        assert writer.post(program_address(scene, "consents/"), stranger, format="json").status_code == 422
        back = {"person": str(mother.uuid), "activity": "pregnancy-interview", "on": day}
        taken = writer.post(program_address(scene, "withdrawals/"), back, format="json")
        assert taken.status_code == 201 and taken.json()["consents"][0]["withdrawn_on"] is None
        withdrawn = [one for one in taken.json()["consents"] if one["withdrawn_on"]]
        assert [one["activity"] for one in withdrawn] == ["pregnancy-interview"]
        assert writer.post(program_address(scene, "films/"), {}, format="json").status_code == 404


def test_a_family_that_is_not_chosen_is_asked_for_nothing(house: None) -> None:
    scene = Expecting("greve")
    scene.go_on_to("move_in")
    writer = api(scene.company.actor("caseworker"))
    with scene.at_work():
        mother = scene.person("Maja")
    with clock.standing_at(scene.now):
        body = {
            "person": str(mother.uuid), "answered_on": clock.today().isoformat(), "how": "oral",
            "informed_about": INFORMED, "activity_vive-interview": "yes",
        }  # fmt: skip
        refused = writer.post(program_address(scene, "consents/"), body, format="json")
        assert refused.status_code == 422 and refused.json()["type"].endswith("research-not-chosen")
        assert writer.get(program_address(scene)).json() == {"selection": None, "items": [], "consents": []}


def test_a_film_is_refused_by_page_and_by_program(chosen: Expecting) -> None:
    writer = chosen.company.actor("caseworker")
    film = SimpleUploadedFile("samspil.mp4", b"not a film", content_type="video/mp4")
    with clock.standing_at(chosen.now):
        page = Page(browser(writer).get(address(chosen, "status/")).content.decode())
        form = page.fill_in(
            {
                "activity": ["pregnancy-interview"],
                "status": ["done"],
                "happened_on": [f"{clock.today():%d.%m.%Y}"],
            }
        )
        sent = browser(writer).post(address(chosen, "status/"), form | {"film": film})
        assert sent.status_code == 422 and "Videoer gemmes aldrig her" in Page(sent.content.decode()).text
        body = {"activity": "video-start", "status": "done", "happened_on": clock.today().isoformat()}
        by_program = api(writer).post(
            program_address(chosen, "outcomes/"), body | {"reference": "www.film.dk/17.mp4"}, format="json"
        )
        assert by_program.status_code == 422 and by_program.json()["type"].endswith("video-not-kept")
        assert "Reglen er" in by_program.json()["detail"]
        as_a_file = api(writer).post(program_address(chosen, "outcomes/"), {"film": film}, format="multipart")
        assert as_a_file.status_code == 400, "the API reads JSON and nothing else"
    with chosen.at_work():
        assert not ResearchOutcome.objects.exists()
