"""Nobody approves what they asked for, and a right that has ended ends at once, whatever was listed before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction
from psycopg import errors

from placement import clock
from placement.access import context
from placement.access.errors import NotAllowed
from tests.cast import api, browser
from tests.scene import Scene

Looking = psycopg.Connection[Any]

APPROVE = {"approved": True, "reason": ""}


@pytest.fixture
def asked_by_the_lead(house: None) -> Scene:
    """A step that Greve's first team lead has asked for."""
    scene = Scene("greve")
    scene.go_on_to("request_step")
    scene.take_as("teamlead", "request_step", why_now="Familien er klar.", planned_from=str(clock.today()))
    return scene


def _decisions(looking: Looking) -> int:
    found = looking.execute("SELECT count(*) FROM flow_exit_exitstepdecision").fetchone()
    assert found is not None
    return int(found[0])


def test_the_requester_approves_neither_by_page_nor_by_api_nor_by_the_service(
    asked_by_the_lead: Scene, looking: Looking
) -> None:
    from workflows.exit.services import approve_step
    from workflows.kernel.models import Task
    from workflows.kernel.services import complete_task
    from workflows.kernel.steps import Situation

    task = asked_by_the_lead.open_task("approve_step")
    lead = asked_by_the_lead.company.actor("teamlead")
    assert browser(lead).get(f"/opgaver/{task.uuid}/").status_code == 403
    page = browser(lead).post(f"/opgaver/{task.uuid}/", {"approved": "true", "reason": ""})
    assert page.status_code == 403
    answer = api(lead).post(f"/api/v1/tasks/{task.uuid}/complete/", APPROVE, format="json")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:familieforloeb:problem:four-eyes")
    listed = api(lead).get("/api/v1/tasks/").json()["results"]
    assert str(task.uuid) not in {line["id"] for line in listed}
    with lead.acting(), pytest.raises(NotAllowed, match="selv bedt"):
        complete_task(actor=lead, task_uuid=task.uuid, data=APPROVE, now=clock.now())
    # Past the kernel too: the step's own write looks again.
    with lead.acting(), transaction.atomic(), pytest.raises(NotAllowed, match="selv bedt"):
        fresh = Task.objects.select_related("process__family").get(pk=task.pk)
        approve_step(Situation(actor=lead, task=fresh, now=clock.now()), APPROVE)
    assert _decisions(looking) == 0


def test_the_requester_s_approval_is_refused_by_the_database_itself(
    asked_by_the_lead: Scene, cluster: dict[str, Any], looking: Looking
) -> None:
    lead = asked_by_the_lead.company.actor("teamlead")
    step = looking.execute("SELECT id FROM flow_exit_exitstep").fetchone()
    task = asked_by_the_lead.open_task("approve_step")
    assert step is not None
    url = cluster["urls"]["DATABASE_URL"].replace("{database}", cluster["database"])
    with psycopg.connect(url, autocommit=True) as web:
        for statement, values in (
            (
                "INSERT INTO flow_exit_exitstepdecision (uuid, municipality_id, step_id, approved, reason, "
                "requested_by_id, decided_by_id, decided_at, facts) "
                "VALUES (gen_random_uuid(), 253, %s, true, '', %s, %s, now(), '{}')",
                [step[0], lead.staff_id, lead.staff_id],
            ),
            ("UPDATE kernel_task SET owner_id = %s WHERE id = %s", [lead.staff_id, task.pk]),
        ):
            with pytest.raises(errors.CheckViolation), web.transaction():
                web.execute(
                    "SELECT set_config('app.context', %s, true)",
                    [context.sign(253, lead.staff_id, context.CASE)],
                )
                web.execute(statement, values)
    assert _decisions(looking) == 0


def test_a_decision_once_made_is_rewritten_by_nobody(
    asked_by_the_lead: Scene, cluster: dict[str, Any], looking: Looking
) -> None:
    """Neither the decision nor the authority's word: the application's log-ins may only add them."""
    asked_by_the_lead.take_as("teamlead2", "approve_step", approved=False, reason="Vi venter.")
    for login in ("DATABASE_URL", "DATABASE_WORKER_URL"):
        url = cluster["urls"][login].replace("{database}", cluster["database"])
        for table in ("flow_exit_exitstepdecision", "flow_exit_authorityword"):
            with psycopg.connect(url) as someone, pytest.raises(errors.InsufficientPrivilege):
                someone.execute(
                    "SELECT set_config('app.context', %s, true)", [context.sign(253, 1, context.CASE)]
                )
                someone.execute(f"UPDATE {table} SET approved = true")
    assert looking.execute("SELECT approved FROM flow_exit_exitstepdecision").fetchall() == [(False,)]


def test_the_authority_s_word_is_another_s_too(house: None, looking: Looking) -> None:
    """A lead of the authority who is also a caseworker asks; the word is a colleague's."""
    scene = Scene("greve")
    scene.go_on_to("approve_decision")
    asked = looking.execute("SELECT requested_by_id FROM families_decision").fetchone()
    task = scene.open_task("approve_decision")
    assert asked is not None and task.excluded_id == asked[0]
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, unit_id, profession, starts) "
        "SELECT staff_id, municipality_id, 'authoritylead', unit_id, profession, '2024-01-02' "
        "FROM access_staffmembership WHERE staff_id = %s",
        [asked[0]],
    )
    caseworker = scene.company.actor("caseworker")
    assert "authoritylead" in caseworker.roles
    answer = api(caseworker).post(f"/api/v1/tasks/{task.uuid}/complete/", APPROVE, format="json")
    assert answer.status_code == 403 and answer.json()["type"].endswith("four-eyes")


# ---- rights that have ended ------------------------------------------------------------------------------


@pytest.fixture
def listed(house: None, looking: Looking) -> Iterator[tuple[Scene, Any, Any, Any]]:
    """A practitioner of the team, whose list and page show a task; with the browser and the program they use."""
    scene = Scene("greve")
    # The core elements are born in no order of their own: the team first, or nobody of it sees the task.
    scene.settle()
    scene.go_on(lambda task: task.flow_task.name == "hold_session")
    practitioner = scene.company.actor("practitioner")
    program, window = api(practitioner), browser(practitioner)
    task = scene.open_task("hold_session")
    names = {line["id"] for line in program.get("/api/v1/tasks/").json()["results"]}
    assert str(task.uuid) in names
    assert window.get(f"/opgaver/{task.uuid}/").status_code == 200
    yield scene, task, program, window
    # The cast stays from test to test.
    looking.execute("UPDATE access_staffmembership SET ends = NULL WHERE starts = '2024-01-01'")


def _yesterday() -> date:
    return clock.today() - timedelta(days=1)


def _end_appointments(connection: Looking, scene: Scene) -> None:
    """The team's appointments ended yesterday; by a superuser past the trail, in whose transaction it may be."""
    connection.execute("SET session_replication_role = replica")
    ended = connection.execute(
        "UPDATE families_familygrant SET ends = %s WHERE function = 'team' AND content_object_id = %s",
        [_yesterday(), scene.family.pk],
    )
    assert ended.rowcount > 0
    connection.execute("RESET session_replication_role")


def _session() -> dict[str, Any]:
    return {
        "kind": "individual",
        "held_on": clock.today().isoformat(),
        "focus": "Ro",
        "summary": "Vi talte.",
        "next_on": (clock.today() + timedelta(days=14)).isoformat(),
        "outcome": "next_session",
    }


def _held(looking: Looking) -> int:
    found = looking.execute("SELECT count(*) FROM meetings_session").fetchone()
    assert found is not None
    return int(found[0])


def test_an_appointment_that_ended_yesterday_completes_nothing(listed: Any, looking: Looking) -> None:
    scene, task, program, window = listed
    _end_appointments(looking, scene)
    assert program.post(f"/api/v1/tasks/{task.uuid}/complete/", _session(), format="json").status_code == 404
    assert window.post(f"/opgaver/{task.uuid}/", _session()).status_code == 404
    assert window.get(f"/opgaver/{task.uuid}/").status_code == 404
    assert program.get("/api/v1/tasks/").json()["results"] == []
    assert _held(looking) == 0


def test_a_role_that_ended_yesterday_completes_nothing(listed: Any, looking: Looking) -> None:
    """Another role of the same person goes on; what only the ended one could, is refused."""
    scene, task, program, window = listed
    staff = scene.company.actor("practitioner").staff_id
    looking.execute("UPDATE access_staffmembership SET ends = %s WHERE staff_id = %s", [_yesterday(), staff])
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, unit_id, profession, starts) "
        "SELECT %s, 253, 'healthvisitor', unit_id, 'sundhedsplejerske', '2024-01-02' FROM access_staffmembership "
        "WHERE role = 'healthvisitor' AND municipality_id = 253",
        [staff],
    )
    # The family is still theirs to see, by appointment; the step is not theirs to do.
    refused = program.post(f"/api/v1/tasks/{task.uuid}/complete/", _session(), format="json")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:familieforloeb:problem:not-allowed")
    assert window.post(f"/opgaver/{task.uuid}/", _session()).status_code == 403
    assert _held(looking) == 0


def test_whose_last_role_ended_yesterday_is_nobody_today(listed: Any, looking: Looking) -> None:
    scene, task, program, window = listed
    staff = scene.company.actor("practitioner").staff_id
    looking.execute("UPDATE access_staffmembership SET ends = %s WHERE staff_id = %s", [_yesterday(), staff])
    assert program.post(f"/api/v1/tasks/{task.uuid}/complete/", _session(), format="json").status_code == 401
    sent = window.post(f"/opgaver/{task.uuid}/", _session())
    assert (sent.status_code, sent.headers["Location"]) == (302, "/vaelg/")
    assert _held(looking) == 0


def test_a_token_that_was_taken_back_completes_nothing(listed: Any, looking: Looking) -> None:
    _scene, task, program, _window = listed
    looking.execute("UPDATE access_stafftoken SET revoked = now()")
    assert program.post(f"/api/v1/tasks/{task.uuid}/complete/", _session(), format="json").status_code == 401
    assert _held(looking) == 0


def test_an_appointment_that_ends_while_one_waits_for_the_family_completes_nothing(
    listed: Any, superuser_url: str, looking: Looking
) -> None:
    """The team is changed under the family's lock; whoever stood in the queue behind it is no longer on it."""
    scene, task, program, _window = listed
    answers: list[Any] = []

    def complete() -> None:
        from django.db import connection

        answers.append(program.post(f"/api/v1/tasks/{task.uuid}/complete/", _session(), format="json"))
        connection.close()

    with psycopg.connect(superuser_url) as changing:
        changing.execute("SELECT FROM families_family WHERE id = %s FOR NO KEY UPDATE", [scene.family.pk])
        waiting = threading.Thread(target=complete)
        waiting.start()
        while not looking.execute(
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'ff_web' AND datname = current_database()"
        ).fetchall():
            assert waiting.is_alive()
        _end_appointments(changing, scene)
        changing.commit()
        waiting.join()
    assert [a.status_code for a in answers] == [404]
    assert _held(looking) == 0
