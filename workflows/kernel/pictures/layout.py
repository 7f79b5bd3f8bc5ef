"""Where each step of a flow lies in its picture: one below the other, with the lines that skip steps beside them.

Pure: a graph and what is said of each step go in, boxes and lines come out. Nothing overlaps and every line of text is
short enough for its place; both are tested on every flow there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workflows.kernel.pictures.graph import Graph, Way

Weight = Literal["title", "said", "way"]

#: Narrow enough to be read on a phone without being made much smaller.
LEAST_WIDTH = 340
LEAST_TEXT = 230
EDGE_SPACE = 8
LANE = 15
MARK = 13  # half of a mark's height and width
TEXT_GAP = 12
ROW_GAP = 24
SIZES: dict[Weight, int] = {"title": 15, "said": 13, "way": 13}
LINE_HEIGHTS: dict[Weight, int] = {"title": 20, "said": 18, "way": 18}


@dataclass(frozen=True)
class Text:
    """One line: its base line's left end, and what kind of line it is."""

    x: float
    y: float
    words: str
    weight: Weight


@dataclass(frozen=True)
class Box:
    """A step: the middle of its mark, and from where to where its words reach."""

    name: str
    x: float
    y: float
    left: float
    top: float
    right: float
    bottom: float
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Line:
    """The corners from one mark to the next."""

    source: str
    target: str
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Layout:
    """The whole picture."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def lay_out(graph: Graph, said: Mapping[str, Sequence[str]] | None = None) -> Layout:
    """The picture of `graph`; `said` gives the lines below each step's title, by name."""
    said = said or {}
    rows = {place.name: number for number, place in enumerate(graph.places)}
    lanes = _lanes(graph, rows)
    many = max(lanes.values(), default=-1) + 1
    middle = EDGE_SPACE + many * LANE + MARK
    left = middle + MARK + TEXT_GAP
    width = max(LEAST_WIDTH, left + LEAST_TEXT + EDGE_SPACE)

    boxes: list[Box] = []
    top = float(EDGE_SPACE)
    for place in graph.places:
        lines: list[tuple[Weight, str]] = []
        wanted: list[tuple[Weight, str]] = [("title", place.title)]
        wanted += [("said", words) for words in said.get(place.name, ())]
        wanted += [("way", words) for words in graph.told(place.name)]
        for weight, words in wanted:
            lines += [(weight, part) for part in wrapped(words, weight, width - left - EDGE_SPACE)]
        texts: list[Text] = []
        y = top
        for weight, words in lines:
            y += LINE_HEIGHTS[weight]
            texts.append(Text(left, y - 5, words, weight))
        bottom = max(y, top + 2 * MARK)
        boxes.append(Box(place.name, middle, top + MARK, left, top, width - EDGE_SPACE, bottom, tuple(texts)))
        top = bottom + ROW_GAP
    by_name = {box.name: box for box in boxes}
    drawn = [
        _line(way, by_name, lanes, rows) for way in graph.ways if not way.back and way.source != way.target
    ]
    return Layout(width, round(top - ROW_GAP + EDGE_SPACE), tuple(boxes), tuple(drawn))


def _lanes(graph: Graph, rows: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Which lane each way that skips steps runs in; 0 is next to the marks. Ways of one fork, or to one step, share."""
    skipping = [way for way in graph.ways if not way.back and rows[way.target] > rows[way.source] + 1]
    together: dict[tuple[str, str], list[Way]] = {}
    for way in skipping:
        fan = sum(other.source == way.source for other in skipping) > 1
        together.setdefault(("from", way.source) if fan else ("to", way.target), []).append(way)
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[tuple[str, str], int] = {}
    spans = {
        key: (min(rows[way.source] for way in ways), max(rows[way.target] for way in ways))
        for key, ways in together.items()
    }
    for key in sorted(together, key=lambda key: (spans[key][1] - spans[key][0], spans[key])):
        first, last = spans[key]
        free = (
            number
            for number, lane in enumerate(taken)
            if all(last < begun or first > ended for begun, ended in lane)
        )
        number = next(free, len(taken))
        if number == len(taken):
            taken.append([])
        taken[number].append((first, last))
        for way in together[key]:
            lanes[way.source, way.target] = number
    return lanes


def _line(
    way: Way, boxes: Mapping[str, Box], lanes: Mapping[tuple[str, str], int], rows: Mapping[str, int]
) -> Line:
    source, target = boxes[way.source], boxes[way.target]
    lane = lanes.get((way.source, way.target))
    if lane is None:
        corners = ((source.x, source.y + MARK), (target.x, target.y - MARK))
        return Line(way.source, way.target, corners)
    x = source.x - MARK - (lane + 1) * LANE + LANE / 2
    # It leaves below the middle and comes in above it, so that no line that comes hides one that goes.
    out, into = source.y + MARK / 2, target.y - MARK / 2
    return Line(
        way.source,
        way.target,
        ((source.x - MARK * 0.6, out), (x, out), (x, into), (target.x - MARK, into)),
    )


# -- text ----------------------------------------------------------------

#: How wide characters are, in parts of the type size: on the wide side for IBM Plex Sans, bold included.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!() -"), frozenset("mwMWÆæ@%")


def width_of(words: str, weight: Weight) -> float:
    """How wide a line will be at most, in the picture's own units."""
    size = SIZES[weight] * (1.06 if weight == "title" else 1.0)
    return size * sum(
        0.38 if char in _NARROW else 0.95 if char in _WIDE else 0.72 if char.isupper() else 0.6
        for char in words
    )


def wrapped(words: str, weight: Weight, room: float) -> list[str]:
    """The words on as many lines as they need; a word that is longer than a line is broken with a hyphen."""
    lines: list[str] = []
    line = ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, weight) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, weight) > room:
            fits = next(
                cut for cut in range(len(line) - 1, 0, -1) if width_of(f"{line[:cut]}-", weight) <= room
            )
            lines.append(f"{line[:fits]}-")
            line = line[fits:]
    return [*lines, line] if line else lines
