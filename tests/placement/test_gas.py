"""The T score of goal attainment scaling: printed values, and what must hold for any goals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.progression.gas import gas_t_score

ratings = st.lists(st.tuples(st.integers(1, 3), st.integers(-2, 2)), min_size=1, max_size=12)
ROUNDING = Decimal("0.1")


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(1, 0)], "50.0"),
        ([(1, 1)], "60.0"),
        ([(3, -2)], "30.0"),
        ([(1, 1), (1, 1), (1, 1)], "63.7"),  # 50 + 30 / sqrt(0.7 * 3 + 0.3 * 9)
        ([(1, -1), (2, 0), (3, 1)], "54.4"),  # 50 + 20 / sqrt(0.7 * 14 + 0.3 * 36)
        ([(2, 2), (1, -1)], "62.0"),  # 50 + 30 / sqrt(0.7 * 5 + 0.3 * 9)
    ],
)
def test_it_gives_the_value_that_the_formula_gives_by_hand(pairs, expected):
    assert gas_t_score(pairs) == Decimal(expected)


@given(ratings)
def test_all_as_expected_is_fifty(pairs):
    assert gas_t_score((weight, 0) for weight, _score in pairs) == 50


@given(ratings)
def test_the_mirror_image_lies_as_far_on_the_other_side(pairs):
    mirrored = gas_t_score([(weight, -score) for weight, score in pairs])
    assert abs(gas_t_score(pairs) + mirrored - 100) <= ROUNDING


@given(ratings, st.integers(2, 5))
def test_only_the_proportion_of_weights_counts(pairs, times):
    assert gas_t_score([(weight * times, score) for weight, score in pairs]) == gas_t_score(pairs)


@given(ratings)
def test_order_does_not_matter(pairs):
    assert gas_t_score(reversed(pairs)) == gas_t_score(pairs)


@given(ratings, st.data())
def test_a_goal_that_comes_further_never_lowers_it(pairs, data):
    place = data.draw(st.integers(0, len(pairs) - 1))
    weight, score = pairs[place]
    further = [*pairs[:place], (weight, min(score + 1, 2)), *pairs[place + 1 :]]
    assert gas_t_score(further) >= gas_t_score(pairs)


@given(ratings)
def test_it_stays_within_what_rho_allows(pairs):
    # One goal alone spans 30-70; by the correlation of 0.3 many goals never reach further than 2 / sqrt(0.3).
    assert Decimal("13.4") < gas_t_score(pairs) < Decimal("86.6")


@pytest.mark.parametrize("pairs", [[], [(0, 1)], [(1, 3)], [(1, -3)]])
def test_it_refuses_what_is_not_a_rating(pairs):
    with pytest.raises(ValueError):
        gas_t_score(pairs)
