"""How easily a family is told apart in a frame: before anything is done to it, and after.

All shares are 0 to 1. A missing value is a value of its own everywhere, which is the strict way: an attacker who sees
that something is missing knows it. There is no lower risk for a sample, because all families of the programme are in it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OfValue:
    """What the classes say of one sensitive variable.

    l: the fewest different values in a class. alpha: the largest share one value has in a class. t: the largest distance
    between a class's shares and everybody's (half the sum of differences). lift: how much oftener the likeliest value of
    the class is right than the likeliest of all, as a difference of shares.
    """

    column: str
    l: int
    alpha: float
    t: float
    lift: float


@dataclass(frozen=True)
class Risk:
    """Measured on a frame; see the module's head.

    smallest: families in the smallest class; unique and below_k: shares of rows in classes of one family, and of fewer
    than k. worst_four: the four columns that tell most rows apart, and the share that they tell; unique_on_all: the same
    of all columns together.
    """

    rows: int
    families: int
    classes: int
    k: int
    smallest: int
    unique: float
    below_k: float
    of_values: tuple[OfValue, ...]
    worst_four: tuple[str, ...]
    unique_on_four: float
    unique_on_all: float

    @property
    def l(self) -> int:  # noqa: E743
        """The fewest different values of any sensitive variable in any class."""
        return min((one.l for one in self.of_values), default=0)

    @property
    def alpha(self) -> float:
        """The largest share of one value of any sensitive variable in any class."""
        return max((one.alpha for one in self.of_values), default=0.0)

    @property
    def t(self) -> float:
        """The largest distance of any class to everybody."""
        return max((one.t for one in self.of_values), default=0.0)

    def describe(self) -> dict[str, Any]:
        """For the report."""
        return {**asdict(self), "l": self.l, "alpha": self.alpha, "t": self.t}


def _numbered(frame: pl.DataFrame, columns: Sequence[str]) -> list[tuple[Ints, int]]:
    """Each column as numbers from 0, and how many different ones; missing is one of them."""
    found = []
    for column in columns:
        codes = frame[column].rank("dense").fill_null(0).to_numpy().astype(np.int64)
        found.append((codes, int(codes.max(initial=0)) + 1))
    return found


def _together(columns: Sequence[tuple[Ints, int]], rows: int) -> tuple[Ints, int]:
    """The number of each row's combination, and how many there are."""
    key = np.zeros(rows, dtype=np.int64)
    room = 1
    for codes, size in columns:
        if room * size > 1 << 62:
            key = pl.Series(key).rank("dense").to_numpy().astype(np.int64) - 1
            room = int(key.max(initial=0)) + 1
        key = key * size + codes
        room *= size
    ranked = pl.Series(key).rank("dense").to_numpy().astype(np.int64) - 1
    return ranked, int(ranked.max(initial=-1)) + 1


def _families(key: Ints, count: int, family: Ints | None) -> Ints:
    if family is None:
        return np.bincount(key, minlength=count)
    pairs = pl.DataFrame({"key": key, "family": family}).unique()
    return np.bincount(pairs["key"].to_numpy(), minlength=count)


def measure(
    frame: pl.DataFrame,
    quasi: Sequence[str],
    sensitive: Sequence[str],
    *,
    family: str = "family_id",
    k: int = 10,
) -> Risk:
    """The risk of ``frame``; ``quasi`` and ``sensitive`` are its columns. Without the column ``family`` a row is one.

    Raises ValueError for an empty frame.
    """
    if not frame.height:
        raise ValueError("there are no rows to measure")
    of_family = None
    families = frame.height
    if family in frame.columns:
        codes, families = _numbered(frame, [family])[0]
        families -= 0 if frame[family].null_count() else 1
        of_family = None if families == frame.height else codes
    numbered = dict(zip([*quasi, *sensitive], _numbered(frame, [*quasi, *sensitive]), strict=True))
    key, count = _together([numbered[name] for name in quasi], frame.height)
    in_class = _families(key, count, of_family)
    rows = np.bincount(key, minlength=count)
    of_values = tuple(_of_value(name, numbered[name], key, count, rows) for name in sensitive)
    four, on_four = worst_combination(frame, [*quasi, *sensitive], of_family, numbered)
    everything, all_count = _together([numbered[name] for name in [*quasi, *sensitive]], frame.height)
    on_all = _families(everything, all_count, of_family)
    all_rows = np.bincount(everything, minlength=all_count)
    return Risk(
        rows=frame.height,
        families=families,
        classes=count,
        k=k,
        smallest=int(in_class.min()),
        unique=float(rows[in_class == 1].sum()) / frame.height,
        below_k=float(rows[in_class < k].sum()) / frame.height,
        of_values=of_values,
        worst_four=four,
        unique_on_four=on_four,
        unique_on_all=float(all_rows[on_all == 1].sum()) / frame.height,
    )


def _of_value(name: str, numbered: tuple[Ints, int], key: Ints, count: int, rows: Ints) -> OfValue:
    values, size = numbered
    pairs = pl.DataFrame({"key": key, "value": values}).group_by("key", "value").agg(pl.len().alias("often"))
    at, value, often = (pairs[column].to_numpy().astype(np.int64) for column in ("key", "value", "often"))
    different = np.bincount(at, minlength=count)
    share = often / rows[at]
    overall = np.bincount(values, minlength=size) / len(values)
    # Sum over the values that the class has of the surplus: half the sum of all differences.
    surplus = np.bincount(at, weights=np.maximum(share - overall[value], 0), minlength=count)
    most = np.zeros(count)
    np.maximum.at(most, at, share)
    likeliest = float(np.dot(most, rows)) / len(values)
    return OfValue(
        name, int(different.min()), float(most.max()), float(surplus.max()), likeliest - float(overall.max())
    )


def worst_combination(
    frame: pl.DataFrame,
    columns: Sequence[str],
    family: Ints | None = None,
    numbered: dict[str, tuple[Ints, int]] | None = None,
    *,
    of: int = 4,
) -> tuple[tuple[str, ...], float]:
    """The ``of`` columns that leave most rows alone, and the share of rows that are."""
    codes = numbered or dict(zip(columns, _numbered(frame, columns), strict=True))
    worst: tuple[tuple[str, ...], float] = (tuple(columns[:of]), -1.0)
    for chosen in itertools.combinations(columns, min(of, len(columns))):
        # Few combinations of values cannot leave many rows alone.
        if math.prod(codes[name][1] for name in chosen) / frame.height <= worst[1]:
            continue
        key, count = _together([codes[name] for name in chosen], frame.height)
        alone = _families(key, count, family) == 1
        share = float(np.bincount(key, minlength=count)[alone].sum()) / frame.height
        if share > worst[1]:
            worst = (chosen, share)
    return worst[0], max(worst[1], 0.0)


@dataclass(frozen=True)
class Trajectory:
    """What ``points`` known events tell of a family: shares of targets pinned to one family, and to fewer than five."""

    points: int
    targets: int
    to_one: float
    to_few: float

    def describe(self) -> dict[str, Any]:
        """For the report."""
        return asdict(self)


def trajectory(
    events: pl.DataFrame,
    *,
    points: int,
    seed: int,
    family: str = "family_id",
    what: Sequence[str] = ("what", "when"),
    targets: int = 200,
) -> Trajectory:
    """An attacker knows ``points`` random events of a family, each by the columns ``what``: who else fits?

    Families with fewer different events than that are not targets, since nobody can know so many of them.
    """
    facts = events.select(
        family, pl.concat_str(what, separator="\x1f", ignore_nulls=False).fill_null("?").alias("fact")
    )
    of_family: dict[Any, set[str]] = {}
    holders: dict[str, set[Any]] = {}
    for who, fact in facts.unique().iter_rows():
        of_family.setdefault(who, set()).add(fact)
        holders.setdefault(fact, set()).add(who)
    chance = Random(seed)
    able = sorted(who for who, known in of_family.items() if len(known) >= points)
    chosen = able if len(able) <= targets else chance.sample(able, targets)
    fitting = []
    for who in chosen:
        known = chance.sample(sorted(of_family[who]), points)
        fitting.append(len(set.intersection(*(holders[fact] for fact in known))))
    number = len(chosen)
    return Trajectory(
        points=points,
        targets=number,
        to_one=sum(n == 1 for n in fitting) / number if number else 0.0,
        to_few=sum(n < 5 for n in fitting) / number if number else 0.0,
    )
