"""Tables of means, medians and sums."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from evaluation.disclosure.counting import NOTHING, Contribution, Key, Measure, TableSpec
from evaluation.disclosure.tables.counts import dominated, margins_of
from evaluation.disclosure.tables.parts import HIDDEN, TOO_FEW, Cell, Rules, TableResult, within


def number_table(bare: TableResult, axes: list[list[str]], cells: Mapping[Key, Contribution]) -> TableResult:
    spec, rules = bare.spec, bare.rules
    inner = list(itertools.product(*axes))
    true = {key: cells.get(key, NOTHING) for key in inner}
    hidden = {key for key, cell in true.items() if cell.families and not _may_mean(cell, spec, rules)}
    # What is left when all shown cells are taken from a total must itself be one that may be shown.
    margins = {m: [key for key in inner if within(key, m)] for m in margins_of(axes)}
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
    return spec.measure is Measure.MEDIAN or not dominated(cell, rules)


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
