"""Pictures of a family's network and its generations as SVG.

The map: the family in the middle, three rings, four sectors. Somebody is a numbered mark; the number is the same in
the key below, on the other map and in the table. Nothing hangs on colour: the way of support is an arrow, strain a
broken line with a zigzag, and whoever is new has a double ring. How a picture is written is in `placement/svg.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from placement.svg import AMBER, BLUE, EDGE, GREEN, INK, LINE, PAPER, SOFT, as_html, draw, picture, write

WIDTH, MIDDLE = 340, 170
#: How far from the middle each ring reaches, the nearest first.
RINGS = (84, 122, 158)
#: Where each sector begins, in degrees from the east, the y axis pointing down; each takes a quarter.
SECTORS = {"professionals": 0, "work_neighbourhood": 90, "family": 180, "friends": 270}
ROW = 30
#: Where in its ring a mark lies, and where in its sector the first one does: so that ties pass beside other marks.
REACH = {1: 66, 2: 103, 3: 140}
TURN = {1: 0.5, 2: 0.3, 3: 0.7}


@dataclass(frozen=True)
class Mark:
    """Somebody on the map. ``sector``, ``closeness`` (1 nearest) and ``direction`` (gives, takes, mutual) as recorded."""

    number: int
    label: str
    sector: str
    closeness: int
    direction: str
    strained: bool = False
    new: bool = False


def network_map(
    marks: Sequence[Mark], sectors: dict[str, str], *, title: str, sentence: str, prefix: str = "net"
) -> SafeString:
    """The map with its key. ``sectors``: what each is called. ``prefix`` starts every id."""
    top = 20
    key_from = top + 2 * MIDDLE + 18
    height = key_from + ROW * max(len(marks), 1) + 4
    svg = picture(prefix, (WIDTH, height), title, sentence)
    for ring in reversed(RINGS):
        draw(svg, "circle", cx=MIDDLE, cy=MIDDLE + top, r=ring, fill=PAPER, stroke=EDGE, stroke_width=1)
    for x1, y1, x2, y2 in (
        (MIDDLE - RINGS[2], MIDDLE, MIDDLE + RINGS[2], MIDDLE),
        (MIDDLE, MIDDLE - RINGS[2], MIDDLE, MIDDLE + RINGS[2]),
    ):
        draw(svg, "line", x1=x1, y1=y1 + top, x2=x2, y2=y2 + top, stroke=LINE, stroke_width=1)
    places = _places(marks)
    for mark in marks:
        x, y = places[mark.number]
        _tie(svg, mark, x, y + top)
    draw(svg, "circle", cx=MIDDLE, cy=MIDDLE + top, r=30, fill=PAPER, stroke=INK, stroke_width=2)
    write(svg, (MIDDLE, MIDDLE + top + 5), _("Familien"), text_anchor="middle", font_size=12, font_weight=600)
    for mark in marks:
        x, y = places[mark.number]
        _mark(svg, mark, x, y + top)
    _corners(svg, sectors, top)
    if not marks:
        write(svg, (8, key_from + 14), _("Ingen på kortet"), font_size=15)
    for line, mark in enumerate(marks):
        middle = key_from + ROW * line + 8
        _mark(svg, mark, 16, middle)
        # The way is said whole; a long name is whole in the table.
        words = f"{_short(mark.label, 42 - len(_way(mark)))} · {_way(mark)}"
        write(svg, (36, middle + 5), words, font_size=14)
    return as_html(svg)


def _way(mark: Mark) -> str:
    said = {"gives": _("giver støtte"), "takes": _("får støtte"), "mutual": _("begge veje")}[mark.direction]
    parts = [said]
    if mark.strained:
        parts.append(_("anspændt"))
    if mark.new:
        parts.append(_("ny"))
    return ", ".join(parts)


def _places(marks: Sequence[Mark]) -> dict[int, tuple[float, float]]:
    """Where each mark lies: in the middle of its ring, those of one ring and sector evenly apart."""
    groups: dict[tuple[str, int], list[Mark]] = {}
    for mark in marks:
        groups.setdefault((mark.sector, mark.closeness), []).append(mark)
    places: dict[int, tuple[float, float]] = {}
    for (sector, closeness), group in groups.items():
        radius = REACH[closeness]
        for index, mark in enumerate(group):
            # More than fit beside each other stand in two rows of the ring.
            crowded = len(group) * 26 > radius * math.pi / 2
            off = (9 if index % 2 else -9) if crowded else 0
            angle = math.radians(SECTORS[sector] + (index + TURN[closeness]) * 90 / len(group))
            reach = radius + off
            places[mark.number] = (
                round(MIDDLE + reach * math.cos(angle), 1),
                round(MIDDLE + reach * math.sin(angle), 1),
            )
    return places


def _tie(svg: ET.Element, mark: Mark, x: float, y: float) -> None:
    """The line to the family: an arrowhead where support arrives; broken by a zigzag when it is strained."""
    centre_y = MIDDLE + 20
    away = math.atan2(y - centre_y, x - MIDDLE)
    ux, uy = math.cos(away), math.sin(away)
    ax, ay = MIDDLE + 31 * ux, centre_y + 31 * uy
    bx, by = x - 12 * ux, y - 12 * uy
    if math.hypot(bx - MIDDLE, by - centre_y) <= 33:
        return
    colour = AMBER if mark.strained else GREEN if mark.direction in {"gives", "mutual"} else BLUE
    if mark.strained:
        mx, my = (ax + bx) / 2, (ay + by) / 2
        nx, ny = -uy * 6, ux * 6
        points = " ".join(
            f"{round(px, 1)},{round(py, 1)}"
            for px, py in (
                (ax, ay),
                (mx - 6 * ux, my - 6 * uy),
                (mx - 2 * ux + nx, my - 2 * uy + ny),
                (mx + 2 * ux - nx, my + 2 * uy - ny),
                (mx + 6 * ux, my + 6 * uy),
                (bx, by),
            )
        )
        line = draw(svg, "polyline", points=points, fill="none", stroke=colour, stroke_width=2)
        line.set("stroke-dasharray", "5 3")
    else:
        draw(
            svg,
            "line",
            x1=round(ax, 1),
            y1=round(ay, 1),
            x2=round(bx, 1),
            y2=round(by, 1),
            stroke=colour,
            stroke_width=2,
        )
    if mark.direction in {"gives", "mutual"}:
        _head(svg, ax, ay, -ux, -uy, colour)
    if mark.direction in {"takes", "mutual"}:
        _head(svg, bx, by, ux, uy, colour)


def _head(svg: ET.Element, x: float, y: float, ux: float, uy: float, colour: str) -> None:
    """An arrowhead with its point at (x, y), pointing the way (ux, uy)."""
    corners = (
        (x, y),
        (x - 9 * ux + 4.5 * uy, y - 9 * uy - 4.5 * ux),
        (x - 9 * ux - 4.5 * uy, y - 9 * uy + 4.5 * ux),
    )
    points = " ".join(f"{round(px, 1)},{round(py, 1)}" for px, py in corners)
    draw(svg, "polygon", points=points, fill=colour)


def _mark(svg: ET.Element, mark: Mark, x: float, y: float) -> None:
    if mark.new:
        draw(svg, "circle", cx=x, cy=y, r=13.5, fill=PAPER, stroke=INK, stroke_width=1)
    draw(svg, "circle", cx=x, cy=y, r=11, fill=PAPER, stroke=INK, stroke_width=2)
    write(svg, (x, y + 4.5), str(mark.number), text_anchor="middle", font_weight=700)


def _corners(svg: ET.Element, sectors: dict[str, str], top: int) -> None:
    bottom = top + 2 * MIDDLE + 2
    for sector, (x, y, anchor) in {
        "family": (2, 13, "start"),
        "friends": (WIDTH - 2, 13, "end"),
        "work_neighbourhood": (2, bottom, "start"),
        "professionals": (WIDTH - 2, bottom, "end"),
    }.items():
        write(svg, (x, y), sectors[sector], text_anchor=anchor, fill=SOFT)


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


# -- generations ---------------------------------------------------------


@dataclass(frozen=True)
class Kin:
    """Somebody in a genogram. ``note``: a word under the name, e.g. that they were placed themselves."""

    key: int
    label: str
    generation: int
    note: str = ""


@dataclass(frozen=True)
class Bond:
    """A relation of two: couple (double line, or one below the boxes between), parent_child (line down), siblings (dotted,
    above the boxes); broken is struck through."""

    one: int
    other: int
    kind: str
    broken: bool = False


BOX, TALL, ACROSS = 102, 44, 3


def genogram(
    people: Sequence[Kin],
    bonds: Sequence[Bond],
    generations: dict[int, str],
    *,
    title: str,
    sentence: str,
    prefix: str = "gen",
) -> SafeString:
    """The generations from the oldest down, three to a line; each generation under its name."""
    places: dict[int, tuple[float, float]] = {}
    heads: list[tuple[float, str]] = []
    y = 6.0
    for generation in sorted({one.generation for one in people}):
        heads.append((y + 12, generations[generation]))
        y += 30
        row = [one for one in people if one.generation == generation]
        for start in range(0, len(row), ACROSS):
            line = row[start : start + ACROSS]
            gap = WIDTH / len(line)
            for index, one in enumerate(line):
                places[one.key] = (gap * (index + 0.5), y + TALL / 2)
            y += TALL + 22
        y += 14
    svg = picture(prefix, (WIDTH, int(max(y, 60))), title, sentence)
    for bond in bonds:
        _bond(svg, bond, places[bond.one], places[bond.other])
    for one in people:
        x, middle = places[one.key]
        draw(
            svg,
            "rect",
            x=round(x - BOX / 2, 1),
            y=middle - TALL / 2,
            width=BOX,
            height=TALL,
            rx=6,
            fill=PAPER,
            stroke=INK,
            stroke_width=1.5,
        )
        shift = -4 if one.note else 5
        write(svg, (x, middle + shift), _short(one.label, 14), text_anchor="middle", font_weight=600)
        if one.note:
            write(svg, (x, middle + 13), _short(one.note, 16), text_anchor="middle", font_size=12, fill=SOFT)
    for at, words in heads:
        write(svg, (2, at), words, fill=SOFT, paint_order="stroke", stroke=PAPER, stroke_width=4)
    return as_html(svg)


def _bond(svg: ET.Element, bond: Bond, one: tuple[float, float], other: tuple[float, float]) -> None:
    (x1, y1), (x2, y2) = one, other
    line = {"x1": round(x1, 1), "y1": y1, "x2": round(x2, 1), "y2": y2}
    mx, my = (x1 + x2) / 2, (y1 + y2) / 2
    beside = y1 == y2 and abs(x1 - x2) <= WIDTH / 2
    if bond.kind == "siblings" or (bond.kind == "couple" and not beside):
        # Around the boxes that may stand between: siblings above, couples below.
        off = TALL / 2 + 9
        off = -off if bond.kind == "siblings" else off
        points = (
            f"{round(x1, 1)},{y1} {round(x1, 1)},{y1 + off} {round(x2, 1)},{y2 + off} {round(x2, 1)},{y2}"
        )
        drawn = draw(svg, "polyline", points=points, fill="none", stroke=BLUE, stroke_width=2)
        if bond.kind == "siblings":
            drawn.set("stroke-dasharray", "2 4")
        my += off
    elif bond.kind == "couple":
        for off in (-2.5, 2.5):
            shifted = line | {"y1": y1 + off, "y2": y2 + off}
            draw(svg, "line", **shifted, stroke=INK, stroke_width=1.5)
    else:
        draw(svg, "line", **line, stroke=GREEN, stroke_width=2)
    if bond.broken:
        for off in (-4, 4):
            draw(
                svg,
                "line",
                x1=round(mx + off - 5, 1),
                y1=my + 9,
                x2=round(mx + off + 5, 1),
                y2=my - 9,
                stroke=AMBER,
                stroke_width=2.5,
            )
