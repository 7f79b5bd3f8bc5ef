"""Recipes: nested steps, frozen by their hash, and a gate that tells no small number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from evaluation.disclosure.geography import LANDSDEL_OF, REGION_OF
from evaluation.disclosure.recipe import (
    ANY,
    GEOGRAPHY,
    PILOT_T3,
    STARTED,
    T2,
    TRAIT_COUNT,
    TRAITS,
    UNKNOWN,
    Recipe,
    RecipeError,
    banded,
    check_frozen,
    coded,
    gate,
    parents_age,
)
from placement.access.municipalities import MUNICIPALITIES
from tests.populations import families, national, pilot


def test_every_municipality_lies_in_a_landsdel_and_a_region() -> None:
    assert set(LANDSDEL_OF) == set(MUNICIPALITIES)
    assert len(set(REGION_OF.values())) == 5
    assert len(set(LANDSDEL_OF.values())) == 11


def test_a_place_gets_coarser_step_by_step() -> None:
    greve = pl.DataFrame({"municipality_code": [253]})
    assert [GEOGRAPHY.labels(greve, level)[0] for level in range(4)] == [
        "253",
        "Østsjælland",
        "Region Sjælland",
        ANY,
    ]


def test_a_start_becomes_half_year_year_and_three_years() -> None:
    days = pl.DataFrame({"started_on": [date(2026, 6, 30), date(2026, 7, 1), None, date(1999, 1, 1)]})
    assert STARTED.labels(days, 0).to_list() == ["2026-1", "2026-2", UNKNOWN, "uden for listen"]
    assert STARTED.labels(days, 2)[0] == "2024-2026"


def test_ages_beyond_the_ends_are_gathered_there() -> None:
    ages = pl.DataFrame({"age_parent_1": [12, 24, 71, None]})
    assert parents_age(1).labels(ages, 0).to_list() == ["15", "24", "45", UNKNOWN]
    assert parents_age(1).labels(ages, 1).to_list() == ["under 20", "20-24", "35+", UNKNOWN]


def test_the_picture_of_the_target_group_is_how_many_traits_it_has() -> None:
    frame = pl.DataFrame({name: [number < 4] for number, name in enumerate(TRAITS)})
    assert TRAIT_COUNT.labels(frame, 0)[0] == "4"
    assert TRAIT_COUNT.labels(frame, 1)[0] == "3-5"


def test_a_step_that_cuts_across_the_one_below_is_refused() -> None:
    with pytest.raises(RecipeError, match="ligger under to værdier"):
        banded("age", "Alder", 0, 9, ("fem", (5,)), ("skævt", (3,)))
    with pytest.raises(KeyError):
        coded("x", "X", ("a", "b"), ("kun den ene", {"a": "c"}))


@pytest.mark.parametrize("recipe", [PILOT_T3, T2, T2.frozen_at((2, 2, 3, 3, 2, 0, 1, 1))])
def test_a_recipe_is_the_same_after_being_written_down(recipe: Recipe) -> None:
    again = Recipe.from_json(recipe.to_json())
    assert again == recipe
    assert again.hash == recipe.hash


def test_what_is_no_recipe_is_refused() -> None:
    with pytest.raises(RecipeError, match="kan ikke læses"):
        Recipe.from_json("{}")


def test_a_recipe_changed_after_the_first_release_is_refused() -> None:
    assert check_frozen("", T2) == ""
    assert check_frozen(T2.hash, T2) == ""
    for changed in (replace(T2, k=9), replace(T2, alpha=0.8), T2.frozen_at((2,) * 4 + (1, 0, 1, 1))):
        assert "Opskriften er ændret efter den første udlevering" in check_frozen(T2.hash, changed)


def test_the_gate_opens_for_five_thousand_families_in_ten_municipalities() -> None:
    assert gate(national(6000), T2).open


def test_the_gate_says_what_is_missing_and_tells_no_small_number() -> None:
    closed = gate(pilot(12), T2)
    assert not closed.open
    assert "omkring 5000 familier" in closed.words
    assert "7 kommuner" in closed.words
    # One family more or less is not told, nor that a fourth municipality has one family.
    assert gate(families({253: 12, 461: 12, 730: 13, 751: 1}), T2).words == closed.words
