"""What others' programs say of a release of ours; the figures are printed at the end."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluation.disclosure import lattice, risk
from evaluation.disclosure.recipe import T2, Recipe
from tests.populations import national

HERE = Path(__file__).parent
#: anonymeter: so many attacks and tries for queries; what is found may be no better than on strangers by more than this.
ATTACKS, ATTEMPTS, MOST_OVER_CONTROL = 1000, 20_000, 0.10


def ask(oracle: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer of one oracle, from its own environment."""
    python = json.loads(os.environ["FAMILIEFORLOEB_ORACLES"])[oracle]
    done = subprocess.run(
        [python, "-I", str(HERE / f"asked_{oracle}.py"), json.dumps(asked)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def as_seen(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Every missing value as what it is to an attacker: a value of its own."""
    return rows.select(
        pl.col(name).cast(pl.String).fill_null("~" + pl.col(f"{name}_missing").fill_null("?"))
        for name in columns
    )


@pytest.fixture(scope="module")
def release() -> tuple[pl.DataFrame, pl.DataFrame, Recipe]:
    """6 000 families who are released, 1 500 like them who are not, and the recipe."""
    everybody = national(7500, seed=3).sample(fraction=1, shuffle=True, seed=3)
    released, others = everybody.head(6000), everybody.tail(1500)
    return released, others, T2.frozen_at(lattice.search(released, T2).node)


def described(frame: pl.DataFrame, recipe: Recipe) -> pl.DataFrame:
    """Rows in the release's own words, nobody blanked: what somebody knows who knows everything."""
    node = recipe.node or ()
    labels = [h.labels(frame, level) for h, level in zip(recipe.quasi, node, strict=True)]
    secret = [lattice.protected(frame, recipe, s.column).fill_null("~?") for s in recipe.sensitive]
    return pl.DataFrame([*labels, *secret])


def test_pycanon_counts_the_same_k_l_alpha_and_t(
    release: tuple[pl.DataFrame, pl.DataFrame, Recipe], tmp_path: Path
) -> None:
    frame, _, recipe = release
    quasi, secret = [h.name for h in recipe.quasi], [s.column for s in recipe.sensitive]
    for name, rows in (
        ("released", as_seen(lattice.apply(frame, recipe, recipe.node or (), seed=b"x"), [*quasi, *secret])),
        ("coarse", described(frame, recipe)),
    ):
        rows.write_csv(tmp_path / "rows.csv")
        ours = risk.measure(rows, quasi, secret)
        theirs = ask("pycanon", {"path": str(tmp_path / "rows.csv"), "quasi": quasi, "sensitive": secret})
        print(f"\n{name}: pycanon {theirs}")
        assert theirs["k"] == ours.smallest
        for of in ours.of_values:
            assert theirs[of.column]["l"] == of.l
            assert theirs[of.column]["alpha"] == pytest.approx(of.alpha, abs=5e-3)
            assert theirs[of.column]["t"] == pytest.approx(of.t, abs=5e-3)


def test_anonymeter_finds_no_more_than_among_strangers(
    release: tuple[pl.DataFrame, pl.DataFrame, Recipe], tmp_path: Path
) -> None:
    frame, others, recipe = release
    node = recipe.node or ()
    quasi = [h.name for h, level in zip(recipe.quasi, node, strict=True) if level < len(h.levels) - 1]
    secret = [s.column for s in recipe.sensitive]
    rows = lattice.apply(frame, recipe, node, seed=b"x")
    paths = {}
    for name, table in (
        ("original", described(frame, recipe)),
        ("released", as_seen(rows, [*quasi, *secret])),
        ("control", described(others, recipe)),
    ):
        paths[name] = str(tmp_path / f"{name}.csv")
        table.write_csv(paths[name])
    found = ask(
        "anonymeter",
        {**paths, "quasi": quasi, "sensitive": secret, "attacks": ATTACKS, "attempts": ATTEMPTS},
    )
    for name, figures in found.items():
        print(f"\n{name}: {figures}")
    assert {name: figures for name, figures in found.items() if figures["upper"] > MOST_OVER_CONTROL} == {}
