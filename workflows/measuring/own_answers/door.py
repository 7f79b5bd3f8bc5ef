"""What a parent's page may ask the database: one open report by the digest of its code, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from placement.access import context


@dataclass(frozen=True)
class OpenReport:
    """What an open code asks, and what was chosen so far, by item. It does not say about whom."""

    instrument: str
    version: str
    draft: Mapping[str, Any]
    expires_at: datetime
    #: Whom to turn to, in staff's words; "" when they wrote nothing.
    turn_to: str


@contextmanager
def _answering() -> Iterator[Any]:
    """A transaction of nobody, in no municipality: row security shows it no row of any table."""
    with context.access(None, None, context.ANSWER), transaction.atomic(), connection.cursor() as cursor:
        yield cursor


def try_code(digest: str, *, sender: str) -> bool:
    """Whether a code opens something; one that does not is counted against where it came from."""
    with _answering() as cursor:
        cursor.execute("SELECT sec.try_code(%s, %s)", [digest, sender])
        return bool(cursor.fetchone()[0])


def open_report(digest: str) -> OpenReport | None:
    """The report behind a code; None when it is unknown, used, taken back or too old."""
    with _answering() as cursor:
        cursor.execute(
            "SELECT instrument, instrument_version, draft::text, expires_at, turn_to FROM sec.self_report(%s)",
            [digest],
        )
        row = cursor.fetchone()
    return OpenReport(row[0], row[1], json.loads(row[2]), row[3], row[4]) if row else None


def keep(digest: str, chosen: Mapping[str, Any]) -> bool:
    """Keep what was chosen so far; False when the code opens nothing any more."""
    with _answering() as cursor:
        cursor.execute("SELECT sec.keep_self_report(%s, %s::jsonb)", [digest, json.dumps(chosen)])
        return bool(cursor.fetchone()[0])


def give(digest: str, sent: Mapping[str, Any], *, day: date) -> bool:
    """Hand the answer in, once, and have it written down; False when the code opens nothing any more."""
    with _answering() as cursor:
        cursor.execute("SELECT sec.give_self_report(%s, %s::jsonb, %s)", [digest, json.dumps(sent), day])
        return bool(cursor.fetchone()[0])
