"""One instrument's scores in time as SVG: where one looks twice, what may be chance, and which way it goes.

Beside what `placement.charts` draws: each panel has a scale of its own, and all of one page the same time axis. What
is said by colour is said by shape too. A cut-off is a line with teeth towards the side that asks somebody to look, and
scores on that side are open diamonds; changes from the first score that may be chance lie in a grey band; the estimated
direction is a thin line, with a fan where it may lie as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from placement.charts import BOTTOM, HALO, LEFT, RIGHT, TOP, Frame, Point, Tick, draw_axis, number_word
from placement.svg import AMBER, BLUE, EDGE, GREEN, INK, LINE, PAPER, SOFT, as_html, draw, picture, write

WIDTH, HEIGHT = 372, 150
#: Words at the right edge stand so far below each other at least.
APART = 15


@dataclass(frozen=True)
class Limit:
    """A cut-off: scores from ``value`` on, above or below it, ask somebody to look."""

    value: float
    concern: Literal["above", "below"]

    def crossed(self, value: float) -> bool:
        """Whether a score lies on the side that asks."""
        return value >= self.value if self.concern == "above" else value <= self.value


@dataclass(frozen=True)
class Fan:
    """The estimated direction: its line's value on the first day, and how many points it rises until the last.

    ``least`` and ``most``: the same for the ends of the interval; the three lines meet at ``through``, a share of the
    time from 0 to 1 and a value.
    """

    estimate: float
    least: float
    most: float
    through: tuple[float, float]

    def at(self, share: float, rise: float) -> float:
        """The value after a share of the time on the line that rises so much."""
        return self.through[1] + rise * (share - self.through[0])


@dataclass(frozen=True)
class Measured:
    """One picture. ``sentence`` is what it shows in words; ``points`` may come in any order."""

    title: str
    sentence: str
    points: Sequence[Point]
    low: float
    high: float
    goal: float | None = None
    limits: Sequence[Limit] = ()
    #: Between these values a change from the first score may be chance.
    chance: tuple[float, float] | None = None
    fan: Fan | None = None
    ticks: Sequence[Tick] = ()


def axis_of(days: Sequence[date], *, until: date) -> tuple[date, date]:
    """The first and the last day of a time axis that all panels share, at least a fortnight long."""
    start = min(days, default=until - timedelta(days=14))
    return start, max([*days, until, start + timedelta(days=14)])


def measured_panel(panel: Measured, *, axis: tuple[date, date], name: str) -> SafeString:
    """The picture of one panel; ``name`` begins its ids. Raises ValueError for a scale that does not rise."""
    if panel.high <= panel.low:
        raise ValueError("high must be greater than low")
    frame = Frame(*axis, panel.low, panel.high)
    svg = picture(name, (WIDTH, HEIGHT), panel.title, panel.sentence)
    points = sorted(panel.points, key=lambda point: point.on)
    if panel.chance:
        _chance(svg, panel.chance, frame)
    for value in (panel.low, (panel.low + panel.high) / 2, panel.high):
        height = frame.up(value)
        draw(svg, "line", x1=LEFT, y1=height, x2=RIGHT, y2=height, stroke=LINE)
        write(svg, (LEFT - 6, height + 4), number_word(value), text_anchor="end", fill=SOFT)
    words: list[tuple[float, str, dict[str, object]]] = []
    for limit in panel.limits:
        _limit(svg, limit, frame)
        words.append(
            (
                frame.up(limit.value),
                _("Grænse %(value)s") % {"value": number_word(limit.value)},
                {"fill": AMBER},
            )
        )
    if panel.goal is not None:
        height = frame.up(panel.goal)
        line = draw(svg, "line", x1=LEFT, y1=height, x2=RIGHT, y2=height, stroke=GREEN, stroke_width=2)
        line.set("stroke-dasharray", "6 4")
        words.append((height, _("Mål %(value)s") % {"value": number_word(panel.goal)}, {"fill": GREEN}))
    if panel.fan and len(points) > 1:
        _fan(svg, panel.fan, points, frame)
    _scores(svg, points, panel.limits, frame)
    if points:
        words.append(_last(points[-1], frame))
    else:
        empty = _("Ingen scorer endnu")
        write(svg, ((LEFT + RIGHT) / 2, TOP + 30), empty, text_anchor="middle", fill=SOFT, **HALO)
    _at_the_edge(svg, words)
    draw_axis(svg, panel.ticks, frame)
    return as_html(svg)


def _chance(svg: ET.Element, chance: tuple[float, float], frame: Frame) -> None:
    top, bottom = frame.up(chance[1]), frame.up(chance[0])
    draw(svg, "rect", x=LEFT, y=top, width=RIGHT - LEFT, height=round(bottom - top, 1), fill="#eceff3")
    for height in (top, bottom):
        edge = draw(svg, "line", x1=LEFT, y1=height, x2=RIGHT, y2=height, stroke=EDGE)
        edge.set("stroke-dasharray", "1 3")


def _limit(svg: ET.Element, limit: Limit, frame: Frame) -> None:
    height = frame.up(limit.value)
    draw(svg, "line", x1=LEFT, y1=height, x2=RIGHT, y2=height, stroke=AMBER, stroke_width=1.5)
    tooth = -6 if limit.concern == "above" else 6
    path = " ".join(f"M{x} {height}l4 {tooth}" for x in range(LEFT + 4, RIGHT - 3, 12))
    draw(svg, "path", d=path, fill="none", stroke=AMBER)


def _fan(svg: ET.Element, fan: Fan, points: Sequence[Point], frame: Frame) -> None:
    left, right = frame.across(points[0].on), frame.across(points[-1].on)
    middle = left + (right - left) * fan.through[0]

    def place(share: float, rise: float) -> str:
        return f"{round(left + (right - left) * share, 1)},{frame.up(fan.at(share, rise))}"

    meets = f"{round(middle, 1)},{frame.up(fan.through[1])}"
    for share in (0.0, 1.0):
        corners = f"{place(share, fan.least)} {meets} {place(share, fan.most)}"
        draw(svg, "polygon", points=corners, fill=BLUE, fill_opacity=0.13)
    line = f"{place(0, fan.estimate)} {place(1, fan.estimate)}"
    draw(svg, "polyline", points=line, fill="none", stroke=BLUE, stroke_width=1, stroke_dasharray="2 3")


def _scores(svg: ET.Element, points: Sequence[Point], limits: Sequence[Limit], frame: Frame) -> None:
    places = [(frame.across(point.on), frame.up(point.value)) for point in points]
    if len(points) > 1:
        track = " ".join(f"{x},{y}" for x, y in places)
        line = draw(svg, "polyline", points=track, fill="none", stroke=BLUE, stroke_width=2)
        line.set("stroke-linejoin", "round")
    for point, (x, y) in zip(points, places, strict=True):
        if any(limit.crossed(point.value) for limit in limits):
            corners = f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}"
            draw(svg, "polygon", points=corners, fill=PAPER, stroke=INK, stroke_width=2)
        else:
            draw(svg, "circle", cx=x, cy=y, r=4, fill=BLUE, stroke=PAPER, stroke_width=1.5)


def _last(point: Point, frame: Frame) -> tuple[float, str, dict[str, object]]:
    return (
        frame.up(point.value),
        number_word(point.value),
        {"font_size": 15, "font_weight": 700, "fill": BLUE},
    )


def _at_the_edge(svg: ET.Element, words: list[tuple[float, str, dict[str, object]]]) -> None:
    """What the lines and the last score are called, pushed apart so that each can be read, and kept in the picture."""
    below = TOP - 8.0
    places = []
    for height, text, looks in sorted(words, key=lambda one: one[0]):
        below = max(height + 5, below + APART)
        places.append((below, text, looks))
    too_low = max(0.0, below - (BOTTOM + 8)) if places else 0.0
    for height, text, looks in places:
        write(svg, (RIGHT + 10, round(height - too_low, 1)), text, **looks)
