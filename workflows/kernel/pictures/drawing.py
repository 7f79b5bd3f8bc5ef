"""A laid-out flow as SVG: shapes say what a step is, their filling and their words whether it is done, open or ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString

from placement.svg import BLUE, EDGE, GREEN, INK, PAPER, SOFT, as_html, draw, picture, write
from workflows.kernel.pictures.graph import Graph, Kind
from workflows.kernel.pictures.layout import SIZES, Box, Layout, Line, Weight, lay_out
from workflows.kernel.pictures.standing import State

_LOOKS: Mapping[Weight, Mapping[str, object]] = {
    "title": {"font_weight": 600, "fill": INK},
    "said": {"fill": SOFT},
    "way": {"fill": INK, "font_style": "italic"},
}


def flow_picture(
    graph: Graph,
    *,
    states: Mapping[str, State],
    said: Mapping[str, Sequence[str]],
    title: str,
    sentence: str,
    prefix: str,
) -> SafeString:
    """The flow with where one family stands in it; `said` gives the lines below each step's title. `prefix` begins
    the ids, so that several pictures can stand on one page."""
    layout: Layout = lay_out(graph, said)
    svg = picture(prefix, (layout.width, layout.height), title, sentence)
    walked = {name for name, state in states.items() if state != "todo"}
    # Lines first, each with a pale edge: where two cross, the later goes over the earlier like a bridge.
    for line in layout.lines:
        _line(svg, line, done=line.source in walked and line.target in walked)
    kinds = {place.name: place.kind for place in graph.places}
    for box in layout.boxes:
        _mark(svg, box, kinds[box.name], states.get(box.name, "todo"))
        for text in box.texts:
            write(svg, (text.x, text.y), text.words, font_size=SIZES[text.weight], **_LOOKS[text.weight])
    return as_html(svg)


def _line(svg: ET.Element, line: Line, *, done: bool) -> None:
    corners = " ".join(f"{x:g},{y:g}" for x, y in line.corners)
    draw(svg, "polyline", points=corners, fill="none", stroke=PAPER, stroke_width=6)
    drawn = draw(svg, "polyline", points=corners, fill="none", stroke=INK if done else EDGE, stroke_width=2)
    drawn.set("stroke-linejoin", "round")
    if not done:
        drawn.set("stroke-dasharray", "4 4")
    (x0, _above), (x, y) = line.corners[-2:]
    if x == x0:
        head = f"{x:g},{y:g} {x - 5:g},{y - 8:g} {x + 5:g},{y - 8:g}"
    else:
        head = f"{x:g},{y:g} {x - 8:g},{y - 5:g} {x - 8:g},{y + 5:g}"
    draw(svg, "polygon", points=head, fill=INK if done else EDGE)


def _mark(svg: ET.Element, box: Box, kind: Kind, state: State) -> None:
    x, y = box.x, box.y
    if kind == "start":
        draw(
            svg, "circle", cx=x, cy=y, r=7, fill=INK if state == "done" else PAPER, stroke=INK, stroke_width=2
        )
        return
    if kind in ("fork", "join"):
        draw(
            svg, "rect", x=x - 13, y=y - 5, width=26, height=10, rx=2,
            fill=PAPER if state == "todo" else INK, stroke=EDGE if state == "todo" else INK, stroke_width=2,
        )  # fmt: skip
        return
    if kind == "question":
        shape = draw(
            svg, "polygon", points=f"{x:g},{y - 12:g} {x + 12:g},{y:g} {x:g},{y + 12:g} {x - 12:g},{y:g}"
        )
    elif kind == "element":
        shape = draw(svg, "rect", x=x - 12, y=y - 12, width=24, height=24, rx=5)
    elif kind == "machine":
        shape = draw(svg, "rect", x=x - 9, y=y - 9, width=18, height=18)
    else:
        shape = draw(svg, "circle", cx=x, cy=y, r=12)
    _fill(shape, kind, state)
    if kind == "end":
        draw(svg, "rect", x=x - 4.5, y=y - 4.5, width=9, height=9, fill=PAPER if state == "done" else EDGE)
    elif state == "done" and kind != "question":
        tick = f"{x - 6.5:g},{y + 0.5:g} {x - 2:g},{y + 5:g} {x + 7:g},{y - 5:g}"
        draw(svg, "polyline", points=tick, fill="none", stroke=PAPER, stroke_width=3)
    elif state == "now":
        draw(svg, "circle", cx=x, cy=y, r=5, fill=BLUE)


def _fill(shape: ET.Element, kind: Kind, state: State) -> None:
    if state == "done":
        dark = INK if kind in ("question", "end") else GREEN
        look = {"fill": PAPER if kind == "question" else dark, "stroke": dark, "stroke-width": "2"}
    elif state == "now":
        look = {"fill": PAPER, "stroke": BLUE, "stroke-width": "4"}
    else:
        look = {"fill": PAPER, "stroke": EDGE, "stroke-width": "2", "stroke-dasharray": "4 4"}
    for name, value in look.items():
        shape.set(name, value)
