"""When the steps of a notification are due: on the last day of the clocks that run since it was received."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from placement.clock import danish_day
from workflows.kernel.steps import model_of
from workflows.model_versions.clock_rules import Event


def assessment(process: Any) -> date | None:
    """The day on which the notification must be assessed; None when the model version has no such clock."""
    return _last_day(process, Event.CONCERN_ASSESSED)


def receipt(process: Any) -> date | None:
    """The last day for the receipt to whoever notified; None when the model version has no such clock."""
    return _last_day(process, Event.CONCERN_RECEIPT_SENT)


def _last_day(process: Any, stopped_by: Event) -> date | None:
    rules = [rule for rule in model_of(process).clocks if rule.stopped_by is stopped_by]
    # A clock in days ends with the midnight after its last day.
    ends = [rule.due_at(process.concern.received_at) - timedelta(microseconds=1) for rule in rules]
    return min(map(danish_day, ends), default=None)
