"""Which way scores go, and how sure that is: worked by hand, and what must hold for any scores."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.progression.change import MOST_POINTS, Direction, gathered, judge_change

FIRST = date(2026, 1, 5)


def row(*values: float, every: int = 7) -> list[tuple[date, float]]:
    return [(FIRST + timedelta(days=every * place), value) for place, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        ((), Direction.TOO_FEW),
        ((3,), Direction.TOO_FEW),
        ((1, 9), Direction.TOO_FEW),
        ((1, 2, 3), Direction.TOO_FEW),
        ((5, 5, 5), Direction.TOO_FEW),
        ((1, 2, 3, 4), Direction.RISING),
        ((4, 3, 2, 1), Direction.FALLING),
        # Four in a row but for one pair: one order in six is at least as straight, so that chance does it.
        ((1, 3, 2, 4), Direction.UNCERTAIN),
        # Five bear one pair the wrong way round: five orders of 120 are at least as straight.
        ((1, 3, 2, 4, 5), Direction.RISING),
        ((1, 4, 2, 5, 3), Direction.UNCERTAIN),
        ((2, 2, 2, 2), Direction.STEADY),
        # Almost nothing happened: equal scores say neither up nor down.
        ((2, 2, 2, 3), Direction.UNCERTAIN),
    ],
)
def test_the_direction_by_hand(values, direction):
    assert judge_change(row(*values)).direction is direction


def test_the_estimate_and_its_ends_are_in_points_over_the_whole_time():
    # The six slopes a week: 2, 2, 2, 8/3, 3, 4; the interval of four days takes them all.
    found = judge_change(row(10, 12, 14, 18))
    assert (found.estimate, found.least, found.most) == pytest.approx((7, 6, 12))
    assert found.through == (10.5, 13)


def test_one_bad_evening_does_not_turn_it():
    assert judge_change(row(1, 2, 3, 4, 0, 6, 7, 8, 9)).direction is Direction.RISING


def test_several_of_one_day_are_one():
    same_day = [(FIRST, float(value)) for value in range(9)]
    assert judge_change(same_day).direction is Direction.TOO_FEW
    assert judge_change(same_day).days == 1
    assert judge_change([*row(1, 2, 3), (FIRST, 1)]).direction is Direction.TOO_FEW


@pytest.mark.parametrize("sure", [0, 1, 90])
def test_a_certainty_that_is_none_is_refused(sure):
    with pytest.raises(ValueError, match="sure"):
        judge_change(row(1, 2, 3, 4), sure=sure)


@pytest.mark.parametrize("days", [4, 5, 6])
def test_by_chance_alone_a_direction_is_seen_no_more_often_than_promised(days):
    """Every order of as many different scores, each as likely as the other."""
    orders = list(permutations(range(days)))
    seen = sum(
        judge_change(row(*order)).direction in {Direction.RISING, Direction.FALLING} for order in orders
    )
    assert 0 < seen <= len(orders) * 0.1


scores = st.integers(0, 20).map(float)
rows = st.lists(st.tuples(st.dates(FIRST, date(2031, 1, 1)), scores), max_size=30)
UPSIDE_DOWN = {Direction.RISING: Direction.FALLING, Direction.FALLING: Direction.RISING}


@given(rows)
def test_the_ends_hold_the_estimate_between_them_and_few_days_say_nothing(points):
    found = judge_change(points)
    assert found.least <= found.estimate <= found.most
    assert found.days == len({day for day, _value in points})
    assert (found.direction is Direction.TOO_FEW) == (found.days < 4)


@given(rows)
def test_scores_turned_upside_down_go_the_other_way(points):
    found, turned = judge_change(points), judge_change([(day, -value) for day, value in points])
    assert turned.direction is UPSIDE_DOWN.get(found.direction, found.direction)
    assert (turned.least, turned.most) == pytest.approx((-found.most, -found.least))


@given(rows, st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_is_nothing(points, rng):
    shuffled = list(points)
    rng.shuffle(shuffled)
    assert judge_change(shuffled) == judge_change(points)


@given(rows, scores)
def test_the_same_every_time_never_goes_anywhere(points, value):
    found = judge_change([(day, value) for day, _value in points])
    assert found.direction in {Direction.TOO_FEW, Direction.STEADY}
    assert (found.least, found.estimate, found.most) == (0, 0, 0)


@given(rows, st.integers(1, 100))
def test_another_unit_of_the_scale_changes_no_direction(points, times):
    assert judge_change([(day, value * times) for day, value in points]).direction is (
        judge_change(points).direction
    )


@given(rows)
def test_who_is_surer_says_less(points):
    sure, unsure = judge_change(points, sure=0.99), judge_change(points, sure=0.8)
    told = {Direction.RISING, Direction.FALLING}
    assert sure.direction not in told or unsure.direction is sure.direction


@given(st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2031, 1, 1)), scores), max_size=200))
def test_gathered_scores_are_all_there_in_order_and_few(points):
    length, periods = gathered(points)
    assert len(periods) <= MOST_POINTS
    assert sum(period.count for period in periods) == len(points)
    assert all(earlier.last < later.first or length == 1 for earlier, later in pairwise(periods))
    assert all(period.lowest <= period.value <= period.highest for period in periods)
    assert all((period.last - period.first).days < length for period in periods)


def test_a_few_stand_each_for_itself():
    length, periods = gathered(row(3, 1, 2))
    assert length == 1
    assert [(period.first, period.value, period.count) for period in periods] == [
        (day, value, 1) for day, value in row(3, 1, 2)
    ]
