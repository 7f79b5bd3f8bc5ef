"""What a model version says about the evaluation's chosen families, as typed values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from placement.clock import add_months


class ResearchAnchor(StrEnum):
    """What an activity's days are counted from."""

    STARTED = "started"
    MOVED_IN = "moved_in"
    #: The day on which the first step of the exit ladder was asked for.
    EXIT_BEGUN = "exit_begun"


@dataclass(frozen=True)
class Window:
    """Days between which the intervention began, both included, and how many families a municipality chooses of them."""

    code: str
    title: str
    first: date
    last: date
    families: int
    source: str

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True)
class ActivityRule:
    """When one activity is due. Days are calendar days; ``due_days`` None: VIVE sets the day."""

    code: str
    title: str
    after: ResearchAnchor
    opens_days: int
    due_days: int | None
    #: The child must be so old (whole months); None when no child takes part.
    child_months: int | None
    #: Only where a child was awaited when the intervention began.
    expected_only: bool
    source: str

    def opens(self, anchor: date, child_born_on: date | None) -> date | None:
        """The first day; None while the child that must be old enough is not born."""
        day = anchor + timedelta(days=self.opens_days)
        if self.child_months is None:
            return day
        return None if child_born_on is None else max(day, add_months(child_born_on, self.child_months))

    def due(self, opens: date) -> date | None:
        """The last day that is in time, counted from the first on which it can be done; None when VIVE sets the day."""
        return None if self.due_days is None else opens + timedelta(days=self.due_days)


@dataclass(frozen=True)
class ResearchRules:
    """Which municipalities choose families, how many, of which windows, and for what."""

    municipalities: tuple[int, ...]
    families: int
    source: str
    windows: tuple[Window, ...]
    activities: tuple[ActivityRule, ...]

    def window_of(self, day: date) -> Window | None:
        """The window in which ``day`` lies; None for a day between or after them."""
        return next((window for window in self.windows if day in window), None)

    def window(self, code: str) -> Window | None:
        """The window called ``code``; None for one that the version does not know (any more)."""
        return next((window for window in self.windows if window.code == code), None)
