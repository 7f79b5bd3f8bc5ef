"""The same loop as the mentalising conversations, in plain Viewflow: stock tables, no lock, no guard, no trail.

Imported by the bench's own process only: a flow class that is once imported counts as one of the house's.
"""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow


class PlainFlow(flow.Flow):  # type: ignore[misc]
    """Start, a human step, two questions, and the human step again."""

    start = flow.StartHandle(this.begin).Next(this.hold_session)
    hold_session = flow.View(None).Annotation(title="Hold a session").Next(this.exited)
    exited = flow.If(lambda activation: False).Then(this.end).Else(this.renewed)
    renewed = flow.If(lambda activation: False).Then(this.end).Else(this.hold_session)
    end = flow.End()

    def begin(self, activation: Any) -> Any:
        return activation.process
