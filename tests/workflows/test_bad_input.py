"""What cannot be so about the model and the moves is refused: with its type, with the reason, and with nothing changed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from demo.answers import answer
from placement import clock
from placement.access.errors import Refused
from placement.access.roles import Role
from placement.staffing.services import appoint_deputy
from tests.access.test_staff_pages import DEPUTIES, deputy_form
from tests.cast import Cast, api, browser
from tests.moving import Moving
from tests.scene import Scene
from tests.versions import NEXT, imported
from tests.walking import Page, as_form
from tests.watching import nothing_written
from tests.workflows.test_model_versions import rung, without_conditions
from workflows.kernel.models import Task
from workflows.kernel.steps import Situation
from workflows.model_versions.services import InvalidVersion, import_version
from workflows.team.services import check_present

Looking = psycopg.Connection[Any]


@pytest.fixture
def moving(versions: None, cast: Cast) -> Moving:
    """A family that lives in the house with its team."""
    made = Moving(Scene("greve"))
    made.scene.settle()
    return made


def answered(moving: Moving, name: str, **otherwise: Any) -> tuple[Task, dict[str, Any]]:
    """The open step of that name, and what the cast usually answers to it."""
    task = moving.task(name)
    with clock.standing_at(moving.scene.now), moving.actor("teamlead").acting(), transaction.atomic():
        fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
        return task, answer(fresh, on=moving.today, rng=moving.scene.rng) | otherwise


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (rung("U3", 'after = "U9"'), "Der er et hul"),
        (rung("U1", 'after = "U5"'), "i ring"),
        (without_conditions("U2"), "Trin U2 har ingen betingelser"),
    ],
    ids=["a gap", "a circle", "a step without conditions"],
)
def test_a_version_that_leads_nowhere_is_not_stored(
    versions: None, looking: Looking, tmp_path: Path, source: str, words: str
) -> None:
    file = tmp_path / "2026-2.toml"
    file.write_text(source, encoding="utf-8")
    with nothing_written(looking):
        with pytest.raises(InvalidVersion, match=words) as refused:
            import_version(source=source, using="owner")
        assert (refused.value.type, refused.value.status) == ("model-version-invalid", 422)
        with pytest.raises(CommandError, match=words):
            call_command("model_version", "import", str(file))


def test_no_family_is_moved_to_a_draft(moving: Moving, looking: Looking) -> None:
    imported()
    family = f"families/{moving.scene.family.uuid}/model/"
    asked = {"version": "2026-2", "facts_version": "0" * 16, "reason": "Vi vil prøve den."}
    with nothing_written(looking):
        answer = api(moving.actor("teamlead")).post(f"/api/v1/{family}", asked, format="json")
        shown = browser(moving.actor("teamlead")).post(f"/familier/{moving.scene.family.uuid}/model/", asked)
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (422, "version-not-in-force")
    assert "Kladde" in answer.json()["detail"] and shown.status_code == 422


def test_nobody_approves_on_facts_that_have_changed(moving: Moving, looking: Looking) -> None:
    scene = moving.scene
    scene.go_on_to("approve_step")
    task, said = answered(moving, "approve_step")
    with clock.standing_at(scene.now):
        lead = moving.actor("teamlead")
        read = api(lead).get(f"/api/v1/tasks/{task.uuid}/").json()["facts_version"]
        scene.receive_concern()
        with nothing_written(looking):
            told = api(lead).post(
                f"/api/v1/tasks/{task.uuid}/complete/", said | {"facts_version": read}, format="json"
            )
            page = browser(lead).post(f"/opgaver/{task.uuid}/", as_form(said | {"facts_version": read}))
    assert (told.status_code, told.json()["type"].rsplit(":", 1)[-1]) == (409, "stale-facts")
    assert "Grundlaget har ændret sig" in told.json()["detail"] and page.status_code == 409


def test_nobody_is_deputy_for_themselves(cast: Cast, looking: Looking) -> None:
    lead = cast.greve.teamlead
    today = clock.today()
    with nothing_written(looking):
        with pytest.raises(Refused, match="sig selv") as refused, lead.acting(), transaction.atomic():
            appoint_deputy(
                actor=lead,
                deputy=lead.staff,
                stands_in_for=lead.staff,
                role=Role.TEAM_LEAD,
                starts=today,
                ends=today + timedelta(days=2),
                reason="Ferie",
                longest_days=42,
                now=clock.now(),
            )
        shown = browser(lead).post(DEPUTIES, deputy_form(lead, lead))
    assert refused.value.type == "deputy-oneself"
    assert shown.status_code == 422 and "sig selv" in Page(shown.content.decode()).text
    with pytest.raises(psycopg.errors.CheckViolation, match="deputyship_is_not_for_oneself"):
        looking.execute(
            "INSERT INTO staffing_deputyship (uuid, municipality_id, deputy_id, stands_in_for_id, role, starts, "
            "ends, reason, made_by_id, made_at) VALUES (gen_random_uuid(), 253, %(me)s, %(me)s, 'teamlead', "
            "now(), now(), 'Ferie', %(me)s, now())",
            {"me": lead.staff_id},
        )


def test_what_was_never_paused_is_not_resumed(moving: Moving, looking: Looking) -> None:
    with nothing_written(looking):
        told = moving.by_api("teamlead", "resume", resumed_on=str(moving.today))
        page = moving.look("teamlead", f"/familier/{moving.scene.family.uuid}/handlinger/")
    assert (told.status_code, told.json()["type"].rsplit(":", 1)[-1]) == (409, "not-paused")
    assert all("Indsatsen er ikke på pause" in words for words in (told.json()["detail"], page))


def test_nobody_was_at_a_meeting_before_they_came_to_the_team(moving: Moving, looking: Looking) -> None:
    """A meeting in the past, attended by people of today."""
    scene = moving.scene
    moving.later(days=6)
    long_ago = moving.today - timedelta(days=8)
    task, said = answered(moving, "hold_meeting", held_on=long_ago.isoformat(), decisions=[])
    lead = moving.actor("teamlead")
    with clock.standing_at(scene.now), nothing_written(looking):
        told = api(lead).post(f"/api/v1/tasks/{task.uuid}/complete/", said, format="json")
        page = browser(lead).post(f"/opgaver/{task.uuid}/", as_form(said))
        with pytest.raises(Refused) as refused, lead.acting(), transaction.atomic():
            fresh = Task.objects.select_related("process__family", "process__model_version").get(pk=task.pk)
            check_present(Situation(actor=lead, task=fresh, now=scene.now), said["present"], long_ago)
    assert refused.value.type == "attendance-before-appointment"
    assert (told.status_code, list(told.json()["errors"])) == (422, ["present"])
    assert "kom først på teamet" in told.json()["errors"]["present"][0]
    assert page.status_code == 422 and "kom først på teamet" in Page(page.content.decode()).text
    assert moving.task("hold_meeting").pk == task.pk


def test_a_meeting_is_not_held_before_its_day(moving: Moving, looking: Looking) -> None:
    tomorrow = (moving.today + timedelta(days=1)).isoformat()
    task, said = answered(moving, "hold_meeting", held_on=tomorrow)
    with clock.standing_at(moving.scene.now), nothing_written(looking):
        told = api(moving.actor("teamlead")).post(f"/api/v1/tasks/{task.uuid}/complete/", said, format="json")
    assert (told.status_code, list(told.json()["errors"])) == (422, ["held_on"])
    assert re.search("fremtiden|senere end i dag", told.json()["errors"]["held_on"][0])


def test_the_shipped_file_is_what_these_faults_are_made_in() -> None:
    assert rung("U3", "x") != NEXT and without_conditions("U2") != NEXT
