"""What a definition says, once it has been read: plain values, the same for every municipality that uses the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import get_language


class Entry(StrEnum):
    """How answers come in."""

    #: Every answer, item by item.
    ITEMS = "items"
    #: Only scores that were reckoned on paper or in the publisher's own program.
    TOTALS = "totals"
    #: Not on a form: reckoned from the family's own goals at a follow-up.
    GOALS = "goals"


class Method(StrEnum):
    """How a scale's score is made."""

    #: The points of its items, added.
    SUM = "sum"
    #: The mean of its items' points.
    MEAN = "mean"
    #: Written as it is.
    GIVEN = "given"
    #: Other scales of the same answers, added.
    SCALES = "scales"
    #: Goal attainment scaling, by `placement.progression.gas`.
    GOALS = "goals"


class Better(StrEnum):
    """Which way is better for the family; ``neither`` where a higher number is no better and no worse."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Shipping(StrEnum):
    """What of an instrument the product may bring with it."""

    #: Its items too, if somebody has a text that is certainly right.
    ITEMS = "items"
    #: Structure and scoring; the municipality puts in the text that it may use.
    STRUCTURE = "structure"
    #: The place to write a score, and nothing else.
    SCORES = "scores"


@dataclass(frozen=True)
class Words:
    """A text in Danish and English."""

    da: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "da").startswith("en") else self.da


@dataclass(frozen=True)
class Fact:
    """Where one part of a definition comes from, and whether somebody has read it there."""

    source: str
    checked: bool


@dataclass(frozen=True)
class Licence:
    holder: str
    terms: str
    source: str
    ships: Shipping


@dataclass(frozen=True)
class Window:
    """The ages (whole months that the child has completed, both included) at which an instrument means something."""

    first: int
    last: int
    #: May be answered while the child is expected.
    pregnancy: bool = False
    #: A child born so many weeks or more before term is counted from the day it was expected; 0: never.
    corrected_from_weeks: int = 0
    #: Until it has completed so many months from its birth.
    corrected_until_months: int = 0


@dataclass(frozen=True)
class Items:
    """Items are numbered from 1; an answer is a whole number from the item's lowest to its highest."""

    count: int
    lowest: int
    highest: int
    #: Items whose answers count from the other end.
    reversed: frozenset[int] = frozenset()
    #: Items that have other ends than the rest.
    ends: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    #: Items that may be answered "not relevant", and what that counts as.
    not_relevant: Mapping[int, int] = field(default_factory=dict)
    #: Answers are places of options counted from the top of the form, the lowest first; else the form has the numbers.
    places: bool = False

    def ends_of(self, item: int) -> tuple[int, int]:
        """The lowest and the highest answer to an item."""
        return self.ends.get(item, (self.lowest, self.highest))

    @property
    def numbers(self) -> range:
        return range(1, self.count + 1)


@dataclass(frozen=True)
class Band:
    """What a stretch of a scale is called; both ends included."""

    lowest: Decimal
    highest: Decimal
    title: Words


@dataclass(frozen=True)
class CutOff:
    """A score that asks somebody to look: it never decides. One of ``at_least`` and ``at_most`` is set."""

    code: str
    title: Words
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    #: For children of these completed months only; None: for all.
    months: tuple[int, int] | None = None
    #: Whether somebody is given a task, and not only told on the page.
    task: bool = False
    #: Days after which the same is measured again, at the earliest and at the latest.
    repeat_days: tuple[int, int] | None = None

    def crossed(self, score: Decimal, months: int | None) -> bool:
        """Whether a score of a child that old lies on the side that asks to be looked at."""
        if self.months is not None and (months is None or not self.months[0] <= months <= self.months[1]):
            return False
        if self.at_least is not None:
            return score >= self.at_least
        return self.at_most is not None and score <= self.at_most


@dataclass(frozen=True)
class Alert:
    """An answer to one item that somebody must see the same day, whatever the sum says. ``at_least``: in points."""

    code: str
    title: Words
    item: int
    at_least: int


@dataclass(frozen=True)
class Scale:
    code: str
    title: Words
    method: Method
    lowest: Decimal
    highest: Decimal
    better: Better
    items: tuple[int, ...] = ()
    of: tuple[str, ...] = ()
    times: int = 1
    #: Points from here count as 1, and below as 0.
    split_at: int | None = None
    #: So many items may be missing: the mean of the others stands in for them.
    may_miss: int = 0
    #: A score that need not be given.
    optional: bool = False
    #: Points of change from which a difference is more than chance; None: not known.
    reliable_change: Decimal | None = None
    bands: tuple[Band, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()

    def band_of(self, score: Decimal) -> Band | None:
        """The band that a score lies in, the one that begins last below it; None without bands."""
        return next((band for band in reversed(self.bands) if band.lowest <= score), None)


@dataclass(frozen=True)
class Definition:
    """One version of one instrument. ``about``: whom the score is about; the window is always a child's age."""

    id: str
    version: str
    title: Words
    short: str
    element: str
    entry: Entry
    about: tuple[str, ...]
    respondents: tuple[str, ...]
    minutes: int
    window: Window
    licence: Licence
    scales: tuple[Scale, ...]
    items: Items | None
    alerts: tuple[Alert, ...]
    #: The roles that may write it down; empty: everybody who measures.
    roles: tuple[str, ...]
    #: The kind of training whose valid record the person must have; "" for none.
    certificate: str
    facts: Mapping[str, Fact]
    #: Of the file as it was read: two answers with the same one were reckoned by the same rules.
    digest: str

    def scale(self, code: str) -> Scale:
        """The scale called ``code``; raises KeyError for an unknown one."""
        return {scale.code: scale for scale in self.scales}[code]

    def slug_of(self, scale: Scale) -> str:
        """The name under which a scale's scores stand among a family's measurements."""
        return self.id if len(self.scales) == 1 or scale.code == "total" else f"{self.id}-{scale.code}"

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The parts whose source nobody has read, by name."""
        return tuple(name for name, fact in self.facts.items() if not fact.checked)
