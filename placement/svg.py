"""How a picture is written as SVG: only presentation attributes, everything from outside escaped.

No style attribute, no script, nothing from elsewhere: the pictures pass the strict content security policy and can
be printed. Whatever comes in goes through ElementTree, which escapes it; `as_html` is the one place that marks the
result as safe HTML.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe

INK, SOFT, LINE, EDGE, BLUE, GREEN, AMBER, PAPER = (
    "#1a1a1a", "#4a4f57", "#d3d8de", "#7d8590", "#004d99", "#23660b", "#7a4b00", "#ffffff",
)  # fmt: skip


def picture(name: str, size: tuple[int, int], title: str, sentence: str) -> ET.Element:
    """An empty picture with its title and its description in words; `name` begins their ids."""
    width, height = size
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {height}",
        "width": str(width),
        "height": str(height),
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
    }
    svg = ET.Element("svg", attributes)
    ET.SubElement(svg, "title", {"id": f"{name}-title"}).text = title
    ET.SubElement(svg, "desc", {"id": f"{name}-desc"}).text = sentence
    return svg


def draw(parent: ET.Element, shape: str, **attributes: object) -> ET.Element:
    """A shape; stroke_width becomes stroke-width."""
    named = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    return ET.SubElement(parent, shape, named)


def write(parent: ET.Element, place: tuple[float, float], words: str, **attributes: object) -> None:
    """A line of text with its left end (or its `text_anchor`) at `place`."""
    x, y = place
    draw(parent, "text", **{"x": x, "y": y, "font_size": 13, "fill": INK} | attributes).text = words


def as_html(root: ET.Element) -> SafeString:
    """The picture as HTML."""
    # Safe because ElementTree wrote it: every attribute and text has been escaped there.
    return mark_safe(ET.tostring(root, encoding="unicode"))
