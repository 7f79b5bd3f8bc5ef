"""The least coarsening of whole columns that meets a recipe, found exactly.

A node says how far each hierarchy has gone. Rows of classes that do not hold (fewer than k families, fewer than l values of
a sensitive variable, one value above alpha) are blanked, not dropped: their descriptions go, what happened to the family
stays. At most `max_suppressed` of the rows may be blanked, and those blanked are a class that must hold too.

Loss of a node: the mean over rows of what their descriptions lose (`Hierarchy.losses`: generalised information loss),
blanked rows losing all. It can never be below what the hierarchies lose without blanking, and that bound only grows
upwards. The search (after the best-first and predictive-tagging searches of Flash and Incognito) walks the nodes that
may still be better than the best one known. Two rules let it leave nodes out, and both are exact:

* a node whose bound is above the best loss cannot be better;
* a row whose class has too few families or values has it in every finer class too, so when that alone is more than may
  be blanked, all finer nodes fail with it. (The share alpha is no such rule: a class within it can be made to break it by a
  neighbour that joins, so it is only asked of nodes that are looked at.)

All works on the table of frequencies, which is summed anew whenever all nodes left are coarser than it.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evaluation.disclosure.recipe import OTHER, UNKNOWN, Recipe, RecipeError

Node = tuple[int, ...]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Losses that differ by less are the same; then fewer blanked rows win, then the smaller node.
SAME = 1e-9
#: Keys up to here are counted in an array; more are sorted first.
DIRECT = 4_000_000


@dataclass(frozen=True)
class Solution:
    """What a search found. ``loss`` 0 (as it is) to 1 (all blank); k, l and alpha are what the result has.

    ``levels`` are the chosen levels' titles; ``suppressed`` rows are blanked of ``rows``; ``looked_at`` nodes of ``nodes``
    were counted out; ``proven``: no other node can be better.
    """

    node: Node
    levels: tuple[str, ...]
    loss: float
    k: int
    l: int  # noqa: E741
    alpha: float
    rows: int
    suppressed: int
    classes: int
    proven: bool
    looked_at: int
    nodes: int

    @property
    def suppressed_share(self) -> float:
        """The share of rows that are blanked."""
        return self.suppressed / self.rows if self.rows else 0.0

    def describe(self) -> dict[str, Any]:
        """For the report and the manifest."""
        return asdict(self)


@dataclass
class _Found:
    """One node that holds."""

    loss: float
    suppressed: int
    node: Node
    k: int
    l: int  # noqa: E741
    alpha: float
    classes: int

    def key(self) -> tuple[float, int, Node]:
        return (round(self.loss / SAME) * SAME, self.suppressed, self.node)


@dataclass
class _Table:
    """Rows summed by the levels of ``base``: group numbers per hierarchy, values of the sensitive ones, counts."""

    base: Node
    quasi: list[npt.NDArray[Any]]
    secret: list[npt.NDArray[Any]]
    rows: Ints
    family: npt.NDArray[Any] | None


def _summed(
    base: Node,
    quasi: list[npt.NDArray[Any]],
    secret: list[npt.NDArray[Any]],
    rows: Ints | None,
    family: npt.NDArray[Any] | None,
) -> _Table:
    """Lines that are alike in everything put together; without ``rows`` each line is one row.

    All columns go into one number and out of it again, which takes a tenth of the room that a table of them does.
    """
    columns = [*quasi, *secret, *([family] if family is not None else [])]
    sizes = [int(column.max()) + 1 for column in columns]
    if math.prod(sizes) >= 1 << 63:
        return _summed_as_table(base, columns, rows, len(quasi), len(secret))
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        key *= size
        key += column
    if rows is None:
        found, often = np.unique(key, return_counts=True)
    else:
        found, place = np.unique(key, return_inverse=True)
        often = np.bincount(place, weights=rows).astype(np.int64)
    parts: list[npt.NDArray[Any]] = []
    for column, size in zip(reversed(columns), reversed(sizes), strict=True):
        parts.append((found % size).astype(column.dtype))
        found //= size
    parts.reverse()
    many = len(quasi)
    return _Table(
        base=base,
        quasi=parts[:many],
        secret=parts[many : many + len(secret)],
        rows=often.astype(np.int64),
        family=parts[-1] if family is not None else None,
    )


def _summed_as_table(
    base: Node, columns: list[npt.NDArray[Any]], rows: Ints | None, quasi: int, secret: int
) -> _Table:
    """The same where there are more combinations than one number can tell apart."""
    lines = pl.DataFrame({str(n): column for n, column in enumerate(columns)})
    names = lines.columns
    often = pl.Series("rows", rows if rows is not None else np.ones(lines.height, dtype=np.int64))
    summed = lines.with_columns(often).group_by(names).agg(pl.col("rows").sum())
    parts = [summed[name].to_numpy() for name in names]
    return _Table(
        base=base,
        quasi=parts[:quasi],
        secret=parts[quasi : quasi + secret],
        rows=summed["rows"].to_numpy(),
        family=parts[-1] if len(parts) > quasi + secret else None,
    )


class _Lattice:
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
        self.table = _summed(
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
        self.table = _summed(
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

    def look(self, node: Node) -> tuple[_Found | None, bool]:
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
        k, l, alpha = int(recipe.k), 0, 0.0  # noqa: E741
        held = ~failing
        if not held.any():
            return None, False
        k, l, alpha = int(families[held].min()), int(least[held].min()), float(shares[held].max())  # noqa: E741
        classes = int(held.sum())
        if suppressed:
            blank = failing[key]
            blank_key = np.zeros(int(blank.sum()), dtype=np.int64)
            whole = self.table
            self.table = _Table(
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
            k, l = min(k, int(blank_families[0])), min(l, int(blank_least[0]))  # noqa: E741
            alpha = max(alpha, float(blank_shares[0]))
            classes += 1
        loss = self._loss(node, failing[key], suppressed)
        return _Found(loss, suppressed, node, k, l, alpha, classes), False

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


def coded(values: pl.Series) -> pl.Series:
    """Values as numbers from 0, missing ones a value of their own (UInt16)."""
    ranked = values.rank("dense").cast(pl.UInt32)
    return ranked.fill_null(0).cast(pl.UInt16)


def protected(frame: pl.DataFrame, recipe: Recipe, column: str) -> pl.Series:
    """A sensitive column as it may leave. Numbers: the ends gathered at the 5th and 95th percentile, then rounded. Codes:
    those that few families have are put together.

    A missing value with a reason (`<column>_missing`) is as different from others as its reason.
    """
    sensitive = next(one for one in recipe.sensitive if one.column == column)
    values = frame[column]
    if sensitive.digits:
        low, high = values.quantile(0.05, "nearest"), values.quantile(0.95, "nearest")
        return values.cast(pl.Float64).clip(low, high).round_sig_figs(sensitive.digits)
    reason = f"{column}_missing"
    said = values.cast(pl.String)
    if reason in frame.columns:
        why = pl.col(reason).fill_null(UNKNOWN)
        said = frame.select(pl.col(column).cast(pl.String).fill_null("~" + why)).to_series()
    often = pl.DataFrame({"value": said, "family": frame[recipe.family]}).group_by("value")
    rare = often.agg(pl.col("family").n_unique().alias("n")).filter(pl.col("n") < sensitive.rare)["value"]
    few = [value for value in rare.drop_nulls().to_list() if not value.startswith("~")]
    return said.set(said.is_in(few), OTHER).alias(column) if few else said.alias(column)


def search(frame: pl.DataFrame, recipe: Recipe) -> Solution:
    """The node of least loss that meets ``recipe``, proven. A frozen recipe is only asked at its node.

    Raises RecipeError, in Danish, when no node meets it.
    """
    lattice = _Lattice(frame, recipe)
    nodes = lattice.nodes()
    bounds = np.zeros(len(nodes))
    for number in range(nodes.shape[1]):
        bounds += np.asarray(lattice.loss_of_level[number])[nodes[:, number]]
    bounds /= nodes.shape[1]
    alive = np.ones(len(nodes), dtype=bool)
    best: _Found | None = None
    looked_at = 0

    def settle(index: int) -> bool:
        """Look at one node and leave out what follows from it; whether it is the coarser ones that are left."""
        nonlocal best, looked_at
        node = tuple(int(level) for level in nodes[index])
        found, finer_fail = lattice.look(node)
        looked_at += 1
        alive[index] = False
        if found is not None and (best is None or found.key() < best.key()):
            best = found
        if found is None and finer_fail:
            alive[np.all(nodes <= nodes[index], axis=1)] = False
        if best is not None:
            alive[bounds > best.loss + SAME] = False
        return found is None

    while alive.any():
        lattice.roll_up(tuple(int(level) for level in nodes[alive].min(axis=0)))
        # From the finest node left, halve the way up to what lies above it: a failing node in the middle takes all below
        # it away, a holding one everything that loses more.
        left = np.flatnonzero(alive)
        start = left[np.argmin(bounds[left])]
        chain = _chain(nodes, bounds, left, int(start))
        low, high = 0, len(chain) - 1
        while low <= high:
            middle = (low + high) // 2
            if not alive[chain[middle]]:
                # Left out meanwhile: by a bound when something better is known, else by a failing node above.
                if best is not None and bounds[chain[middle]] > best.loss:
                    high = middle - 1
                else:
                    low = middle + 1
                continue
            if settle(chain[middle]):
                low = middle + 1
            else:
                high = middle - 1
    if best is None:
        raise RecipeError(_cannot(recipe, frame))
    return _solution(recipe, best, frame.height, looked_at, len(nodes))


def _chain(nodes: npt.NDArray[np.int8], bounds: Floats, left: npt.NDArray[Any], start: int) -> list[int]:
    """Nodes of ``left`` from ``start`` upwards, each above the one before, as short steps as there are."""
    chain = [start]
    above = left[np.all(nodes[left] >= nodes[start], axis=1) & (left != start)]
    while len(above):
        heights = nodes[above].sum(axis=1)
        nearest = above[heights == heights.min()]
        step = int(nearest[np.argmin(bounds[nearest])])
        chain.append(step)
        above = above[np.all(nodes[above] >= nodes[step], axis=1) & (above != step)]
    return chain


def _solution(recipe: Recipe, found: _Found, rows: int, looked_at: int, nodes: int) -> Solution:
    return Solution(
        node=found.node,
        levels=tuple(h.levels[level].title for h, level in zip(recipe.quasi, found.node, strict=True)),
        loss=found.loss,
        k=found.k,
        l=found.l,
        alpha=found.alpha,
        rows=rows,
        suppressed=found.suppressed,
        classes=found.classes,
        proven=True,
        looked_at=looked_at,
        nodes=nodes,
    )


def _cannot(recipe: Recipe, frame: pl.DataFrame) -> str:
    where = "på opskriftens fastlagte niveauer" if recipe.node is not None else "på noget niveau"
    return (
        f"Rækkerne kan ikke gøres anonyme {where}: ikke alle grupper har {recipe.k} familier, {recipe.l} forskellige "
        f"værdier af hver følsom oplysning og højst {recipe.alpha:.0%} med samme værdi, når højst "
        f"{recipe.max_suppressed:.0%} af beskrivelserne udelades. Bed om tabeller i stedet."
    )


def brute_force(frame: pl.DataFrame, recipe: Recipe) -> Solution:
    """The same answer by looking at every node with plain group-bys: slow, and what `search` is held against."""
    best: _Found | None = None
    spans = [range(h.floor, len(h.levels)) for h in recipe.quasi]
    all_nodes = [recipe.node] if recipe.node is not None else list(itertools.product(*spans))
    for node in all_nodes:
        found = _by_hand(frame, recipe, node)
        if found is not None and (best is None or found.key() < best.key()):
            best = found
    if best is None:
        raise RecipeError(_cannot(recipe, frame))
    return _solution(recipe, best, frame.height, len(all_nodes), len(all_nodes))


def _by_hand(frame: pl.DataFrame, recipe: Recipe, node: Node) -> _Found | None:
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
    measured = _measured(rows, names, recipe)
    failing = measured.filter(
        (pl.col("k") < recipe.k) | (pl.col("l") < recipe.l) | (pl.col("alpha") > recipe.alpha + SAME)
    ).select(*names, pl.lit(True).alias("blank"))
    rows = rows.join(failing, on=names, how="left").with_columns(pl.col("blank").fill_null(False))
    suppressed = int(rows["blank"].sum())
    if suppressed > int(recipe.max_suppressed * rows.height + SAME) or suppressed == rows.height:
        return None
    released = rows.with_columns(
        pl.when("blank").then(None).otherwise(pl.col(name)).alias(name) for name in names
    )
    measured = _measured(released, [*names, "blank"], recipe)
    k, l, alpha = (  # noqa: E741
        int(measured["k"].min()),  # type: ignore[arg-type]
        int(measured["l"].min()),  # type: ignore[arg-type]
        float(measured["alpha"].max()),  # type: ignore[arg-type]
    )
    if k < recipe.k or l < recipe.l or alpha > recipe.alpha + SAME:
        return None
    loss = float(rows.select(pl.when("blank").then(1.0).otherwise(pl.col("lost")).mean()).item())
    return _Found(loss, suppressed, node, k, l, alpha, measured.height)


def _measured(rows: pl.DataFrame, names: Sequence[str], recipe: Recipe) -> pl.DataFrame:
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


#: Why a description is not there: its row was blanked, or the whole column was made so coarse that nothing is left.
BLANKED, LEFT_OUT = "suppressed", "generalised"


def apply(frame: pl.DataFrame, recipe: Recipe, node: Sequence[int], *, seed: bytes) -> pl.DataFrame:
    """The rows as they may leave: `row_id`, each description at its level, each sensitive variable.

    A description that is not there has its reason in `<name>_missing`. Rows are sorted by what they say and then
    shuffled, and their ids made, from ``seed`` alone: the same seed gives the same bytes, another one new ids and another
    order. Neither the family nor the order it came in is left. Raises RecipeError when a class does not hold.
    """
    found, _ = _Lattice(frame, recipe).look(tuple(node))
    if found is None:
        raise RecipeError(_cannot(recipe, frame))
    names = [h.name for h in recipe.quasi]
    labels = pl.DataFrame([h.labels(frame, level) for h, level in zip(recipe.quasi, node, strict=True)])
    secrets = [protected(frame, recipe, s.column).alias(f"secret {s.column}") for s in recipe.sensitive]
    rows = labels.with_columns(*secrets, frame[recipe.family].alias("family of the row"))
    failing = _measured(rows, names, recipe).filter(
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
