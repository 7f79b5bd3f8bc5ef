"""The team lead decides on named conditions: sees what changed, approves without one by name, or cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from placement import clock
from tests import story
from tests.cast import browser
from tests.walking import ByApi, Page, Walker, all_of
from tests.watching import changed, nothing_written, removed
from workflows.exit import guards
from workflows.exit.conditions import read, stand_of
from workflows.exit.selectors import all_steps
from workflows.kernel.models import Process, Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import Situation, version_of
from workflows.model_versions.content import NATIONAL, Model, read_file
from workflows.model_versions.exit_ladder import ExitRung, parse_ladder
from workflows.screening.models import Concern

Looking = psycopg.Connection[Any]
TO_THE_LADDER: list[story.Act] = [*story.TO_THE_HOUSE, *story.TEAM[:1], ("exit.plan_exit", {})]
TO_U3: list[story.Act] = [*TO_THE_LADDER, *story.ladder_step() * 2, ("exit.request_step", {})]
TO_U4: list[story.Act] = [*TO_THE_LADDER, *story.ladder_step() * 3]


def attempt(walker: Walker, step: str, **otherwise: Any) -> Any:
    """The usual answer with other words, by the API; whatever comes of it."""
    with clock.standing_at(walker.now):
        task, actor = walker.ready(step)
        data = walker.usual(task, actor) | otherwise
        program = walker.client(actor)
        read_first = program.get(f"/api/v1/tasks/{task.uuid}/").json()
        data = {name: value for name, value in data.items() if value is not None}
        sent = data | {"facts_version": read_first["facts_version"]}
        return program.post(f"/api/v1/tasks/{task.uuid}/complete/", sent, format="json")


def conditions(walker: Walker, step: str) -> dict[str, dict[str, Any]]:
    with clock.standing_at(walker.now):
        task = walker.task(step)
        program = walker.client(walker.company.for_task(task))
        read_first = program.get(f"/api/v1/tasks/{task.uuid}/").json()
    return {condition["code"]: condition for condition in read_first["conditions"]}


def steps(walker: Walker) -> list[dict[str, Any]]:
    with clock.standing_at(walker.now):
        program = walker.client(walker.company.actor("practitioner"))
        return all_of(program, f"/api/v1/families/{walker.family_uuid}/exit-steps/")


def not_warm(looking: Looking, walker: Walker) -> Any:
    return changed(looking, "flow_exit_homecheck", f"family_id = {walker.family.pk}", heating=False)


def test_a_step_is_approved_without_one_condition_by_name_and_with_the_reason(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk(TO_U3)
    walker.now += timedelta(days=2)
    with not_warm(looking, walker):
        shown = conditions(walker, "exit.approve_step")
        assert shown["home-checked"]["met"] is False
        assert "varme" in shown["home-checked"]["evidence"]
        assert "Dengang: opfyldt" in shown["home-checked"]["change"]
        assert not any(c["change"] for code, c in shown.items() if code != "home-checked")
        with nothing_written(looking):
            plain = attempt(walker, "exit.approve_step", **{"except_home-checked": ""})
            assert plain.status_code == 422 and plain.json()["type"].endswith(":gate-closed")
            other = attempt(walker, "exit.approve_step", **{"except_consent": "Det går nok."})
            assert other.status_code == 422 and other.json()["type"].endswith(":invalid")
        walker.act("exit.approve_step", **{"except_home-checked": "Varmen kommer på mandag, vi ser efter."})
    (made,) = steps(walker)[0]["exceptions"]
    assert made["code"] == "home-checked" and made["side"] == "site"
    assert made["reason"] == "Varmen kommer på mandag, vi ser efter."
    noted = {c["code"]: c["met"] for c in steps(walker)[0]["conditions_at_decision"]}
    assert noted["home-checked"] is False and noted["consent"] is True
    with clock.standing_at(walker.now):
        person = browser(walker.company.actor("practitioner"))
        told = Page(person.get(reverse("family-history", args=[walker.family_uuid])).content.decode()).text
        task = walker.task("exit.carry_out_step")
        carried = Page(person.get(reverse("task", args=[task.uuid])).content.decode()).text
    assert "Undtagelse på udslusningstrin U3" in told
    assert "Varmen kommer på mandag" in told and "Varmen kommer på mandag" in carried
    broken = {
        "reason = ''": "exit_exception_has_reason",
        "made_by_id = requested_by_id": "exit_exception_not_by_the_one_who_asked",
        "code = 'consent'": "exit_exception_never_from_what_protects_the_child",
        "code = 'no-open-concern'": "exit_exception_never_from_what_protects_the_child",
    }
    for change, name in broken.items():
        with pytest.raises(psycopg.errors.CheckViolation, match=name):
            looking.execute(f"UPDATE flow_exit_exitexception SET {change}")


def test_a_condition_that_changes_after_it_was_read_refuses_the_approval(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk(TO_U3)
    walker.now += timedelta(days=2)
    with clock.standing_at(walker.now):
        task = walker.task("exit.approve_step")
        lead = walker.company.for_task(task)
        program = walker.client(lead)
        address = f"/api/v1/tasks/{task.uuid}/"
        stale = {"approved": True, "facts_version": program.get(address).json()["facts_version"]}
        safety = f"family_id = {walker.family.pk}"
        for away in (not_warm(looking, walker), removed(looking, "flow_exit_safetyplan", safety)):
            with away, nothing_written(looking):
                response = program.post(f"{address}complete/", stale, format="json")
                assert response.status_code == 409
                assert response.json()["type"].endswith(":stale-facts")


def receive_a_concern(walker: Walker) -> Concern:
    """A notification that nobody has assessed yet."""
    caseworker = walker.company.actor("caseworker")
    with clock.standing_at(walker.now), caseworker.acting(), transaction.atomic():
        return Concern.objects.create(
            municipality_id=walker.family.municipality_id,
            family=walker.family,
            received_at=walker.now,
            notifier=Concern._meta.get_field("notifier").choices[0][0],
            what="En nabo har hørt gråd om natten.",
            acute=False,
            violence_possible=False,
            registered_by=caseworker.staff,
            registered_at=walker.now,
        )


def test_an_open_concern_closes_the_gate_to_the_approval_and_to_the_day_itself(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk(TO_U3[:-1]).walk([("exit.request_step", {})])
    received = f"id = {receive_a_concern(walker).pk}"
    walker.now += timedelta(days=1)
    with nothing_written(looking):
        response = attempt(walker, "exit.approve_step")
    assert response.status_code == 422 and "underretning" in response.json()["detail"]
    closed = {
        "assessed_at": walker.now, "outcome": "no_concern", "closed_at": walker.now, "closed_reason": "Talt igennem.",
        "closed_by_id": walker.company.actor("caseworker").staff_id,
    }  # fmt: skip
    with changed(looking, "flow_screening_concern", received, **closed):
        response = attempt(walker, "exit.approve_step")
        assert response.status_code == 422 and "14 dage" in response.json()["detail"]
        walker.now += timedelta(days=15)
        walker.act("exit.approve_step")
    response = attempt(walker, "exit.carry_out_step")
    assert response.status_code == 422 and "underretning" in response.json()["detail"]
    walker.act("exit.carry_out_step", **story.NOT_CARRIED_OUT)


def test_trial_living_asks_for_its_end_and_the_place_is_kept_so_long(house: None, looking: Looking) -> None:
    walker = ByApi().walk(TO_U4)
    walker.now += timedelta(days=2)
    today = clock.danish_day(walker.now)
    for wrong in (
        {"planned_until": None},
        {"planned_until": today.isoformat()},
        {"planned_until": (today + timedelta(days=60)).isoformat()},
    ):
        response = attempt(walker, "exit.request_step", **wrong)
        assert response.status_code == 422 and list(response.json()["errors"]) == ["planned_until"]
    walker.act("exit.request_step")
    with clock.standing_at(walker.now):
        program = walker.client(walker.company.actor("practitioner"))
        place = f"/api/v1/families/{walker.family_uuid}/exit-ground/place-kept/"
        short = {"kept_until": (today + timedelta(days=10)).isoformat(), "agreed_with": "Lederen"}
        with nothing_written(looking):
            response = program.post(place, short, format="json")
        assert response.status_code == 422
        assert response.json()["type"].endswith(":place-before-trial-ends")
    walker.now += timedelta(days=2)
    kept = f"family_id = {walker.family.pk}"
    with changed(looking, "flow_exit_placekept", kept, kept_until=walker.now.date() + timedelta(days=9)):
        assert conditions(walker, "exit.authorise_step")["place-kept"]["met"] is False
        response = attempt(walker, "exit.authorise_step")
        assert response.status_code == 422 and "Pladsen" in response.json()["detail"]
    walker.act("exit.authorise_step")
    assert "Dengang: manglede" in conditions(walker, "exit.approve_step")["authority"]["change"]


def test_a_move_takes_a_new_decision_from_the_day_of_the_move(house: None, looking: Looking) -> None:
    walker = ByApi().walk([*TO_U4, *story.ladder_step(authority=True), ("exit.request_step", {})])
    walker.now += timedelta(days=2)
    planned = steps(walker)[0]["planned_from"]
    for wrong, field in (
        ({"effective_from": "2027-01-01"}, "effective_from"),
        ({"effective_from": None}, "effective_from"),
        ({"legal_basis": ""}, "legal_basis"),
    ):
        response = attempt(walker, "exit.authorise_step", **wrong)
        assert response.status_code == 422 and list(response.json()["errors"]) == [field]
    walker.act("exit.authorise_step")
    assert steps(walker)[0]["effective_from"] == planned
    walker.act("exit.approve_step")
    task = walker.task("exit.carry_out_step")
    early = (clock.danish_day(walker.now)).isoformat()
    word = f"step_id IN (SELECT id FROM flow_exit_exitstep WHERE family_id = {walker.family.pk})"
    later = clock.danish_day(walker.now) + timedelta(days=30)
    last = f"{word} AND effective_from IS NOT NULL"
    with changed(looking, "flow_exit_authorityword", last, effective_from=later):
        response = attempt(walker, "exit.carry_out_step", carried_out_on=early)
    assert response.status_code == 422 and list(response.json()["errors"]) == ["carried_out_on"]
    assert walker.task("exit.carry_out_step").pk == task.pk


def test_thirty_conditions_are_read_by_one_statement_beside_the_steps(house: None) -> None:
    walker = ByApi().walk(TO_U3)
    lead = walker.company.actor("teamlead")
    rows = read_file(NATIONAL / "2026-1.toml")["exit_steps"]
    every: dict[str, Any] = {c["code"]: c for row in rows for c in row["conditions"]}
    thirty = [
        {**condition, "name": f"{code}-{turn}"} for turn in range(2) for code, condition in every.items()
    ][:30]
    (rung,) = parse_ladder([{**rows[-1], "conditions": thirty}])
    assert len(rung.conditions) == 30
    waiting = walker.task("exit.approve_step")
    with clock.standing_at(walker.now), lead.acting(), transaction.atomic():
        task = Task.objects.select_related("process__family", "process__model_version").get(pk=waiting.pk)
        situation = Situation(actor=lead, task=task, now=clock.now())
        assert situation.family and situation.model
        with CaptureQueriesContext(connection) as asked:
            steps_now = all_steps(situation.family.pk)
            ground = read(stand_of(situation, steps_now, steps_now[0], rung), rung.conditions)
            shown = guards.step_conditions(guards.StepFacts(1, "U5", 1, ground))
        assert len(shown) == 30
        assert len(asked) == 2, [q["sql"][:90] for q in asked]


#: Everything an approval asks and writes: lock, task, steps, conditions; decision, task, its clock, gate, next task, clock.
APPROVAL = 12


def test_an_approval_asks_as_much_of_the_database_with_thirty_conditions_as_with_nine(
    house: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker = ByApi().walk(TO_U3)
    lead, waiting = walker.company.actor("teamlead"), walker.task("exit.approve_step")
    row = next(r for r in read_file(NATIONAL / "2026-1.toml")["exit_steps"] if r["code"] == "U3")
    counted = []
    for turns in (1, 4):
        named = [{**c, "name": f"{c['code']}-{turn}"} for turn in range(turns) for c in row["conditions"]]
        (rung,) = parse_ladder([{**row, "conditions": named[:30]}])
        monkeypatch.setattr("workflows.kernel.steps.model_of", _with_rung(rung))
        with clock.standing_at(walker.now), lead.acting(), transaction.atomic():
            task = Task.objects.select_related("process__family", "process__model_version").get(pk=waiting.pk)
            facts = task.flow_task.facts(Situation(actor=lead, task=task, now=walker.now))
            assert len(facts.ground.rules) == min(30, 9 * turns)
            with CaptureQueriesContext(connection) as asked:
                complete_task(
                    actor=lead,
                    task_uuid=task.uuid,
                    data={"approved": True},
                    now=walker.now,
                    facts_version=version_of(facts),
                )
            # The test stands in a transaction of its own: the savepoint in it is not the service's.
            counted.append([q["sql"][:90] for q in asked if "SAVEPOINT" not in q["sql"]])
            transaction.set_rollback(True)
    assert len(counted[0]) == len(counted[1]) <= APPROVAL, counted[1]


def _with_rung(rung: ExitRung) -> Callable[[Process], Model]:
    """The family's model, with this rung in place of the one of its code."""

    def model_of(process: Process) -> Model:
        assert process.model_version is not None
        model = process.model_version.model
        return replace(
            model, exit_ladder=tuple(rung if r.code == rung.code else r for r in model.exit_ladder)
        )

    return model_of
