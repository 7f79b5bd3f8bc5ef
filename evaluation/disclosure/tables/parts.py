"""The numbers that tables are held to, and a table as it may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evaluation.disclosure.counting import TOTAL, Dim, Key, TableSpec
from evaluation.disclosure.recipe import GEOGRAPHY

#: The levels of the geography that a table falls back through.
MUNICIPALITY_LEVEL, WHOLE = 0, len(GEOGRAPHY.levels) - 1
#: Why a value is not there.
HIDDEN = "suppressed"
TOO_FEW = "too_few"
#: What a reviewer must have seen and agreed to before it goes.
NONE_OF, ALL_OF = "0 %", "100 %"


@dataclass(frozen=True)
class Rules:
    """The numbers tables are held to; docs/decisions/0030-disclosure.md says where they come from.

    hide: counts of 1 up to this are hidden. round_to: what shown counts are rounded to (1: not). min_stratum: families
    in each place that a table is broken down by. min_mean: families behind a mean or a sum. nk_share: the largest share of
    a sum that two families may have. p: how near, as a share, the second largest may come to knowing the largest.
    least_shown: the share of the cells that are not empty which must be shown for a table to be worth having. min_width:
    how many numbers apart the bounds of a hidden cell must be for an attacker, at least.
    """

    name: str
    hide: int
    round_to: int
    min_stratum: int = 10
    min_mean: int = 10
    nk_share: float = 0.85
    p: float = 0.10
    least_shown: float = 0.5
    min_width: int = 4

    @property
    def rounds(self) -> bool:
        return self.round_to > 1

    def rounded(self, number: int) -> int:
        """A count as it may be shown."""
        return (2 * number + self.round_to) // (2 * self.round_to) * self.round_to


#: For the partners of the pilot, under an agreement.
PARTNER = Rules("partner", hide=4, round_to=1)
#: For everybody. Hidden up to 7: with 5 hidden and rounding to 5, a printed 5 could only be 6 or 7.
PUBLIC = Rules("public", hide=7, round_to=5)


@dataclass(frozen=True)
class Cell:
    """One cell. ``at``: a label for each dimension, `TOTAL` for a sum over it. ``value`` or the ``reason`` for none.

    ``families``: behind a mean or a sum, as it may be shown. ``share``: per cent of its line, from what is shown.
    """

    at: Key
    value: float | int | None
    reason: str = ""
    families: int | None = None
    share: int | None = None
    flag: str = ""


@dataclass(frozen=True)
class TableResult:
    """A table as it may leave, or why it may not. ``held`` are the true counts of its cells: never written to a file."""

    spec: TableSpec
    rules: Rules
    level: int
    cells: tuple[Cell, ...] = ()
    refused: str = ""
    notes: tuple[str, ...] = ()
    held: Mapping[Key, int] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its dimensions, the place first."""
        place = (GEOGRAPHY.name,) if self.spec.geography and self.level < WHOLE else ()
        return (*place, *(dim.name for dim in self.spec.dims))

    @property
    def dims(self) -> tuple[Dim, ...]:
        """Its dimensions, the place first, as it is broken down."""
        place = (Dim(GEOGRAPHY, self.level),) if self.spec.geography and self.level < WHOLE else ()
        return (*place, *self.spec.dims)

    @property
    def inner(self) -> tuple[Cell, ...]:
        """The cells that are no sum over a dimension."""
        return tuple(cell for cell in self.cells if TOTAL not in cell.at)

    @property
    def flagged(self) -> tuple[Cell, ...]:
        """Cells that say "nobody" or "everybody" of something sensitive: a reviewer signs for them."""
        return tuple(cell for cell in self.cells if cell.flag)

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(cell.reason == HIDDEN for cell in self.inner)

    def describe(self) -> dict[str, Any]:
        """For the report: without any true count."""
        return {
            "name": self.spec.name,
            "title": self.spec.title,
            "rules": asdict(self.rules),
            "geography": GEOGRAPHY.levels[self.level].title if self.spec.geography else "",
            "dimensions": [dim.title for dim in self.dims],
            "cells": len(self.inner),
            "hidden": self.hidden,
            "flagged": len(self.flagged),
            "refused": self.refused,
            "notes": list(self.notes),
        }


def within(key: Key, margin: Key) -> bool:
    """Whether the cell ``key`` is summed in ``margin``."""
    return all(want in (TOTAL, label) for want, label in zip(margin, key, strict=True))
