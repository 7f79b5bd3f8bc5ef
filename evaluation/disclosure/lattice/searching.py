"""The node of least loss, proven."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evaluation.disclosure.lattice.looking import Lattice
from evaluation.disclosure.lattice.parts import SAME, Floats, Found, Solution, cannot, solution_of
from evaluation.disclosure.recipe import Recipe, RecipeError


def search(frame: pl.DataFrame, recipe: Recipe) -> Solution:
    """The node of least loss that meets ``recipe``, proven. A frozen recipe is only asked at its node.

    Raises RecipeError, in Danish, when no node meets it.
    """
    lattice = Lattice(frame, recipe)
    nodes = lattice.nodes()
    bounds = np.zeros(len(nodes))
    for number in range(nodes.shape[1]):
        bounds += np.asarray(lattice.loss_of_level[number])[nodes[:, number]]
    bounds /= nodes.shape[1]
    alive = np.ones(len(nodes), dtype=bool)
    best: Found | None = None
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
        raise RecipeError(cannot(recipe, frame))
    return solution_of(recipe, best, frame.height, looked_at, len(nodes))


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
