"""What day it is, for every rule in the product.

Services and guards take ``now`` from here, so that a demonstration can be moved through the months of a
stay and a test can stand on a chosen day. Sessions, signatures and the trail never ask this clock.
"""

from __future__ import annotations

import calendar
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils import timezone

DENMARK = ZoneInfo("Europe/Copenhagen")

#: A day that is written down lies between these; further off, its year is mistyped ("0206"). Ours, and wide on purpose.
EARLIEST_DAY = date(1900, 1, 1)
LATEST_YEARS_AHEAD = 10

_standing: ContextVar[datetime | None] = ContextVar("familieforloeb_clock", default=None)


def now() -> datetime:
    """The moment that rules count from, timezone-aware (UTC)."""
    standing = _standing.get()
    if standing is not None:
        return standing
    moment = timezone.now()
    if settings.DEMO_MODE:
        moment += demo_offset()
    return moment


def today() -> date:
    """The Danish calendar day of `now`."""
    return danish_day(now())


def danish_day(moment: datetime) -> date:
    """The calendar day in Denmark on which ``moment`` falls."""
    return moment.astimezone(DENMARK).date()


def is_possible(day: date, *, today: date) -> bool:
    """Whether ``day`` can be meant, whatever it is about: from 1900 to ten years after ``today``."""
    return day >= EARLIEST_DAY and day.year <= today.year + LATEST_YEARS_AHEAD


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` (timezone-aware) inside the block: for seeding,
    for tests, and to reckon a deadline as it was reckoned then."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


@lru_cache(maxsize=8)
def _danish_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_working_day(day: date) -> bool:
    """Whether Danish authorities work on ``day``: not a weekend, not a public holiday."""
    return day.weekday() < 5 and day not in _danish_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th Danish working day after ``day`` (count 0: ``day`` itself)."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def working_days_before(day: date, count: int) -> date:
    """The ``count``-th Danish working day before ``day`` (count 0: ``day`` itself)."""
    while count > 0:
        day -= timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def end_of(day: date) -> datetime:
    """The moment at which ``day`` is over in Denmark: what is due that day is late from then on."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=DENMARK)


def moment_on(day: date, *, now: datetime) -> datetime:
    """When something happened of which only the ``day`` is known: now when it is today, else as the day began."""
    return now if day == danish_day(now) else datetime.combine(day, time.min, tzinfo=DENMARK)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later; the month's last day when it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _offset_file() -> Path:
    return Path(settings.VAR_DIR) / "clock.json"


def demo_offset() -> timedelta:
    """How far the demonstration's clock has been moved from real time; zero when it never was."""
    try:
        stored = json.loads(_offset_file().read_text())
    except FileNotFoundError:
        return timedelta(0)
    return timedelta(seconds=stored["offset_seconds"])


def move_demo_clock(offset: timedelta) -> None:
    """Set the demonstration's distance from real time; the web server and the worker both read it.

    Raises RuntimeError outside demo mode: nobody may date real decisions in another month.
    """
    if not settings.DEMO_MODE:
        raise RuntimeError("The clock can only be moved in demo mode.")
    target = _offset_file()
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps({"offset_seconds": offset.total_seconds()}))
    draft.replace(target)
