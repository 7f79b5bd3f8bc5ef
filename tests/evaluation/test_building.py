"""A release is built once, whatever happens to the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, transaction

from evaluation import building
from evaluation.models import Release, ReleaseFile, Status
from placement import clock
from placement.access.jobs import arguments_are_ids
from tests.conftest import ROOT
from workflows.kernel.models import Process, Task

#: The real worker, for as long as there is work; ``{before}`` is run first.
WORKER = """
import os, signal
import django
django.setup()
import asyncio
from procrastinate.contrib.django import app
from evaluation import building, flow
{before}
async def take_up():
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=0):
        await app.job_manager.retry_job(job)
with app.replace_connector(app.connector.get_worker_connector()):
    async def main():
        async with app.open_async():
            await take_up()
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
    asyncio.run(main())
"""

DIE = "os.kill(os.getpid(), signal.SIGKILL)"
JUST_BEFORE_COMMIT = f"""
keep = building._keep
def keep_and_die(*arguments):
    keep(*arguments)
    {DIE}
building._keep = keep_and_die
"""
JUST_AFTER_COMMIT = f"""
move = building._move
def move_and_die(*arguments):
    move(*arguments)
    {DIE}
building._move = move_and_die
"""
WHILE_READING = f"""
building.read = lambda names, **stated: {DIE}
"""


def work(before: str = "") -> int:
    environ = {**os.environ, "FAMILIEFORLOEB_PROCESS": "worker", "FAMILIEFORLOEB_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-c", WORKER.format(before=before)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stdout + done.stderr
    return done.returncode


def standing(looking: psycopg.Connection[Any]) -> dict[str, Any]:
    """What is in the tables."""
    counts = looking.execute(
        "SELECT (SELECT status FROM evaluation_release), (SELECT count(*) FROM evaluation_releasefile), "
        "(SELECT status FROM kernel_process), "
        "(SELECT array_agg(split_part(flow_task, '.', 3) || ' ' || status ORDER BY id) FROM kernel_task)"
    ).fetchone()
    assert counts is not None
    return dict(zip(("release", "files", "process", "tasks"), counts, strict=True))


DONE = {
    "release": "available",
    "files": 4,
    "process": "DONE",
    "tasks": ["start DONE", "build DONE", "is_built DONE", "publish DONE", "end DONE"],
}
WAITING = {"release": "requested", "files": 0, "process": "NEW", "tasks": ["start DONE", "build NEW"]}


def test_the_worker_builds_what_was_asked_for(requested: Any, looking: psycopg.Connection[Any]) -> None:
    requested()
    assert standing(looking) == WAITING
    (arguments,) = looking.execute(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'build_release'"
    ).fetchone() or ({},)
    assert arguments_are_ids(arguments)
    work()
    assert standing(looking) == DONE
    assert looking.execute(
        "SELECT status FROM procrastinate_jobs WHERE task_name = 'build_release'"
    ).fetchall() == [("succeeded",)]


@pytest.mark.parametrize(
    ("before", "left"),
    [(WHILE_READING, WAITING), (JUST_BEFORE_COMMIT, WAITING), (JUST_AFTER_COMMIT, DONE)],
    ids=["while reading", "just before the commit", "just after the commit"],
)
def test_a_killed_worker_leaves_nothing_half_and_the_next_one_finishes(
    requested: Any, looking: psycopg.Connection[Any], before: str, left: dict[str, Any]
) -> None:
    requested()
    assert work(before) == -signal.SIGKILL
    assert standing(looking) == left
    assert work() == 0
    assert standing(looking) == DONE
    assert looking.execute(
        "SELECT status FROM procrastinate_jobs WHERE task_name = 'build_release'"
    ).fetchall() == [("succeeded",)]


def test_the_same_job_again_changes_nothing(cast: Any, built: Any) -> None:
    release = built()
    with cast.evaluator.acting():
        with transaction.atomic():
            before = list(ReleaseFile.objects.values_list("uuid", "sha256"))
        building.build(release_uuid=release.uuid, now=clock.now())
        with transaction.atomic():
            assert list(ReleaseFile.objects.values_list("uuid", "sha256")) == before
            assert Process.objects.filter(release_uuid=release.uuid, status="DONE").count() == 1


def test_two_workers_at_once_keep_one_set(cast: Any, requested: Any, monkeypatch: Any) -> None:
    """The second one comes to write when the first has: nothing of its own is kept."""
    release = requested()
    files_of = building.files_of

    def overtaken(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(building, "files_of", files_of)
        building.build(release_uuid=release.uuid, now=clock.now())
        return files_of(*arguments, **named)

    monkeypatch.setattr(building, "files_of", overtaken)
    with cast.evaluator.acting():
        building.build(release_uuid=release.uuid, now=clock.now())
        with transaction.atomic():
            assert ReleaseFile.objects.filter(release=release).count() == 4
            assert Task.objects.filter(release_uuid=release.uuid).count() == 5


def test_an_error_fails_the_release_by_its_name_only(
    cast: Any, requested: Any, monkeypatch: Any, caplog: Any, looking: psycopg.Connection[Any]
) -> None:
    def broken(names: Any, **stated: Any) -> Any:
        raise ValueError("Anna Hemmelig")

    monkeypatch.setattr(building, "read", broken)
    release = requested()
    with cast.evaluator.acting():
        building.build(release_uuid=release.uuid, now=clock.now())
        with transaction.atomic():
            release = Release.objects.get(pk=release.pk)
    assert (release.status, release.error_type) == (Status.FAILED, "ValueError")
    assert standing(looking)["tasks"] == ["start DONE", "build DONE", "is_built DONE", "failed DONE"]
    assert standing(looking)["process"] == "DONE"
    assert "Anna" not in caplog.text


def test_what_may_pass_is_tried_again_and_given_up_at_last(
    cast: Any, requested: Any, monkeypatch: Any
) -> None:
    def gone(names: Any, **stated: Any) -> Any:
        raise OperationalError("the server is restarting")

    monkeypatch.setattr(building, "read", gone)
    release = requested()
    with cast.evaluator.acting():
        with pytest.raises(OperationalError):
            building.build(release_uuid=release.uuid, now=clock.now(), last_attempt=False)
        with transaction.atomic():
            assert Release.objects.get(pk=release.pk).status == Status.REQUESTED
        building.build(release_uuid=release.uuid, now=clock.now(), last_attempt=True)
        with transaction.atomic():
            assert Release.objects.get(pk=release.pk).status == Status.FAILED


def test_the_trail_has_each_move_and_none_of_the_data(
    story: Any, built: Any, looking: psycopg.Connection[Any]
) -> None:
    built()
    moves = looking.execute(
        "SELECT new ->> 'status' FROM trail_write WHERE table_name = 'evaluation_release' ORDER BY id"
    ).fetchall()
    assert [status for (status,) in moves] == ["requested", "built", "available"]
    contents = looking.execute(
        "SELECT DISTINCT new ->> 'content' FROM trail_write WHERE table_name = 'evaluation_releasefile'"
    ).fetchall()
    assert contents == [("changed",)]
