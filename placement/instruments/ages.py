"""A child's age when an instrument is used, corrected for being born too early where the instrument asks for it."""

from __future__ import annotations

from datetime import date, timedelta

from placement import clock
from placement.instruments.definition import Window


def completed_months(born: date, day: date) -> int:
    """The months that a child has completed on ``day``; negative before its birth."""
    months = (day.year - born.year) * 12 + day.month - born.month
    return months if clock.add_months(born, months) <= day else months - 1


def age_in_months(window: Window, *, born: date, due: date | None, day: date) -> int:
    """The age that counts for an instrument: from birth, or from the day the child was expected."""
    early = due is not None and due - born >= timedelta(weeks=window.corrected_from_weeks)
    if (
        window.corrected_from_weeks
        and early
        and due is not None
        and completed_months(born, day) < window.corrected_until_months
    ):
        return completed_months(due, day)
    return completed_months(born, day)


def fits(window: Window, months: int) -> bool:
    """Whether a child of that age may be measured."""
    return window.first <= months <= window.last
