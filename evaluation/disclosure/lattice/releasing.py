"""The rows as they may leave, at a node that holds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import polars as pl

from evaluation.disclosure.lattice.by_hand import measured
from evaluation.disclosure.lattice.looking import Lattice
from evaluation.disclosure.lattice.parts import SAME, cannot
from evaluation.disclosure.lattice.protecting import protected
from evaluation.disclosure.recipe import UNKNOWN, Recipe, RecipeError

#: Why a description is not there: its row was blanked, or the whole column was made so coarse that nothing is left.
BLANKED, LEFT_OUT = "suppressed", "generalised"


def apply(frame: pl.DataFrame, recipe: Recipe, node: Sequence[int], *, seed: bytes) -> pl.DataFrame:
    """The rows as they may leave: `row_id`, each description at its level, each sensitive variable.

    A description that is not there has its reason in `<name>_missing`. Rows are sorted by what they say and then
    shuffled, and their ids made, from ``seed`` alone: the same seed gives the same bytes, another one new ids and another
    order. Neither the family nor the order it came in is left. Raises RecipeError when a class does not hold.
    """
    found, _ = Lattice(frame, recipe).look(tuple(node))
    if found is None:
        raise RecipeError(cannot(recipe, frame))
    names = [h.name for h in recipe.quasi]
    labels = pl.DataFrame([h.labels(frame, level) for h, level in zip(recipe.quasi, node, strict=True)])
    secrets = [protected(frame, recipe, s.column).alias(f"secret {s.column}") for s in recipe.sensitive]
    rows = labels.with_columns(*secrets, frame[recipe.family].alias("family of the row"))
    failing = measured(rows, names, recipe).filter(
        (pl.col("k") < recipe.k) | (pl.col("l") < recipe.l) | (pl.col("alpha") > recipe.alpha + SAME)
    )
    blank = rows.join(
        failing.select(*names, pl.lit(True).alias("blank")), on=names, how="left", maintain_order="left"
    )["blank"].fill_null(False)
    columns: list[pl.Series] = []
    for hierarchy, level in zip(recipe.quasi, node, strict=True):
        starred = level == len(hierarchy.levels) - 1
        words = labels[hierarchy.name]
        none = pl.Series(hierarchy.name, [None], dtype=pl.String)
        columns.append(none.new_from_index(0, frame.height) if starred else words.set(blank, None))
        reason = pl.Series(f"{hierarchy.name}_missing", [LEFT_OUT if starred else None], dtype=pl.String)
        columns.append(reason.new_from_index(0, frame.height).set(blank, BLANKED))
    for sensitive, value in zip(recipe.sensitive, secrets, strict=True):
        columns.extend(_parted(value, sensitive.column))
    return _as_new(pl.DataFrame(columns), seed)


def _parted(values: pl.Series, column: str) -> list[pl.Series]:
    """A sensitive column and why a value of it is missing."""
    if values.dtype != pl.String:
        reasons = pl.Series([UNKNOWN if missing else None for missing in values.is_null()], dtype=pl.String)
        return [values.alias(column), reasons.alias(f"{column}_missing")]
    missing = values.is_null() | values.str.starts_with("~")
    reasons = values.fill_null("~" + UNKNOWN).str.strip_prefix("~").set(~missing, None)
    return [values.set(missing, None).alias(column), reasons.alias(f"{column}_missing")]


def _as_new(rows: pl.DataFrame, seed: bytes) -> pl.DataFrame:
    """Rows in an order and under ids that come from ``seed`` alone."""
    rows = rows.sort(rows.columns, nulls_last=True)
    order = np.frombuffer(hashlib.shake_256(seed + b"order").digest(8 * rows.height), dtype=np.uint64)
    rows = rows[np.argsort(order, kind="stable")]
    noise = hashlib.shake_256(seed + b"ids").hexdigest(8 * rows.height)
    ids = pl.Series("row_id", [noise[16 * n : 16 * n + 16] for n in range(rows.height)], dtype=pl.String)
    return rows.insert_column(0, ids)
