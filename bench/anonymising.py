"""Making a million rows anonymous, exactly, against one count of the same columns: time here, memory in a child."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bench.timing import Comparison, Way, compare
from evaluation.disclosure import lattice
from evaluation.disclosure.geography import LANDSDEL_OF
from evaluation.disclosure.recipe import (
    CHILD_AT_START,
    HOME_LANGUAGE,
    OLDER_CHILDREN,
    T2,
    Recipe,
    Sensitive,
    geography,
    half_years,
    parents_age,
)

#: Six facts that describe a family, to their finest, and two sensitive ones; five families with two answers each.
RECIPE: Recipe = replace(
    T2,
    quasi=(
        geography(),
        half_years("started", "Start i indsatsen", "started_on"),
        parents_age(1),
        OLDER_CHILDREN,
        CHILD_AT_START,
        HOME_LANGUAGE,
    ),
    sensitive=(Sensitive("outcome", "Udfald"), Sensitive("employment_parent_1", "Arbejde")),
    k=5,
    l=2,
    alpha=0.9,
)
COLUMNS = (
    "municipality_code", "started_on", "age_parent_1", "older_children", "child_at_start", "home_language", "outcome",
    "employment_parent_1",
)  # fmt: skip


def population(rows: int, *, seed: int = 1) -> pl.DataFrame:
    """``rows`` invented families over the whole country and eight years."""
    chance = np.random.default_rng(seed)
    places = np.asarray(sorted(LANDSDEL_OF))
    weights = 1 / np.arange(2, len(places) + 2)

    def code(codes: str, often: tuple[int, ...]) -> pl.Series:
        words = codes.split()
        shares = np.asarray(often) / sum(often)
        return (
            pl.Series(words, dtype=pl.Enum(words))
            .gather(chance.choice(len(words), rows, p=shares))
            .cast(pl.String)
        )

    return pl.DataFrame(
        {
            "family_id": np.arange(rows),
            "municipality_code": chance.choice(places, rows, p=weights / weights.sum()),
            "started_on": np.datetime64("2024-01-01", "D")
            + chance.integers(0, 2920, rows).astype("timedelta64[D]"),
            "age_parent_1": np.clip(chance.normal(26, 5, rows).round(), 16, 44).astype(np.int32),
            "older_children": chance.choice(5, rows, p=(0.5, 0.27, 0.14, 0.06, 0.03)),
            "child_at_start": code("born expected", (55, 45)),
            "home_language": code("danish other both", (78, 10, 12)),
            "outcome": code(
                "home_together home_with_support child_placed other_offer withdrawn", (35, 32, 18, 6, 9)
            ),
            "employment_parent_1": code("employed education benefits pension none", (20, 20, 40, 8, 12)),
        }
    )


def compare_anonymising(*, rows: int, rounds: int) -> Comparison:
    """The least coarsening of ``rows`` rows, proven, against counting their combinations once."""
    frame = population(rows)

    def ours(_: Any) -> None:
        found = lattice.search(frame, RECIPE)
        if not found.proven or found.k < RECIPE.k:
            raise RuntimeError(f"the search ended with {found}")

    return compare(
        "anonymising / one group-by",
        Way(f"{rows} rows, six facts, two sensitive: the least coarsening, proven", ours),
        Way("their combinations counted once", lambda _: frame.group_by(COLUMNS).agg(pl.len())),
        rounds=rounds,
    )


# Not `getrusage`: what it calls the most a process had is carried over from the process that started it.
_CHILD = """
import json, sys
from pathlib import Path
from bench.anonymising import RECIPE, population
from evaluation.disclosure import lattice
frame = population(int(sys.argv[1]))
found = lattice.search(frame, RECIPE)
lines = Path("/proc/self/status").read_text().splitlines()
peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
print(json.dumps({"peak_bytes": peak, "looked_at": found.looked_at, "nodes": found.nodes, "loss": found.loss}))
"""


def memory(rows: int) -> dict[str, Any]:
    """The most memory a process of its own has for the same, the rows themselves and Python with it: bytes, nodes looked at.

    Raises RuntimeError when it fails.
    """
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(rows)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the child ended with {done.returncode}: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
