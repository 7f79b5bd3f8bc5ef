"""Risk is measured in families, strictly, and before and after."""

from __future__ import annotations

import polars as pl
import pytest

from evaluation.disclosure import risk
from tests.populations import events


def test_classes_are_counted_in_families_and_missing_is_a_value() -> None:
    frame = pl.DataFrame(
        {
            "family_id": ["a", "a", "a", "b", "c", "d"],
            "place": ["x", "x", "x", "y", "y", None],
            "outcome": ["p", "q", "p", "p", "p", "q"],
        }
    )
    found = risk.measure(frame, ["place"], ["outcome"], k=2)
    assert (found.rows, found.families, found.classes, found.smallest) == (6, 4, 3, 1)
    assert found.unique == pytest.approx(4 / 6)
    assert found.below_k == pytest.approx(4 / 6)
    assert found.l == 1
    assert found.alpha == 1


def test_t_is_how_far_a_class_lies_from_everybody() -> None:
    frame = pl.DataFrame({"place": ["x"] * 4 + ["y"] * 4, "outcome": list("pppq") + list("pqqq")})
    found = risk.measure(frame, ["place"], ["outcome"])
    assert found.t == pytest.approx(0.25)
    assert found.of_values[0].lift == pytest.approx(0.25)


def test_the_worst_four_columns_are_found() -> None:
    frame = pl.DataFrame(
        {"row": range(30), "a": [0] * 30, "b": [n % 2 for n in range(30)], "c": [0] * 30, "d": [0] * 30, "e": [0] * 30}
    )  # fmt: skip
    four, share = risk.worst_combination(frame, ["a", "b", "c", "d", "e", "row"])
    assert "row" in four
    assert share == 1.0


def test_known_weeks_pin_families_down_and_quarters_do_not() -> None:
    weeks = risk.trajectory(events(150), points=4, seed=1)
    quarters = risk.trajectory(events(150, unit=26), points=2, seed=1)
    assert weeks.to_one > 0.9
    assert quarters.to_one < weeks.to_one
    assert quarters.to_few < 0.5


def test_nobody_is_a_target_who_has_too_few_events() -> None:
    assert risk.trajectory(events(10, moments=1), points=2, seed=1).targets == 0
    with pytest.raises(ValueError, match="no rows"):
        risk.measure(pl.DataFrame({"x": []}), ["x"], [])
