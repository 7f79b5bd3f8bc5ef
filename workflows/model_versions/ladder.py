"""The order of the exit ladder: each step says which one it follows, and the whole must be one way up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

Row = Mapping[str, Any]


def in_order(rows: Sequence[Row]) -> list[Row]:
    """The steps as written (``after`` names the one before; without it, the one written before) from first to last.

    Raises ValueError for a gap, a circle, a fork, two beginnings, or a step without conditions.
    """
    codes = [str(row.get("code", "?")) for row in rows]
    if not rows or len(set(codes)) != len(codes):
        raise ValueError(_("Udslusningen har ingen trin, eller to trin har samme kode."))
    following: dict[str, str] = {}
    for index, (code, row) in enumerate(zip(codes, rows, strict=True)):
        after = str(row.get("after", codes[index - 1] if index else ""))
        if not row.get("conditions"):
            raise ValueError(
                _("Trin %(code)s har ingen betingelser. Hvert trin skal have mindst én.") % {"code": code}
            )
        if after and after not in codes:
            raise ValueError(
                _("Trin %(code)s skal følge efter %(after)s, som ikke findes. Der er et hul i udslusningen.")
                % {"code": code, "after": after}
            )
        if after in following:
            raise ValueError(
                _("%(one)s og %(other)s vil begge stå samme sted. Udslusningen er én vej uden sideveje.")
                % {"one": following[after], "other": code}
            )
        following[after] = code
    ordered: list[str] = []
    while (upcoming := following.get(ordered[-1] if ordered else "")) is not None:
        ordered.append(upcoming)
    if len(ordered) < len(codes):
        raise ValueError(
            _("Trinene %(codes)s følger efter hinanden i ring. Et af trinene skal være det første.")
            % {"codes": ", ".join(code for code in codes if code not in ordered)}
        )
    return [rows[codes.index(code)] for code in ordered]


def conditions_of(row: Row) -> list[str]:
    """The codes of a written step's conditions."""
    return [str(condition["code"]) for condition in row["conditions"]]
