"""Killing a process at a chosen moment of its commit, and looking at what it left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

from tests.failure.conftest import Doomed
from tests.watching import snapshot
from workflows.kernel.models import Task

Looking = psycopg.Connection[Any]
Start = Callable[..., Doomed]

BEFORE, WHILE, AFTER = MOMENTS = [
    "just before its commit",
    "while its commit is being made",
    "just after its commit",
]


def act_and_be_killed(
    moment: str, *words: str, given: Any = None, start: Start, held: Any, looking: Looking
) -> bool:
    """Let a process of its own do an act (see `tests.failure.doomed`) and die at that moment of it.

    The act writes to the family's tasks. Returns whether its work was to stay.
    """
    before = snapshot(looking)
    module = ("tests.failure.doomed", *words)
    if moment == AFTER:
        child = start("web", *module, given=given)
        child.wait_until_it_says("committed")
        child.kill()
        return True
    with held("kernel_task"):
        child = start("web", *module, given=given, notices=moment == BEFORE)
        child.wait_inside_commit()
        child.kill()
        if moment == BEFORE:
            child.wait_until_the_server_gave_up()
            assert snapshot(looking) == before
            return False
        # Nobody else sees half of it meanwhile.
        assert snapshot(looking) == before
    child.wait_until_the_server_gave_up()
    return True


def completed(looking: Looking, task: Task) -> list[tuple[str, Any]]:
    """The task's status, and how often the trail says that it was done."""
    return looking.execute(
        "SELECT t.status, (SELECT count(*) FROM trail_write w WHERE w.table_name = 'kernel_task' "
        "AND w.row_id = t.id AND w.new ->> 'status' = 'DONE') FROM kernel_task t WHERE t.id = %s",
        [task.pk],
    ).fetchall()


def nothing_is_stuck(looking: Looking) -> None:
    """No step was left in error or half done, and each process that goes on has a step that does.

    A join stands begun until all have come; a child flow and a human step wait untouched.
    """
    wrong = looking.execute(
        "SELECT flow_task, status FROM kernel_task WHERE finished IS NULL AND (flow_task_type, status) NOT IN "
        "(('HUMAN', 'NEW'), ('FUNCTION', 'NEW'), ('JOIN', 'STARTED')) OR finished IS NOT NULL AND status <> 'DONE'"
    ).fetchall()
    assert wrong == []
    idle = looking.execute(
        "SELECT p.id FROM kernel_process p WHERE p.status = 'NEW' AND NOT EXISTS "
        "(SELECT FROM kernel_task t WHERE t.process_id = p.id AND t.finished IS NULL)"
    ).fetchall()
    assert idle == []
