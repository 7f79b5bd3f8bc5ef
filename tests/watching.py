"""Seeing from outside, as a superuser, what a request left in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

#: Written by every look, log-in or token, and by nothing else.
ALWAYS = frozenset({"trail_read", "django_session", "access_staff", "access_stafftoken"})

Connection = psycopg.Connection[Any]


def tables(looking: Connection) -> list[str]:
    """Every table of the application."""
    found = looking.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in found]


def _filled(looking: Connection) -> list[str]:
    """The tables that take any room at all: one that takes none has no row."""
    found = looking.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "AND pg_relation_size(oid) > 0 ORDER BY 1"
    ).fetchall()
    return [name for (name,) in found]


def snapshot(looking: Connection) -> dict[str, str]:
    """A digest of every row of every table but those that a mere look changes; a table without rows has none."""
    digests = " UNION ALL ".join(
        f"SELECT '{name}', count(*) || ' ' || md5(string_agg(t::text, '|' ORDER BY t::text)) "
        f'FROM "{name}" t HAVING count(*) > 0'
        for name in _filled(looking)
        if name not in ALWAYS
    )
    # One process is enough for a few rows: to start more takes longer than to read them.
    looking.execute("SET max_parallel_workers_per_gather = 0")
    return dict(looking.execute(digests).fetchall())  # type: ignore[arg-type]


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables of which two snapshots tell different things."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


@contextmanager
def nothing_written(looking: Connection) -> Iterator[None]:
    """Fail when anything but looks, sessions and log-ins has changed after the block."""
    before = snapshot(looking)
    yield
    assert differing(before, snapshot(looking)) == []


@contextmanager
def removed(looking: Connection, table: str, where: str) -> Iterator[None]:
    """Take rows away behind everybody's back inside the block, then put the very same rows back."""
    columns = [
        name
        for (name,) in looking.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name = %s AND is_generated = 'NEVER'",
            [table],
        ).fetchall()
    ]
    looking.execute("SET session_replication_role = replica")
    looking.execute(f'CREATE TEMPORARY TABLE kept_aside AS SELECT * FROM "{table}" WHERE {where}')
    counted = looking.execute("SELECT count(*) FROM kept_aside").fetchone()
    assert counted is not None and counted[0], f"nothing in {table} where {where}"
    looking.execute(f'DELETE FROM "{table}" WHERE {where}')
    try:
        yield
    finally:
        listed = ", ".join(f'"{name}"' for name in columns)
        looking.execute(f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM kept_aside')
        looking.execute("DROP TABLE kept_aside")
        looking.execute("SET session_replication_role = origin")


@contextmanager
def changed(looking: Connection, table: str, where: str, **values: Any) -> Iterator[None]:
    """Give rows other values behind everybody's back inside the block, then the old ones again."""
    rows = looking.execute(f'SELECT id, to_jsonb(t) FROM "{table}" t WHERE {where}').fetchall()
    assert rows, f"nothing in {table} where {where}"
    sets = ", ".join(f'"{name}" = %s' for name in values)
    looking.execute("SET session_replication_role = replica")
    looking.execute(f'UPDATE "{table}" SET {sets} WHERE {where}', list(values.values()))
    try:
        yield
    finally:
        for key, row in rows:
            looking.execute(
                f'UPDATE "{table}" SET {sets} WHERE id = %s', [*(row[name] for name in values), key]
            )
        looking.execute("SET session_replication_role = origin")
