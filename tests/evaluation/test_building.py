"""A release is built once, whatever happens to the worker."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, transaction

from evaluation import building
from evaluation.making import workroom
from evaluation.models import Release, ReleaseFile, Status
from placement import clock
from placement.access.jobs import arguments_are_ids
from tests import releasing
from tests.evaluation.working import work
from workflows.kernel.models import Process, Task

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
building.made_of = lambda *given, **stated: {DIE}
"""
WHILE_WRITING = f"""
from evaluation import making
def write_and_die(folder, *given):
    (folder / "registration.csv").write_text("rows of persons")
    {DIE}
making.write = write_and_die
"""
BEFORE_THE_REPORT = f"""
rounds._ask = lambda *given: {DIE}
"""
BEFORE_IT_IS_BROUGHT_BACK = f"""
rounds._bring_back = lambda release, said: {DIE}
"""
JUST_BEFORE_IT_IS_READY = f"""
publish = flow.ReleaseFlow.instance.on_publish
def publish_and_die(activation):
    publish(activation)
    {DIE}
flow.ReleaseFlow.publish._func = publish_and_die
"""


def standing(looking: psycopg.Connection[Any]) -> dict[str, Any]:
    """What is in the tables."""
    counts = looking.execute(
        "SELECT (SELECT status FROM evaluation_release), (SELECT count(*) FROM evaluation_releasefile), "
        "(SELECT status FROM kernel_process WHERE municipality_id IS NULL), "
        "(SELECT array_agg(split_part(flow_task, '.', 3) || ' ' || status ORDER BY id) FROM kernel_task "
        "WHERE municipality_id IS NULL), "
        "(SELECT array_agg(split_part(flow_task, '.', 3) || ' ' || status ORDER BY municipality_id, id) "
        "FROM kernel_task WHERE release_uuid IS NOT NULL AND municipality_id IS NOT NULL)"
    ).fetchone()
    assert counts is not None
    return dict(zip(("release", "files", "process", "tasks", "theirs"), counts, strict=True))


#: Three tables in four formats, the SAS program, the package, DDI, the codebook twice in two languages, README, manifest.
FILES = 3 * 4 + 1 + 1 + 1 + 4 + 1 + 2
WAITING = {
    "release": "requested",
    "files": 0,
    "process": "NEW",
    "tasks": ["start DONE", "build NEW"],
    "theirs": None,
}
BUILT = {
    "release": "built",
    "files": FILES,
    "process": "NEW",
    "tasks": ["start DONE", "build DONE", "is_built DONE", "report NEW"],
    "theirs": None,
}
DONE = {
    "release": "reported",
    "files": FILES,
    "process": "NEW",
    "tasks": ["start DONE", "build DONE", "is_built DONE", "report DONE", "hear NEW"],
    "theirs": ["start DONE", "review NEW"],
}


@pytest.fixture
def requested(cast: Any, looking: psycopg.Connection[Any]) -> Callable[..., Any]:
    """``requested(...)``: a release that is asked for, of one family in Greve."""
    releasing.families_have_begun([cast.greve], looking)
    return lambda **changed: releasing.request(cast.evaluator, **changed)


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
    [
        (WHILE_READING, WAITING),
        (JUST_BEFORE_COMMIT, WAITING),
        (JUST_AFTER_COMMIT, BUILT),
        (BEFORE_THE_REPORT, BUILT),
    ],
    ids=["while reading", "just before the commit", "just after the commit", "before the report is sent"],
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


def test_what_a_killed_worker_was_writing_is_gone_before_the_next_build(
    requested: Any, looking: psycopg.Connection[Any], settings: Any
) -> None:
    requested()
    builds = settings.VAR_DIR / "builds"
    assert work(WHILE_WRITING) == -signal.SIGKILL
    (left,) = builds.iterdir()
    assert (left / "registration.csv").read_text() == "rows of persons"
    assert builds.stat().st_mode & 0o077 == 0
    # What somebody works in stays.
    with workroom.empty_folder() as mine:
        assert workroom.clear() == 1
        assert list(builds.iterdir()) == [mine]
    assert list(builds.iterdir()) == []
    assert work(WHILE_WRITING) == -signal.SIGKILL
    assert work() == 0
    assert list(builds.iterdir()) == []
    assert standing(looking)["release"] == "reported"


def test_a_build_that_kills_its_worker_three_times_is_given_up_with_the_reason(
    cast: Any, requested: Any, looking: psycopg.Connection[Any]
) -> None:
    release = requested()
    for _time in range(3):
        assert work(WHILE_READING) == -signal.SIGKILL
        assert standing(looking) == WAITING
    assert work(WHILE_READING) == 0
    failed = releasing.fresh(cast.evaluator, release)
    assert (failed.status, failed.error_type) == ("failed", "attempts-used-up")
    assert "3 gange" in failed.ended_reason and "administratoren" in failed.ended_reason
    assert standing(looking)["process"] == "DONE"
    left = looking.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
    assert left.fetchone() == (0,)


def test_the_same_job_again_changes_nothing(cast: Any, built: Any) -> None:
    release = built()
    with releasing.as_the_worker(), cast.evaluator.acting():
        with transaction.atomic():
            before = list(ReleaseFile.objects.values_list("uuid", "sha256"))
        building.build(release_uuid=release.uuid, now=clock.now())
        with transaction.atomic():
            assert list(ReleaseFile.objects.values_list("uuid", "sha256")) == before != []
            assert Process.objects.filter(release_uuid=release.uuid, status="NEW").count() == 1


def test_two_workers_at_once_keep_one_set(cast: Any, requested: Any, monkeypatch: Any) -> None:
    """The second one comes to write when the first has: nothing of its own is kept."""
    release = requested()
    made_of = building.made_of

    def overtaken(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(building, "made_of", made_of)
        building.build(release_uuid=release.uuid, now=clock.now())
        return made_of(*arguments, **named)

    monkeypatch.setattr(building, "made_of", overtaken)
    with releasing.as_the_worker(), cast.evaluator.acting():
        building.build(release_uuid=release.uuid, now=clock.now())
        with transaction.atomic():
            assert ReleaseFile.objects.filter(release=release).count() == FILES
            assert Task.objects.filter(release_uuid=release.uuid).count() == 4


def test_an_error_fails_the_release_by_its_name_only(
    cast: Any, requested: Any, monkeypatch: Any, caplog: Any, looking: psycopg.Connection[Any]
) -> None:
    def broken(*given: Any, **stated: Any) -> Any:
        raise ValueError("Anna Hemmelig")

    monkeypatch.setattr(building, "made_of", broken)
    release = requested()
    with releasing.as_the_worker(), cast.evaluator.acting():
        building.build(release_uuid=release.uuid, now=clock.now())
        with transaction.atomic():
            release = Release.objects.get(pk=release.pk)
    assert (release.status, release.error_type) == (Status.FAILED, "ValueError")
    assert standing(looking)["tasks"] == [
        "start DONE",
        "build DONE",
        "is_built DONE",
        "gave_up DONE",
        "failed DONE",
    ]
    assert standing(looking)["process"] == "DONE"
    assert "Anna" not in caplog.text


def test_what_may_pass_is_tried_again_and_given_up_at_last(
    cast: Any, requested: Any, monkeypatch: Any
) -> None:
    def gone(*given: Any, **stated: Any) -> Any:
        raise OperationalError("the server is restarting")

    monkeypatch.setattr(building, "made_of", gone)
    release = requested()
    with releasing.as_the_worker(), cast.evaluator.acting():
        with pytest.raises(OperationalError):
            building.build(release_uuid=release.uuid, now=clock.now(), last_attempt=False)
        with transaction.atomic():
            assert Release.objects.get(pk=release.pk).status == Status.REQUESTED
        building.build(release_uuid=release.uuid, now=clock.now(), last_attempt=True)
        with transaction.atomic():
            assert Release.objects.get(pk=release.pk).status == Status.FAILED


def test_the_trail_has_each_move_and_none_of_the_data(
    cast: Any, requested: Any, looking: psycopg.Connection[Any]
) -> None:
    release = requested()
    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    moves = looking.execute(
        "SELECT new ->> 'status' FROM trail_write WHERE table_name = 'evaluation_release' ORDER BY id"
    ).fetchall()
    assert [status for (status,) in moves] == ["requested", "built", None, "reported"]
    contents = looking.execute(
        "SELECT DISTINCT new ->> 'content' FROM trail_write WHERE table_name = 'evaluation_releasefile'"
    ).fetchall()
    assert contents == [("changed",)]


@pytest.mark.parametrize(
    "before", [BEFORE_IT_IS_BROUGHT_BACK, JUST_BEFORE_IT_IS_READY], ids=["not brought back", "not committed"]
)
def test_a_worker_killed_after_the_last_yes_loses_and_doubles_nothing(
    cast: Any, requested: Any, looking: psycopg.Connection[Any], before: str
) -> None:
    release = requested()
    work()
    releasing.say(cast.greve.privacy, release, "review")
    work()
    releasing.say(cast.greve.authoritylead, release, "approve")
    assert work(before) == -signal.SIGKILL
    assert standing(looking)["release"] == "reported"
    assert work() == 0
    assert standing(looking) == {
        "release": "available",
        "files": FILES,
        "process": "NEW",
        "tasks": [*DONE["tasks"][:-1], "hear DONE", "answered DONE", "publish DONE", "keep NEW"],
        "theirs": [
            "start DONE", "review DONE", "is_reviewed DONE", "approve DONE", "is_approved DONE", "approved DONE",
        ],
    }  # fmt: skip
    told = looking.execute("SELECT status, decision FROM evaluation_releaseapproval").fetchall()
    assert told == [("available", "yes")]
    jobs = looking.execute(
        "SELECT DISTINCT status::text FROM procrastinate_jobs WHERE task_name LIKE '%release'"
    )
    assert jobs.fetchall() == [("succeeded",)]


def test_files_are_forgotten_by_the_worker_when_their_time_is_up(
    cast: Any, requested: Any, looking: psycopg.Connection[Any]
) -> None:
    from evaluation.taking import make_link

    release = requested()
    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    releasing.say(cast.greve.privacy, release, "review")
    releasing.say(cast.greve.authoritylead, release, "approve")
    releasing.carry(release)
    with cast.evaluator.acting():
        make_link(actor=cast.evaluator, release_uuid=release.uuid, now=clock.now())
    night = """
from datetime import timedelta
from evaluation import jobs
from placement import clock
with clock.standing_at(clock.now() + timedelta(days={days})):
    jobs.end_releases(0)
"""
    work(night.format(days=15))
    count = (
        "SELECT (SELECT count(*) FROM evaluation_releasefile), (SELECT count(*) FROM evaluation_releaselink)"
    )
    assert looking.execute(count).fetchone() == (FILES, 0)
    work(night.format(days=31))
    assert looking.execute(count).fetchone() == (0, 0)
    assert (standing(looking)["release"], standing(looking)["process"]) == ("expired", "DONE")
    assert looking.execute("SELECT status FROM evaluation_releaseapproval").fetchall() == [("expired",)]
    assert (
        looking.execute("SELECT families, municipalities FROM evaluation_population").fetchall()
        # A municipality counts from ten families.
        == [(1, 0)] * 2
    )
