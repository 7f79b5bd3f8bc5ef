"""Where families wait: each step with how many stand at it now, for how long, and how long it took those who passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from placement.access.actor import Actor
from placement.access.roles import ROLE_TITLES, Action, Role, roles_with
from placement.clock import danish_day
from placement.families.models import Family
from workflows.kernel.models import Task

#: How far back completed steps are looked at (our default).
LOOKED_BACK_DAYS = 90


@dataclass
class StepWait:
    """One step. `waited` and `took` have whole days, one for each time, shortest first."""

    title: str
    element: str
    role: str
    waited: list[int] = field(default_factory=list)
    late: int = 0
    took: list[int] = field(default_factory=list)
    longest_family: int | None = None

    @property
    def longest(self) -> int:
        return max(self.waited, default=-1)


def waits(actor: Actor, *, now: datetime, days: int = LOOKED_BACK_DAYS) -> list[StepWait]:
    """The steps at which families wait, or that were completed in the last `days`; the longest wait first.

    Of the families that `actor` leads today (their site or unit), and no others. Days are Danish calendar days from
    when the step stood open. Two queries, whatever there is; at most one family of each step is pointed out.
    """
    if actor.municipality_id is None:
        return []
    families = Family.objects.visible_to(actor, to_do=Action.SEE_WAITING)
    mine = Task.objects.filter(municipality_id=actor.municipality_id, family_id__in=families.values("pk"))
    steps: dict[Any, StepWait] = {}
    today = danish_day(now)
    for node, family, created, due in _lines(mine.open(), "family_id", "created", "due"):
        step = _step(steps, node)
        since = max((today - danish_day(created)).days, 0)
        if since > step.longest:
            step.longest_family = family
        step.waited.append(since)
        step.late += due is not None and due < today
    recent = mine.human().filter(status="DONE", finished__gt=now - timedelta(days=days), finished__lte=now)
    for node, created, finished in _lines(recent, "created", "finished"):
        took = (danish_day(finished) - danish_day(created)).days
        _step(steps, node).took.append(max(took, 0))
    for step in steps.values():
        step.waited.sort()
        step.took.sort()
    return sorted(
        steps.values(), key=lambda step: (-step.longest, -len(step.waited), step.element, step.title)
    )


def _lines(tasks: Any, *columns: str) -> Iterable[Any]:
    """Rows of the columns behind the step; not of steps that exist no longer, which nobody can do anything about."""
    return (
        row for row in tasks.order_by("id").values_list("flow_task", *columns) if hasattr(row[0], "action")
    )


def _step(steps: dict[Any, StepWait], node: Any) -> StepWait:
    if node not in steps:
        role: Role = roles_with(node.action)[0]
        steps[node] = StepWait(str(node.task_title), node.flow_class.element.value, str(ROLE_TITLES[role]))
    return steps[node]
