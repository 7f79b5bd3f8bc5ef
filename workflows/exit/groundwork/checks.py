"""What every record that an exit step rests on must keep to."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused
from placement.clock import danish_day


def not_in_future(day: date | None, now: datetime) -> None:
    """Raises Refused (``groundwork-in-future``) for a day after today."""
    if day is not None and day > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Ret den."), type="groundwork-in-future")


def written(*texts: str) -> list[str]:
    """The texts without the space around them. Raises Refused (``groundwork-incomplete``) when one is empty."""
    stripped = [text.strip() for text in texts]
    if not all(stripped):
        raise Refused(_("Udfyld alle felter, der skal udfyldes."), type="groundwork-incomplete")
    return stripped
