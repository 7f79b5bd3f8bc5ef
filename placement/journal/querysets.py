"""Which notes stand, and the two writes that order drafts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection, models

from placement.access.actor import Actor
from placement.families.models import Family

if TYPE_CHECKING:
    from placement.journal.models import Draft, Note  # noqa: F401


class NoteQuerySet(models.QuerySet["Note"]):
    def current(self) -> NoteQuerySet:
        """The last version of each note; what a correction replaced is history."""
        return self.filter(replaced_by__isnull=True)

    def standing(self) -> NoteQuerySet:
        """`current`, without what was taken back."""
        return self.current().filter(withdrawn=False)


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts; each is its writer's alone."""

    def open_of(self, actor: Actor) -> DraftQuerySet:
        """What ``actor`` has begun and not sent, newest first."""
        return self.filter(staff_id=actor.staff_id, submitted__isnull=True).order_by("-updated")

    def put(
        self,
        *,
        actor: Actor,
        family: Family,
        form: str,
        submit_token: UUID,
        now: datetime,
        data: dict[str, Any],
        submitted: datetime | None = None,
        page: UUID | None = None,
        seen: int = 0,
    ) -> bool:
        """Write the draft of one opened form unless it has been sent; whether that was done.

        One statement: of two at the same moment the second waits for the row and then sees what the first made
        of it, so a late autosave cannot bring back a sent form. With ``page`` (one opened page in one browser)
        it also gives way when another page has written since the ``seen`` revision.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                _PUT,
                {
                    "uuid": uuid4(),
                    "municipality": family.municipality_id,
                    "family": family.pk,
                    "staff": actor.staff_id,
                    "token": submit_token,
                    "form": form,
                    "data": json.dumps(data),
                    "now": now,
                    "submitted": submitted,
                    "page": page,
                    "seen": seen,
                },
            )
            return cursor.fetchone() is not None


_PUT = """
INSERT INTO journal_draft AS kept (uuid, municipality_id, family_id, staff_id, submit_token, form, data, rev, updated,
                                   submitted, page)
VALUES (%(uuid)s, %(municipality)s, %(family)s, %(staff)s, %(token)s, %(form)s, %(data)s::jsonb, 1, %(now)s,
        %(submitted)s, %(page)s)
    ON CONFLICT (municipality_id, staff_id, submit_token) DO UPDATE
   SET data = EXCLUDED.data, rev = kept.rev + 1, updated = EXCLUDED.updated, submitted = EXCLUDED.submitted,
       page = EXCLUDED.page
 WHERE kept.submitted IS NULL AND kept.family_id = EXCLUDED.family_id AND kept.form = EXCLUDED.form
   AND (%(page)s::uuid IS NULL OR kept.page = %(page)s::uuid OR kept.rev = %(seen)s)
RETURNING rev
"""
