"""The key of a project, and stating for which project a transaction reads.

A project is what pseudonyms stand for, an agreement. Its key has two parts: a random one in the database, which no login
can read, and a share derived from the secrets file, which the database is handed with each transaction and never keeps.
Both are needed to make a pseudonym, and so to lead one back.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from placement.access.context import LIFETIME_SECONDS

#: What each pseudonym looks like: `sec.pseudonym` writes sixteen letters in place of hex digits.
LETTERS = "bcdfghjkmnpqrstv"


def create_key(project: UUID, *, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Give ``project`` its key; False when it has one already.

    Stands under the purpose "evaluation" (or a job's), in a transaction. Raises a database error for a project whose key
    was destroyed: it never gets another.
    """
    return _call("SELECT sec.project_key_create(%s, %s)", [project, _proof(project)], using=using)


def destroy_key(project: UUID, *, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Take the project's key away for good; False when there is none. The worker's and the owner's login only."""
    return _call("SELECT sec.project_key_destroy(%s)", [project], using=using)


def key_id(project: UUID) -> str:
    """A name of the project's key that tells nothing of it, for manifests: 16 hex digits."""
    return hashlib.sha256(b"key|" + _proof(project)).hexdigest()[:16]


def state(project: UUID, *, using: str) -> None:
    """Hand the project over to the transaction that is open: for ten minutes of real time."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('app.project', %s, true)", [token(project)])


def token(project: UUID) -> str:
    """The project with its share as one signed text, as `sec.project` reads it."""
    message = f"{project}|{_share(project).hex()}|{int(time.time()) + LIFETIME_SECONDS}"
    signature = hmac.new(settings.CONTEXT_KEY, message.encode(), hashlib.sha256).hexdigest()
    return f"{message}|{signature}"


def _share(project: UUID) -> bytes:
    return hmac.new(settings.PSEUDONYM_KEY, b"project|" + project.bytes, hashlib.sha256).digest()


def _proof(project: UUID) -> bytes:
    return hashlib.sha256(_share(project)).digest()


def _call(statement: str, parameters: Sequence[UUID | bytes], *, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)
        return bool(cursor.fetchone()[0])
