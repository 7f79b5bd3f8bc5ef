"""One frame under one recipe, and what can be asked of it: what a node loses, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from evaluation.disclosure.lattice.frequencies import Table, summed
from evaluation.disclosure.lattice.parts import SAME, Bools, Floats, Found, Ints, Node
from evaluation.disclosure.lattice.protecting import coded, protected
from evaluation.disclosure.recipe import Recipe, RecipeError

#: Keys up to here are counted in an array; more are sorted first.
DIRECT = 4_000_000


class Lattice:
    """The frequency table of one frame under one recipe, and what can be asked of it."""

    def __init__(self, frame: pl.DataFrame, recipe: Recipe) -> None:
        if frame.height == 0:
            raise RecipeError("Der er ingen rækker.")
        self.recipe = recipe
        self.total = frame.height
        self.allowed = int(recipe.max_suppressed * self.total + SAME)
        self.groups = [
            [np.asarray(h.groups(level), dtype=np.int64) for level in range(len(h.levels))]
            for h in recipe.quasi
        ]
        self.sizes = [[int(groups.max()) + 1 for groups in levels] for levels in self.groups]
        columns: dict[str, pl.Series] = {}
        for number, hierarchy in enumerate(recipe.quasi):
            columns[f"q{number}"] = hierarchy.codes(frame)
        self.values = []
        for number, sensitive in enumerate(recipe.sensitive):
            codes = coded(protected(frame, recipe, sensitive.column))
            self.values.append(int(codes.to_numpy().max()) + 1)
            columns[f"s{number}"] = codes
        # A family with several rows counts once in a class, which sums cannot say: then rows are kept apart.
        self.alone = frame[recipe.family].n_unique() == frame.height
        if not self.alone:
            columns["family"] = frame[recipe.family].rank("dense").cast(pl.UInt32)
        self.loss_of_level = self._losses(columns)
        names = [f"q{n}" for n in range(len(recipe.quasi))]
        self.table = summed(
            tuple(0 for _ in recipe.quasi),
            [columns[name].to_numpy() for name in names],
            [columns[f"s{n}"].to_numpy() for n in range(len(recipe.sensitive))],
            None,
            None if self.alone else columns["family"].to_numpy(),
        )

    def _losses(self, columns: Mapping[str, pl.Series]) -> list[list[float]]:
        """Per hierarchy and level: the mean loss over all rows."""
        means = []
        for number, hierarchy in enumerate(self.recipe.quasi):
            often = np.bincount(columns[f"q{number}"].to_numpy(), minlength=len(hierarchy.leaves))
            means.append(
                [
                    float(np.dot(often, np.asarray(hierarchy.losses(level)))) / self.total
                    for level in range(len(hierarchy.levels))
                ]
            )
        return means

    def bound(self, node: Node) -> float:
        """The loss of ``node`` when nothing is blanked: no result at it can lose less."""
        return sum(self.loss_of_level[n][level] for n, level in enumerate(node)) / len(node)

    def nodes(self) -> npt.NDArray[np.int8]:
        """Every node within the floors, or the one that the recipe is frozen at."""
        if self.recipe.node is not None:
            return np.asarray([self.recipe.node], dtype=np.int8)
        spans = [np.arange(h.floor, len(h.levels), dtype=np.int8) for h in self.recipe.quasi]
        grid = np.meshgrid(*spans, indexing="ij")
        return np.stack([axis.ravel() for axis in grid], axis=1)

    def roll_up(self, base: Node) -> None:
        """Sum the table to the levels of ``base``, which no node left is finer than."""
        old = self.table
        if base == old.base:
            return
        self.table = summed(
            base,
            [
                self._lift(number, fine, coarse).astype(np.uint16)[old.quasi[number]]
                for number, (fine, coarse) in enumerate(zip(old.base, base, strict=True))
            ],
            old.secret,
            old.rows,
            old.family,
        )

    def _lift(self, number: int, fine: int, coarse: int) -> Ints:
        """Group number at level ``fine`` → group number at level ``coarse``."""
        lifted = np.zeros(self.sizes[number][fine], dtype=np.int64)
        lifted[self.groups[number][fine] if fine else np.arange(len(lifted))] = self.groups[number][coarse]
        return lifted

    def classes(self, node: Node) -> tuple[Ints, int]:
        """The number of each line's class at ``node``, and how many classes there are."""
        key = np.zeros(len(self.table.rows), dtype=np.int64)
        room = 1
        for number, level in enumerate(node):
            size = self.sizes[number][level]
            if size > 1:
                lift = self._lift(number, self.table.base[number], level)
                key *= size
                key += lift[self.table.quasi[number]]
                room *= size
        if room <= DIRECT:
            used = np.bincount(key, minlength=room) > 0
            return (np.cumsum(used) - 1)[key], int(used.sum())
        ranked = pl.Series(key).rank("dense").to_numpy().astype(np.int64) - 1
        return ranked, int(ranked.max()) + 1

    def families(self, key: Ints, count: int) -> Ints:
        """How many families each class has."""
        if self.table.family is None:
            return np.bincount(key, weights=self.table.rows, minlength=count).astype(np.int64)
        pairs = pl.DataFrame({"key": key, "family": self.table.family}).unique()
        return np.bincount(pairs["key"].to_numpy(), minlength=count)

    def look(self, node: Node) -> tuple[Found | None, bool]:
        """The result at ``node``, or None when it does not hold; and whether all finer nodes fail with it."""
        recipe = self.recipe
        key, count = self.classes(node)
        rows = np.bincount(key, weights=self.table.rows, minlength=count).astype(np.int64)
        families = rows if self.table.family is None else self.families(key, count)
        failing = families < recipe.k
        if int(rows[failing].sum()) > self.allowed:
            return None, True
        least, shares = self._spread(key, count, rows)
        failing = failing | (least < recipe.l)
        if int(rows[failing].sum()) > self.allowed:
            return None, True
        failing = failing | (shares > recipe.alpha + SAME)
        suppressed = int(rows[failing].sum())
        if suppressed > self.allowed:
            return None, False
        k, l, alpha = int(recipe.k), 0, 0.0
        held = ~failing
        if not held.any():
            return None, False
        k, l, alpha = int(families[held].min()), int(least[held].min()), float(shares[held].max())
        classes = int(held.sum())
        if suppressed:
            blank = failing[key]
            blank_key = np.zeros(int(blank.sum()), dtype=np.int64)
            whole = self.table
            self.table = Table(
                base=whole.base,
                quasi=[values[blank] for values in whole.quasi],
                secret=[values[blank] for values in whole.secret],
                rows=whole.rows[blank],
                family=None if whole.family is None else whole.family[blank],
            )
            try:
                blank_rows = np.asarray([suppressed])
                blank_families = self.families(blank_key, 1)
                blank_least, blank_shares = self._spread(blank_key, 1, blank_rows)
            finally:
                self.table = whole
            if (
                blank_families[0] < recipe.k
                or blank_least[0] < recipe.l
                or blank_shares[0] > recipe.alpha + SAME
            ):
                return None, False
            k, l = min(k, int(blank_families[0])), min(l, int(blank_least[0]))
            alpha = max(alpha, float(blank_shares[0]))
            classes += 1
        loss = self._loss(node, failing[key], suppressed)
        return Found(loss, suppressed, node, k, l, alpha, classes), False

    def _spread(self, key: Ints, count: int, rows: Ints) -> tuple[Ints, Floats]:
        """Per class, over all sensitive variables: the fewest different values, the largest share of one."""
        least = np.full(count, np.iinfo(np.int64).max)
        shares = np.zeros(count)
        for number, size in enumerate(self.values):
            values = self.table.secret[number]
            if count * size <= DIRECT:
                table = np.bincount(key * size + values, weights=self.table.rows, minlength=count * size)
                table = table.reshape(count, size)
                least = np.minimum(least, (table > 0).sum(axis=1))
                shares = np.maximum(shares, table.max(axis=1) / rows)
            else:
                often = (
                    pl.DataFrame({"key": key, "value": values, "rows": self.table.rows})
                    .group_by("key", "value")
                    .agg(pl.col("rows").sum())
                    .group_by("key")
                    .agg(pl.len().alias("values"), pl.col("rows").max())
                )
                at = often["key"].to_numpy()
                least[at] = np.minimum(least[at], often["values"].to_numpy())
                shares[at] = np.maximum(shares[at], often["rows"].to_numpy() / rows[at])
        return least, shares

    def _loss(self, node: Node, blank: Bools, suppressed: int) -> float:
        """The mean loss of all rows at ``node`` when the lines ``blank`` lose everything."""
        if not suppressed:
            return self.bound(node)
        kept = np.zeros(len(blank))
        for number, level in enumerate(node):
            by_group = np.zeros(self.sizes[number][level])
            by_group[self.groups[number][level]] = self.recipe.quasi[number].losses(level)
            lift = self._lift(number, self.table.base[number], level)
            kept += by_group[lift[self.table.quasi[number]]]
        spared = float(np.dot(kept[blank], self.table.rows[blank])) / len(node)
        return self.bound(node) + (suppressed - spared) / self.total
