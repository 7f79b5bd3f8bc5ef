"""Which way the goals go: the rule by hand, and what must hold for any scores."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.progression.codes import Trend
from placement.progression.trend import Track, TrendRule, judge

RULE = TrendRule(t_score_falls_by=Decimal(5), goal_falls_in_a_row=2)


def track(*scores, weight=1, title="Ro"):
    return Track(title, weight, scores)


@pytest.mark.parametrize(
    ("tracks", "trend"),
    [
        ([], Trend.TOO_FEW),
        ([track(1)], Trend.TOO_FEW),
        ([track(-1, 0)], Trend.RISING),
        ([track(-1, -1)], Trend.STEADY),
        ([track(0, -1)], Trend.NEGATIVE),  # 10 points
        ([track(0, 1), track(0, 1), track(0, -1)], Trend.RISING),
        # One of many small goals falls: 4.2 points are less than the rule asks for.
        ([track(0, -1), *[track(0, 0)] * 3], Trend.SLIPPING),
        # The whole stands still, but one goal was rated lower twice in a row.
        ([track(1, 0, -1), track(0, 0, 1)], Trend.NEGATIVE),
        ([track(1, 0, 0, -1), track(0, 0, 0, 1)], Trend.STEADY),
        # A goal without anything to compare with says nothing either way.
        ([track(-2), track(0, 1)], Trend.RISING),
    ],
)
def test_the_rule_by_hand(tracks, trend):
    assert judge(tracks, RULE).trend is trend


def test_it_names_the_goal_that_keeps_falling_and_both_t_scores():
    found = judge([track(1, 0, -1, title="Aften"), track(0, 0, 1)], RULE)
    assert found.falling == ("Aften",)
    assert (found.before, found.now) == (Decimal("50.0"), Decimal("50.0"))


tracks = st.lists(
    st.builds(
        Track,
        title=st.just("x"),
        weight=st.integers(1, 3),
        scores=st.lists(st.integers(-2, 2), min_size=0, max_size=5).map(tuple),
    ),
    max_size=6,
)


@given(tracks)
def test_a_round_that_is_better_or_equal_for_every_goal_is_never_a_setback(found):
    better = [Track(t.title, t.weight, (*t.scores, max(t.scores[-1:] or (0,)))) for t in found]
    assert judge(better, RULE).trend not in {Trend.NEGATIVE, Trend.SLIPPING}


@given(tracks, st.decimals(min_value="0.1", max_value="30", places=1))
def test_a_stricter_rule_never_finds_less(found, falls_by):
    loose = judge(found, TrendRule(falls_by + 1, 3))
    strict = judge(found, TrendRule(falls_by, 2))
    assert loose.trend is not Trend.NEGATIVE or strict.trend is Trend.NEGATIVE


@given(tracks)
def test_both_scores_are_there_exactly_when_there_is_something_to_compare(found):
    finding = judge(found, RULE)
    assert (finding.trend is Trend.TOO_FEW) == (finding.before is None) == (finding.now is None)
