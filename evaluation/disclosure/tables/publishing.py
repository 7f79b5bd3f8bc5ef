"""All tables of a release, so that none can be reckoned back from all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from evaluation.disclosure.counting import TOTAL, Counted, Key, TableSpec
from evaluation.disclosure.tables.attacker import audit
from evaluation.disclosure.tables.building import build, useless
from evaluation.disclosure.tables.counts import with_hidden
from evaluation.disclosure.tables.parts import HIDDEN, Cell, Rules, TableResult


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
    return _given_up(result) if useless(mended) else mended


def _given_up(result: TableResult) -> TableResult:
    return TableResult(
        result.spec,
        result.rules,
        result.level,
        refused=f"Tabellen »{result.spec.title}« kan ikke udgives: skjulte tal i den kan regnes ud af de andre tabeller.",
    )
