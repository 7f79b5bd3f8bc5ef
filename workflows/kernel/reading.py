"""Asking the database no more often than needed: once in a move of the engine, and many questions at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Field, QuerySet

from placement.families.stays import paused_since

Found = TypeVar("Found")


def read_once(process: Any, reader: Callable[[int], Found]) -> Found:
    """What ``reader`` finds by the id of the process's family; asked again, the same answer.

    For what the engine asks after the step has written (gates, deadlines, whom a task is given to), under the
    family's lock. The answers stay with the process as it was read for this one completion, so none outlives it.
    """
    known = _known(process)
    if reader not in known:
        known[reader] = reader(process.family_id)
    return cast(Found, known[reader])


def away_since(process: Any) -> date | None:
    """Since which day the process's family is away, or None."""
    return None if process.family_id is None else read_once(process, paused_since)


def know(process: Any, reader: Callable[[int], Any], found: Any) -> None:
    """State what ``reader`` would find: somebody has it in hand, under the lock, and as it has just been written."""
    _known(process)[reader] = found


def _known(process: Any) -> dict[Callable[[int], Any], Any]:
    known: dict[Callable[[int], Any], Any] = process.__dict__.setdefault("_read_once", {})
    return known


def ask_together(questions: Iterable[QuerySet[Any, Any]]) -> list[list[dict[str, Any]]]:
    """The rows of each question, in its order, all in one statement. A question is a queryset's ``.values()``."""
    listed = list(questions)
    parts: list[str] = []
    values: list[Any] = []
    for question in listed:
        try:
            sql, given = question.query.sql_with_params()
        except EmptyResultSet:
            parts.append("'[]'::jsonb")
            continue
        parts.append(f"(SELECT coalesce(jsonb_agg(to_jsonb(asked)), '[]') FROM ({sql}) AS asked)")
        values += given
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        answers = cursor.fetchone()
    return [
        [_typed(question, row) for row in json.loads(answer)]
        for question, answer in zip(listed, answers, strict=True)
    ]


def _typed(question: QuerySet[Any, Any], row: dict[str, Any]) -> dict[str, Any]:
    """JSON has no days and no moments: each value as the model's field knows it; what is no field as it came."""
    fields: dict[str, Field[Any, Any]] = {field.name: field for field in question.model._meta.concrete_fields}
    return {name: fields[name].to_python(value) if name in fields else value for name, value in row.items()}
