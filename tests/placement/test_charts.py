"""The pictures say what the data say, in words too, and cannot carry foreign markup."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from placement.charts import Panel, Point, Step, Tick, exit_ladder, panel_sentence, progression_panels

SVG = "{http://www.w3.org/2000/svg}"
SLEEP = Panel(
    "sleep",
    "Søvn og rytme",
    [Point(date(2026, 9, 1), 1), Point(date(2026, 10, 6), 2.5), Point(date(2026, 11, 3), 3)],
    goal=4,
    ticks=[
        Tick(date(2026, 10, 20), "Netværksmøde", "meeting"),
        Tick(date(2026, 11, 1), "Dagbesøg hjemme", "step"),
    ],
)


def pictures(markup: str) -> list[ET.Element]:
    return list(ET.fromstring(markup).iter(f"{SVG}svg"))


def words(svg: ET.Element) -> str:
    return " | ".join(node.text or "" for node in svg.iter(f"{SVG}text"))


def test_the_sentence_tells_last_first_goal_and_ticks() -> None:
    sentence = panel_sentence(SLEEP)
    assert sentence == (
        "3 målinger. Seneste 3 den 03.11.2026. Højere end den første, 1 den 01.09.2026. Mål 4. "
        "På tidslinjen: Netværksmøde 20.10.2026, Dagbesøg hjemme 01.11.2026."
    )


@pytest.mark.parametrize(
    ("values", "expected"), [([3, 1], "Lavere end den første"), ([2, 2], "Det samme som den første")]
)
def test_the_sentence_tells_the_direction(values: list[float], expected: str) -> None:
    points = [Point(date(2026, 9, day), value) for day, value in enumerate(values, start=1)]
    assert expected in panel_sentence(Panel("x", "X", points))


@pytest.mark.parametrize("points", [[], [Point(date(2026, 9, 1), 2)]])
def test_fewer_than_two_measurements_show_no_direction(points: list[Point]) -> None:
    [svg] = pictures(progression_panels([Panel("x", "X", points, goal=3)]))
    assert "For få målinger til at sige noget" in words(svg)
    assert not list(svg.iter(f"{SVG}polyline"))
    assert len(list(svg.iter(f"{SVG}circle"))) == len(points)


def test_one_measurement_says_when_it_was() -> None:
    sentence = panel_sentence(Panel("x", "X", [Point(date(2026, 9, 1), 2.5)]))
    assert sentence.startswith("1 måling: 2,5 den 01.09.2026.")


def test_each_panel_has_a_name_and_a_description_of_its_own() -> None:
    two = pictures(progression_panels([SLEEP, Panel("calm", "Ro", [])], prefix="left"))
    ids = [element.get("id") for svg in two for element in svg.iter() if element.get("id")]
    assert ids == ["left1-title", "left1-desc", "left2-title", "left2-desc"]
    assert [svg.get("aria-labelledby") for svg in two] == ["left1-title left1-desc", "left2-title left2-desc"]
    assert {svg.get("role") for svg in two} == {"img"}


def test_panels_share_scale_and_time() -> None:
    early = Panel("a", "A", [Point(date(2026, 1, 1), 2), Point(date(2026, 2, 1), 2)])
    late = Panel("b", "B", [Point(date(2026, 6, 1), 2), Point(date(2026, 7, 1), 2)])
    first, second = pictures(progression_panels([early, late]))
    across = [[float(c.get("cx", "")) for c in svg.iter(f"{SVG}circle")] for svg in (first, second)]
    height = {c.get("cy") for svg in (first, second) for c in svg.iter(f"{SVG}circle")}
    assert max(across[0]) < min(across[1])
    assert len(height) == 1


def test_the_axis_can_reach_to_today() -> None:
    [svg] = pictures(progression_panels([SLEEP], until=date(2026, 11, 22)))
    assert "22.11.2026" in words(svg)
    assert max(float(c.get("cx", "")) for c in svg.iter(f"{SVG}circle")) < 270


def test_measurements_may_come_in_any_order() -> None:
    backwards = Panel(SLEEP.key, SLEEP.title, list(reversed(SLEEP.points)), SLEEP.goal, SLEEP.ticks)
    assert progression_panels([backwards]) == progression_panels([SLEEP])


def test_goal_attainment_scale_with_a_value_off_it_stays_inside_the_picture() -> None:
    points = [Point(date(2026, 9, 1), -2), Point(date(2026, 10, 1), 9)]
    [svg] = pictures(progression_panels([Panel("x", "X", points, goal=0)], low=-2, high=2))
    assert "−2" in words(svg)
    assert "9" in words(svg)
    assert all(0 < float(c.get("cy", "")) < 150 for c in svg.iter(f"{SVG}circle"))


def test_a_scale_that_stands_on_its_head_is_refused() -> None:
    with pytest.raises(ValueError, match="high"):
        progression_panels([SLEEP], low=4, high=4)


def test_no_series_is_no_picture() -> None:
    assert progression_panels([]) == ""


def test_the_ladder_says_each_state_in_words() -> None:
    steps = [
        Step("Dagbesøg hjemme", "done", "03.11.2026"),
        Step("Dage uden følge", "current"),
        Step("Overnatning", "todo"),
    ]
    svg = ET.fromstring(exit_ladder(steps))
    text = words(svg)
    assert "gennemført · 03.11.2026" in text
    assert "i gang" in text
    assert "ikke begyndt" in text
    description = svg.find(f"{SVG}desc")
    assert description is not None
    assert description.text == "1 af 3 trin er gennemført. I gang: Dage uden følge."


def test_names_are_escaped() -> None:
    evil = '</text><script>alert(1)</script>" onload="x'
    markup = progression_panels([Panel("x", evil, [], ticks=[Tick(date(2026, 9, 1), evil, "step")])])
    markup += exit_ladder([Step(evil, "todo", evil)])
    assert "<script" not in markup
    assert " onload=" not in markup.replace("&quot;", '"').replace('" onload="x', "")


def test_nothing_in_a_picture_needs_a_looser_policy() -> None:
    markup = progression_panels([SLEEP]) + exit_ladder([Step("A", "done")])
    for forbidden in ("style=", "<style", "href", "url(", "<script"):
        assert forbidden not in markup


def test_gathered_points_say_how_many_measurements_they_stand_for() -> None:
    points = [Point(date(2026, 9, day), 2) for day in range(1, 11)]
    sentence = panel_sentence(Panel("x", "X", points, count=140, days=14))
    assert sentence.startswith("140 målinger.")
    assert "Hver prik er den midterste af scorerne i 14 dage." in sentence
