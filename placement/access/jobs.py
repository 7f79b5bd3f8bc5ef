"""Background work: added in the transaction that needs it, run by the worker under that person's context."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Protocol

from django.db import connection

from placement.access import context


class Job(Protocol):
    """A procrastinate task as we use it: a name to defer by."""

    name: str


def defer(job: Job, *, run_at: datetime | None = None, **ids: int | str) -> int:
    """Add ``job`` to the queue inside the current transaction; it exists only if that one commits.

    ``ids`` are keys only, never content: the queue stands outside row security. Returns the job's number.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.defer_job(%s, %s::jsonb, %s)", [job.name, json.dumps(ids), run_at])
        return int(cursor.fetchone()[0])


def in_context(work: Any) -> Any:
    """Let a job's function run under the access context that its adder had."""

    @wraps(work)
    def run(*args: Any, context: list[Any], **ids: Any) -> Any:
        municipality_id, staff_id, purpose = context
        with _access(municipality_id, staff_id, purpose):
            return work(*args, **ids)

    return run


_access = context.access


def arguments_are_ids(arguments: Mapping[str, Any]) -> bool:
    """Whether a job's arguments are numbers, short keys and the context, and nothing that could be content."""
    return all(
        key == "context" or isinstance(value, int) or (isinstance(value, str) and len(value) <= 40)
        for key, value in arguments.items()
    )
