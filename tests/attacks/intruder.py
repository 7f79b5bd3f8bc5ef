"""Somebody who has got hold of one of the application's own log-ins and may send any SQL through it."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors, sql

#: What a refusal may look like: not allowed (also by a policy), or a name that cannot even be reached.
REFUSED = (
    errors.InsufficientPrivilege,
    errors.UndefinedTable,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
)


@dataclass(frozen=True)
class Table:
    """One table as the catalogue describes it to a role."""

    name: str
    columns: tuple[str, ...]
    insertable: tuple[str, ...]
    updatable: tuple[str, ...]
    guarded: bool
    deletable: bool

    @property
    def municipal(self) -> bool:
        return "municipality_id" in self.columns

    @property
    def sql(self) -> sql.Identifier:
        return sql.Identifier(self.name)


_TABLES = """
SELECT c.relname, c.relrowsecurity, has_table_privilege(%(role)s, c.oid, 'DELETE'),
       array_agg(a.attname ORDER BY a.attnum),
       array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege(%(role)s, c.oid, a.attname, 'INSERT')),
       array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege(%(role)s, c.oid, a.attname, 'UPDATE'))
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = 'public'::regnamespace
   AND (has_table_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE'))
 GROUP BY c.oid, c.relname, c.relrowsecurity ORDER BY c.relname
"""


def tables_within_reach(superuser: psycopg.Connection[Any], role: str) -> list[Table]:
    """Every table ``role`` has any privilege on, as the catalogue says; nothing is typed in."""
    return [
        Table(name, tuple(columns), tuple(insertable or ()), tuple(updatable or ()), guarded, deletable)
        for name, guarded, deletable, columns, insertable, updatable in superuser.execute(
            _TABLES, {"role": role}
        )
    ]


class Intruder:
    """A connection of a role's own, and the tokens that role has honestly been given."""

    def __init__(self, url: str, role: str) -> None:
        self.role = role
        self.connection = psycopg.connect(url, autocommit=True)

    @contextmanager
    def transaction(self, token: str | None) -> Iterator[psycopg.Connection[Any]]:
        """One transaction under ``token`` (none at all when None); whatever it did is undone."""
        with self.connection.transaction(force_rollback=True):
            if token is not None:
                self.connection.execute("SELECT set_config('app.context', %s, true)", [token])
            yield self.connection

    def attempt(self, token: str | None, statement: Any, values: Any = None) -> int:
        """Run one statement in a transaction of its own, undone afterwards; how many rows it met."""
        with self.transaction(token) as connection:
            return connection.execute(statement, values).rowcount


def forged(message: str, key: bytes = b"guessed") -> str:
    """A token as somebody without the key would make it."""
    return f"{message}|{hmac.new(key, message.encode(), hashlib.sha256).hexdigest()}"


def in_ten_minutes() -> int:
    return int(time.time()) + 600
