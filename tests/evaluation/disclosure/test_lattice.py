"""The search finds what a look at every possibility finds, and what it gives out holds."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import lattice, risk
from evaluation.disclosure.recipe import (
    CHILD_AT_START,
    HOME_LANGUAGE,
    OLDER_CHILDREN,
    T2,
    Recipe,
    RecipeError,
    Sensitive,
    coded,
    geography,
)
from tests.populations import everywhere, national, pilot

SMALL = replace(
    T2, quasi=(geography(floor=1), CHILD_AT_START, HOME_LANGUAGE, OLDER_CHILDREN), k=5, l=2, alpha=0.8
)


def answer(found: lattice.Solution) -> tuple[object, ...]:
    """What two ways must agree on."""
    return (
        found.node, round(found.loss, 9), found.suppressed, found.k, found.l, round(found.alpha, 9), found.classes,
    )  # fmt: skip


@pytest.mark.parametrize(("size", "seed"), [(20, 1), (150, 3)])
def test_the_search_finds_what_brute_force_finds(size: int, seed: int) -> None:
    frame = pilot(size, seed=seed)
    assert answer(lattice.search(frame, SMALL)) == answer(lattice.brute_force(frame, SMALL))


_STEPS = {"a": "ab", "b": "ab", "c": "cd", "d": "cd"}
_TOY = Recipe(
    "prøve",
    "1",
    (
        coded("x", "X", ("a", "b", "c", "d"), ("par", _STEPS)),
        coded("y", "Y", ("a", "b", "c", "d"), ("par", _STEPS)),
        coded("z", "Z", ("a", "b", "c", "d")),
    ),
    (Sensitive("s", "S", rare=0), Sensitive("t", "T", rare=0)),
    k=3,
    l=2,
    alpha=0.75,
    max_suppressed=0.15,
)
_CODE = st.sampled_from([None, "a", "b", "c", "d", "e"])


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 30), _CODE, _CODE, _CODE, _CODE, st.sampled_from("pqr")), min_size=1, max_size=40),
    alpha=st.sampled_from([0.5, 0.7, 1.0]),
    allowed=st.sampled_from([0.0, 0.15, 0.5]),
)  # fmt: skip
def test_the_search_is_exact_on_anything(
    rows: list[tuple[object, ...]], alpha: float, allowed: float
) -> None:
    frame = pl.DataFrame(
        rows,
        schema={"family_id": pl.Int64, **dict.fromkeys(["x", "y", "z", "s", "t"], pl.String)},
        orient="row",
    )
    recipe = replace(_TOY, alpha=alpha, max_suppressed=allowed)
    try:
        expected = answer(lattice.brute_force(frame, recipe))
    except RecipeError:
        with pytest.raises(RecipeError, match="kan ikke gøres anonyme"):
            lattice.search(frame, recipe)
        return
    assert answer(lattice.search(frame, recipe)) == expected


def test_children_of_one_family_count_once() -> None:
    frame = pl.DataFrame({"family_id": ["a"] * 9 + ["b"], "x": ["a"] * 10, "y": ["a"] * 10, "z": ["a"] * 10,
                          "s": list("pqpqpqpqpq"), "t": list("pqpqpqpqpq")})  # fmt: skip
    with pytest.raises(RecipeError):
        lattice.search(frame, _TOY)
    assert lattice.search(frame, replace(_TOY, k=2)).k == 2


@pytest.fixture(scope="module")
def country() -> pl.DataFrame:
    return national(6000)


@pytest.fixture(scope="module")
def solved(country: pl.DataFrame) -> lattice.Solution:
    return lattice.search(country, T2)


def test_a_country_is_made_anonymous_by_the_numbers(country: pl.DataFrame, solved: lattice.Solution) -> None:
    assert solved.proven
    assert solved.looked_at < solved.nodes / 10
    rows = lattice.apply(country, T2, solved.node, seed=b"one")
    measured = risk.measure(rows, [h.name for h in T2.quasi], [s.column for s in T2.sensitive])
    assert rows.height == country.height
    assert measured.smallest == solved.k >= 10
    assert solved.l >= 3
    assert solved.alpha <= 0.70
    assert solved.suppressed_share <= 0.05


def test_nothing_finer_than_region_three_years_and_bands_leaves(solved: lattice.Solution) -> None:
    assert all(level >= hierarchy.floor for level, hierarchy in zip(solved.node, T2.quasi, strict=True))


def test_the_same_seed_gives_the_same_bytes_whatever_order_rows_came_in(
    country: pl.DataFrame, solved: lattice.Solution
) -> None:
    one = lattice.apply(country, T2, solved.node, seed=b"one")
    again = lattice.apply(country.sample(fraction=1, shuffle=True, seed=5), T2, solved.node, seed=b"one")
    other = lattice.apply(country, T2, solved.node, seed=b"two")
    assert one.write_csv() == again.write_csv()
    assert not set(one["row_id"]) & set(other["row_id"])
    assert "family_id" not in one.columns
    assert one["row_id"].n_unique() == one.height


def test_what_is_not_there_says_why(country: pl.DataFrame, solved: lattice.Solution) -> None:
    rows = lattice.apply(country, T2, solved.node, seed=b"one")
    blanked = rows.filter(pl.col("child_at_start_missing") == lattice.BLANKED)
    assert blanked.height == solved.suppressed
    assert blanked["child_at_start"].null_count() == blanked.height
    # What happened to the families stays, and why something is not known of it.
    assert blanked.filter(pl.col("outcome").is_null() & pl.col("outcome_missing").is_null()).height == 0
    assert set(rows["outcome_missing"].drop_nulls()) == {"not_yet_due"}


def test_a_frozen_recipe_is_asked_at_its_node_alone(country: pl.DataFrame, solved: lattice.Solution) -> None:
    frozen = T2.frozen_at(solved.node)
    assert lattice.search(country, frozen).looked_at == 1
    with pytest.raises(RecipeError, match="opskriftens fastlagte niveauer"):
        lattice.search(pilot(30), frozen)


def test_the_pilot_cannot_be_made_anonymous_and_useful() -> None:
    """At twelve families in each of three municipalities nothing is left, and the refusal says what to ask for instead."""
    try:
        found = lattice.search(pilot(12), replace(T2, min_families=0))
    except RecipeError as error:
        assert "Bed om tabeller i stedet" in str(error)
    else:
        assert found.loss > 0.5


def test_codes_that_few_families_have_are_put_together() -> None:
    recipe = replace(_TOY, sensitive=(Sensitive("s", "S"),))
    frame = pl.DataFrame({"family_id": range(14), "s": ["a"] * 6 + ["b"] * 4 + ["c"] * 2 + [None] * 2})
    kept = lattice.protected(frame, recipe, "s").to_list()
    assert kept == ["a"] * 6 + ["andet"] * 6 + [None] * 2


def test_numbers_are_cut_at_the_ends_and_rounded() -> None:
    recipe = replace(_TOY, sensitive=(Sensitive("cost", "Udgift", digits=3),))
    frame = pl.DataFrame({"cost": [10.0, *[123_456.0 + 1000 * n for n in range(98)], 9_999_999.0]})
    kept = lattice.protected(frame, recipe, "cost")
    assert kept.max() < 300_000  # type: ignore[operator]
    assert kept.min() > 100_000  # type: ignore[operator]
    assert all(value % 1000 == 0 for value in kept)


def test_a_release_over_ninety_eight_municipalities_needs_few_looks() -> None:
    found = lattice.search(everywhere(2000), T2)
    assert found.looked_at < found.nodes / 5
