"""The indicators of a site's families, put together for those who lead it; their own row security decides what is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from placement import clock
from workflows.fidelity.indicators import INDICATORS, Indicator, facts_sql, rules_sql


@dataclass
class RuleCount:
    """One indicator over several families.

    ``families``: those it says something about; ``silent``: those it does not, because it has not come so far or never
    will. ``expected`` and ``done`` are summed over the first; ``whole`` is how many of them did all of it.
    """

    indicator: Indicator
    families: int = 0
    silent: int = 0
    expected: int = 0
    done: int = 0
    whole: int = 0

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when no family says anything."""
        return self.done / self.expected if self.expected else None


@dataclass(frozen=True)
class FamilyRule:
    """One family and one indicator, as the dataset has it."""

    family: int
    code: str
    expected: int | None
    done: int | None


def rules_of(families: Iterable[int]) -> list[FamilyRule]:
    """Each indicator of each family that the reader may see, up to today: one query."""
    today = f"DATE '{clock.today().isoformat()}'"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, rule.code, rule.expected, rule.done FROM public.families_family f"
            f"{facts_sql(today)}{rules_sql()} WHERE f.started_on IS NOT NULL AND f.id = ANY (%s) ORDER BY f.id, rule.number",
            [list(families)],
        )
        return [FamilyRule(*row) for row in cursor.fetchall()]


def counted(rules: Iterable[FamilyRule]) -> list[RuleCount]:
    """The families' rules summed, one line for each indicator in its order."""
    lines = {one.code: RuleCount(one) for one in INDICATORS}
    for rule in rules:
        line = lines[rule.code]
        if rule.expected is None or rule.done is None:
            line.silent += 1
            continue
        line.families += 1
        line.expected += rule.expected
        line.done += rule.done
        line.whole += rule.done == rule.expected
    return list(lines.values())
