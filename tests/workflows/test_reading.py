"""Many questions in one statement give the answers that they give one by one, each value of its own kind."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from placement.families.models import Family, Person
from tests.scene import Scene
from workflows.kernel.models import Process, Task
from workflows.kernel.reading import ask_together, read_once


def test_questions_asked_together_are_answered_as_one_by_one(house: None) -> None:
    scene = Scene("greve")
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        questions = [
            Person.objects.filter(family=scene.family)
            .order_by("-id")
            .values("uuid", "born_on", "custody_holder"),
            Task.objects.filter(family=scene.family).order_by("id").values("created", "due", "status")[:1],
            Process.objects.filter(family=scene.family, pk__in=[]).values("id"),
            Process.objects.filter(family=scene.family, flow_class="flow_%'").values("id"),
            Family.objects.unscoped(reason="a test").filter(pk=scene.family.pk).values("traits", "number"),
        ]
        one_by_one = [list(question) for question in questions]
        with CaptureQueriesContext(connection) as asked:
            together = ask_together(questions)
    assert together == one_by_one
    assert together[0] and together[1] and not together[2] and not together[3]
    assert len(asked) == 1


def test_no_questions_ask_nothing(house: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert ask_together([]) == []
    assert not asked


def test_the_engine_asks_once_and_a_process_read_anew_asks_again(house: None) -> None:
    scene = Scene("greve")
    asked: list[int] = []

    def reader(family_id: int) -> int:
        asked.append(family_id)
        return len(asked)

    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        journey = Process.objects.get(family=scene.family)
        assert [read_once(journey, reader), read_once(journey, reader)] == [1, 1]
        assert read_once(Process.objects.get(family=scene.family), reader) == 2
    assert asked == [scene.family.pk] * 2


@pytest.mark.parametrize("gates", ["exited", "baseline_renewed"])
def test_a_question_of_the_engine_is_written_once_with_its_way_here(house: None, gates: str) -> None:
    """As one row that says it is answered, after the task that led here; the trail knows no other state of it."""
    scene = Scene("greve")
    scene.go_on_to("take_baseline")
    scene.take(scene.open_task("take_baseline"))
    scene.take(scene.open_task("hold_session"))
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        gate = Task.objects.get(
            family=scene.family, flow_task=f"flow_mentalisation/flow.MentalisationFlow.{gates}"
        )
        assert gate.status == "DONE" and gate.finished is not None
        (before,) = gate.previous.all()
        assert before.flow_task.name == {"exited": "hold_session", "baseline_renewed": "exited"}[gates]
