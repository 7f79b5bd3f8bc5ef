"""The sessions of each month as a picture: bars with their numbers, and the same in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement.svg import BLUE, EDGE, SOFT, as_html, draw, picture, write
from workflows.mentalisation.fidelity import Month

_ROW, _LEFT, _WIDE = 30, 92, 330


def month_name(month: Month) -> str:
    """A month as it stands in front of its bar."""
    return date_format(month.first, "M Y")


def months_picture(months: Sequence[Month], *, prefix: str = "sessions") -> SafeString:
    """A bar for each month, from the first to the last; '' where there are none. No meaning hangs on colour alone."""
    if not months:
        return mark_safe("")
    most = max(1, *(month.held for month in months))
    svg = picture(prefix, (_WIDE, _ROW * len(months) + 6), _("Samtaler om måneden"), sentence(months))
    for number, month in enumerate(months):
        middle = _ROW * number + _ROW / 2 + 3
        write(svg, (0, middle + 5), month_name(month), fill=SOFT)
        draw(svg, "line", x1=_LEFT, y1=middle - 11, x2=_LEFT, y2=middle + 11, stroke=EDGE, stroke_width=1)
        length = round((_WIDE - _LEFT - 60) * month.held / most)
        if length:
            draw(svg, "rect", x=_LEFT, y=middle - 9, width=length, height=18, fill=BLUE)
        said = str(month.held)
        if month.not_held:
            said = _("%(held)d (%(not)d ikke)") % {"held": month.held, "not": month.not_held}
        write(svg, (_LEFT + length + 6, middle + 5), said)
    return as_html(svg)


def sentence(months: Sequence[Month]) -> str:
    """The picture in words."""
    held, missed = sum(month.held for month in months), sum(month.not_held for month in months)
    said = [
        ngettext("%(n)d samtale holdt", "%(n)d samtaler holdt", held) % {"n": held},
        ngettext("på %(n)d måned.", "på %(n)d måneder.", len(months)) % {"n": len(months)},
    ]
    if missed:
        said.append(_("%(n)d blev ikke holdt.") % {"n": missed})
    return " ".join(said)
