"""A wrong step is opened again as a visible event, while nothing has been built on it, and never silently."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from placement.access.errors import NotAllowed, Refused
from placement.families.models import Decision
from tests.deciding import Deciding, begin
from tests.moving import Moving
from tests.scene import Scene
from tests.watching import nothing_written
from workflows.journey.moves.correcting import correct_step
from workflows.journey.moves.views import ADDRESSES
from workflows.kernel.models import Process, Task
from workflows.model_versions.clock_rules import Event


@pytest.fixture
def moving(house):
    return Moving(Scene("greve"))


def completed(moving, name):
    with moving.scene.company.actor("authoritylead").acting(), transaction.atomic():
        found = Task.objects.filter(family=moving.scene.family, flow_task__endswith=f".{name}", status="DONE")
        return str(found.order_by("-id")[0].uuid)


def test_a_wrong_move_in_is_corrected_and_the_first_answer_stays_readable(moving, looking):
    scene = moving.scene
    scene.go_on_to("move_in")
    scene.take_as("teamlead", "move_in", moved_in_on=str(moving.today), room="Det forkerte værelse")
    moving.tell(Event.MOVED_IN)
    assert len(moving.open_steps()) == 5
    done = moving.by_page("teamlead", "correct", task=completed(moving, "move_in"), reason="Det var nr. 4.")
    assert done.status_code == 302
    assert moving.open_steps() == ["move_in"]
    family = moving.family()
    assert (family.phase, family.moved_in_on, family.room) == ("started", None, "")
    assert moving.clocks()["team-named"].stopped_at is not None
    history = moving.history()
    assert "Det forkerte værelse" in history and "Det var nr. 4." in history and "Rettet: " in history
    scene.take_as("teamlead", "move_in", moved_in_on=str(moving.today), room="4")
    assert len(moving.open_steps()) == 5 and moving.family().room == "4"
    with moving.actor("authoritylead").acting(), transaction.atomic():
        runs = Process.objects.filter(family=scene.family, parent_task__isnull=False)
        assert sorted(runs.values_list("status", flat=True)) == ["CANCELED"] * 5 + ["NEW"] * 5


def test_an_approval_opened_again_has_the_same_four_eyes(moving, looking):
    scene = moving.scene
    scene.go_on_to("approve_decision")
    approver = scene.take(moving.task("approve_decision"))
    moving.made(
        "authoritylead", "correct", task=completed(moving, "approve_decision"), reason="Forkert familie."
    )
    again = moving.task("approve_decision")
    with approver.acting(), transaction.atomic():
        decision = Decision.objects.get(family=scene.family)
        assert decision.approved is None and decision.facts == {}
        assert again.excluded_id == decision.requested_by_id
    assert again.owner_permission == "flow_journey.approve_decision"
    assert moving.family().phase == "consented"
    with nothing_written(looking), pytest.raises(NotAllowed):
        scene.take_as("caseworker", "approve_decision", approved=True, reason="")
    scene.take_as("authoritylead", "approve_decision", approved=False, reason="Ikke denne gang.")
    assert moving.open_steps() == ["request_decision"]


def test_an_approval_that_a_letter_tells_of_is_not_taken_back(house, looking):
    deciding = Deciding(Scene("greve"))
    deciding.scene.go_on_to("start_intervention")
    for what in ("letters", "plan"):
        begin(deciding.scene, what)
    deciding.scene.take(deciding.task("write_letters"))
    # Nobody has been told: what was begun on it falls away with the approval.
    taken_back = {"task": completed(deciding, "approve_decision"), "reason": "Forkert begrundelse."}
    deciding.made("authoritylead", "correct", **taken_back)
    assert deciding.open_steps() == ["approve_decision"]
    deciding.completed("authoritylead", "approve_decision", approved=True, reason="Den rigtige begrundelse.")
    begin(deciding.scene, "letters")
    deciding.scene.take(deciding.task("write_letters"))
    deciding.completed("authoritylead", "approve_letters", approved=True, reason="")
    assert "Den rigtige begrundelse." in deciding.stands()["decisions"][0]["letters"][0]["text"]
    # It is not offered any more, and a program that asks all the same reads why.
    told, lead = completed(deciding, "approve_decision"), deciding.actor("authoritylead")
    with nothing_written(looking):
        deciding.refused("authoritylead", "correct", "invalid", task=told, reason="Forkert begrundelse.")
    with lead.acting(), pytest.raises(Refused, match="et brev om den er godkendt"), transaction.atomic():
        correct_step(
            actor=lead,
            family=deciding.scene.family,
            task=UUID(told),
            reason="Forkert.",
            now=deciding.scene.now,
        )
    with deciding.actor("authoritylead").acting(), pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(family=deciding.scene.family).update(
            approved=None, decided_by=None, decided_at=None
        )


def test_a_family_wrongly_found_outside_the_target_group_comes_back(moving):
    scene = moving.scene
    scene.take_as(
        "caseworker", "assess_target_group", in_target_group=False, traits=[], assessment="Forkert sag."
    )
    assert moving.family().phase == "declined" and moving.open_steps() == []
    moving.made(
        "caseworker", "correct", task=completed(moving, "assess_target_group"), reason="Forkert kryds."
    )
    assert moving.open_steps() == ["assess_target_group"] and moving.family().phase == "enquiry"
    assert "Forkert sag." in moving.history()
    scene.go_on_to("move_in")


def test_a_contact_written_wrongly_is_answered_anew(moving):
    scene = moving.scene
    scene.go_on(lambda task: task.flow_task.name == "follow_up_contact")
    scene.take_as(
        "caseworker", "follow_up_contact", held_on=str(moving.today), reached=False, summary="Ingen svarede."
    )
    due = moving.task("follow_up_contact").due
    moving.made(
        "caseworker", "correct", task=completed(moving, "follow_up_contact"), reason="De ringede tilbage."
    )
    assert moving.task("follow_up_contact").due < due
    scene.take_as(
        "caseworker",
        "follow_up_contact",
        held_on=str(moving.today),
        reached=True,
        lives_together=True,
        summary="Det går.",
    )
    assert moving.task("follow_up_contact").due == due
    history = moving.history()
    assert "Ingen svarede." in history and "Det går." in history


def test_a_step_that_may_not_be_opened_again_is_not_offered(moving, looking):
    scene = moving.scene
    scene.go_on_to("move_in")
    start = completed(moving, "start_intervention")
    scene.take(moving.task("move_in"))
    with nothing_written(looking):
        moving.refused("caseworker", "correct", "invalid", task=start, reason="Forkert dag.")


@pytest.mark.parametrize(
    ("part", "name", "days", "kind"),
    [
        ("caseworker", "start_intervention", 0, "something-rests-on-it"),
        ("caseworker", "move_in", 0, "not-yours-to-correct"),
        ("teamlead", "move_in", 8, "correction-too-late"),
        ("caseworker", "obtain_consent", 0, "something-rests-on-it"),
    ],
)
def test_the_service_names_the_reason(moving, looking, part, name, days, kind):
    scene = moving.scene
    scene.go_on_to("plan_exit")
    moving.later(days=days)
    task, actor = completed(moving, name), moving.actor(part)
    with nothing_written(looking), pytest.raises(Refused) as refused, actor.acting(), transaction.atomic():
        correct_step(actor=actor, family=scene.family, task=task, reason="Forkert.", now=scene.now)
    assert refused.value.type == kind


@pytest.mark.parametrize(
    ("step", "part", "words"),
    [
        ("approve_step", "teamlead", "svar i næste opgave, at trinnet ikke blev gennemført"),
        ("authorise_step", "authoritylead", "så skal teamlederen afvise trinnet"),
    ],
)
def test_a_word_on_an_exit_step_stands_and_whoever_would_correct_it_reads_what_to_do(
    moving, looking, step, part, words
):
    scene = moving.scene
    scene.go_on_to(step)
    scene.take(moving.task(step))
    task, actor = completed(moving, step), moving.actor(part)
    with nothing_written(looking), pytest.raises(Refused) as refused, actor.acting(), transaction.atomic():
        correct_step(actor=actor, family=scene.family, task=task, reason="Forkert.", now=scene.now)
    assert refused.value.type == "not-correctable" and words in str(refused.value.message)
    with nothing_written(looking):
        answer = moving.by_api(part, "correct", task=task, reason="Forkert.")
    assert answer.status_code == 422 and words in answer.content.decode()
    pages = f"/familier/{scene.family.uuid}/handlinger/"
    assert words in moving.look(part, pages) + moving.look(part, f"{pages}{ADDRESSES['correct']}/")


def test_a_step_that_was_approved_wrongly_is_not_carried_out_and_asked_for_again(moving, looking):
    scene = moving.scene
    scene.go_on_to("approve_step")
    scene.take(moving.task("approve_step"))
    scene.take_as("teamlead", "carry_out_step", carried_out=False, reason="Godkendt ved en fejl.")
    assert "request_step" in moving.open_steps() and "carry_out_step" not in moving.open_steps()
    history = moving.history()
    assert "Godkendt ved en fejl." in history
    assert looking.execute("SELECT approved FROM flow_exit_exitstepdecision").fetchall() == [(True,)]
    scene.take_as(
        "teamlead", "request_step", why_now="Nu er det rigtige på plads.", planned_from=str(moving.today)
    )
    with pytest.raises(NotAllowed) as refused:
        scene.take_as("teamlead", "approve_step", approved=True, reason="")
    assert refused.value.type == "four-eyes"
    scene.take_as("teamlead2", "approve_step", approved=True, reason="")
    steps = looking.execute(
        "SELECT code, attempt, abandoned_reason FROM flow_exit_exitstep ORDER BY id"
    ).fetchall()
    assert steps == [("U1", 1, "Godkendt ved en fejl."), ("U1", 2, "")]


def test_nothing_is_corrected_while_the_family_is_away(moving, looking):
    scene = moving.scene
    scene.go_on_to("move_in")
    moving.made("caseworker", "pause", paused_on=str(moving.today), reason="hospital")
    with nothing_written(looking):
        task = completed(moving, "start_intervention")
        moving.refused("caseworker", "correct", "gate-closed", task=task, reason="Forkert dag.")


def test_a_record_of_what_happened_is_corrected_by_what_comes_next(moving, looking):
    scene = moving.scene
    scene.settle()
    scene.take(moving.task("take_baseline"))
    task, lead = completed(moving, "take_baseline"), moving.actor("teamlead")
    with nothing_written(looking), pytest.raises(Refused) as refused, lead.acting(), transaction.atomic():
        correct_step(actor=lead, family=scene.family, task=task, reason="Forkert.", now=scene.now)
    assert refused.value.type == "not-correctable"
