"""Measurements from the evaluation's view into Parquet, against PostgreSQL's own COPY of the same query into a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import polars as pl
from django.db import connections, transaction
from psycopg import sql

from bench.timing import Comparison, Way, compare
from evaluation import pseudonyms
from evaluation.extract import ALIAS, query
from evaluation.formats.checking import schema_of
from evaluation.formats.folder import Folder
from evaluation.formats.streaming import stream_parquet
from evaluation.variables import MEASUREMENTS
from placement.access.actor import actor_for
from placement.access.models import Staff

#: What the pseudonyms stand for here.
PROJECT = uuid4()
#: Pairs at most: each is seconds long when there are many rows.
PAIRS = 5


def compare_extracts(*, rounds: int) -> Comparison:
    """All measurements there are. Raises RuntimeError when the file has not the rows that COPY sends."""
    evaluator = actor_for(Staff.objects.get(username="vive.evaluator"), None)
    if evaluator is None:
        raise LookupError("the cast has no evaluator")
    asked, schema = query(MEASUREMENTS), schema_of(MEASUREMENTS)
    copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(sql.SQL(asked))
    with evaluator.acting(), TemporaryDirectory(prefix="familieforloeb-") as made:
        with transaction.atomic():
            pseudonyms.create_key(PROJECT)
        plain = Path(made) / "measurements.csv"

        def ours(_: Any) -> int:
            with _reading() as connection, Folder(Path(made)).whole() as folder:
                return stream_parquet(connection, asked, schema, folder, "measurements.parquet").rows or 0

        def by_copy(_: Any) -> None:
            with (
                _reading() as connection,
                connection.cursor() as cursor,
                cursor.copy(copy) as rows,
                plain.open("wb") as file,
            ):
                for row in rows:
                    file.write(row)

        by_copy(None)
        with plain.open("rb") as file:
            sent = sum(1 for _line in file)
        if (
            ours(None) != sent
            or pl.scan_parquet(Path(made) / "measurements.parquet").select(pl.len()).collect().item() != sent
        ):
            raise RuntimeError("the file does not hold what was asked for")
        found = compare(
            "measurements to Parquet / COPY of the same query",
            Way(f"{sent} rows of the view streamed into Parquet (zstd)", ours),
            Way("the same query by COPY into a CSV file", by_copy),
            rounds=min(rounds, PAIRS),
        )
        # One COPY each, on a connection that is not the counted one.
        return replace(found, ours_queries=1, floor_queries=1)


@contextmanager
def _reading() -> Iterator[Any]:
    """The evaluation's own connection (psycopg's) in a transaction of its own, its context and its project stated."""
    with transaction.atomic(using=ALIAS):
        pseudonyms.state(PROJECT, using=ALIAS)
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT 1")
        yield connections[ALIAS].connection


_MEASUREMENTS = """
INSERT INTO progression_measurement (uuid, municipality_id, family_id, element, instrument, instrument_version, score,
    scale_min, scale_max, missing_reason, measured_on, respondent, recorded_by_id, recorded_at, reason)
SELECT gen_random_uuid(), f.municipality_id, f.id,
       (array['team', 'mentalisation', 'progression', 'network', 'exit'])[1 + n %% 5],
       (array['hverdagslog', 'who-5', 'epds', 'prfq-pm'])[1 + n %% 4], '1',
       CASE WHEN n %% 17 <> 0 THEN (n * 7919::bigint %% 1000) / 10.0 END, 0, 100,
       CASE WHEN n %% 17 = 0 THEN 'declined' ELSE '' END, f.started_on + n %% 90, 'staff', f.registered_by_id, now(), ''
  FROM generate_series(1, %(rows)s) AS n
  JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS families FROM families_family
         WHERE number LIKE 'S%%') f ON f.place = 1 + n %% f.families
"""


def seed_measurements(superuser: Any, *, rows: int) -> None:
    """Give the seeded families ``rows`` measurements between them. By a superuser, as `seed_clocks` does."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(_MEASUREMENTS, {"rows": rows})
    superuser.execute("ANALYZE progression_measurement")
    superuser.execute("SET session_replication_role = origin")
