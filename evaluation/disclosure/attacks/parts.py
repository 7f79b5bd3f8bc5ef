"""What one attack answers with, and what the attacks are given besides the release itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from evaluation.disclosure import leaks
from evaluation.disclosure.delta import Registered
from evaluation.disclosure.recipe import Recipe
from evaluation.disclosure.tables import TableResult


@dataclass(frozen=True)
class AttackResult:
    """One attack. ``figure``: what was found, short. ``words``: for a privacy officer. ``hard``: failing stops T2 and T3."""

    code: str
    title: str
    passed: bool
    hard: bool
    figure: str
    words: str

    def describe(self) -> dict[str, Any]:
        """For the report."""
        return asdict(self)

    @property
    def stops(self) -> bool:
        """Whether nobody may approve."""
        return self.hard and not self.passed


@dataclass(frozen=True)
class Looked:
    """What the attacks get besides the release itself. All of it is optional, and what is missing is not guessed.

    ``recipe``: of rows, frozen. ``registered``: this release as the registry will keep it. ``allowed``, ``canaries``,
    ``dates_in``: see `leaks.scan`. ``identifiers``: by family, the CPR numbers and internal ids that a pseudonym must not be
    made from without a key. ``arrival``: the families in the order they came in. ``events``: of families, for A5.
    ``told``: of an extract, per family the first and last day that it is said to have begun between (``first``, ``last``), and
    of everything that is told of it the longest time after the start (``days``). ``as_of``: the day of the extract.
    ``to_the_day``: whether it was agreed to tell of families to that day.
    """

    recipe: Recipe | None = None
    registered: Registered | None = None
    allowed: leaks.Allowed | None = None
    canaries: Sequence[str] = ()
    dates_in: Sequence[str] = ()
    identifiers: Mapping[str, Sequence[str]] | None = None
    arrival: Sequence[str] | None = None
    events: pl.DataFrame | None = None
    told: pl.DataFrame | None = None
    as_of: date | None = None
    to_the_day: bool = False
    seed: int = 0


After = pl.DataFrame | Sequence[TableResult]


def families_of(before: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return before.get("families", before.get("registration", next(iter(before.values()))))


def per_cent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")
