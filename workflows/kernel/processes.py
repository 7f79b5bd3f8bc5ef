"""Which of a family's processes is its journey: a notification of concern runs beside it, with no parent either."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from workflows.kernel.models import Process

#: How the engine stores the journey's flow classes: the app's frozen label and all that follows it.
_JOURNEY = "flow_journey/"


def journey_of(family_id: int) -> Process | None:
    """The family's journey, with its model version; the latest one when it has begun again. None before any."""
    return (
        Process.objects.select_related("model_version", "adaptation__version")
        .filter(family_id=family_id, parent_task__isnull=True, flow_class__startswith=_JOURNEY)
        .order_by("-id")
        .first()
    )


def journeys_of(family_ids: Collection[int]) -> dict[int, Process]:
    """The journeys of several families by family, as `journey_of` finds each; one query. A version is read once."""
    found = (
        Process.objects.select_related("model_version", "adaptation__version")
        .filter(family_id__in=family_ids, parent_task__isnull=True, flow_class__startswith=_JOURNEY)
        .order_by("family_id", "-id")
        .distinct("family_id")
    )
    followed: dict[tuple[str, int], Any] = {}
    journeys: dict[int, Process] = {}
    for process in found:
        for name in ("model_version", "adaptation"):
            if (followed_one := getattr(process, name)) is not None:
                # One object for all who follow it: reading a version's content takes longer than the query.
                setattr(process, name, followed.setdefault((name, followed_one.pk), followed_one))
        if process.family_id is not None:
            journeys[process.family_id] = process
    return journeys
