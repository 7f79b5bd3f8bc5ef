"""Reading where a family's notifications of concern stand."""

from __future__ import annotations

from datetime import date

from placement.clock import danish_day
from workflows.screening.models import Concern


def open_concern(family_id: int) -> Concern | None:
    """The family's open notification that was received first; None when none is open. Several may be."""
    return Concern.objects.open().filter(family_id=family_id).order_by("received_at", "id").first()


def last_concern_closed_on(family_id: int) -> date | None:
    """The Danish day on which the house closed the family's latest notification, whatever it led to; None: never."""
    closed = Concern.objects.filter(family_id=family_id, closed_at__isnull=False)
    moment = closed.order_by("-closed_at").values_list("closed_at", flat=True).first()
    return None if moment is None else danish_day(moment)
