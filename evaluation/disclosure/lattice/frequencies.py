"""The table of frequencies: rows that are alike put together, so that millions are looked at as some thousands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evaluation.disclosure.lattice.parts import Ints, Node


@dataclass
class Table:
    """Rows summed by the levels of ``base``: group numbers per hierarchy, values of the sensitive ones, counts."""

    base: Node
    quasi: list[npt.NDArray[Any]]
    secret: list[npt.NDArray[Any]]
    rows: Ints
    family: npt.NDArray[Any] | None


def summed(
    base: Node,
    quasi: list[npt.NDArray[Any]],
    secret: list[npt.NDArray[Any]],
    rows: Ints | None,
    family: npt.NDArray[Any] | None,
) -> Table:
    """Lines that are alike in everything put together; without ``rows`` each line is one row.

    All columns go into one number and out of it again, which takes a tenth of the room that a table of them does.
    """
    columns = [*quasi, *secret, *([family] if family is not None else [])]
    sizes = [int(column.max()) + 1 for column in columns]
    if math.prod(sizes) >= 1 << 63:
        return _summed_as_table(base, columns, rows, len(quasi), len(secret))
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        key *= size
        key += column
    if rows is None:
        found, often = np.unique(key, return_counts=True)
    else:
        found, place = np.unique(key, return_inverse=True)
        often = np.bincount(place, weights=rows).astype(np.int64)
    parts: list[npt.NDArray[Any]] = []
    for column, size in zip(reversed(columns), reversed(sizes), strict=True):
        parts.append((found % size).astype(column.dtype))
        found //= size
    parts.reverse()
    many = len(quasi)
    return Table(
        base=base,
        quasi=parts[:many],
        secret=parts[many : many + len(secret)],
        rows=often.astype(np.int64),
        family=parts[-1] if family is not None else None,
    )


def _summed_as_table(
    base: Node, columns: list[npt.NDArray[Any]], rows: Ints | None, quasi: int, secret: int
) -> Table:
    """The same where there are more combinations than one number can tell apart."""
    lines = pl.DataFrame({str(n): column for n, column in enumerate(columns)})
    names = lines.columns
    often = pl.Series("rows", rows if rows is not None else np.ones(lines.height, dtype=np.int64))
    summed = lines.with_columns(often).group_by(names).agg(pl.col("rows").sum())
    parts = [summed[name].to_numpy() for name in names]
    return Table(
        base=base,
        quasi=parts[:quasi],
        secret=parts[quasi : quasi + secret],
        rows=summed["rows"].to_numpy(),
        family=parts[-1] if len(parts) > quasi + secret else None,
    )
