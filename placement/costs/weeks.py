"""Calendar weeks of hours: how they are spelled, and which month and year a week is counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

DAYS = 7
#: No week outside these years is meant by anybody, and there are days before and after each of theirs.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


@dataclass(frozen=True, order=True)
class Week:
    """A calendar week by its Monday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that ``day`` lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The week that ``2026-W48`` spells; None when it spells none."""
        year, _w, number = text.partition("-W")
        digits = (year + number).isascii() and (year + number).isdigit()
        if not (digits and len(number) <= 2 and EARLIEST_YEAR <= int(year or "0") <= LATEST_YEAR):
            return None
        try:
            return cls(date.fromisocalendar(int(year), int(number), 1))
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """As ISO 8601 spells it: ``2026-W48``."""
        year, number, _day = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def counted_on(self) -> date:
        """Its Thursday: a week is counted whole in that day's month and year, as ISO 8601 numbers weeks."""
        return self.monday + timedelta(days=3)

    def later(self, weeks: int) -> Week:
        """The week so many weeks later; earlier with a negative number."""
        return Week(self.monday + timedelta(weeks=weeks))

    def days_begun(self, today: date) -> int:
        """How many of its days have begun by ``today``: 0 for a week that lies ahead."""
        return min(max((today - self.monday).days + 1, 0), DAYS)
