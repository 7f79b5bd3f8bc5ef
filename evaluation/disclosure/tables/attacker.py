"""An attacker with a solver and all published tables of a release at once: what must each hidden number be?

Everything that is printed is an equation or a bound: a rounded number lies within two of the truth, a hidden one is
between one and what is hidden, cells sum to totals that are not rounded, and two tables over the same families have the
same margins where they share a dimension (a table over some of the families lies within one over all). For each hidden
cell, and for the families that are in one table and not in a smaller one, the least and the largest possible number are
found. Written apart from the program that hides (tau-Argus), so that one mistake is not made twice.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import highspy
import numpy as np

from evaluation.disclosure.counting import TOTAL, Key, Measure
from evaluation.disclosure.tables.parts import Rules, TableResult, within

#: So many combinations of all dimensions are reckoned with one by one; beyond, tables are tied by their margins alone.
TOGETHER = 1500
_NEAR = 1e-6


@dataclass(frozen=True)
class Recovered:
    """A number that was hidden and can be reckoned: it lies from ``low`` to ``high``. ``at`` is its cell.

    ``rest``: it is the families of ``table`` that are not in the smaller table ``rest``.
    """

    table: str
    at: Key
    low: int
    high: int | None
    rest: str = ""

    @property
    def exact(self) -> bool:
        """Whether only one number is possible."""
        return self.low == self.high

    def describe(self) -> dict[str, Any]:
        """For the report to reviewers, who are told the cell and not the number."""
        found = asdict(self)
        return {"table": found["table"], "at": list(found["at"]), "exact": self.exact, "rest": found["rest"]}


class _Solver(highspy.Highs):
    """HiGHS without callbacks: setting them up writes a banner to the console."""

    def enableCallbacks(self) -> None:
        """None are used."""


@dataclass
class _Program:
    """Rows of a linear program over numbers that are not negative."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[tuple[float, float, list[int], list[float]]] = field(default_factory=list)

    def number(self, low: float, high: float) -> int:
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def row(self, low: float, high: float, plus: Iterable[int], minus: Iterable[int] = ()) -> None:
        plus, minus = list(plus), list(minus)
        self.rows.append((low, high, plus + minus, [1.0] * len(plus) + [-1.0] * len(minus)))


class Attacker:
    """The program of all tables, and what can be asked of it."""

    def __init__(self, results: Sequence[TableResult]) -> None:
        self.results = [r for r in results if not r.refused and r.spec.counts and r.inner]
        self.program = _Program()
        self.of: list[dict[Key, int]] = []
        #: Families in one table and not in a smaller one: which tables, the cell, plus, minus, the true number.
        self.rests: list[tuple[int, int, Key, list[int], list[int], int]] = []
        for result in self.results:
            self.of.append(self._table(result))
        for one, other in itertools.combinations(range(len(self.results)), 2):
            self._tie(one, other)
        self._all_together()
        self.solver = self._solver()
        #: What each number has been in some possible world: what spreads far enough here need not be asked about.
        self.least = np.full(len(self.program.low), np.inf)
        self.most = np.full(len(self.program.low), -np.inf)

    def _table(self, result: TableResult) -> dict[Key, int]:
        """The numbers of one table's cells, with what is printed of each and of its totals."""
        numbers = {}
        # Rows are hidden for their families, however many they are.
        secondary = result.spec.measure is Measure.ROWS or _has_secondary(result)
        for cell in result.inner:
            numbers[cell.at] = self.program.number(*known(result.rules, cell.value, secondary))
        for cell in result.cells:
            if TOTAL in cell.at and not result.rules.rounds:
                of = [number for at, number in numbers.items() if within(at, cell.at)]
                if cell.value is not None:
                    self.program.row(float(cell.value), float(cell.value), of)
                else:
                    self.program.row(1, highspy.kHighsInf, of)
        return numbers

    def _tie(self, one: int, other: int) -> None:
        """Two tables over the same families, or one over some of the other's, agree where they share a dimension."""
        a, b = self.results[one], self.results[other]
        if a.spec.population != b.spec.population or a.spec.measure is not b.spec.measure:
            return
        if Measure.ROWS in (a.spec.measure, b.spec.measure) and a.spec.dataset != b.spec.dataset:
            return
        within_a = _narrowed(a, b)
        within_b = _narrowed(b, a)
        if within_a is None and within_b is None:
            return
        for margin_a, margin_b, at in _shared(a, b):
            plus = [self.of[one][key] for key in margin_a if within_a is None or within_a(key)]
            minus = [self.of[other][key] for key in margin_b if within_b is None or within_b(key)]
            if within_a is not None and within_b is not None:
                self.program.row(0, 0, plus, minus)
                continue
            # The one that cannot be narrowed has families that the other has not.
            if within_a is None:
                one_, other_, plus_, minus_ = one, other, plus, minus
            else:
                one_, other_, plus_, minus_ = other, one, minus, plus
            self.program.row(0, highspy.kHighsInf, plus_, minus_)
            true = self._true(one_, plus_) - self._true(other_, minus_)
            self.rests.append((one_, other_, at, plus_, minus_, true))

    def _true(self, table: int, numbers: Sequence[int]) -> int:
        wanted = set(numbers)
        held = self.results[table].held
        return sum(held[key] for key, number in self.of[table].items() if number in wanted)

    def _all_together(self) -> None:
        """Every combination of the dimensions of as many tables as stay few enough, one by one."""
        tables = [n for n, r in enumerate(self.results) if r.spec.measure is Measure.FAMILIES]
        if not tables:
            return
        population = self.results[tables[0]].spec.population
        axes: dict[str, tuple[str, ...]] = {}
        chosen: list[int] = []
        for n in sorted(tables, key=lambda n: -self.results[n].hidden):
            result = self.results[n]
            if result.spec.where or result.spec.population != population:
                continue
            own = {
                dim.name: tuple(dict.fromkeys(cell.at[i] for cell in result.inner))
                for i, dim in enumerate(result.dims)
            }
            if any(name in axes and set(axes[name]) != set(labels) for name, labels in own.items()):
                continue  # the same fact at another level: tied by margins alone
            if math.prod(len(labels) for labels in (axes | own).values()) <= TOGETHER:
                axes |= own
                chosen.append(n)
        if len(chosen) < 2:
            return
        names = list(axes)
        joint = {key: self.program.number(0, highspy.kHighsInf) for key in itertools.product(*axes.values())}
        for n in chosen:
            at = [names.index(name) for name in self.results[n].names]
            sums: dict[Key, list[int]] = {}
            for key, number in joint.items():
                sums.setdefault(tuple(key[i] for i in at), []).append(number)
            for key, number in self.of[n].items():
                self.program.row(0, 0, sums[key], [number])

    def _solver(self) -> Any:
        solver: Any = _Solver()  # type: ignore[no-untyped-call]
        solver.silent()
        # Only what is asked for changes from one question to the next: go on from the answer before.
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("simplex_strategy", 4)
        solver.setOptionValue("threads", 1)
        program = self.program
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(program.low), len(program.rows)
        lp.col_cost_ = np.zeros(len(program.low))
        lp.col_lower_, lp.col_upper_ = np.asarray(program.low), np.asarray(program.high)
        lp.row_lower_ = np.asarray([row[0] for row in program.rows])
        lp.row_upper_ = np.asarray([row[1] for row in program.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        starts = np.cumsum([0] + [len(row[2]) for row in program.rows])
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = np.asarray([n for row in program.rows for n in row[2]], dtype=np.int32)
        lp.a_matrix_.value_ = np.asarray([v for row in program.rows for v in row[3]], dtype=np.float64)
        solver.passModel(lp)
        return solver

    def bounds(self, plus: Sequence[int], minus: Sequence[int] = ()) -> tuple[int, int | None]:
        """The least and the largest whole number that a sum can be; None when there is no largest."""
        for number in plus:
            self.solver.changeColCost(number, 1.0)
        for number in minus:
            self.solver.changeColCost(number, -1.0)
        found: list[float | None] = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            self.solver.changeObjectiveSense(sense)
            self.solver.run()
            status = self.solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                found.append(self.solver.getInfo().objective_function_value)
                world = np.asarray(self.solver.getSolution().col_value)
                self.least = np.minimum(self.least, world)
                self.most = np.maximum(self.most, world)
            elif status in (
                highspy.HighsModelStatus.kUnbounded,
                highspy.HighsModelStatus.kUnboundedOrInfeasible,
            ):
                found.append(None)
            else:
                raise RuntimeError(f"the tables contradict each other ({status})")
        for number in (*plus, *minus):
            self.solver.changeColCost(number, 0.0)
        low, high = found
        return (
            0 if low is None else math.ceil(low - _NEAR),
            None if high is None else math.floor(high + _NEAR),
        )

    def far(self, number: int, rules: Rules) -> bool:
        """Whether two worlds already seen are far enough apart in one number."""
        low, high = self.least[number], self.most[number]
        return (
            bool(math.floor(high + _NEAR) - math.ceil(low - _NEAR) >= rules.min_width)
            if low <= high
            else False
        )


def known(rules: Rules, value: float | int | None, secondary: bool = False) -> tuple[float, float]:
    """What a printed cell says of the truth: the least and the largest it can be."""
    if value is None:
        # Where others than small ones are hidden too, nobody is told which is which.
        return (1.0, float(rules.hide) if rules.rounds and not secondary else highspy.kHighsInf)
    if not rules.rounds or value == 0:
        return (float(value), float(value))
    half = rules.round_to // 2
    return (max(float(value) - half, rules.hide + 1.0), float(value) + half)


def _has_secondary(result: TableResult) -> bool:
    return any(cell.reason and result.held[cell.at] > result.rules.hide for cell in result.inner)


def _narrowed(a: TableResult, b: TableResult) -> Any:
    """How cells of ``a`` are held to the families of ``b``: a test of a cell's key, or None when ``a`` cannot tell.

    ``a`` needs nothing when everything ``b`` is narrowed by, it is too.
    """
    tests = []
    for column, codes in b.spec.where:
        if (column, codes) in a.spec.where:
            continue
        at = next(
            (i for i, dim in enumerate(a.dims) if dim.hierarchy.columns == (column,) and not dim.level), None
        )
        if at is None:
            return None
        tests.append((at, frozenset(codes)))
    return lambda key: all(key[at] in codes for at, codes in tests)


def _shared(a: TableResult, b: TableResult) -> list[tuple[list[Key], list[Key], Key]]:
    """For each value of the dimensions that both have, at the coarser of their levels: the cells of each."""
    pairs = [
        (i, j, max(x.level, y.level))
        for i, x in enumerate(a.dims)
        for j, y in enumerate(b.dims)
        if x.hierarchy.columns == y.hierarchy.columns
    ]

    def lifted(result: TableResult, at: int, level: int, label: str) -> str:
        dim = result.dims[at]
        return dim.hierarchy.over(dim.level, level)[label]

    def by(result: TableResult, mine: int) -> dict[Key, list[Key]]:
        groups: dict[Key, list[Key]] = {}
        for cell in result.inner:
            key = tuple(lifted(result, pair[mine], pair[2], cell.at[pair[mine]]) for pair in pairs)
            groups.setdefault(key, []).append(cell.at)
        return groups

    in_a, in_b = by(a, 0), by(b, 1)
    return [(in_a.get(key, []), in_b.get(key, []), key) for key in sorted(in_a.keys() | in_b.keys())]


def audit(results: Sequence[TableResult]) -> list[Recovered]:
    """Every hidden number of all tables together that an attacker gets closer to than the rules allow."""
    attacker = Attacker(results)
    found = []
    for table, result in enumerate(attacker.results):
        for cell in result.inner:
            number = attacker.of[table][cell.at]
            if cell.reason and not attacker.far(number, result.rules):
                low, high = attacker.bounds([number])
                if _near(low, high, result.rules):
                    found.append(Recovered(result.spec.name, cell.at, low, high))
        for cell in result.cells:
            if cell.reason and TOTAL in cell.at and not result.rules.rounds:
                of = [number for at, number in attacker.of[table].items() if within(at, cell.at)]
                low, high = attacker.bounds(of)
                if _near(low, high, result.rules):
                    found.append(Recovered(result.spec.name, cell.at, low, high))
    for larger, smaller, at, plus, minus, true in attacker.rests:
        rules = attacker.results[larger].rules
        if 0 < true <= rules.hide:
            low, high = attacker.bounds(plus, minus)
            if _near(low, high, rules):
                names = (attacker.results[n].spec.name for n in (larger, smaller))
                found.append(Recovered(next(names), at, low, high, rest=next(names)))
    return found


def _near(low: int, high: int | None, rules: Rules) -> bool:
    return high is not None and high - low < rules.min_width
