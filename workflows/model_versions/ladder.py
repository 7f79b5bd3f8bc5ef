"""The order of the exit ladder: each step says which one it follows, and the whole must be one way up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from workflows.model_versions.content import ExitRung


def in_order(rungs: Sequence[ExitRung]) -> tuple[ExitRung, ...]:
    """The steps from the first to the last. Raises ValueError for a gap, a circle, a fork or two beginnings."""
    by_code = {rung.code: rung for rung in rungs}
    if not rungs or len(by_code) != len(rungs):
        raise ValueError(_("Udslusningen har ingen trin, eller to trin har samme kode."))
    following: dict[str, ExitRung] = {}
    for rung in rungs:
        if rung.after and rung.after not in by_code:
            raise ValueError(
                _("Trin %(code)s skal følge efter %(after)s, som ikke findes. Der er et hul i udslusningen.")
                % {"code": rung.code, "after": rung.after}
            )
        if rung.after in following:
            raise ValueError(
                _("%(one)s og %(other)s vil begge stå samme sted. Udslusningen er én vej uden sideveje.")
                % {"one": following[rung.after].code, "other": rung.code}
            )
        following[rung.after] = rung
    ordered: list[ExitRung] = []
    upcoming = following.get("")
    while upcoming is not None:
        ordered.append(upcoming)
        upcoming = following.get(upcoming.code)
    if len(ordered) < len(rungs):
        lost = ", ".join(rung.code for rung in rungs if rung not in ordered)
        raise ValueError(
            _("Trinene %(codes)s følger efter hinanden i ring. Et af trinene skal være det første.")
            % {"codes": lost}
        )
    return tuple(ordered)
