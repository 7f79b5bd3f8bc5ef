"""Reading the views of the evaluation schema with the evaluation's own log-in: one project, one moment, one order.

Only declared columns are read, by name. Small sets come as rows (`read`) or frames (`frames`); a set of any size streams
through PostgreSQL's COPY, row by row, and is held in bounded batches (`batches`) or not at all (`Snapshot.copy_to`).
"""

from __future__ import annotations

import io
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import polars as pl
from django.db import connections, transaction

from evaluation import pseudonyms
from evaluation.dataset_names import DatasetName
from evaluation.disclosure.recipe import COUNTS_FROM
from evaluation.schema import SCHEMA
from evaluation.variables import DATASETS, Dataset, Variable
from evaluation.variables.until import TO_THE_DAY
from placement import clock

ALIAS = "evaluation"

#: So many rows a batch holds at most.
BATCH_ROWS = 65_536

#: Frictionless type → how COPY's text is read, and what it becomes.
_READ: Mapping[str, pl.DataType] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Int8(),
    "date": pl.Date(),
}


class Sink(Protocol):
    """Something that takes bytes."""

    def write(self, content: bytes, /) -> Any: ...


@dataclass(frozen=True)
class Extract:
    """The rows of one dataset, each in the order of the dataset's columns."""

    dataset: Dataset
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Snapshot:
    """Every dataset as it was at one and the same moment, with the pseudonyms of one project. Made by `snapshot`."""

    project: UUID
    as_of: date
    municipalities: tuple[int, ...] | None
    to_the_day: bool = True

    def rows(self, dataset: Dataset) -> list[tuple[Any, ...]]:
        """All rows at once, values as Python's."""
        self._state()
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(query(dataset, self.municipalities))
            return list(cursor.fetchall())

    def copy_to(self, dataset: Dataset, sink: Sink) -> int:
        """Stream the dataset as COPY's CSV (without header, booleans 1 and 0) into ``sink``; how many rows.

        An error of the sink ends the reading and is raised; what it has taken by then is its own to clean up.
        """
        count = 0
        for line in self._lines(dataset):
            sink.write(line)
            count += 1
        return count

    def batches(self, dataset: Dataset, rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
        """The dataset in frames of at most ``rows``, never fewer than one frame: an empty one has the columns too."""
        held: list[bytes] = []
        made = False
        for line in self._lines(dataset):
            held.append(line)
            if len(held) == rows:
                yield _frame(dataset, b"".join(held))
                made, held = True, []
        if held or not made:
            yield _frame(dataset, b"".join(held))

    def frame(self, dataset: Dataset) -> pl.DataFrame:
        """The whole dataset as one frame."""
        return pl.concat(list(self.batches(dataset)))

    def _lines(self, dataset: Dataset) -> Iterator[bytes]:
        self._state()
        statement = f"COPY ({query(dataset, self.municipalities, booleans='integer')}) TO STDOUT (FORMAT csv)"
        connections[ALIAS].ensure_connection()
        with connections[ALIAS].connection.cursor() as cursor, cursor.copy(statement) as copied:
            # One line of the file at a time, as the server sends it. Leaving early cancels it there.
            for line in copied:
                yield bytes(line)

    def _state(self) -> None:
        """Before each statement, because what is stated holds for ten minutes only."""
        pseudonyms.state(self.project, using=ALIAS)
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.as_of', %s, true), set_config('app.horizon', %s, true)",
                [self.as_of.isoformat(), TO_THE_DAY if self.to_the_day else "half_year"],
            )


@contextmanager
def snapshot(
    project: UUID,
    *,
    as_of: date | None = None,
    municipalities: Collection[int] | None = None,
    to_the_day: bool = True,
) -> Iterator[Snapshot]:
    """Open one moment to read in, for ``project``; a project without a key raises at the first dataset.

    ``as_of``: the day up to which periods and deadlines are counted, today when it is not given. ``municipalities``:
    their codes, when not all of them take part. ``to_the_day``: whether fidelity is counted up to that very day, or as far
    as rows of families may tell (`evaluation.variables.until`).
    """
    with connections[ALIAS].cursor() as cursor:
        # Stated before BEGIN, because the access context is that transaction's first statement.
        cursor.execute("SET default_transaction_isolation TO 'repeatable read'")
    with transaction.atomic(using=ALIAS):
        yield Snapshot(
            project=project,
            as_of=as_of or clock.today(),
            municipalities=None if municipalities is None else tuple(sorted(set(municipalities))),
            to_the_day=to_the_day,
        )


def chosen(names: Iterable[str], variables: Mapping[str, Collection[str]] | None = None) -> list[Dataset]:
    """The datasets called ``names``, each with its keys and those ``variables`` only that are named for it.

    Raises KeyError for an unknown dataset and ValueError for a variable that it does not declare.
    """
    wanted = variables or {}
    return [DATASETS[name].only(wanted[name]) if name in wanted else DATASETS[name] for name in names]


def read(
    names: Iterable[str],
    *,
    project: UUID,
    as_of: date | None = None,
    municipalities: Collection[int] | None = None,
    variables: Mapping[str, Collection[str]] | None = None,
) -> list[Extract]:
    """The datasets called ``names`` as rows, all as they were at one and the same moment (`snapshot`, `chosen`).

    Raises KeyError and ValueError as `chosen` does; django.db errors when the log-in cannot read them, and when the
    project has no key.
    """
    asked = chosen(names, variables)
    with snapshot(project, as_of=as_of, municipalities=municipalities) as moment:
        return [Extract(dataset=dataset, rows=moment.rows(dataset)) for dataset in asked]


def frames(
    names: Iterable[str],
    *,
    project: UUID,
    as_of: date | None = None,
    municipalities: Collection[int] | None = None,
    variables: Mapping[str, Collection[str]] | None = None,
) -> dict[str, pl.DataFrame]:
    """As `read`, each dataset as one polars frame with the dataset's columns, by name."""
    asked = chosen(names, variables)
    with snapshot(project, as_of=as_of, municipalities=municipalities) as moment:
        return {dataset.name.value: moment.frame(dataset) for dataset in asked}


def batches(
    name: str,
    *,
    project: UUID,
    rows: int = BATCH_ROWS,
    as_of: date | None = None,
    municipalities: Collection[int] | None = None,
    variables: Collection[str] | None = None,
) -> Generator[pl.DataFrame, None, None]:
    """One dataset in frames of at most ``rows``; its transaction ends with the iteration."""
    [dataset] = chosen([name], None if variables is None else {name: variables})
    with snapshot(project, as_of=as_of, municipalities=municipalities) as moment:
        yield from moment.batches(dataset, rows)


def taking_part(without: Collection[int] = (), *, least: int = 1) -> tuple[int, ...]:
    """The codes of the municipalities that have at least ``least`` families to count, but for those ``without``."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(
            f"SELECT municipality_code FROM {_REGISTRATION} GROUP BY 1 HAVING count(*) >= %s ORDER BY 1",
            [least],
        )
        return tuple(code for (code,) in cursor.fetchall() if code not in without)


def population() -> tuple[int, int]:
    """How many families there are to count, and in how many municipalities with at least `COUNTS_FROM` of them."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(families), 0), count(*) FILTER (WHERE families >= %s) FROM "
            f"(SELECT count(*) AS families FROM {_REGISTRATION} GROUP BY municipality_code) counted",
            [COUNTS_FROM],
        )
        families, municipalities = cursor.fetchone()
        return int(families), int(municipalities)


_REGISTRATION = f"{SCHEMA}.{DatasetName.REGISTRATION.value}"


def polars_schema(dataset: Dataset) -> dict[str, pl.DataType]:
    """The columns of the dataset's frames: reasons are texts, booleans booleans, numbers with decimals Float64."""
    return {
        name: pl.Boolean() if kind == "boolean" else _READ[kind]
        for name, kind in _column_types(dataset).items()
    }


def query(
    dataset: Dataset, municipalities: Collection[int] | None = None, *, booleans: str = "boolean"
) -> str:
    """The dataset's rows, ordered by what they say and never by when they were written down.

    ``municipalities``: only rows of these, and rows that are no municipality's. ``booleans``: the SQL type they leave as.
    """
    texts = {v.name for v in dataset.variables if v.type == "string"}
    flags = {v.name for v in dataset.variables if v.type == "boolean"} if booleans != "boolean" else set()
    columns = ", ".join(f"{name}::{booleans}" if name in flags else name for name in dataset.columns)
    order = ", ".join(f'{name} COLLATE "C"' if name in texts else name for name in dataset.order)
    where = ""
    if municipalities is not None:
        codes = ", ".join(str(int(code)) for code in municipalities) or "NULL"
        where = f" WHERE municipality_code IS NULL OR municipality_code IN ({codes})"
    return f"SELECT {columns} FROM {SCHEMA}.{dataset.name.value}{where} ORDER BY {order}"


def _frame(dataset: Dataset, lines: bytes) -> pl.DataFrame:
    types = _column_types(dataset)
    flags = [name for name, kind in types.items() if kind == "boolean"]
    if not lines:
        return pl.DataFrame(schema=polars_schema(dataset))
    read_as = {name: _READ[kind] for name, kind in types.items()}
    found = pl.read_csv(io.BytesIO(lines), has_header=False, schema=read_as)
    return found.with_columns(pl.col(flags).cast(pl.Boolean)) if flags else found


def _column_types(dataset: Dataset) -> dict[str, str]:
    return {name: kind for variable in dataset.variables for name, kind in _types(variable)}


def _types(variable: Variable) -> list[tuple[str, str]]:
    own = [(variable.name, variable.type)]
    return [*own, (variable.reason_name, "string")] if variable.missing else own
