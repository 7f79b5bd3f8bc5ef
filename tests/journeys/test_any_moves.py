"""Any person, any move, in any order: the journey never stands still, no gate is passed without its facts, nobody
approves what they asked for, and a move that is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import psycopg
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
from placement.access.roles import Action
from placement.families import services as families
from placement.families.models import Person
from tests import oracle, story
from tests.cast import Cast
from tests.scene import Scene
from tests.watching import snapshot
from workflows.exit.guards import EXCEPT
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import Situation, version_of

#: What may be answered otherwise than the cast usually does, by step.
OTHERWISE: dict[str, list[dict[str, Any]]] = {
    "journey.approve_decision": [{}, story.REJECTED],
    "exit.approve_step": [{}, {}, story.REJECTED],
    "exit.authorise_step": [{}, {}, story.REJECTED],
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
    """One family, and everybody who has ever logged in."""

    looking: psycopg.Connection[Any]
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene("greve")
        self.done: list[Task] = []

    # --- moves -------------------------------------------------------------------------------------------

    @precondition(lambda self: self.scene.open_tasks())
    @rule(which=st.integers(0, 40), how=st.integers(0, 11))
    def the_right_person_takes_an_open_task(self, which: int, how: int) -> None:
        tasks = self.scene.open_tasks()
        task = tasks[which % len(tasks)]
        self.scene_moves_on()
        if task.flow_task.name == "carry_out_step":
            # On the day it was planned for.
            self.scene.now += timedelta(days=4)
        with clock.standing_at(self.scene.now):
            actor = self.scene.company.for_task(task)
            lay_ground(actor, task, now=self.scene.now)
        self.attempt(actor, task, how)

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
                   ARRAY(SELECT e.name FROM exit_exitexception e WHERE e.step_id = s.id AND e.side = 'site')
              FROM exit_exitstepdecision d JOIN exit_exitstep s ON s.id = d.step_id
              LEFT JOIN exit_authorityword w ON w.step_id = s.id WHERE s.family_id = %s
            """.replace("exit_", self.prefix),
            [self.scene.family.pk],
        ).fetchall()
        for approved, facts, asked, decided, word, word_by, excepted in exits:
            assert decided != asked and word_by != asked
            if approved:
                met = {condition["code"]: condition["met"] for condition in facts["conditions"]}
                assert {name for name in met if not met[name]} == set(excepted)
                assert all(met[name] for name in ALWAYS_MET)
                assert word is True or "authority" not in met
            else:
                assert not excepted

    prefix = "flow_exit_"

    # --- how ---------------------------------------------------------------------------------------------

    def attempt(self, actor: Actor, task: Task, how: int) -> bool:
        """Whether the move was made; a refused one must have changed nothing, and a forbidden one be refused."""
        may = self.may(actor, task)
        before = snapshot(self.looking)
        try:
            self.complete(actor, task, how)
        except NO:
            after = snapshot(self.looking)
            assert after == before, [name for name in after if after[name] != before.get(name)]
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
                situation = Situation(actor=actor, task=fresh, now=self.scene.now)
                unmet = [c.code for c in fresh.flow_task.conditions_of(situation.facts) if not c.met]
                read = version_of(situation.facts)
            with actor.acting():
                complete_task(
                    actor=actor, task_uuid=task.uuid, data=data, facts_version=read, now=self.scene.now
                )
        says_no = data.get("approved") is False or data.get("carried_out") is False
        unmet = [code for code in unmet if code not in BROUGHT_ALONG.get(step, ())]
        unmet = [code for code in unmet if not data.get(f"{EXCEPT}{code}")]
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
        return bool(is_open and sees and who.may(Action(permission)) and excluded != actor.staff_id)

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


def test_any_moves_by_anybody(house: None, looking: psycopg.Connection[Any], cast: Any) -> None:
    class Here(AnyMoves):
        pass

    Here.looking, Here.cast = looking, cast
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=6,
            stateful_step_count=30,
            deadline=None,
            # A failing walk is told as it was: making it shorter would take longer than the whole suite.
            phases=[Phase.explicit, Phase.generate],
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
