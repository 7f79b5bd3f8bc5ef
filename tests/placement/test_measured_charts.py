"""A picture of scores: what stands on it, that all of one page share their time, and that nothing foreign gets in."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from placement.charts import Point, Tick
from placement.measured_charts import Fan, Limit, Measured, axis_of, measured_panel

SVG = "{http://www.w3.org/2000/svg}"
AXIS = (date(2026, 6, 1), date(2026, 11, 25))
POINTS = [Point(date(2026, 6, 1), 40), Point(date(2026, 8, 1), 52), Point(date(2026, 11, 1), 68)]


def drawn(**more: object) -> ET.Element:
    told = {"title": "WHO-5: Maja", "sentence": "3 scorer.", "points": POINTS, "low": 0, "high": 100} | more
    return ET.fromstring(measured_panel(Measured(**told), axis=AXIS, name="c1"))  # type: ignore[arg-type]


def words(svg: ET.Element) -> list[str]:
    return [node.text or "" for node in svg.iter(f"{SVG}text")]


def test_it_says_its_title_and_its_sentence_and_writes_its_ends_and_its_last_score() -> None:
    svg = drawn()
    assert [svg.findtext(f"{SVG}title"), svg.findtext(f"{SVG}desc")] == ["WHO-5: Maja", "3 scorer."]
    assert {"0", "50", "100", "68", "01.06.2026", "25.11.2026"} <= set(words(svg))


def test_goal_and_cut_off_are_lines_with_their_words() -> None:
    svg = drawn(goal=60.0, limits=[Limit(50, "below")])
    assert {"Mål 60", "Grænse 50"} <= set(words(svg))


@pytest.mark.parametrize(("concern", "asking"), [("below", 1), ("above", 2)])
def test_scores_that_ask_somebody_to_look_have_another_shape(concern: str, asking: int) -> None:
    svg = drawn(limits=[Limit(50, concern)])  # type: ignore[arg-type]
    assert len(list(svg.iter(f"{SVG}polygon"))) == asking
    assert len(list(svg.iter(f"{SVG}circle"))) == len(POINTS) - asking


@pytest.mark.parametrize(
    ("concern", "value", "crossed"), [("below", 50, True), ("above", 50, True), ("above", 49, False)]
)
def test_the_cut_off_itself_asks_too(concern: str, value: float, crossed: bool) -> None:
    assert Limit(50, concern).crossed(value) is crossed  # type: ignore[arg-type]


def test_the_teeth_point_to_the_side_that_asks() -> None:
    [below] = drawn(limits=[Limit(50, "below")]).iter(f"{SVG}path")
    [above] = drawn(limits=[Limit(50, "above")]).iter(f"{SVG}path")
    assert "l4 6" in below.get("d", "") and "l4 -6" in above.get("d", "")


def test_what_may_be_chance_is_a_band_around_the_first_score() -> None:
    [band] = drawn(chance=(30.0, 50.0)).iter(f"{SVG}rect")
    assert float(band.get("height", "")) == pytest.approx(0.2 * (110 - 14), abs=0.1)


def test_the_fan_is_two_triangles_that_meet_and_its_line_goes_through_them() -> None:
    fan = Fan(estimate=20, least=-5, most=30, through=(0.5, 50))
    assert [fan.at(share, fan.estimate) for share in (0, 0.5, 1)] == [40, 50, 60]
    assert len(list(drawn(fan=fan).iter(f"{SVG}polygon"))) == 2
    assert not list(drawn().iter(f"{SVG}polygon"))


def test_the_words_at_the_edge_never_lie_on_each_other_and_stay_in_the_picture() -> None:
    last = [*POINTS[:-1], Point(date(2026, 11, 25), 51)]
    svg = drawn(points=last, goal=50.0, limits=[Limit(50, "below"), Limit(49, "below"), Limit(0, "below")])
    heights = sorted(
        float(node.get("y", "")) for node in svg.iter(f"{SVG}text") if float(node.get("x", "")) > 278
    )
    assert len(heights) == 5
    assert all(later - earlier >= 15 for earlier, later in pairwise(heights))
    assert heights[0] > 0
    assert heights[-1] < 150


def test_without_scores_it_says_so() -> None:
    svg = drawn(points=[])
    assert "Ingen scorer endnu" in words(svg)
    assert not list(svg.iter(f"{SVG}circle"))


def test_a_score_off_the_scale_stays_inside_and_is_written_as_it_is() -> None:
    svg = drawn(points=[Point(date(2026, 7, 1), 130)])
    assert "130" in words(svg)
    assert all(0 < float(c.get("cy", "")) < 150 for c in svg.iter(f"{SVG}circle"))


def test_a_scale_that_stands_on_its_head_is_refused() -> None:
    with pytest.raises(ValueError, match="high"):
        drawn(low=5, high=5)


def test_the_axis_reaches_from_the_first_day_to_the_last_or_today() -> None:
    early, late, today = date(2026, 3, 1), date(2026, 5, 1), date(2026, 4, 1)
    assert axis_of([late, early], until=today) == (early, late)
    assert axis_of([early], until=today) == (early, today)
    assert axis_of([today], until=today) == (today, date(2026, 4, 15))
    assert axis_of([], until=today)[1] == today


def test_nothing_in_it_is_foreign_or_needs_a_looser_policy() -> None:
    evil = '</text><script>alert(1)</script>" onload="x'
    markup = measured_panel(
        Measured(evil, evil, POINTS, 0, 100, goal=1, limits=[Limit(50, "above")], chance=(1, 2),
                 fan=Fan(1, 0, 2, (0.5, 50)), ticks=[Tick(date(2026, 9, 1), evil, "step")]),
        axis=AXIS, name="c1",
    )  # fmt: skip
    for forbidden in ("<script", "style=", "<style", "href", "url("):
        assert forbidden not in markup
