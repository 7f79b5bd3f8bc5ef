"""Notifications of concern, of families somebody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from typing import Self

    from workflows.screening.models import Concern  # noqa: F401


class ConcernQuerySet(models.QuerySet["Concern"]):
    """Notifications of concern of the context's municipality; a page starts from the family it has opened."""

    def open(self) -> Self:
        """Not assessed yet, or its follow-up not closed."""
        return self.filter(closed_at__isnull=True)
