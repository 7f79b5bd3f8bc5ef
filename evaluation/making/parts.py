"""What a round of a release is made of, and what can be in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import polars as pl

from evaluation.disclosure.delta import Registered
from evaluation.formats import Table
from evaluation.variables import Dataset


class Unreleasable(Exception):
    """Nothing may be made of what was asked for. ``type`` is stable; the message is Danish and tells no small number."""

    type: ClassVar[str] = "release-unsafe"


class AgreementOver(Unreleasable):
    """The agreement that it was asked for by has ended since."""

    type = "agreement-over"


@dataclass(frozen=True)
class Read:
    """Everything that was read for a round, at one moment: the datasets that were asked for, and rows by name.

    ``every``: the datasets that the rows are of, whole; of what was not asked for nothing is shown. ``began`` and
    ``as_of``: of an extract, when each family began and the day it is told of (`evaluation.making.horizon`).
    """

    datasets: tuple[Dataset, ...]
    frames: Mapping[str, pl.DataFrame]
    municipalities: tuple[int, ...]
    every: tuple[Dataset, ...] = ()
    began: pl.DataFrame | None = None
    as_of: date = date.min
    #: Whether an extract tells of families to the very day it is made.
    to_the_day: bool = False

    @property
    def families(self) -> int:
        """How many families have rows."""
        seen = [f["family_id"] for f in self.frames.values() if "family_id" in f.columns]
        return int(pl.concat(seen).drop_nulls().n_unique()) if seen else 0


@dataclass(frozen=True)
class Content:
    """What is to be written: tables, by which recipe, what of it the registry keeps, and what the report says.

    ``said``: the report's parts that only this kind of release knows (`evaluation.making.report`).
    """

    tables: tuple[Table, ...]
    said: Mapping[str, Any]
    recipe_hash: str = ""
    registered: Registered | None = None
    families_out: int = 0
    suppressed_cells: int = 0
    suppressed_rows: int = 0
