"""The evaluation schema: the only door between the case tables and whoever counts.

Three roles stand in a row. ``ff_evaluation`` logs in and may read the views below, nothing else.
``ff_evaluation_owner`` owns the views and cannot log in; it reads single columns of the case tables, which
stay under forced row security, by the policy ``evaluation_read``. That policy holds only while
``ff_evaluation`` is the one who asks, so neither the owner of the tables (a member of that role) nor anybody
else gains a row by it.

The function that gives a project's key runs as its own owner, but the one who asks must be allowed to execute it.
``ff_evaluation`` is, and has no right to the schema it lies in, so it cannot name it: it meets pseudonyms
only in the views.

Third parties are only ever counted: the views of the schema ``counted``, which the login cannot name either, hold one
`CountSource` each, and the owner is granted of their tables just the columns that those name.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections, transaction

from evaluation.variables import DATASETS, READ_COLUMNS, READ_REFERENCE, Dataset
from evaluation.variables.refusing import COUNTS
from workflows.fidelity.counted import COUNTED, refuse_words

SCHEMA = "evaluation"
OWNER = "ff_evaluation_owner"
LOGIN = "ff_evaluation"
POLICY = "evaluation_read"


def install(*, using: str) -> None:
    """Make the views anew, with exactly the rights they need. Repeatable; owner's login, after isolation."""
    _run(using, _installation())


def remove(*, using: str) -> None:
    """Take the views away, so that a migration may change a column they read. `install` brings them back."""
    _run(using, _removal())


def _run(using: str, statements: Iterator[str]) -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _removal() -> Iterator[str]:
    for schema in (SCHEMA, COUNTS):
        yield (
            "DO $$ DECLARE old record; BEGIN "
            f"FOR old IN SELECT viewname FROM pg_catalog.pg_views WHERE schemaname = '{schema}' LOOP "
            f"EXECUTE format('DROP VIEW {schema}.%I', old.viewname); END LOOP; END $$"
        )
    yield (
        "DO $$ DECLARE old record; BEGIN "
        f"FOR old IN SELECT tablename FROM pg_catalog.pg_policies WHERE policyname = '{POLICY}' LOOP "
        f"EXECUTE format('DROP POLICY {POLICY} ON public.%I', old.tablename); END LOOP; END $$"
    )


def _installation() -> Iterator[str]:
    refuse_words(COUNTED.values())
    for schema in (SCHEMA, COUNTS):
        yield f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {OWNER}"
    yield from _removal()
    # Without this the login could name the case tables, if not read them.
    yield "REVOKE USAGE ON SCHEMA public FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {OWNER}, {LOGIN}"
    for table, columns in (READ_COLUMNS | READ_REFERENCE | counted_columns()).items():
        yield f"GRANT SELECT ({', '.join(map(quoted_name, columns))}) ON public.{table} TO {OWNER}"
    for table in READ_COLUMNS | counted_columns():
        yield (
            f"CREATE POLICY {POLICY} ON public.{table} FOR SELECT TO {OWNER} USING (current_user = '{LOGIN}')"
        )
    yield (
        "GRANT EXECUTE ON FUNCTION sec.project(), sec.inner_part(bytea, text), sec.outer_part(bytea), "
        f"sec.pseudonym(bytea, bytea, uuid) TO {LOGIN}"
    )
    yield f"SET LOCAL ROLE {OWNER}"
    yield f"REVOKE ALL ON SCHEMA {SCHEMA}, {COUNTS} FROM PUBLIC, {LOGIN}"
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {LOGIN}"
    for source in COUNTED.values():
        yield f"CREATE VIEW {COUNTS}.{source.name} WITH (security_barrier = true) AS {source.sql}"
    for dataset in DATASETS.values():
        yield view(dataset)
        yield f"GRANT SELECT ON {SCHEMA}.{dataset.name.value} TO {LOGIN}"
    yield "RESET ROLE"


def quoted_name(column: str) -> str:
    """A column's name as SQL takes it also when it is a word of SQL."""
    return f'"{column}"'


def counted_columns() -> dict[str, tuple[str, ...]]:
    """What the owner may read of third parties' tables: the columns that the declared counts name."""
    read: dict[str, set[str]] = {}
    for source in COUNTED.values():
        for table, columns in source.columns.items():
            read.setdefault(table, set()).update(columns)
    return {table: tuple(sorted(columns)) for table, columns in read.items()}


def view(dataset: Dataset) -> str:
    """The statement that makes the dataset's view, owned by the role in force."""
    columns = ",\n       ".join(
        line
        for v in dataset.variables
        for line in (
            f"{_cast(v.sql, v.type)} AS {v.name}",
            *([f"({v.missing})::text AS {v.reason_name}"] if v.missing else []),
        )
    )
    # A barrier: no condition of the one who asks is tried on a row before the view's own conditions are.
    return (
        f"CREATE VIEW {SCHEMA}.{dataset.name.value} WITH (security_barrier = true) AS\n"
        f"SELECT {columns}\n  {dataset.source}"
    )


_TYPES = {"string": "text", "integer": "integer", "number": "numeric", "boolean": "boolean", "date": "date"}


def _cast(sql: str, kind: str) -> str:
    return f"({sql})::{_TYPES[kind]}"
