"""Reading the views of the evaluation schema with the evaluation's own log-in: one moment, one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from evaluation.schema import SCHEMA
from evaluation.variables import DATASETS, Dataset

ALIAS = "evaluation"


@dataclass(frozen=True)
class Extract:
    """The rows of one dataset, each in the order of the dataset's columns."""

    dataset: Dataset
    rows: list[tuple[Any, ...]]


def read(names: Iterable[str]) -> list[Extract]:
    """The datasets called ``names``, all as they were at one and the same moment.

    Raises KeyError for an unknown dataset; django.db errors when the log-in cannot read them.
    """
    asked = [DATASETS[name] for name in names]
    with connections[ALIAS].cursor() as cursor:
        # Stated before BEGIN, because the access context is that transaction's first statement.
        cursor.execute("SET default_transaction_isolation TO 'repeatable read'")
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        extracts = []
        for dataset in asked:
            cursor.execute(query(dataset))
            extracts.append(Extract(dataset=dataset, rows=cursor.fetchall()))
    return extracts


def query(dataset: Dataset) -> str:
    """The dataset's rows, ordered by what they say and never by when they were written down."""
    texts = {v.name for v in dataset.variables if v.type == "string"}
    order = ", ".join(f'{name} COLLATE "C"' if name in texts else name for name in dataset.order)
    return f"SELECT {', '.join(dataset.columns)} FROM {SCHEMA}.{dataset.name.value} ORDER BY {order}"
