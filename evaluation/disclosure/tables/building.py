"""One table by the rules, at the finest geography that they allow."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from evaluation.disclosure.counting import (
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
from evaluation.disclosure.tables.counts import count_table
from evaluation.disclosure.tables.numbers import number_table
from evaluation.disclosure.tables.parts import MUNICIPALITY_LEVEL, TOO_FEW, WHOLE, Rules, TableResult


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
        reason = useless(result)
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


def useless(result: TableResult) -> str:
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
        return count_table(bare, axes, cells)
    return number_table(bare, axes, cells)


def _axis(dim: Dim, seen: set[str]) -> list[str]:
    """The labels of one dimension: every code of a list, and of anything longer those between the first and the last."""
    labels = list(dim.labels())
    if dim.hierarchy is GEOGRAPHY or dim.hierarchy.name == GEOGRAPHY.name:
        return [label for label in labels if label in seen]
    known = [label for label in labels if label not in (UNKNOWN, OUTSIDE)]
    at = [number for number, label in enumerate(known) if label in seen]
    kept = known if len(known) <= 15 else known[min(at, default=0) : max(at, default=0) + 1]
    return [*kept, *(label for label in (UNKNOWN, OUTSIDE) if label in seen)]
