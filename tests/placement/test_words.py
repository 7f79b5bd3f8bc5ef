"""Dates, numbers and elements in words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from placement.templatetags import words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("due", "said", "state"),
    [
        (date(2026, 11, 19), "3 dage over frist", "late"),
        (date(2026, 11, 21), "1 dag over frist", "late"),
        (TODAY, "i dag", "today"),
        (date(2026, 11, 23), "i morgen", "ahead"),
        (date(2026, 11, 27), "om 5 dage", "ahead"),
        (None, "ingen frist", "none"),
        # 23.30 in universal time is the next day in Denmark.
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "i dag", "today"),
    ],
)
def test_a_deadline_in_words(due: date | None, said: str, state: str) -> None:
    assert words.due_words(due, TODAY) == said
    assert words.due_state(due, TODAY) == state


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 11, 21), "1 dag over frist"),
        (TODAY, "i dag"),
        (date(2026, 11, 23), "i morgen"),
        (date(2026, 12, 1), "om 9 dage, tirsdag 01.12."),
        (date(2027, 1, 4), "om 43 dage, mandag 04.01.2027"),
        (None, "ingen frist"),
    ],
)
def test_a_deadline_ahead_also_says_which_day_it_is(due: date | None, said: str) -> None:
    assert words.due_words_and_day(due, TODAY) == said


def test_a_day_just_past_is_said_in_words() -> None:
    said = [words.past_day(date(2026, 11, day), TODAY) for day in (22, 21, 20)]
    assert said == ["i dag", "i går", "20.11.2026"]
    assert words.past_day(None, TODAY) == ""


def test_dates_are_danish() -> None:
    assert words.danish_date(TODAY) == "22.11.2026"
    assert words.danish_date(None) == ""
    assert words.danish_moment(datetime(2026, 7, 1, 8, 5, tzinfo=UTC)) == "01.07.2026 kl. 10.05"
    assert words.danish_moment(None) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(2.5, "2,5"), (3, "3"), (Decimal("10.00"), "10"), (-1, "−1"), (-0.001, "0"), (None, "–"), (100, "100")],
)
def test_numbers_have_a_comma(value: float | None, said: str) -> None:
    assert words.decimal_comma(value) == said


def test_every_element_has_a_title_and_an_icon() -> None:
    assert words.ELEMENT_TITLES.keys() == words.ELEMENT_ICONS.keys()
    assert words.element_title("exit") == "Udslusning"
    assert words.element_title("something-else") == "something-else"
