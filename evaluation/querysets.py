"""The one door to releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from placement.access.actor import Actor
from placement.access.roles import Action

if TYPE_CHECKING:
    from evaluation.models import Release  # noqa: F401


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases; start from `visible_to`."""

    def visible_to(self, actor: Actor) -> ReleaseQuerySet:
        """The releases ``actor`` asked for: an agreement is not with all evaluators."""
        if actor.municipality_id is not None or not actor.may(Action.USE_RELEASES):
            return self.none()
        return self.filter(requested_by=actor.staff)
