"""Tables of means, medians and sums.

Who has no value is not in a mean, and how many they are is a count like others: a few of them may not be told. A mean tells
it by its digits: of 24 families 1.09 is 24 children of 22 and of no other number. So where a few lack a value, a mean is told
so coarsely that it could be the mean of all families but one, and of each fewer down to `few`; the families beside it are
those of the group, and no total over it is told, because a total is a second equation. (That nobody lacks a value may be told,
as every 0 may.) Sums and medians are not told where a few lack a value: their last digits cannot be chosen so.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
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
        in_doubt = any(_few_lack(true[key], rules) for key in keys)
        if (
            in_doubt
            or not _may_mean(whole, spec, rules)
            or (rest.families and not _may_mean(rest, spec, rules))
        ):
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
    if _few_lack(cell, rules):
        # However few of them it were, there are enough left: that it is told says nothing of how many lack a value.
        everybody = cell.families + cell.without
        if spec.measure is not Measure.MEAN or everybody - few(rules) < least:
            return False
    if cell.families < least or _tells_few(cell, spec, rules):
        return False
    # What two families in twenty have of a median cannot be seen; of a sum it can.
    return spec.measure is Measure.MEDIAN or not dominated(cell, rules)


def few(rules: Rules) -> int:
    """So many who lack a value are told apart from none and from more, and not from one another."""
    return max(rules.hide, rules.min_width + 1)


def _few_lack(cell: Contribution, rules: Rules) -> bool:
    return 0 < cell.without <= few(rules)


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
    behind = cell.families
    if spec.measure is Measure.MEDIAN:
        number = three_digits(statistics.median(cell.values))
    elif spec.measure is Measure.SUM:
        number = three_digits(cell.total)
    elif _few_lack(cell, rules):
        behind += cell.without
        number = coarse(cell.total / cell.families, grain(cell.values) / (behind - few(rules)))
    else:
        number = three_digits(cell.total / cell.families)
    families = (2 * behind + FAMILIES_TO) // (2 * FAMILIES_TO) * FAMILIES_TO
    return Cell(key, number, families=families)


#: Values are looked at as whole numbers of these parts; what is none of them, is as good as any number.
PARTS = range(1, 13)


def grain(values: Sequence[float]) -> float:
    """What all values are whole numbers of, or 0 when nothing is: 1 of children, 4 of WHO-5, a half of two rows' means."""
    for parts in PARTS:
        whole = [round(value * parts) for value in values]
        if all(abs(value * parts - number) < 1e-4 for value, number in zip(values, whole, strict=True)):
            return math.gcd(*whole) / parts
    return 0.0


def coarse(number: float, least: float) -> float:
    """A number told to a step of 1, 2 or 5 that is no finer than ``least`` and than three digits."""
    if not number:
        return 0.0
    finest = max(least, 10.0 ** (math.floor(math.log10(abs(number))) - 2))
    power = math.floor(math.log10(finest))
    step = next(n * 10.0**power for n in (1, 2, 5, 10) if n * 10.0**power >= finest * (1 - 1e-9))
    return round(round(number / step) * step, max(0, -power))


def three_digits(number: float) -> float:
    """A number with three significant digits: a mean to the last digit times its families is a sum."""
    if not number:
        return 0.0
    return round(number, 2 - math.floor(math.log10(abs(number))))
