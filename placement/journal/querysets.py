"""Which notes stand, and the two writes that order drafts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import F

from placement.access.actor import Actor
from placement.families.models import Family

if TYPE_CHECKING:
    from placement.journal.models import Draft, Note  # noqa: F401


class NoteQuerySet(models.QuerySet["Note"]):
    def current(self) -> NoteQuerySet:
        """The last version of each note; what a correction replaced is history."""
        return self.filter(replaced_by__isnull=True)


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts; each is its writer's alone."""

    def open_of(self, actor: Actor) -> DraftQuerySet:
        """What ``actor`` has begun and not sent, newest first."""
        return self.filter(staff_id=actor.staff_id, submitted__isnull=True).order_by("-updated")

    def put(
        self, *, actor: Actor, family: Family, form: str, submit_token: UUID, now: datetime, **values: Any
    ) -> bool:
        """Write ``values`` to the draft of one opened form unless it has been sent; whether that was done.

        One insert that gives way and one conditional update: of two at the same moment the second waits for
        the row and then sees what the first made of it, so a late autosave cannot bring back a sent form.
        """
        owner = {
            "municipality_id": family.municipality_id,
            "staff_id": actor.staff_id,
            "submit_token": submit_token,
        }
        self.bulk_create([self.model(**owner, family=family, form=form, updated=now)], ignore_conflicts=True)
        same_form = self.filter(**owner, family=family, form=form, submitted__isnull=True)
        return bool(same_form.update(rev=F("rev") + 1, updated=now, **values))
