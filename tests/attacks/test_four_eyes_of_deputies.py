"""Whoever acts for a colleague decides on nothing the colleague asked for: the step's own write refuses, and the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from psycopg import errors

from placement import clock
from placement.access import context
from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.roles import Role
from placement.staffing.models import Deputyship
from placement.staffing.services import appoint_deputy, withdraw_deputy
from tests.cast import Cast
from tests.scene import Scene, lately
from tests.workflows.test_adaptations import drafted
from workflows.kernel.models import Task
from workflows.kernel.steps import Situation
from workflows.model_versions.adaptations import decide_adaptation

Looking = psycopg.Connection[Any]
YES = {"approved": True, "reason": "Ja."}

DECISION = (
    "INSERT INTO flow_exit_exitstepdecision (uuid, municipality_id, step_id, approved, reason, requested_by_id, "
    "decided_by_id, decided_at, facts) VALUES (gen_random_uuid(), 253, %(step)s, true, '', %(asked)s, %(deputy)s, "
    "%(at)s, '{}')"
)
WORD = (
    "INSERT INTO flow_exit_authorityword (uuid, municipality_id, step_id, approved, reason, requested_by_id, "
    "decided_by_id, decided_at, legal_basis) VALUES (gen_random_uuid(), 253, %(step)s, true, 'Ja.', %(asked)s, "
    "%(deputy)s, %(at)s, '')"
)
EXCEPTION = (
    "INSERT INTO flow_exit_exitexception (uuid, municipality_id, step_id, side, code, name, title, reason, "
    "requested_by_id, made_by_id, made_at) VALUES (gen_random_uuid(), 253, %(step)s, 'site', 'residence', "
    "'residence', 'Bolig', 'Det går.', %(asked)s, %(deputy)s, %(at)s)"
)
TASK = "UPDATE kernel_task SET owner_id = %(deputy)s, status = 'DONE', finished = %(at)s WHERE id = %(task)s"
STATEMENTS = pytest.mark.parametrize(
    "statement", [DECISION, WORD, EXCEPTION, TASK], ids=lambda s: s.split()[2]
)


def stand_in(
    deputy: Actor, colleague: Actor, role: Role = Role.TEAM_LEAD, *, starts: date | None = None
) -> Deputyship:
    with colleague.acting(), transaction.atomic():
        return appoint_deputy(
            actor=colleague,
            deputy=deputy.staff,
            stands_in_for=colleague.staff,
            role=role,
            starts=starts or clock.today(),
            ends=clock.today() + timedelta(days=7),
            reason="Ferie",
            longest_days=42,
            now=clock.now(),
        )


@pytest.fixture
def asked(house: None) -> Scene:
    """A step that the first team lead has asked for, who then goes on leave."""
    scene = Scene("greve", now=lately())
    scene.go_on_to("request_step")
    scene.take_as("teamlead", "request_step", why_now="Familien er klar.", planned_from=str(clock.today()))
    return scene


@pytest.fixture
def write(asked: Scene, cluster: dict[str, Any], looking: Looking) -> Callable[[str], None]:
    """``write(statement)``: as the second team lead, by the web's log-in, past everything but the database."""
    greve = asked.company
    found = looking.execute("SELECT id FROM flow_exit_exitstep").fetchone()
    assert found is not None
    values = {
        "step": found[0],
        "task": asked.open_task("approve_step").pk,
        "asked": greve.actor("teamlead").staff_id,
        "deputy": greve.actor("teamlead2").staff_id,
        "at": clock.now(),
    }
    url = cluster["urls"]["DATABASE_URL"].replace("{database}", cluster["database"])

    def send(statement: str) -> None:
        with psycopg.connect(url) as web:
            web.execute(
                "SELECT set_config('app.context', %s, true)",
                [context.sign(253, values["deputy"], context.CASE)],
            )
            web.execute(statement, values)
            web.rollback()

    return send


@STATEMENTS
def test_the_database_refuses_the_deputy_of_who_asked(
    asked: Scene, write: Callable[[str], None], statement: str
) -> None:
    write(statement)  # a colleague, who stands in for nobody
    made = stand_in(asked.company.actor("teamlead2"), asked.company.actor("teamlead"))
    with pytest.raises(errors.CheckViolation) as refused:
        write(statement)
    assert refused.value.diag.constraint_name == "not_by_deputy_of_who_asked"
    with asked.company.actor("teamlead").acting(), transaction.atomic():
        withdraw_deputy(actor=asked.company.actor("teamlead"), deputyship=made, now=clock.now())
    write(statement)


def test_a_deputy_of_tomorrow_and_one_for_somebody_else_may_decide(
    asked: Scene, write: Callable[[str], None], cast: Cast
) -> None:
    stand_in(cast.greve.teamlead2, cast.greve.teamlead, starts=clock.today() + timedelta(days=1))
    stand_in(cast.greve.teamlead, cast.greve.teamlead2)
    for statement in (DECISION, TASK):
        write(statement)


def test_the_step_s_own_write_refuses_the_deputy_too(asked: Scene, looking: Looking) -> None:
    from workflows.exit.services import approve_step

    lead, deputy = asked.company.actor("teamlead"), asked.company.actor("teamlead2")
    stand_in(deputy, lead)
    task = asked.open_task("approve_step")
    with deputy.acting(), transaction.atomic(), pytest.raises(NotAllowed) as refused:
        fresh = Task.objects.select_related("process__family").get(pk=task.pk)
        approve_step(Situation(actor=deputy, task=fresh, now=clock.now()), YES)
    assert refused.value.type == "four-eyes" and "stedfortræder" in str(refused.value.message)
    assert looking.execute("SELECT count(*) FROM flow_exit_exitstepdecision").fetchone() == (0,)


def test_what_was_decided_before_the_leave_stays_and_the_step_goes_on(asked: Scene) -> None:
    """Two people decided it; that one of them stands in for the other later the same day takes nothing back."""
    asked.now = clock.now()
    asked.take_as("teamlead2", "approve_step", approved=True, reason="")
    stand_in(asked.company.actor("teamlead2"), asked.company.actor("teamlead"))
    with asked.company.actor("teamlead").acting(), transaction.atomic():
        done = Task.objects.get(family=asked.family, flow_task__endswith=".approve_step", status="DONE")
        done.save()
    asked.take(asked.open_task("carry_out_step"))
    assert asked.open_task("evaluate_step")


def test_an_adaptation_is_not_decided_by_the_deputy_of_who_wrote_it(cast: Cast, looking: Looking) -> None:
    draft = drafted(cast.greve.teamlead)
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, site_id, profession, starts) "
        "SELECT lead.id, m.municipality_id, m.role, m.site_id, m.profession, '2024-01-02' FROM access_staff lead, "
        "access_staffmembership m JOIN access_staff s ON s.id = m.staff_id "
        "WHERE lead.username = 'greve.authoritylead' AND s.username = 'greve.teamlead'"
    )
    deputy = cast.greve.authoritylead
    stand_in(deputy, cast.greve.teamlead)
    with deputy.acting(), pytest.raises(NotAllowed) as refused:
        decide_adaptation(actor=deputy, draft=draft, approved=True, reason="", now=clock.now())
    assert refused.value.type == "four-eyes"
    with pytest.raises(IntegrityError, match="acts for whoever asked"), deputy.acting(), transaction.atomic():
        draft.status, draft.decided_by, draft.decided_at = "in_force", deputy.staff, clock.now()
        draft.save()
