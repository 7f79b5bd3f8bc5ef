"""The pictures of flows: every flow there is, and flows that nobody has thought of, can be read from top to bottom."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.test_frozen_graphs import flows
from workflows.kernel.pictures.drawing import flow_picture
from workflows.kernel.pictures.graph import Graph, Kind, Place, Way, graph_of, in_reading_order
from workflows.kernel.pictures.layout import Layout, lay_out, width_of, wrapped

SVG = "{http://www.w3.org/2000/svg}"
LONG = [
    "Nu, 12. gang: Databeskyttelsesrådgiver, siden 12.11.2026 (112 dage)",
    "Frist 20.11.2026: 3 dage over frist",
]
ALL = pytest.mark.parametrize("flow", flows(), ids=lambda flow: flow.__name__)


def flow_named(name: str) -> Any:
    return next(flow for flow in flows() if flow.__name__ == name)


def check(graph: Graph, layout: Layout) -> None:
    """What holds of every picture, whatever the flow."""
    assert [box.name for box in layout.boxes] == [place.name for place in graph.places]
    assert layout.boxes[0].top >= 0 and layout.boxes[-1].bottom <= layout.height
    for above, below in pairwise(layout.boxes):
        assert above.bottom < below.top, f"{above.name} lies over {below.name}"
    for box in layout.boxes:
        assert box.x + 13 < box.left and box.y - 13 >= box.top and box.y + 13 <= box.bottom
        for text in box.texts:
            assert text.x >= box.left and text.x + width_of(text.words, text.weight) <= box.right, text.words
            assert box.top < text.y <= box.bottom
        for upper, lower in pairwise(box.texts):
            assert lower.y - upper.y >= 17
    where = {box.name: box for box in layout.boxes}
    for line in layout.lines:
        assert where[line.source].y < where[line.target].y, "a line goes down"
        for x, y in line.corners:
            assert 0 < x <= where[line.source].x and 0 < y < layout.height
    straight = [line for line in layout.lines if len(line.corners) == 2]
    rows = [box.name for box in layout.boxes]
    assert all(rows.index(line.target) == rows.index(line.source) + 1 for line in straight)
    lanes = [
        (line, line.corners[1][0], line.corners[1][1], line.corners[2][1])
        for line in layout.lines
        if len(line.corners) == 4
    ]
    for number, (one, x, top, bottom) in enumerate(lanes):
        for other, x2, top2, bottom2 in lanes[number + 1 :]:
            shared = one.source == other.source or one.target == other.target
            assert shared or x != x2 or bottom <= top2 or bottom2 <= top, "two ways lie on each other"


@ALL
def test_every_flow_is_drawn_whole_and_nothing_overlaps(flow: Any) -> None:
    graph = graph_of(flow)
    names = sorted(node.name for node in flow.instance.nodes())
    assert sorted(place.name for place in graph.places) == names
    assert len(graph.ways) == sum(len(list(node._outgoing())) for node in flow.instance.nodes())
    check(graph, lay_out(graph))
    check(graph, lay_out(graph, dict.fromkeys(names, LONG)))


@ALL
def test_every_way_is_a_line_down_or_words_that_lead_back(flow: Any) -> None:
    graph = graph_of(flow)
    lines = {(line.source, line.target) for line in lay_out(graph).lines}
    for way in graph.ways:
        if way.back:
            assert any(graph.title_of(way.target) in told for told in graph.told(way.source))
        else:
            assert (way.source, way.target) in lines


def test_the_exit_reads_as_its_people_walk_it() -> None:
    graph = graph_of(flow_named("ExitFlow"))
    order = [place.name for place in graph.places]
    assert order[0] == "start" and order[-1] == "end"
    walked = ["plan_exit", "request_step", "approve_step", "carry_out_step", "evaluate_step"]
    assert sorted(walked, key=order.index) == walked
    assert graph.told("approved") == [
        "Ja: Gennemfør udslusningstrin",
        "Nej: tilbage til «Bed om næste udslusningstrin»",
    ]


def test_the_five_elements_stand_between_fork_and_join_in_their_order() -> None:
    order = [place.name for place in graph_of(flow_named("JourneyFlow")).places]
    begin = order.index("elements")
    assert order[begin : begin + 7] == [
        "elements", "team", "mentalisation", "progression", "network", "exit", "elements_done",
    ]  # fmt: skip


KINDS: list[Kind] = ["step", "question", "fork", "join", "machine", "end"]


@st.composite
def graphs(draw: Any) -> Graph:
    """Any graph with one start, reducible or not, with loops, dead ends and nodes that nothing leads to."""
    many = draw(st.integers(1, 14))
    names = ["start", *(f"n{number}" for number in range(many))]
    kinds: dict[str, Kind] = {"start": "start"} | {name: draw(st.sampled_from(KINDS)) for name in names[1:]}
    pairs = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(names[1:])), max_size=24))
    ways = [Way(source, target, draw(st.sampled_from(["", "Ja", "Nej"]))) for source, target in sorted(pairs)]
    order, marked = in_reading_order(kinds, ways)
    title = st.text("abcdefgÆØÅmwMW -?", min_size=1, max_size=70)
    return Graph(tuple(Place(name, draw(title), kinds[name]) for name in order), tuple(marked))


@given(graphs())
def test_any_graph_is_drawn_whole_and_nothing_overlaps(graph: Graph) -> None:
    rows = [place.name for place in graph.places]
    assert len(rows) == len(set(rows))
    for way in graph.ways:
        if not way.back:
            assert rows.index(way.source) < rows.index(way.target)
    check(graph, lay_out(graph))


@given(st.text(max_size=90), st.integers(60, 300))
def test_wrapping_loses_no_letter(words: str, room: int) -> None:
    lines = wrapped(words, "said", room)
    assert all(width_of(line, "said") <= room for line in lines)
    assert "".join("".join(lines).split()).replace("-", "") == "".join(words.split()).replace("-", "")


def test_the_picture_says_in_words_what_it_shows_and_hangs_on_no_colour() -> None:
    graph = graph_of(flow_named("TeamFlow"))
    markup = flow_picture(
        graph,
        states={"start": "done", "appoint_team": "done", "hold_meeting": "now"},
        said={"appoint_team": ["Gjort <b>12.11.2026</b>"], "hold_meeting": ["Nu: Teamleder"]},
        title="Indsatsteam", sentence="Nu: «Hold teammøde».", prefix="team1",
    )  # fmt: skip
    svg = ET.fromstring(markup)
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == "team1-title team1-desc"
    assert [node.text for node in svg.iter(f"{SVG}desc")] == ["Nu: «Hold teammøde»."]
    texts = [node.text or "" for node in svg.iter(f"{SVG}text")]
    assert "Gjort <b>12.11.2026</b>" in texts and "Nu: Teamleder" in texts
    assert not [node for node in svg.iter() if "style" in node.attrib or "onclick" in node.attrib]
    assert len(list(svg.iter(f"{SVG}polyline"))) >= 3 and list(svg.iter(f"{SVG}polygon"))
