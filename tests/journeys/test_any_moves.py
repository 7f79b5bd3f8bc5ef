"""Any person, any move, in any order: the journey never stands still, no gate is passed without its facts, nobody
approves what they asked for, and a move that is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import psycopg
import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from demo.answers import answer
from demo.ground import lay_ground
from placement import clock
from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.roles import Action, Role
from placement.families import services as families
from placement.families.models import Person
from placement.staffing.services import appoint_deputy
from tests import oracle, story
from tests.cast import Cast
from tests.scene import Scene
from tests.watching import differing, snapshot
from workflows.exit.guards import EXCEPT
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import Situation, version_of
from workflows.model_versions.exit_ladder import NEVER_EXCEPTED

#: Instead of an exception from each condition that is missing and may be: from these, whether or not they may be.
EXCEPTIONS = "exceptions"

#: What may be answered otherwise than the cast usually does, by step.
OTHERWISE: dict[str, list[dict[str, Any]]] = {
    "journey.approve_decision": [{}, story.REJECTED],
    "exit.approve_step": [{}, {}, story.REJECTED, {EXCEPTIONS: ()}, {EXCEPTIONS: ("consent", "authority")}],
    "exit.authorise_step": [{}, {}, story.REJECTED, {EXCEPTIONS: ()}, {EXCEPTIONS: ("no-open-concern",)}],
    "exit.carry_out_step": [{}, {}, story.NOT_CARRIED_OUT],
    "exit.evaluate_step": [{}, {}, {"result": "back"}, {"result": "repeat"}],
    "team.hold_meeting": [{}, {"outcome": "change_team"}],
    "mentalisation.hold_session": [{}, {"outcome": "renew_baseline"}],
    "progression.follow_up": [{}, {"outcome": "revise_goals"}],
    "network.hold_meeting": [{}, {"outcome": "redraw_map"}],
}

#: What no exit step is approved without, whatever is excepted.
ALWAYS_MET = ("consent", "previous-evaluated", "child-view")

#: What an answer itself brings, so that its condition is not yet met when the step is read.
BROUGHT_ALONG = {"journey.request_decision": ("child-view",)}

#: Everything a refused move may say; anything else is a fault of ours.
NO = (Refused, InvalidStep, Http404)


class AnyMoves(RuleBasedStateMachine):
    """One family, and everybody who has ever logged in. ``start``: the step it stands before, '' for the first."""

    looking: psycopg.Connection[Any]
    cast: Cast
    start = ""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene("greve")
        if self.start:
            self.scene.go_on_to(self.start)
        self.done: list[Task] = []

    # --- moves -------------------------------------------------------------------------------------------

    @precondition(lambda self: self.scene.open_tasks())
    @rule(which=st.integers(0, 40), how=st.integers(0, 11), grounded=st.booleans())
    def the_right_person_takes_an_open_task(self, which: int, how: int, grounded: bool) -> None:
        tasks = self.scene.open_tasks()
        self.take(tasks[which % len(tasks)], how, grounded=grounded)

    @precondition(lambda self: self.exit_tasks())
    @rule(how=st.integers(0, 11), grounded=st.booleans())
    def the_exit_goes_on(self, how: int, grounded: bool) -> None:
        self.take(self.exit_tasks()[0], how, grounded=grounded)

    def take(self, task: Task, how: int, *, grounded: bool) -> None:
        """By whom it waits for; ``grounded``: with everything written first that the step is judged on."""
        self.scene_moves_on()
        if task.flow_task.name == "carry_out_step":
            # On the day it was planned for.
            self.scene.now += timedelta(days=4)
        with clock.standing_at(self.scene.now):
            actor = self.scene.company.for_task(task)
            if grounded:
                lay_ground(actor, task, now=self.scene.now)
        self.attempt(actor, task, how)

    @precondition(lambda self: any(t.flow_task.name == "request_step" for t in self.exit_tasks()))
    @rule(which=st.integers(0, 1), grounded=st.booleans())
    def somebody_asks_who_could_also_approve(self, which: int, grounded: bool) -> None:
        """A team lead; or the caseworker, who is also a lead of the authority."""
        (task,) = self.exit_tasks()
        actor = (self.cast.greve.teamlead, self.cast.greve.caseworker)[which]
        self.scene_moves_on()
        with clock.standing_at(self.scene.now):
            if grounded:
                lay_ground(actor, task, now=self.scene.now)
        self.attempt(actor, task, 0)

    @rule(which=st.integers(0, 1))
    def somebody_stands_in_for_a_colleague(self, which: int) -> None:
        """Today and tomorrow; and so may not approve what the colleague asked for."""
        greve = self.cast.greve
        colleague, deputy, role = [
            (greve.teamlead, greve.teamlead2, Role.TEAM_LEAD),
            (greve.caseworker, greve.authoritylead, Role.AUTHORITY_LEAD),
        ][which]
        today = clock.danish_day(self.scene.now)
        with suppress(Refused), clock.standing_at(self.scene.now), colleague.acting(), transaction.atomic():
            appoint_deputy(
                actor=colleague,
                deputy=deputy.staff,
                stands_in_for=colleague.staff,
                role=role,
                starts=today,
                ends=today + timedelta(days=1),
                reason="Ferie.",
                longest_days=60,
                now=self.scene.now,
            )

    @precondition(lambda self: self.scene.open_tasks() or self.done)
    @rule(who=st.integers(0, 40), which=st.integers(0, 40), how=st.integers(0, 11))
    def somebody_tries_some_task(self, who: int, which: int, how: int) -> None:
        everybody = self.cast.everybody
        tasks = self.scene.open_tasks() + self.done
        self.scene_moves_on()
        self.attempt(everybody[who % len(everybody)], tasks[which % len(tasks)], how)

    @precondition(lambda self: self.excluded_tasks())
    @rule(which=st.integers(0, 5))
    def whoever_asked_tries_to_approve(self, which: int) -> None:
        tasks = self.excluded_tasks()
        task = tasks[which % len(tasks)]
        asker = next(a for a in self.cast.greve.everybody if a.staff_id == task.excluded_id)
        self.scene_moves_on()
        assert self.attempt(asker, task, 0) is False

    @rule()
    def the_parents_take_their_consent_back(self) -> None:
        for parent in self.parents():
            with suppress(Refused):
                self.as_lead(lambda parent=parent: families.withdraw_consent(person=parent, on=clock.today()))

    @rule()
    def the_parents_consent_again(self) -> None:
        lead = self.cast.greve.authoritylead
        for parent in self.parents():
            self.as_lead(
                lambda parent=parent: families.give_consent(
                    actor=lead, person=parent, given_on=clock.today(), how="oral", now=self.scene.now
                )
            )

    def parents(self) -> list[Person]:
        return self.as_lead(
            lambda: list(Person.objects.filter(family=self.scene.family, custody_holder=True))
        )

    def as_lead(self, work: Callable[[], Any]) -> Any:
        with clock.standing_at(self.scene.now), self.cast.greve.authoritylead.acting(), transaction.atomic():
            return work()

    # --- what must be so after each ----------------------------------------------------------------------

    @invariant()
    def nothing_stands_still(self) -> None:
        stuck = self.looking.execute(
            """
            SELECT p.id, p.finished IS NULL FROM kernel_process p WHERE p.family_id = %s
               AND (p.finished IS NULL) <> EXISTS (SELECT FROM kernel_task t WHERE t.process_id = p.id AND t.finished IS NULL)
            """,
            [self.scene.family.pk],
        ).fetchall()
        assert not stuck, f"processes without a next step, or ended with one: {stuck}"

    @invariant()
    def no_gate_was_passed_without_its_facts(self) -> None:
        row = self.looking.execute(
            "SELECT phase, started_on, moved_in_on, moved_out_on, closed_on FROM families_family WHERE id = %s",
            [self.scene.family.pk],
        ).fetchone()
        assert row is not None
        if row[1] is not None:
            assert self.count("families_decision", "approved") == 1
        exits = self.looking.execute(
            """
            SELECT d.approved, d.facts, s.requested_by_id, d.decided_by_id, w.approved, w.decided_by_id,
                   ARRAY(SELECT e.name FROM exit_exitexception e WHERE e.step_id = s.id AND e.side = 'site'),
                   ARRAY(SELECT e.made_by_id FROM exit_exitexception e WHERE e.step_id = s.id)
              FROM exit_exitstepdecision d JOIN exit_exitstep s ON s.id = d.step_id
              LEFT JOIN exit_authorityword w ON w.step_id = s.id WHERE s.family_id = %s
            """.replace("exit_", self.prefix),
            [self.scene.family.pk],
        ).fetchall()
        for approved, facts, asked, decided, word, word_by, excepted, excepted_by in exits:
            assert asked not in {decided, word_by, *excepted_by}
            if approved:
                met = {condition["code"]: condition["met"] for condition in facts["conditions"]}
                assert {name for name in met if not met[name]} == set(excepted)
                assert all(met[name] for name in ALWAYS_MET)
                assert word is True or "authority" not in met
            else:
                assert not excepted

    prefix = "flow_exit_"

    @invariant()
    def no_exception_was_made_from_what_protects_the_child(self) -> None:
        made = self.looking.execute(
            "SELECT e.name, e.side, w.approved, d.approved FROM flow_exit_exitexception e "
            "LEFT JOIN flow_exit_authorityword w ON w.step_id = e.step_id "
            "LEFT JOIN flow_exit_exitstepdecision d ON d.step_id = e.step_id"
        ).fetchall()
        for name, side, word, decision in made:
            assert name not in NEVER_EXCEPTED
            assert (word if side == "authority" else decision) is True, "no exception without an approval"

    # --- how ---------------------------------------------------------------------------------------------

    def attempt(self, actor: Actor, task: Task, how: int) -> bool:
        """Whether the move was made; a refused one must have changed nothing, and a forbidden one be refused."""
        may = self.may(actor, task)
        before = snapshot(self.looking)
        try:
            self.complete(actor, task, how)
        except NO:
            assert differing(before, snapshot(self.looking)) == []
            return False
        assert may, f"{actor.staff.username} did {task.flow_task}"
        self.done = [*self.done[-6:], task]
        return True

    def complete(self, actor: Actor, task: Task, how: int) -> None:
        step = f"{task.element}.{task.flow_task.name}"
        ways = OTHERWISE.get(step, [{}])
        with clock.standing_at(self.scene.now):
            with self.cast.greve.authoritylead.acting(), transaction.atomic():
                fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
                data = answer(fresh, on=clock.today(), rng=self.scene.rng) | ways[how % len(ways)]
                if EXCEPTIONS in data:
                    wanted = data.pop(EXCEPTIONS)
                    data = {name: said for name, said in data.items() if not name.startswith(EXCEPT)}
                    data |= {f"{EXCEPT}{code}": "Det går nok." for code in wanted}
                situation = Situation(actor=actor, task=fresh, now=self.scene.now)
                unmet = [c.code for c in fresh.flow_task.conditions_of(situation.facts) if not c.met]
                read = version_of(situation.facts)
            with actor.acting():
                complete_task(
                    actor=actor, task_uuid=task.uuid, data=data, facts_version=read, now=self.scene.now
                )
        says_no = data.get("approved") is False or data.get("carried_out") is False
        unmet = [code for code in unmet if code not in BROUGHT_ALONG.get(step, ())]
        unmet = [code for code in unmet if code in NEVER_EXCEPTED or not data.get(f"{EXCEPT}{code}")]
        assert not unmet or says_no, f"{step} went through without {unmet}"

    def may(self, actor: Actor, task: Task) -> bool:
        """Said by the role table and the raw rows, not by the code under test."""
        row = self.looking.execute(
            "SELECT finished IS NULL, owner_permission, excluded_id, family_id FROM kernel_task WHERE id = %s",
            [task.pk],
        ).fetchone()
        assert row is not None
        is_open, permission, excluded, family = row
        with clock.standing_at(self.scene.now):
            who = oracle.person(self.looking, actor.staff_id, actor.municipality_id, clock.today())
            sees = oracle.sees(self.looking, who, family, clock.today())
        asked = excluded in {actor.staff_id, *(colleague.staff for colleague in who.colleagues)}
        return bool(is_open and sees and who.may(Action(permission)) and not asked)

    def exit_tasks(self) -> list[Task]:
        return [task for task in self.scene.open_tasks() if task.element == "exit"]

    def excluded_tasks(self) -> list[Task]:
        return [task for task in self.scene.open_tasks() if task.excluded_id]

    def scene_moves_on(self) -> None:
        self.scene.now += timedelta(hours=7)

    def count(self, table: str, where: str) -> int:
        found = self.looking.execute(
            f"SELECT count(*) FROM {table} WHERE family_id = %s AND {where}", [self.scene.family.pk]
        ).fetchone()
        assert found is not None
        return int(found[0])


#: Where walks begin, how many there are and how long: from the middle of the exit, where two sides decide, shorter.
WALKS = [("", 12, 40), ("request_step", 4, 20), ("authorise_step", 4, 20)]


@pytest.mark.parametrize(("start", "walks", "moves"), WALKS, ids=["the enquiry", "the exit", "the authority"])
def test_any_moves_by_anybody(
    house: None, looking: psycopg.Connection[Any], cast: Any, start: str, walks: int, moves: int
) -> None:
    # The caseworker is also a lead of the authority: nobody but the four eyes keeps them from their own request.
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, unit_id, profession, starts) "
        "SELECT s.id, m.municipality_id, m.role, m.unit_id, m.profession, '2024-01-02' FROM access_staff s, "
        "access_staffmembership m JOIN access_staff lead ON lead.id = m.staff_id "
        "WHERE s.username = 'greve.caseworker' AND lead.username = 'greve.authoritylead'"
    )

    class Here(AnyMoves):
        pass

    Here.looking, Here.cast, Here.start = looking, cast, start
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=walks,
            stateful_step_count=moves,
            deadline=None,
            # A failing walk is told as it was: making it shorter would take longer than the whole suite.
            phases=[Phase.explicit, Phase.generate],
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
