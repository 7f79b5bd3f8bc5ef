"""Which of a family's processes is its journey: a notification of concern runs beside it, with no parent either."""

from __future__ import annotations

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
