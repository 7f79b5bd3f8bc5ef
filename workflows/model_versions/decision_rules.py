"""What the law says about a decision's parties, complaint and plan, as data: each number with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from placement import clock


@dataclass(frozen=True)
class DecisionRules:
    """Ages in years, and how long a complaint and a plan may take. ``sources``: where each number comes from."""

    party_from_years: int
    supporter_from_years: int
    complaint_days: int
    reassessment_days: int
    plan_within_months: int
    access_working_days: int
    sources: Mapping[str, str]

    def complaint_until(self, received_on: date) -> date:
        """The last day of complaining of a letter received that day; moved to a working day, as we read the law."""
        day = received_on + timedelta(days=self.complaint_days)
        return day if clock.is_working_day(day) else clock.add_working_days(day, 1)

    def plan_until(self, decided_on: date) -> date:
        """The last day for the plan that a decision of that day asks for."""
        return clock.add_months(decided_on, self.plan_within_months)

    def access_until(self, received_on: date) -> date:
        """The last day for answering a request of that day to see the case file."""
        return clock.add_working_days(received_on, self.access_working_days)


#: What a version says that was stored before it said anything about decisions: the same as the first one's file.
_BEFORE: Mapping[str, Any] = {
    "party_from_years": 10,
    "supporter_from_years": 15,
    "complaint_days": 28,
    "reassessment_days": 28,
    "plan_within_months": 3,
    "access_working_days": 7,
    "sources": {
        "party_from_years": "Barnets lov § 3",
        "supporter_from_years": "Barnets lov § 6",
        "complaint_days": "Retssikkerhedsloven § 67, som vi læser den: inden 4 uger",
        "reassessment_days": "Retssikkerhedsloven § 66, som vi læser den: inden 4 uger",
        "plan_within_months": "Barnets lov § 91: senest 3 måneder efter afgørelsen",
        "access_working_days": "Forvaltningsloven § 16, som vi læser den: normalt inden 7 arbejdsdage",
    },
}
_NUMBERS = tuple(name for name in _BEFORE if name != "sources")
#: What came after the others: a version that says nothing of it reads the first one's.
_LATER = ("access_working_days",)


def parse_decision_rules(content: Mapping[str, Any]) -> DecisionRules:
    """``[decisions]`` as written. Raises ValueError with what is missing, not positive or without a source."""
    row = content.get("decisions", _BEFORE)
    silent = [name for name in _LATER if name not in row]
    try:
        numbers = {name: int((_BEFORE if name in silent else row)[name]) for name in _NUMBERS}
        sources = {name: str((_BEFORE if name in silent else row)["sources"][name]) for name in _NUMBERS}
    except KeyError as missing:
        raise ValueError(f"decisions lacks {missing}") from missing
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"decisions: {name} is at least 1")
        if not sources[name].strip():
            raise ValueError(f"decisions: {name} has no source")
    return DecisionRules(**numbers, sources=sources)
