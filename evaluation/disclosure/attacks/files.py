"""Attacks on the finished files, and on the gates themselves."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl

from evaluation.disclosure import delta, leaks, risk
from evaluation.disclosure.attacks.between import differences
from evaluation.disclosure.attacks.parts import After, AttackResult, Looked
from evaluation.disclosure.attacks.rows import small_classes
from evaluation.disclosure.attacks.tables import small_cells
from evaluation.disclosure.counting import Counted, count
from evaluation.disclosure.recipe import Recipe
from evaluation.disclosure.tables import TableResult


def leak_scan(files: Mapping[str, bytes], looked: Looked) -> AttackResult:
    """A10: a look through every finished file."""
    hits = leaks.scan(files, looked.allowed or {}, looked.canaries, dates_in=looked.dates_in)
    where = ", ".join(sorted({f"{hit.kind} i {hit.file}" for hit in hits})[:5])
    return AttackResult(
        "A10",
        "Står der noget i filerne, der ikke må stå der?",
        not hits and bool(files),
        True,
        f"{len(hits)} fund i {len(files)} filer" if files else "ingen filer",
        f"Vi læste alle {len(files)} filer igennem, også navne, tekster og skjulte oplysninger om filen, efter CPR-numre, "
        "telefonnumre, adresser, datoer og navne"
        + (", og ord plantet i journalen for at se, om de slipper ud. " if looked.canaries else ". ")
        + (
            f"Der er {len(hits)} fund: {where}."
            if hits
            else "Der er ingen fund."
            if files
            else "Der var ingen filer."
        ),
    )


#: What is planted to see whether A10 finds it: nobody's number, on a day that is.
PLANTED_CPR = "311299-0000"
_ANY_DAY = datetime(2026, 1, 1)


def gates_hold(
    kind: str,
    *,
    before: Mapping[str, pl.DataFrame],
    after: After,
    files: Mapping[str, bytes],
    looked: Looked,
) -> AttackResult:
    """A14: spoil a copy of the release in every way there is a gate for; each must be caught."""
    spoiled: dict[str, bool] = {"et CPR-nummer i en note": _catches_cpr(looked)}
    if kind == "T2" and isinstance(after, pl.DataFrame) and looked.recipe is not None:
        spoiled["en gruppe på én for lidt"] = _catches_small_class(after, looked.recipe)
    if kind == "T3" and not isinstance(after, pl.DataFrame):
        counted = next((r for r in after if r.spec.measure == "families" and r.inner and not r.refused), None)
        if counted is not None:
            spoiled["et lille tal"] = _catches_small_cell(counted)
            spoiled["tre nye familier"] = _catches_three(before, counted)
    missed = [what for what, caught in spoiled.items() if not caught]
    return AttackResult(
        "A14",
        "Virker kontrollerne?",
        not missed,
        True,
        f"{len(spoiled) - len(missed)} af {len(spoiled)} fanget",
        f"Vi ødelagde med vilje en kopi af udleveringen på {len(spoiled)} måder ({', '.join(spoiled)}) og så, om "
        "kontrollerne opdagede det. "
        + (f"De overså {', '.join(missed)}." if missed else "De opdagede det hver gang."),
    )


def _catches_cpr(looked: Looked) -> bool:
    out = io.StringIO()
    csv.writer(out).writerows([["note"], [f"ring om {PLANTED_CPR}"]])
    spoiled = {
        "note.csv": out.getvalue().encode(),
        "codebook.json": f'{{"title": "{PLANTED_CPR}"}}'.encode(),
    }
    hits = leaks.scan(spoiled, looked.allowed or {}, looked.canaries, dates_in=looked.dates_in)
    return {hit.file for hit in hits if hit.kind == "CPR"} == set(spoiled)


def _catches_small_class(after: pl.DataFrame, recipe: Recipe) -> bool:
    names = [h.name for h in recipe.quasi]
    secret = [s.column for s in recipe.sensitive]
    smallest = after.group_by(names).agg(pl.len().alias("n")).sort("n", *names).head(1).drop("n")
    marked = after.join(
        smallest.with_columns(pl.lit(True).alias("in")), on=names, how="left", nulls_equal=True
    )
    inside = marked.filter(pl.col("in").fill_null(False)).drop("in").head(recipe.k - 1)
    outside = marked.filter(~pl.col("in").fill_null(False)).drop("in")
    measured = risk.measure(pl.concat([outside, inside]), names, secret, k=recipe.k)
    return not small_classes(measured, measured, recipe).passed


def _catches_small_cell(result: TableResult) -> bool:
    at = result.inner[0].at
    held = {**result.held, at: min(6, result.rules.hide)}
    cells = tuple(replace(c, value=held[at], reason="") if c.at == at else c for c in result.cells)
    return not small_cells([replace(result, cells=cells, held=held)]).passed


def _catches_three(before: Mapping[str, pl.DataFrame], result: TableResult) -> bool:
    counted = count(before, result.spec)
    if not counted.cells:
        return False
    at, cell = max(counted.cells.items(), key=lambda one: one[1].families)
    more = Counted(
        counted.spec_name,
        {**counted.cells, at: replace(cell, families=cell.families + 3, rows=cell.rows + 3)},
    )
    kept = [
        delta.Registered(
            release=name,
            kind="T3",
            recipe_hash="",
            cohort="",
            snapshot_at=_ANY_DAY,
            tables={result.spec.name: table},
            about={result.spec.name: delta.About.of(result.spec, result.rules, result)},
        )
        for name, table in (("før", counted), ("efter", more))
    ]
    return not differences(kept[:1], kept[1], 0).passed
