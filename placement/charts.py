"""Pictures of a journey as SVG, drawn on the server.

Only presentation attributes: no style attribute, no script, nothing from outside, so they pass the strict
content security policy and can be printed. Each picture carries a title and a sentence made of its own data,
and no meaning hangs on colour alone (goal dashed, last value written, steps and meetings by shape and word).

The builder gets plain values and gives text; how a picture is written is in `placement/svg.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from placement.svg import BLUE, EDGE, GREEN, INK, LINE, PAPER, SOFT, as_html, draw, picture, write


@dataclass(frozen=True)
class Point:
    """One measurement: the day and the value on the panel's scale."""

    on: date
    value: float


@dataclass(frozen=True)
class Tick:
    """Something on the time axis beside the measurements: an exit step (triangle) or a meeting (bar)."""

    on: date
    label: str
    kind: Literal["step", "meeting"]


@dataclass(frozen=True)
class Panel:
    """One goal or one core element: its measurements in any order, and the value that is aimed for."""

    key: str
    title: str
    points: Sequence[Point]
    goal: float | None = None
    ticks: Sequence[Tick] = ()
    #: How many measurements the points were gathered from, each the middle one of so many days; 1: each is itself.
    count: int = 0
    days: int = 1


@dataclass(frozen=True)
class Step:
    """One step of the exit ladder. `note` is a short text after the state's word, e.g. a date."""

    title: str
    state: Literal["done", "current", "todo"]
    note: str = ""


def progression_panels(
    series: Sequence[Panel],
    *,
    low: float = 0,
    high: float = 4,
    until: date | None = None,
    prefix: str = "p",
) -> SafeString:
    """A list of small pictures, one per panel, all with one scale (`low` to `high`) and one time axis.

    The axis begins with the first measurement or tick and ends with the last, or at `until` (today) when that
    is later. `prefix` starts every id, so that two charts can stand on one page. A panel with fewer than two
    measurements says that this is too little to tell a direction; the measurement that exists is shown.
    Raises ValueError for a scale that does not rise.
    """
    if high <= low:
        raise ValueError("high must be greater than low")
    if not series:
        return mark_safe("")
    days = [p.on for panel in series for p in panel.points] + [t.on for panel in series for t in panel.ticks]
    start, end = (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 1, 2))
    if until is not None:
        start, end = (start, max(end, until)) if days else (until - timedelta(days=14), until)
    frame = Frame(start, max(end, start + timedelta(days=14)), low, high)
    root = ET.Element("ul", {"class": "plain panels"})
    for number, panel in enumerate(series, start=1):
        item = ET.SubElement(root, "li", {"class": "chart"})
        ET.SubElement(item, "p", {"class": "chart-title"}).text = panel.title
        item.append(_panel(panel, frame, f"{prefix}{number}"))
    return as_html(root)


def exit_ladder(steps: Sequence[Step], *, prefix: str = "ladder") -> SafeString:
    """The exit steps from first to last: done is a filled circle with a tick, current a ring with a dot, the
    rest dashed; each has its word beside it as well. `prefix` starts every id."""
    words = {"done": _("gennemført"), "current": _("i gang"), "todo": _("ikke begyndt")}
    row = 58
    done = sum(step.state == "done" for step in steps)
    current = next((step.title for step in steps if step.state == "current"), "")
    sentence = _("%(done)d af %(all)d trin er gennemført.") % {"done": done, "all": len(steps)}
    if current:
        sentence += " " + _("I gang: %(title)s.") % {"title": current}
    svg = picture(prefix, (330, row * max(len(steps), 1)), _("Udslusningstrin"), sentence)
    for number, step in enumerate(steps):
        middle = row * number + row / 2
        if number + 1 < len(steps):
            top, bottom = middle + 14, middle + row - 14
            line = draw(svg, "line", x1=20, y1=top, x2=20, y2=bottom, stroke=EDGE, stroke_width=2)
            if step.state != "done":
                line.set("stroke-dasharray", "4 4")
        _ladder_mark(svg, step.state, middle)
        note = words[step.state] + (f" · {step.note}" if step.note else "")
        weight = 700 if step.state == "current" else 600
        write(svg, (46, middle - 3), _short(step.title, 36), font_size=15, font_weight=weight)
        write(svg, (46, middle + 16), _short(note, 42), fill=SOFT)
    return as_html(svg)


def panel_sentence(panel: Panel) -> str:
    """The picture in words, for those who do not see it."""
    points = sorted(panel.points, key=lambda point: point.on)
    parts = []
    if points:
        last = points[-1]
        parts.append(
            _("%(count)d målinger. Seneste %(value)s den %(day)s.")
            % {
                "count": panel.count or len(points),
                "value": number_word(last.value),
                "day": day_word(last.on),
            }
            if len(points) > 1
            else _("1 måling: %(value)s den %(day)s.")
            % {"value": number_word(last.value), "day": day_word(last.on)}
        )
    if panel.days > 1:
        parts.append(_("Hver prik er den midterste af scorerne i %(days)d dage.") % {"days": panel.days})
    if len(points) < 2:
        parts.append(_("For få målinger til at sige noget."))
    else:
        first, last = points[0], points[-1]
        values = {"value": number_word(first.value), "day": day_word(first.on)}
        if last.value > first.value:
            parts.append(_("Højere end den første, %(value)s den %(day)s.") % values)
        elif last.value < first.value:
            parts.append(_("Lavere end den første, %(value)s den %(day)s.") % values)
        else:
            parts.append(_("Det samme som den første, %(value)s den %(day)s.") % values)
    if panel.goal is not None:
        parts.append(_("Mål %(value)s.") % {"value": number_word(panel.goal)})
    ticks = [f"{tick.label} {day_word(tick.on)}" for tick in sorted(panel.ticks, key=lambda tick: tick.on)]
    if ticks:
        parts.append(_("På tidslinjen: %(what)s.") % {"what": ", ".join(ticks)})
    return " ".join(parts)


# -- drawing ------------------------------------------------------------

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 340, 150, 30, 278, 14, 110  # the picture, and the plot's four edges


@dataclass(frozen=True)
class Frame:
    """Where a day and a value lie in a panel's picture."""

    start: date
    end: date
    low: float
    high: float

    def across(self, day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - self.start).days / (self.end - self.start).days, 1)

    def up(self, value: float) -> float:
        # A value off the scale is drawn at its edge; the number beside it stays the true one.
        inside = min(max(value, self.low), self.high)
        return round(TOP + (BOTTOM - TOP) * (self.high - inside) / (self.high - self.low), 1)


def _panel(panel: Panel, frame: Frame, name: str) -> ET.Element:
    svg = picture(name, (WIDTH, HEIGHT), panel.title, panel_sentence(panel))
    for value in (frame.low, (frame.low + frame.high) / 2, frame.high):
        height = frame.up(value)
        draw(svg, "line", x1=LEFT, y1=height, x2=RIGHT, y2=height, stroke=LINE)
        write(svg, (LEFT - 8, height + 4), number_word(value), text_anchor="end", fill=SOFT)
    points = sorted(panel.points, key=lambda point: point.on)
    if panel.goal is not None:
        height = frame.up(panel.goal)
        line = draw(svg, "line", x1=LEFT, y1=height, x2=RIGHT, y2=height, stroke=GREEN, stroke_width=2)
        line.set("stroke-dasharray", "6 4")
        words = _("Mål %(value)s") % {"value": number_word(panel.goal)}
        write(svg, (RIGHT + 8, height + _goal_shift(points, panel.goal, frame)), words, fill=GREEN)
    if len(points) > 1:
        track = " ".join(f"{frame.across(point.on)},{frame.up(point.value)}" for point in points)
        line = draw(svg, "polyline", points=track, fill="none", stroke=BLUE, stroke_width=2.5)
        line.set("stroke-linejoin", "round")
    for point in points:
        x, y = frame.across(point.on), frame.up(point.value)
        draw(svg, "circle", cx=x, cy=y, r=4, fill=BLUE, stroke=PAPER, stroke_width=1.5)
    if points:
        place = (frame.across(points[-1].on) + 9, frame.up(points[-1].value) + 5)
        write(svg, place, number_word(points[-1].value), font_size=15, font_weight=700, fill=BLUE, **HALO)
    if len(points) < 2:
        words = _("For få målinger til at sige noget")
        write(svg, ((LEFT + RIGHT) / 2, TOP + 16), words, text_anchor="middle", fill=SOFT, **HALO)
    draw_axis(svg, panel.ticks, frame)
    return svg


def _goal_shift(points: Sequence[Point], goal: float, frame: Frame) -> int:
    """How far the goal's word moves from its line, so that the last value can be read beside it."""
    if not points:
        return 4
    near = abs(frame.up(points[-1].value) - frame.up(goal)) < 15 and frame.across(points[-1].on) > RIGHT - 20
    if not near:
        return 4
    return -7 if points[-1].value <= goal else 19


def draw_axis(svg: ET.Element, ticks: Sequence[Tick], frame: Frame) -> None:
    base = BOTTOM + 8
    draw(svg, "line", x1=LEFT, y1=base, x2=RIGHT, y2=base, stroke=EDGE)
    for tick in ticks:
        x = frame.across(tick.on)
        if tick.kind == "step":
            corners = f"{x},{base - 8} {x - 5},{base + 1} {x + 5},{base + 1}"
            mark = draw(svg, "polygon", points=corners, fill=INK)
        else:
            mark = draw(svg, "line", x1=x, y1=base - 5, x2=x, y2=base + 5, stroke=INK, stroke_width=2)
        ET.SubElement(mark, "title").text = f"{tick.label} {day_word(tick.on)}"
    write(svg, (LEFT, HEIGHT - 12), day_word(frame.start), fill=SOFT)
    write(svg, (RIGHT, HEIGHT - 12), day_word(frame.end), text_anchor="end", fill=SOFT)


def _ladder_mark(svg: ET.Element, state: str, middle: float) -> None:
    if state == "done":
        draw(svg, "circle", cx=20, cy=middle, r=13, fill=GREEN)
        corners = f"13.5,{middle + 0.5} 18,{middle + 5} 27,{middle - 5}"
        draw(svg, "polyline", points=corners, fill="none", stroke=PAPER, stroke_width=3)
    elif state == "current":
        draw(svg, "circle", cx=20, cy=middle, r=12, fill=PAPER, stroke=BLUE, stroke_width=4)
        draw(svg, "circle", cx=20, cy=middle, r=5, fill=BLUE)
    else:
        ring = draw(svg, "circle", cx=20, cy=middle, r=12, fill=PAPER, stroke=EDGE, stroke_width=2)
        ring.set("stroke-dasharray", "4 4")


HALO = {"paint_order": "stroke", "stroke": PAPER, "stroke_width": 4, "stroke_linejoin": "round"}


def _short(words: str, most: int) -> str:
    """The words cut to `most` characters; the whole text is in the picture's title or description."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def number_word(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",").replace("-", "−")


def day_word(day: date) -> str:
    return f"{day:%d.%m.%Y}"
