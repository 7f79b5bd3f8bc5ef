"""When the steps of an examination are due: with the clocks that run since the municipality became aware."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.investigation.selectors import running_clock
from workflows.model_versions.clock_rules import Event


def examination(process: Any) -> date | None:
    """The last day of the four months, or the day that was decided after a preliminary assessment; None without a clock."""
    running = running_clock(process.investigation, Event.EXAMINATION_SETTLED, Event.EXAMINATION_CONCLUDED)
    return running.due_on if running else None
