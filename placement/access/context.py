"""The signed access context: for which municipality, by whom and for what a transaction reads and writes.

The application states the context once (per request, per job); the database backend hands it over at every
BEGIN, and row-level security believes nothing else. It is signed with a key that SQL cannot read, so an
injected statement cannot choose another municipality (see docs/decisions/0003).
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connections

CASE = "case"
EVALUATION = "evaluation"
JOB = "job"
SETUP = "setup"
#: Somebody answers with a code: in no municipality at the door, in theirs where the worker writes it down.
ANSWER = "answer"
PURPOSES = (CASE, EVALUATION, JOB, SETUP, ANSWER)

LIFETIME_SECONDS = 600

_context: ContextVar[tuple[int | None, int | None, str] | None] = ContextVar("access_context", default=None)


class ContextInsideTransaction(RuntimeError):
    """The context was changed while a transaction stood under another one."""


def sign(municipality_id: int | None, staff_id: int | None, purpose: str) -> str:
    """The context as one signed text, valid for ten minutes of real time."""
    expires = int(time.time()) + LIFETIME_SECONDS
    message = f"{municipality_id or ''}|{staff_id or ''}|{expires}|{purpose}"
    signature = hmac.new(settings.CONTEXT_KEY, message.encode(), hashlib.sha256).hexdigest()
    return f"{message}|{signature}"


def token() -> str:
    """The signed token of the context in force, or '' when there is none (then every guarded read fails)."""
    stated = _context.get()
    return "" if stated is None else sign(*stated)


def current() -> tuple[int | None, int | None, str] | None:
    """(municipality_id, staff_id, purpose) in force, or None."""
    return _context.get()


@contextmanager
def access(municipality_id: int | None, staff_id: int | None, purpose: str = CASE) -> Iterator[None]:
    """Everything inside the block reads and writes as this person, for this municipality and purpose.

    Raises ContextInsideTransaction when a transaction is already open: it would keep the old context.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"unknown purpose {purpose!r}")
    stated = (municipality_id, staff_id, purpose)
    if _context.get() != stated:
        _refuse_inside_transaction()
    reset = _context.set(stated)
    try:
        yield
    finally:
        _context.reset(reset)


def _refuse_inside_transaction() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise ContextInsideTransaction("state the access context before the transaction begins")
