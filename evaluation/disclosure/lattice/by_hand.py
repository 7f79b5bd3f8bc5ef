"""The same answer without any of the search: slow, and what the search is held against."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import polars as pl

from evaluation.disclosure.lattice.parts import SAME, Found, Node, Solution, cannot, solution_of
from evaluation.disclosure.lattice.protecting import protected
from evaluation.disclosure.recipe import Recipe, RecipeError


def brute_force(frame: pl.DataFrame, recipe: Recipe) -> Solution:
    """The same answer by looking at every node with plain group-bys: slow, and what `search` is held against."""
    best: Found | None = None
    spans = [range(h.floor, len(h.levels)) for h in recipe.quasi]
    all_nodes = [recipe.node] if recipe.node is not None else list(itertools.product(*spans))
    for node in all_nodes:
        found = _by_hand(frame, recipe, node)
        if found is not None and (best is None or found.key() < best.key()):
            best = found
    if best is None:
        raise RecipeError(cannot(recipe, frame))
    return solution_of(recipe, best, frame.height, len(all_nodes), len(all_nodes))


def _by_hand(frame: pl.DataFrame, recipe: Recipe, node: Node) -> Found | None:
    """One node, from the rows: classes by labels, blanked where they do not hold, and all counted again."""
    names = [h.name for h in recipe.quasi]
    rows = pl.DataFrame(
        [h.labels(frame, level) for h, level in zip(recipe.quasi, node, strict=True)]
        + [protected(frame, recipe, s.column).alias(f"secret {s.column}") for s in recipe.sensitive]
        + [frame[recipe.family].alias("family of the row")]
    ).with_columns(
        pl.sum_horizontal(
            pl.Series(np.asarray(h.losses(level))[h.codes(frame).to_numpy()])
            for h, level in zip(recipe.quasi, node, strict=True)
        ).alias("lost")
        / len(node)
    )
    classes = measured(rows, names, recipe)
    failing = classes.filter(
        (pl.col("k") < recipe.k) | (pl.col("l") < recipe.l) | (pl.col("alpha") > recipe.alpha + SAME)
    ).select(*names, pl.lit(True).alias("blank"))
    rows = rows.join(failing, on=names, how="left").with_columns(pl.col("blank").fill_null(False))
    suppressed = int(rows["blank"].sum())
    if suppressed > int(recipe.max_suppressed * rows.height + SAME) or suppressed == rows.height:
        return None
    released = rows.with_columns(
        pl.when("blank").then(None).otherwise(pl.col(name)).alias(name) for name in names
    )
    classes = measured(released, [*names, "blank"], recipe)
    k, l, alpha = (
        int(classes["k"].min()),  # type: ignore[arg-type]
        int(classes["l"].min()),  # type: ignore[arg-type]
        float(classes["alpha"].max()),  # type: ignore[arg-type]
    )
    if k < recipe.k or l < recipe.l or alpha > recipe.alpha + SAME:
        return None
    loss = float(rows.select(pl.when("blank").then(1.0).otherwise(pl.col("lost")).mean()).item())
    return Found(loss, suppressed, node, k, l, alpha, classes.height)


def measured(rows: pl.DataFrame, names: Sequence[str], recipe: Recipe) -> pl.DataFrame:
    secrets = [f"secret {s.column}" for s in recipe.sensitive]
    values = [pl.col(s).n_unique().alias(f"l {s}") for s in secrets]
    most = [
        (pl.col(s).fill_null("~") if rows[s].dtype == pl.String else pl.col(s)).value_counts(sort=True)
        .first().struct.field("count").alias(f"most {s}")
        for s in secrets
    ]  # fmt: skip
    return (
        rows.group_by(names)
        .agg(pl.col("family of the row").n_unique().alias("k"), pl.len().alias("rows"), *values, *most)
        .with_columns(
            pl.min_horizontal([f"l {s}" for s in secrets]).alias("l"),
            (pl.max_horizontal([f"most {s}" for s in secrets]) / pl.col("rows")).alias("alpha"),
        )
    )
