"""Reading the views of the evaluation schema with the evaluation's own log-in: one moment, one order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from evaluation.dataset_names import DatasetName
from evaluation.schema import SCHEMA
from evaluation.variables import DATASETS, Dataset

ALIAS = "evaluation"


@dataclass(frozen=True)
class Extract:
    """The rows of one dataset, each in the order of the dataset's columns."""

    dataset: Dataset
    rows: list[tuple[Any, ...]]


def read(names: Iterable[str], municipalities: tuple[int, ...]) -> list[Extract]:
    """The datasets called ``names``, of families of ``municipalities`` (codes) alone, all as they were at one and the
    same moment.

    Raises KeyError for an unknown dataset; django.db errors when the log-in cannot read them.
    """
    asked = [DATASETS[name] for name in names]
    with connections[ALIAS].cursor() as cursor:
        # Stated before BEGIN, because the access context is that transaction's first statement.
        cursor.execute("SET default_transaction_isolation TO 'repeatable read'")
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        extracts = []
        for dataset in asked:
            cursor.execute(query(dataset), [list(municipalities)])
            extracts.append(Extract(dataset=dataset, rows=cursor.fetchall()))
    return extracts


def taking_part(without: Collection[int] = ()) -> tuple[int, ...]:
    """The codes of the municipalities that have families to count, but for those ``without``."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT municipality_code FROM {_REGISTRATION} ORDER BY 1")
        return tuple(code for (code,) in cursor.fetchall() if code not in without)


def population() -> tuple[int, int]:
    """How many families there are to count, in how many municipalities."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT municipality_code) FROM {_REGISTRATION}")
        families, municipalities = cursor.fetchone()
        return int(families), int(municipalities)


_REGISTRATION = f"{SCHEMA}.{DatasetName.REGISTRATION.value}"
_OF_THESE = "municipality_code = ANY (%s)"


def query(dataset: Dataset) -> str:
    """The dataset's rows of the municipalities given as its one value, ordered by what they say and never by when they
    were written down."""
    if "municipality_code" in dataset.columns:
        of_these = _OF_THESE
    elif "family_id" not in dataset.columns:
        of_these = "%s::integer[] IS NOT NULL"  # of no family: the same for everybody
    else:
        of_these = f"family_id IN (SELECT family_id FROM {_REGISTRATION} WHERE {_OF_THESE})"
    texts = {v.name for v in dataset.variables if v.type == "string"}
    order = ", ".join(f'{name} COLLATE "C"' if name in texts else name for name in dataset.order)
    columns = ", ".join(dataset.columns)
    return f"SELECT {columns} FROM {SCHEMA}.{dataset.name.value} WHERE {of_these} ORDER BY {order}"
