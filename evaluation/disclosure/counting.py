"""What a table is, and its unrounded counts: families, rows, sums and the two largest contributions of each cell.

Counts are always kept by municipality, also for tables over the whole country, because the rule about differences
carries single municipalities forward (`delta`). They are restricted: the registry keeps them, nobody downloads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from evaluation.disclosure.recipe import GEOGRAPHY, UNKNOWN, Hierarchy

FAMILY, MUNICIPALITY = "family_id", "municipality_code"
#: The sum over a dimension.
TOTAL = "i alt"
#: The dimensions of a table, the municipality among them.
MOST_DIMENSIONS = 3


class Measure(StrEnum):
    """What stands in the cells."""

    FAMILIES = "families"  # how many families
    ROWS = "rows"  # how many rows of a dataset with several to a family
    MEAN = "mean"  # the mean over families of each family's own mean
    MEDIAN = "median"  # their median
    SUM = "sum"


@dataclass(frozen=True)
class Dim:
    """One way of breaking a table down: a hierarchy at one level, and the Danish words of its labels."""

    hierarchy: Hierarchy
    level: int = 0
    sensitive: bool = False
    words: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return self.hierarchy.name

    @property
    def title(self) -> str:
        return self.hierarchy.title

    def label(self, leaf: str) -> str:
        """The label at this level of a leaf."""
        return self.hierarchy.levels[self.level].labels[self.hierarchy.leaves.index(leaf)]

    def labels(self) -> tuple[str, ...]:
        """Every label at this level, in order."""
        return tuple(dict.fromkeys(self.hierarchy.levels[self.level].labels))


@dataclass(frozen=True)
class TableSpec:
    """One table that may be asked for. ``where``: only rows whose column has one of the codes.

    ``geography``: broken down by municipality, or the finest of landsdel, region and whole that the rules allow.
    ``population``: whose families are counted; tables of one population are held against each other.
    """

    name: str
    title: str
    title_en: str
    dataset: str
    dims: tuple[Dim, ...] = ()
    geography: bool = False
    measure: Measure = Measure.FAMILIES
    column: str = ""
    unit: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    population: str = "familier"

    def __post_init__(self) -> None:
        if len(self.dims) + self.geography > MOST_DIMENSIONS:
            raise ValueError(f"{self.name}: a table has at most {MOST_DIMENSIONS} dimensions")
        if (self.measure in (Measure.MEAN, Measure.MEDIAN, Measure.SUM)) != bool(self.column):
            raise ValueError(f"{self.name}: a mean, a median and a sum are of a column, counts are not")

    @property
    def counts(self) -> bool:
        """Whether its cells are counts, which add up."""
        return self.measure in (Measure.FAMILIES, Measure.ROWS)


Key = tuple[str, ...]


@dataclass(frozen=True)
class Contribution:
    """One cell, unrounded. ``total`` is the sum over its families; ``first`` and ``second`` its largest two.

    ``values`` are one number per family, of all but counts of families: without them nobody could say how many changed.
    ``without``: families that are in the cell and have no value of the column.
    """

    families: int
    rows: int
    total: float = 0.0
    first: float = 0.0
    second: float = 0.0
    values: tuple[float, ...] = ()
    without: int = 0

    def __add__(self, other: Contribution) -> Contribution:
        first, second = sorted((self.first, self.second, other.first, other.second), reverse=True)[:2]
        return Contribution(
            self.families + other.families,
            self.rows + other.rows,
            self.total + other.total,
            first,
            second,
            tuple(sorted((*self.values, *other.values))),
            self.without + other.without,
        )


NOTHING = Contribution(0, 0)


@dataclass(frozen=True)
class Counted:
    """A table's unrounded cells: municipality's code first, then one label for each dimension."""

    spec_name: str
    cells: Mapping[Key, Contribution] = field(default_factory=dict)

    def families(self, municipality: str | None = None) -> int:
        """How many families are counted, in all or in one municipality."""
        return sum(
            cell.families
            for key, cell in self.cells.items()
            if municipality is None or key[0] == municipality
        )

    def describe(self) -> dict[str, Any]:
        """As the registry keeps it: restricted."""
        return {
            "table": self.spec_name,
            "cells": [
                [list(key), c.families, c.rows, c.total, c.first, c.second, list(c.values), c.without]
                for key, c in sorted(self.cells.items())
            ],
        }

    @classmethod
    def read(cls, described: Mapping[str, Any]) -> Counted:
        """The counts that `describe` wrote."""
        return cls(
            described["table"],
            {
                tuple(key): Contribution(families, rows, total, first, second, tuple(values), without)
                for key, families, rows, total, first, second, values, without in described["cells"]
            },
        )


class MissingColumn(LookupError):
    """A table's columns are not all there; the words are Danish."""


def _source(frames: Mapping[str, pl.DataFrame], spec: TableSpec) -> pl.DataFrame:
    """The rows of the table's dataset, with what only the registration knows joined on by family."""
    if spec.dataset not in frames:
        raise MissingColumn(f"Datasættet »{spec.dataset}« er ikke med i anmodningen.")
    frame = frames[spec.dataset]
    wanted = {
        MUNICIPALITY,
        *(column for dim in spec.dims for column in dim.hierarchy.columns),
        *(column for column, _ in spec.where),
    }
    missing = wanted - set(frame.columns)
    for other in ("registration", "families"):
        here = sorted(missing & set(frames[other].columns)) if other in frames else []
        if here and FAMILY in frame.columns:
            frame = frame.join(
                frames[other].select(FAMILY, *here), on=FAMILY, how="left", maintain_order="left"
            )
            missing -= set(here)
    if spec.column and spec.column not in frame.columns:
        missing.add(spec.column)
    if missing:
        raise MissingColumn(
            f"Tabellen »{spec.title}« mangler {', '.join(sorted(missing))} i datasættet »{spec.dataset}«."
        )
    return frame


def count(frames: Mapping[str, pl.DataFrame], spec: TableSpec) -> Counted:
    """The unrounded counts of ``spec`` over ``frames``. Raises MissingColumn when its columns are not there.

    A row that belongs to no family (an organisation's hours) is not in a table about families; where a dataset has no
    families at all, each row is one.
    """
    frame = _source(frames, spec)
    for column, codes in spec.where:
        frame = frame.filter(pl.col(column).cast(pl.String).is_in(list(codes)))
    if FAMILY in frame.columns:
        frame = frame.filter(pl.col(FAMILY).is_not_null())
    if not frame.height:
        return Counted(spec.name)
    family = frame[FAMILY] if FAMILY in frame.columns else pl.Series(range(frame.height))
    columns = [GEOGRAPHY.labels(frame, 0).alias("0")]
    for number, dim in enumerate(spec.dims, start=1):
        columns.append(dim.hierarchy.labels(frame, dim.level).alias(str(number)))
    keys = [column.name for column in columns]
    value = (
        frame[spec.column].cast(pl.Float64)
        if spec.column
        else pl.Series([1.0]).new_from_index(0, frame.height)
    )
    rows = pl.DataFrame([*columns, family.alias("family"), value.alias("value")])
    each = pl.col("value").sum() if spec.measure in (Measure.SUM, Measure.ROWS) else pl.col("value").mean()
    of_family = rows.group_by(*keys, "family").agg(
        pl.when(pl.col("value").count() > 0).then(each).alias("value"), pl.col("value").count().alias("rows")
    )
    without = {
        row[:-1]: row[-1]
        for row in of_family.filter(pl.col("value").is_null()).group_by(keys).agg(pl.len()).iter_rows()
    }
    of_family = of_family.filter(pl.col("value").is_not_null())
    size = pl.col("value").abs().top_k(2)
    cells = of_family.group_by(keys).agg(
        pl.len().alias("families"),
        pl.col("rows").sum(),
        pl.col("value").sum().alias("total"),
        size.alias("largest"),
        pl.col("value").round(6).sort().alias("values"),
    )
    # Of a count of families each is the same; of all else a family is known by its own number.
    keep = spec.measure is not Measure.FAMILIES
    found: dict[Key, Contribution] = {}
    for row in cells.iter_rows(named=True):
        first, second = sorted([*row["largest"], 0.0, 0.0], reverse=True)[:2]
        at = tuple(row[key] for key in keys)
        found[at] = Contribution(
            row["families"],
            row["rows"],
            row["total"],
            first,
            second,
            tuple(row["values"]) if keep else (),
            without.get(at, 0),
        )
    return Counted(spec.name, found)


def summed(cells: Iterable[tuple[Key, Contribution]]) -> dict[Key, Contribution]:
    """Cells with the same key put together; no family is in two municipalities, so families add up."""
    found: dict[Key, Contribution] = {}
    for key, cell in cells:
        found[key] = found[key] + cell if key in found else cell
    return found


def at_level(counted: Counted, level: int) -> dict[Key, Contribution]:
    """The cells with the municipality's code lifted to ``level`` of the geography."""
    over = GEOGRAPHY.over(0, level)
    return summed(((over.get(key[0], UNKNOWN), *key[1:]), cell) for key, cell in counted.cells.items())
