"""Fidelity and completeness as pictures: bars with their numbers, so that nothing hangs on colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from placement.svg import AMBER, BLUE, EDGE, GREEN, INK, LINE, PAPER, SOFT, as_html, draw, picture, write
from workflows.fidelity.sites import RuleCount

#: The picture is as wide as a phone; a row holds its title and, below it, its bar.
WIDTH, ROW, BAR, LEFT, RIGHT = 340, 50, 16, 4, 260


@dataclass(frozen=True)
class Segment:
    """So many families of a row: how they are called, and how their part of the bar is drawn."""

    count: int
    word: str
    fill: str
    edge: str
    ink: str
    dashed: bool = False


def shares(lines: Sequence[RuleCount], *, name: str, title: str) -> SafeString:
    """A bar for each indicator: how much of what ought to have been done was, over the families it says something about."""
    said = "; ".join(f"{line.indicator.title}: {share_words(line)}" for line in lines)
    svg = picture(name, (WIDTH, ROW * len(lines)), title, said)
    for number, line in enumerate(lines):
        top = number * ROW
        write(svg, (LEFT, top + 15), str(line.indicator.title), font_weight=600)
        _track(svg, top + 23, dashed=line.share is None)
        if line.share:
            draw(
                svg,
                "rect",
                x=LEFT,
                y=top + 23,
                width=round((RIGHT - LEFT) * line.share, 1),
                height=BAR,
                fill=BLUE,
            )
        write(svg, (RIGHT + 8, top + 36), _short_words(line), fill=INK if line.expected else SOFT)
    return as_html(svg)


def share_words(line: RuleCount) -> str:
    """How much, in words."""
    if not line.expected:
        return _("ingen familier er kommet så langt")
    return _("%(done)d af %(expected)d") % {"done": line.done, "expected": line.expected}


def standings(rows: Sequence[tuple[str, Sequence[Segment]]], *, name: str, title: str) -> SafeString:
    """A bar of families for each row, in segments of one width per family; each segment holds its number."""
    most = max((sum(segment.count for segment in segments) for _t, segments in rows), default=0) or 1
    said = "; ".join(
        f"{row}: {', '.join(f'{one.count} {one.word}' for one in segments if one.count)}"
        for row, segments in rows
    )
    svg = picture(name, (WIDTH, ROW * len(rows)), title, said)
    one_family = (WIDTH - 2 * LEFT) / most
    for number, (row, segments) in enumerate(rows):
        top = number * ROW
        write(svg, (LEFT, top + 15), row, font_weight=600)
        x = float(LEFT)
        for segment in segments:
            width = round(one_family * segment.count, 1)
            if width:
                _segment(svg, (x, top + 21), width, segment)
                x += width
    return as_html(svg)


def _segment(svg: ET.Element, place: tuple[float, float], width: float, segment: Segment) -> None:
    x, y = place
    bar = draw(
        svg, "rect", x=round(x + 0.5, 1), y=y, width=max(round(width - 1, 1), 1), height=BAR + 6, fill=segment.fill,
        stroke=segment.edge,
    )  # fmt: skip
    if segment.dashed:
        bar.set("stroke-dasharray", "4 3")
    if width >= 14:
        write(
            svg, (round(x + width / 2, 1), y + 16), str(segment.count), text_anchor="middle", fill=segment.ink
        )


def _track(svg: ET.Element, y: float, *, dashed: bool) -> None:
    bar = draw(
        svg, "rect", x=LEFT, y=y, width=RIGHT - LEFT, height=BAR, fill=PAPER, stroke=EDGE if dashed else LINE
    )
    if dashed:
        bar.set("stroke-dasharray", "4 3")


def _short_words(line: RuleCount) -> str:
    return share_words(line) if line.expected else _("ikke endnu")


def in_time(count: int) -> Segment:
    return Segment(count, _("i tiden"), GREEN, GREEN, PAPER)


def late(count: int) -> Segment:
    return Segment(count, _("for sent"), BLUE, BLUE, PAPER)


def missing(count: int) -> Segment:
    return Segment(count, _("mangler"), PAPER, AMBER, AMBER)


def with_reason(count: int) -> Segment:
    return Segment(count, _("med grund"), LINE, EDGE, INK)


def not_yet(count: int) -> Segment:
    return Segment(count, _("ikke endnu"), PAPER, EDGE, SOFT, dashed=True)


def legend() -> list[SafeString]:
    """One small bar of each kind with its word, in the order of the bars."""
    marks = []
    for segment in (in_time(0), late(0), missing(0), with_reason(0), not_yet(0)):
        size = {"viewBox": "0 0 110 24", "width": "110", "height": "24"}
        svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "aria-hidden": "true", **size})
        _segment(svg, (0, 0), 12, segment)
        write(svg, (20, 16), segment.word)
        marks.append(as_html(svg))
    return marks
