"""Two ways of doing a thing, taken in turns, and how they compare. Seconds differ from machine to machine; ratios less."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Way:
    """One way: ``act`` is measured; ``ready``, which makes what it takes, is not."""

    name: str
    act: Callable[[Any], Any]
    ready: Callable[[], Any] = lambda: None


@dataclass(frozen=True)
class Comparison:
    """Ours against its floor: medians in seconds, the ratio of pairs taken one after the other, queries each."""

    title: str
    ours: str
    floor: str
    ours_seconds: float
    floor_seconds: float
    ratio: float
    low: float
    high: float
    ours_queries: int
    floor_queries: int

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "ratio": round(self.ratio, 2),
            "ratio_quartiles": [round(self.low, 2), round(self.high, 2)],
            "ours": {
                "what": self.ours,
                "ms": round(self.ours_seconds * 1000, 3),
                "queries": self.ours_queries,
            },
            "floor": {
                "what": self.floor,
                "ms": round(self.floor_seconds * 1000, 3),
                "queries": self.floor_queries,
            },
        }


def compare(title: str, ours: Way, floor: Way, *, rounds: int) -> Comparison:
    """Take turns ``rounds`` times (after two that do not count) and compare.

    Each round is one pair, so what slows the machine for a moment slows both; the order within the pair
    changes from round to round. The ratio is the median of the pairs' ratios.
    """
    ours_queries, floor_queries = _queries(ours), _queries(floor)
    for way in (ours, floor):
        _timed(way)
    pairs = []
    for number in range(rounds):
        first, second = (ours, floor) if number % 2 == 0 else (floor, ours)
        one, other = _timed(first), _timed(second)
        pairs.append((one, other) if first is ours else (other, one))
    ratios = sorted(mine / base for mine, base in pairs)
    quarter = len(ratios) // 4
    return Comparison(
        title=title,
        ours=ours.name,
        floor=floor.name,
        ours_seconds=statistics.median(mine for mine, _base in pairs),
        floor_seconds=statistics.median(base for _mine, base in pairs),
        ratio=statistics.median(ratios),
        low=ratios[quarter],
        high=ratios[-1 - quarter],
        ours_queries=ours_queries,
        floor_queries=floor_queries,
    )


def _timed(way: Way) -> float:
    ready = way.ready()
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        way.act(ready)
        return time.perf_counter() - began
    finally:
        gc.enable()


def _queries(way: Way) -> int:
    """How many statements it sends (BEGIN, COMMIT and the access context are not counted: every way has them)."""
    ready = way.ready()
    with counted() as statements:
        way.act(ready)
    return len(statements)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent inside the block through Django's connection."""
    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


def table(comparisons: list[Comparison]) -> str:
    """The comparisons as a table for people."""
    head = ("", "ratio", "quartiles", "ours ms", "queries", "floor ms", "queries")
    rows = [
        (
            one.title,
            f"{one.ratio:.2f}",
            f"{one.low:.2f}-{one.high:.2f}",
            f"{one.ours_seconds * 1000:.2f}",
            str(one.ours_queries),
            f"{one.floor_seconds * 1000:.2f}",
            str(one.floor_queries),
        )
        for one in comparisons
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in (head, *rows)
    )
