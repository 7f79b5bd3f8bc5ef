"""Tables of counts: what is hidden, what is rounded, and what must be hidden beside it."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.disclosure.counting import NOTHING, TOTAL, Contribution, Key, Measure
from evaluation.disclosure.tables import suppressing
from evaluation.disclosure.tables.parts import ALL_OF, HIDDEN, NONE_OF, Cell, Rules, TableResult, within


def margins_of(axes: Sequence[Sequence[str]]) -> list[Key]:
    """Every cell with `TOTAL` on at least one dimension."""
    return [key for key in itertools.product(*([*axis, TOTAL] for axis in axes)) if TOTAL in key]


def count_table(bare: TableResult, axes: list[list[str]], cells: Mapping[Key, Contribution]) -> TableResult:
    spec, rules = bare.spec, bare.rules
    inner = list(itertools.product(*axes))
    true = {key: cells.get(key, NOTHING) for key in inner}
    value = {key: c.families if spec.measure is Measure.FAMILIES else c.rows for key, c in true.items()}
    hidden = {key for key, c in true.items() if c.families and _small(c, rules, spec.measure)}
    held = {**value, **{m: sum(v for k, v in value.items() if within(k, m)) for m in margins_of(axes)}}
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
    return measure is Measure.ROWS and dominated(cell, rules)


def dominated(cell: Contribution, rules: Rules) -> bool:
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
    for margin in margins_of(axes):
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
