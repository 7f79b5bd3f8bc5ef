"""Tables that may leave: counts, means and sums by rules, and nothing that can be reckoned back (T3).

Counts are of families. A cell of a few is hidden; for the public the rest is rounded, and totals are the sums of rounded
cells, so that no total says what a hidden cell was. For partners nothing is rounded, and further cells are hidden instead.
Every stratum has at least ten families, or the geography gets coarser, or the table is refused with the reason.

`build` makes one table, `publish_all` all tables of a release, held against each other by an attacker (`attacker.audit`).
"""

from __future__ import annotations

import itertools
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from evaluation.disclosure import suppressing
from evaluation.disclosure.counting import (
    NOTHING,
    TOTAL,
    Contribution,
    Counted,
    Dim,
    Key,
    Measure,
    MissingColumn,
    TableSpec,
    at_level,
    count,
    summed,
)
from evaluation.disclosure.recipe import GEOGRAPHY, OUTSIDE, UNKNOWN

if TYPE_CHECKING:
    from evaluation.variables.kit import Dataset

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


def build(
    frames: Mapping[str, pl.DataFrame] | Counted, spec: TableSpec, rules: Rules, *, level: int | None = None
) -> TableResult:
    """One table by ``rules``, from rows or from counts. ``level``: the geography of an earlier release, or coarser.

    A table that cannot be is one with `refused` set: in Danish, and without any small number.
    """
    try:
        counted = frames if isinstance(frames, Counted) else count(frames, spec)
    except MissingColumn as error:
        return TableResult(spec, rules, WHOLE, refused=str(error))
    finest = MUNICIPALITY_LEVEL if spec.geography else WHOLE
    levels = range(max(finest, level or 0), WHOLE + 1)
    reason = ""
    for chosen in levels:
        cells = at_level(counted, chosen)
        place = spec.geography and chosen < WHOLE
        if not place:
            cells = summed((key[1:], cell) for key, cell in cells.items())
        reason = _too_small(cells, place, spec, rules)
        if reason:
            continue
        result = _published(spec, rules, chosen, cells)
        reason = _useless(result)
        if not reason:
            return result
    return TableResult(spec, rules, WHOLE, refused=f"Tabellen »{spec.title}« kan ikke udgives: {reason}")


def _too_small(cells: Mapping[Key, Contribution], place: bool, spec: TableSpec, rules: Rules) -> str:
    """Why no table over these cells may be: some stratum has families, but not ten.

    A family with several rows is in several cells: then there are no more families than in the fullest of them, for sure.
    """
    strata: dict[str, int] = {}
    for key, cell in cells.items():
        where = key[0] if place else ""
        known = strata.get(where, 0)
        each = spec.measure is Measure.FAMILIES or not spec.dims
        strata[where] = known + cell.families if each else max(known, cell.families)
    if not strata:
        return "der er ingen familier i den."
    if min(strata.values()) < rules.min_stratum:
        return f"mindst ét sted er der færre end {rules.min_stratum} familier."
    return ""


def _useless(result: TableResult) -> str:
    """Why the table is not worth having, though it may be."""
    filled = [cell for cell in result.inner if cell.value != 0 and cell.reason != TOO_FEW]
    shown = [cell for cell in filled if cell.value is not None]
    if not shown:
        return "ingen af dens tal er store nok til at vises."
    if len(shown) < result.rules.least_shown * len(filled):
        return "mere end halvdelen af dens tal er for små til at vises."
    return ""


def _published(spec: TableSpec, rules: Rules, level: int, cells: Mapping[Key, Contribution]) -> TableResult:
    place = (Dim(GEOGRAPHY, level),) if spec.geography and level < WHOLE else ()
    axes = [_axis(dim, {key[number] for key in cells}) for number, dim in enumerate((*place, *spec.dims))]
    bare = TableResult(spec, rules, level)
    if spec.counts:
        return _count_table(bare, axes, cells)
    return _number_table(bare, axes, cells)


def _axis(dim: Dim, seen: set[str]) -> list[str]:
    """The labels of one dimension: every code of a list, and of anything longer those between the first and the last."""
    labels = list(dim.labels())
    if dim.hierarchy is GEOGRAPHY or dim.hierarchy.name == GEOGRAPHY.name:
        return [label for label in labels if label in seen]
    known = [label for label in labels if label not in (UNKNOWN, OUTSIDE)]
    at = [number for number, label in enumerate(known) if label in seen]
    kept = known if len(known) <= 15 else known[min(at, default=0) : max(at, default=0) + 1]
    return [*kept, *(label for label in (UNKNOWN, OUTSIDE) if label in seen)]


def _margins(axes: Sequence[Sequence[str]]) -> list[Key]:
    """Every cell with `TOTAL` on at least one dimension."""
    return [key for key in itertools.product(*([*axis, TOTAL] for axis in axes)) if TOTAL in key]


def within(key: Key, margin: Key) -> bool:
    """Whether the cell ``key`` is summed in ``margin``."""
    return all(want in (TOTAL, label) for want, label in zip(margin, key, strict=True))


# Counts.


def _count_table(bare: TableResult, axes: list[list[str]], cells: Mapping[Key, Contribution]) -> TableResult:
    spec, rules = bare.spec, bare.rules
    inner = list(itertools.product(*axes))
    true = {key: cells.get(key, NOTHING) for key in inner}
    value = {key: c.families if spec.measure is Measure.FAMILIES else c.rows for key, c in true.items()}
    hidden = {key for key, c in true.items() if c.families and _small(c, rules, spec.measure)}
    held = {**value, **{m: sum(v for k, v in value.items() if within(k, m)) for m in _margins(axes)}}
    margins_hidden: set[Key] = set()
    worth_it = sum(c.families > 0 for c in true.values()) * (1 - rules.least_shown) >= len(hidden)
    # A table that is useless already need not be protected: it is refused or gets coarser.
    if not rules.rounds and worth_it:
        of_families = {key: c.families for key, c in true.items()}
        more = further(of_families, rules) if axes else set()
        hidden |= {key for key in more if TOTAL not in key and value[key]}
        margins_hidden = {key for key in more if TOTAL in key}
    cells_out = shown_counts(replace(bare, held=held), axes, hidden, margins_hidden)
    return replace(bare, cells=cells_out, held=held)


def _small(cell: Contribution, rules: Rules, measure: Measure) -> bool:
    """Whether a count must be hidden: too few families, or rows that nearly all are one or two families'."""
    if 0 < cell.families <= rules.hide:
        return True
    return measure is Measure.ROWS and _dominated(cell, rules)


def _dominated(cell: Contribution, rules: Rules) -> bool:
    """NK and p: whether the largest contributions can be reckoned from the sum, or by one another."""
    total = abs(cell.total)
    if not total:
        return False
    if cell.first + cell.second > rules.nk_share * max(total, cell.first + cell.second):
        return True
    return total - cell.first - cell.second < rules.p * cell.first


def shown_counts(
    bare: TableResult,
    axes: Sequence[Sequence[str]],
    hidden: set[Key],
    margins_hidden: set[Key] = frozenset(),  # type: ignore[assignment]
) -> tuple[Cell, ...]:
    """The cells of a table of counts, ``hidden`` ones without a number; rounded totals are sums of rounded cells."""
    rules, held = bare.rules, bare.held
    inner = list(itertools.product(*axes))
    shown: dict[Key, int | None] = {key: None if key in hidden else rules.rounded(held[key]) for key in inner}
    sensitive = any(dim.sensitive for dim in bare.spec.dims)
    found = []
    for key in inner:
        line = [shown[other] for other in inner if other[:-1] == key[:-1]] if key else []
        value = shown[key]
        whole = sum(one for one in line if one is not None)
        share = None
        if value is not None and None not in line and whole >= rules.min_stratum:
            share = round(100 * value / whole)
        flag = ""
        if sensitive and value is not None and len(line) > 1 and whole:
            flag = NONE_OF if value == 0 else ALL_OF if value == whole and None not in line else ""
        found.append(Cell(key, value, "" if value is not None else HIDDEN, share=share, flag=flag))
    for margin in _margins(axes):
        of = [shown[key] for key in inner if within(key, margin)]
        total: int | None
        if rules.rounds:
            known = [one for one in of if one is not None]
            total = sum(known) if known else None
        else:
            total = None if margin in margins_hidden else held[margin]
        found.append(Cell(margin, total, "" if total is not None else HIDDEN))
    return tuple(found)


def axes_of(result: TableResult) -> list[list[str]]:
    """The labels of each dimension of a table, as they stand in it."""
    return [
        list(dict.fromkeys(cell.at[number] for cell in result.inner)) for number in range(len(result.dims))
    ]


def with_hidden(result: TableResult, more: set[Key]) -> TableResult:
    """The table with the cells ``more`` hidden as well."""
    hidden = {cell.at for cell in result.inner if cell.reason} | more
    margins = {cell.at for cell in result.cells if TOTAL in cell.at and cell.reason}
    return replace(result, cells=shown_counts(result, axes_of(result), hidden, margins))


def further(cells: Mapping[Key, int], rules: Rules) -> set[Key]:
    """Which cells and totals must be hidden so that none up to `rules.hide` can be reckoned from unrounded totals.

    tau-Argus decides, as a child in a folder of its own in memory where there is one; the folder, which holds true
    counts, is deleted whatever happens. Raises RuntimeError when it fails.
    """
    if not any(0 < number <= rules.hide for number in cells.values()):
        return set()
    codes: list[dict[str, str]] = []
    back: list[dict[str, str]] = []
    for number in range(len(next(iter(cells)))):
        labels = list(dict.fromkeys(key[number] for key in cells))
        codes.append({label: f"c{at:03d}" for at, label in enumerate(labels)})
        back.append({f"c{at:03d}": label for at, label in enumerate(labels)} | {"Total": TOTAL})
    asked = {
        "dims": len(codes),
        "threshold": rules.hide + 1,
        "rows": [
            [[code[label] for code, label in zip(codes, key, strict=True)], number]
            for key, number in cells.items()
            if number
        ],
    }
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="tables-", dir=memory if memory.is_dir() else None)
    try:
        done = subprocess.run(
            [sys.executable, "-I", suppressing.__file__],
            input=json.dumps(asked),
            text=True,
            capture_output=True,
            cwd=folder,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the secondary suppression ended with {done.returncode}")
        answer = json.loads(done.stdout)
    finally:
        shutil.rmtree(folder)
    return {
        tuple(names[label] for names, label in zip(back, labels, strict=True))
        for labels, status in answer
        if status in ("U", "M")
    }


# Means, medians and sums.


def _number_table(bare: TableResult, axes: list[list[str]], cells: Mapping[Key, Contribution]) -> TableResult:
    spec, rules = bare.spec, bare.rules
    inner = list(itertools.product(*axes))
    true = {key: cells.get(key, NOTHING) for key in inner}
    hidden = {key for key, cell in true.items() if cell.families and not _may_mean(cell, spec, rules)}
    # What is left when all shown cells are taken from a total must itself be one that may be shown.
    margins = {m: [key for key in inner if within(key, m)] for m in _margins(axes)}
    total_hidden: set[Key] = set()
    for margin, keys in margins.items():
        rest = sum((true[key] for key in keys if key in hidden), NOTHING)
        whole = sum((true[key] for key in keys), NOTHING)
        if not _may_mean(whole, spec, rules) or (rest.families and not _may_mean(rest, spec, rules)):
            total_hidden.add(margin)
    found = []
    for key in inner:
        found.append(_number_cell(key, true[key], key in hidden, spec, rules))
    for margin, keys in margins.items():
        whole = sum((true[key] for key in keys), NOTHING)
        found.append(_number_cell(margin, whole, margin in total_hidden, spec, rules))
    held = {key: cell.families for key, cell in true.items()}
    return replace(bare, cells=tuple(found), held=held)


def _may_mean(cell: Contribution, spec: TableSpec, rules: Rules) -> bool:
    """Whether there are families enough, and none that nearly is the sum. A median has ten on each side."""
    least = 2 * rules.min_mean if spec.measure is Measure.MEDIAN else rules.min_mean
    if cell.families < least or 0 < cell.without <= rules.hide or _tells_few(cell, spec, rules):
        return False
    # What two families in twenty have of a median cannot be seen; of a sum it can.
    return spec.measure is Measure.MEDIAN or not _dominated(cell, rules)


def _tells_few(cell: Contribution, spec: TableSpec, rules: Rules) -> bool:
    """Whether whole numbers give away a small count: those of a few families only, or all but a few the same."""
    if any(value != int(value) for value in cell.values):
        return False
    if 0 < sum(value != 0 for value in cell.values) <= rules.hide:
        return True
    commonest = max(Counter(cell.values).values(), default=0)
    return spec.measure is not Measure.SUM and cell.families - commonest <= rules.hide


#: How many families are behind a mean is told to the nearest so many: exact, it would count those who have no value.
FAMILIES_TO = 5


def _number_cell(key: Key, cell: Contribution, hidden: bool, spec: TableSpec, rules: Rules) -> Cell:
    if hidden or not cell.families:
        return Cell(key, None, HIDDEN if cell.families else TOO_FEW)
    if spec.measure is Measure.MEDIAN:
        number = statistics.median(cell.values)
    elif spec.measure is Measure.MEAN:
        number = cell.total / cell.families
    else:
        number = cell.total
    families = (2 * cell.families + FAMILIES_TO) // (2 * FAMILIES_TO) * FAMILIES_TO
    return Cell(key, three_digits(number), families=families)


def three_digits(number: float) -> float:
    """A number with three significant digits: a mean to the last digit times its families is a sum."""
    if not number:
        return 0.0
    return round(number, 2 - math.floor(math.log10(abs(number))))


# All tables of a release.


def publish_all(
    frames: Mapping[str, pl.DataFrame] | Mapping[str, Counted],
    specs: Sequence[TableSpec],
    rules: Rules,
    *,
    levels: Mapping[str, int] | None = None,
    rounds: int = 12,
) -> list[TableResult]:
    """Every table of a release, so that none can be reckoned back from all together.

    ``frames``: rows by dataset, or counts by table (after `delta.merged`). ``levels``: the geography of each table in an
    earlier release. What the attacker finds is mended by hiding the smallest shown cell of its line, and a table that
    cannot be mended is refused with the reason.
    """
    from evaluation.disclosure.attacker import audit

    settled = levels or {}
    results: list[TableResult] = []
    for spec in specs:
        source: Any = frames
        if all(isinstance(one, Counted) for one in frames.values()):
            source = frames.get(spec.name, Counted(spec.name))
        results.append(build(source, spec, rules, level=settled.get(spec.name)))
    results = _same_totals(results)
    for _ in range(rounds):
        found = audit(results)
        if not found:
            return results
        for name in sorted({one.table for one in found}):
            at = next(number for number, result in enumerate(results) if result.spec.name == name)
            results[at] = _mended(results[at], [one.at for one in found if one.table == name])
    names = {one.table for one in audit(results)}
    return [_given_up(result) if result.spec.name in names else result for result in results]


def _same_totals(results: Sequence[TableResult]) -> list[TableResult]:
    """What is not told of all in one table is told in no other of the same number, or the difference tells it."""
    of: dict[tuple[Any, ...], set[str]] = {}
    for result in results:
        spec = result.spec
        if not spec.counts:
            whole = next((cell for cell in result.cells if set(cell.at) <= {TOTAL}), None)
            named = (spec.dataset, spec.column, spec.measure, spec.where)
            of.setdefault(named, set()).add("hidden" if whole is None or whole.value is None else "told")
    found = []
    for result in results:
        spec = result.spec
        if not spec.counts and len(of[spec.dataset, spec.column, spec.measure, spec.where]) > 1:
            cells = tuple(
                Cell(cell.at, None, HIDDEN) if set(cell.at) <= {TOTAL} and cell.at else cell
                for cell in result.cells
            )
            result = replace(result, cells=cells)
        found.append(result)
    return found


def _mended(result: TableResult, at: Sequence[Key]) -> TableResult:
    """Hide one more cell beside each that was reckoned back; give the table up when there is none left to hide."""
    more: set[Key] = set()
    for key in at:
        beside = [
            cell
            for cell in result.inner
            if cell.value and cell.at not in more and any(a == b for a, b in zip(cell.at, key, strict=True))
        ] or [cell for cell in result.inner if cell.value and cell.at not in more]
        if not beside:
            return _given_up(result)
        more.add(min(beside, key=lambda cell: (result.held[cell.at], cell.at)).at)
    mended = with_hidden(result, more)
    return _given_up(result) if _useless(mended) else mended


def _given_up(result: TableResult) -> TableResult:
    return TableResult(
        result.spec,
        result.rules,
        result.level,
        refused=f"Tabellen »{result.spec.title}« kan ikke udgives: skjulte tal i den kan regnes ud af de andre tabeller.",
    )


def as_dataset(result: TableResult) -> tuple[Dataset, pl.DataFrame]:
    """A table as a dataset of its own and its frame: a row a cell, the reasons for hidden values beside them.

    Raises ValueError for a table that was refused.
    """
    from evaluation.disclosure.describing import dataset_of

    if result.refused:
        raise ValueError(f"{result.spec.name}: a refused table is no dataset")
    return dataset_of(result)


# What callers find here.


def audit(results: Sequence[TableResult]) -> list[Any]:
    """See `attacker.audit`."""
    from evaluation.disclosure.attacker import audit as attack

    return list(attack(results))


def standard(datasets: Any) -> list[TableSpec]:
    """See `standard.tables_over`."""
    from evaluation.disclosure.standard import tables_over

    return tables_over(datasets)


def told_of(spec: TableSpec) -> object:
    """See `standard.told_of`."""
    from evaluation.disclosure.standard import told_of as of

    return of(spec)
