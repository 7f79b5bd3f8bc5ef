"""Days that somebody wrote down: whether they can be meant at all."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.errors import Refused

IMPOSSIBLE = _("Årstallet kan ikke passe. Ret datoen.")


def check_possible(day: date, *, now: datetime) -> None:
    """A mistyped year is found where it is written, not when somebody counts.

    Raises Refused (``day-impossible``) for a day that `clock.is_possible` does not know.
    """
    if not clock.is_possible(day, today=clock.danish_day(now)):
        raise Refused(IMPOSSIBLE, type="day-impossible")
