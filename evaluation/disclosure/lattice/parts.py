"""What a search answers with, and the numbers that all of it shares."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evaluation.disclosure.recipe import Recipe

Node = tuple[int, ...]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
#: Losses that differ by less are the same; then fewer blanked rows win, then the smaller node.
SAME = 1e-9


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
    l: int
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
class Found:
    """One node that holds."""

    loss: float
    suppressed: int
    node: Node
    k: int
    l: int
    alpha: float
    classes: int

    def key(self) -> tuple[float, int, Node]:
        return (round(self.loss / SAME) * SAME, self.suppressed, self.node)


def solution_of(recipe: Recipe, found: Found, rows: int, looked_at: int, nodes: int) -> Solution:
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


def cannot(recipe: Recipe, frame: pl.DataFrame) -> str:
    where = "på opskriftens fastlagte niveauer" if recipe.node is not None else "på noget niveau"
    return (
        f"Rækkerne kan ikke gøres anonyme {where}: ikke alle grupper har {recipe.k} familier, {recipe.l} forskellige "
        f"værdier af hver følsom oplysning og højst {recipe.alpha:.0%} med samme værdi, når højst "
        f"{recipe.max_suppressed:.0%} af beskrivelserne udelades. Bed om tabeller i stedet."
    )
