"""Killed with -9 at the worst of moments: nothing is lost, nothing is doubled, nothing is stuck."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest
from django.db import transaction

from demo.answers import answer
from placement import clock
from placement.access.errors import StaleState
from tests import releasing, serving
from tests.failure.conftest import until
from tests.failure.killing import MOMENTS, Looking, Start, act_and_be_killed, completed, nothing_is_stuck
from tests.scene import Scene, lately
from workflows.kernel.models import Task


def last_rung() -> str:
    from workflows.model_versions.services import version_in_force

    return version_in_force(clock.today()).model.exit_ladder[-1].code


def complete_and_be_killed(
    moment: str, scene: Scene, task: Task, *, start: Start, held: Any, looking: Looking
) -> bool:
    """Let a process of its own complete ``task`` and die at that moment; whether its work was to stay."""
    actor = scene.company.for_task(task)
    with actor.acting(), transaction.atomic():
        fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
        given = answer(fresh, on=clock.today(), rng=Random(1))
    words = ("completes", actor.staff.username, str(actor.municipality_id), str(task.uuid))
    return act_and_be_killed(moment, *words, given=given, start=start, held=held, looking=looking)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_completed_task_is_whole_or_was_never_begun(
    house: None, looking: Looking, doomed: Start, held: Any, moment: str
) -> None:
    scene = Scene("greve", now=lately())
    task = scene.go_on_to("approve_step")
    stays = complete_and_be_killed(moment, scene, task, start=doomed, held=held, looking=looking)
    scene.now = clock.now()
    if stays:
        with pytest.raises(StaleState):
            scene.take(task)
    else:
        assert completed(looking, task) == [("NEW", 0)]
        scene.take(task)
    assert completed(looking, task) == [("DONE", 1)]
    assert looking.execute("SELECT count(*) FROM flow_exit_exitstepdecision").fetchone() == (1,)
    assert [t.flow_task.name for t in scene.open_tasks() if t.element == "exit"] == ["carry_out_step"]
    # The family is free again, and its work goes on.
    scene.take(scene.open_task("carry_out_step"))
    scene.take(scene.open_task("evaluate_step"))
    nothing_is_stuck(looking)


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_end_of_a_core_element_and_the_journey_s_going_on_are_one(
    house: None, looking: Looking, doomed: Start, held: Any, moment: str
) -> None:
    scene = Scene("greve", now=lately())
    task = scene.go_on_to("evaluate_step", code=last_rung())

    def journey() -> Any:
        return looking.execute(
            "SELECT (SELECT status FROM kernel_process WHERE flow_class LIKE '%%exit%%'), "
            "(SELECT array_agg(status) FROM kernel_task WHERE flow_task LIKE '%%journey%%.exit'), "
            "(SELECT count(*) FROM kernel_task WHERE flow_task LIKE '%%elements_done'), "
            "(SELECT phase FROM families_family)"
        ).fetchone()

    before = journey()
    assert before[:2] == ("NEW", ["NEW"])
    stays = complete_and_be_killed(moment, scene, task, start=doomed, held=held, looking=looking)
    scene.now = clock.now()
    if stays:
        with pytest.raises(StaleState):
            scene.take(task)
    else:
        assert journey() == before
        scene.take(task)
    assert journey() == ("DONE", ["DONE"], 1, "exited")
    assert completed(looking, task) == [("DONE", 1)]
    nothing_is_stuck(looking)
    # The other four end too, and all five meet once.
    scene.go_on(lambda task: task.flow_task.name == "close_journey")
    assert [t.flow_task.name for t in scene.open_tasks()] == ["close_journey"]
    assert journey() == ("DONE", ["DONE"], 1, "exited")
    nothing_is_stuck(looking)


def test_a_dataset_is_built_once_though_its_worker_was_killed(
    house: None,
    demo_mode: None,
    cast: Any,
    looking: Looking,
    doomed: Start,
    held: Any,
    tmp_path: Any,
) -> None:
    releasing.families_have_begun([cast.greve], looking)
    releasing.request(cast.evaluator)

    def job() -> Any:
        return looking.execute(
            "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = 'build_release'"
        ).fetchall()

    with held("evaluation_releasefile"):
        worker = doomed("worker", "django", "run_worker")
        worker.wait_inside_commit()
        killed = time.monotonic()
        worker.kill()
        worker.wait_until_the_server_gave_up()
        assert job() == [("doing", 0)]
        assert looking.execute("SELECT status FROM evaluation_release").fetchall() == [("requested",)]
        assert looking.execute("SELECT count(*) FROM evaluation_releasefile").fetchone() == (0,)
        # A worker is taken for dead when its heart has not been heard for half a minute.
        time.sleep(max(0.0, killed + 31 - time.monotonic()))
    with serving.worker(tmp_path / "worker.log") as another:
        until(lambda: job()[0][0] == "succeeded", seconds=90)
        until(
            lambda: looking.execute("SELECT status FROM evaluation_release").fetchall() == [("reported",)],
            seconds=60,
        )
        assert "Traceback" not in another.said
    files = looking.execute("SELECT name FROM evaluation_releasefile ORDER BY name").fetchall()
    assert {("datapackage.json",), ("exit_steps.csv",), ("measurements.csv",), ("registration.csv",)} < set(
        files
    )
    assert looking.execute(
        "SELECT count(*) FROM trail_write WHERE table_name = 'evaluation_releasefile'"
    ).fetchone() == (len(files),)
    assert looking.execute(
        "SELECT count(*) FROM kernel_process WHERE release_uuid IS NOT NULL"
    ).fetchone() == (2,)
