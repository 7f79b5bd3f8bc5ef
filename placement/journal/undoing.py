"""Taking back what was just written: a visible new version, never a deletion."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.clock import danish_day
from placement.journal.models import Note
from placement.journal.services import copy_sources
from placement.journal.standard import standard
from placement.progression.codes import MissingReason
from placement.progression.models import Measurement
from placement.progression.services import record_measurement

#: Stored with the version that takes back.
TAKEN_BACK = "Taget tilbage"


def may_take_back(actor: Actor, note: Note, *, now: datetime) -> bool:
    """Whether `take_back` would do it: one's own standing note, written a moment ago."""
    return (
        note.author_id == actor.staff_id
        and not note.withdrawn
        and now - note.recorded_at <= timedelta(minutes=standard().undo_minutes)
    )


@transaction.atomic
def take_back(*, actor: Actor, note: Note, now: datetime) -> Note:
    """Take one's own note back within the standard's minutes: it stands as withdrawn, its words in its history.

    Of a correction only the correction: the version before it stands again, as a new one. A score is withdrawn
    or restored with it. Raises NotAllowed (``not-author``), Refused (``undo-too-late``), StaleState when it was
    withdrawn or a newer version stands.
    """
    if note.author_id != actor.staff_id:
        raise NotAllowed(_("Kun den, der har skrevet notatet, kan tage det tilbage."), type="not-author")
    if note.withdrawn:
        raise StaleState(_("Notatet er allerede taget tilbage."))
    if not may_take_back(actor, note, now=now):
        raise Refused(
            _("Et notat kan tages tilbage i %(minutes)d minutter. Ret det i stedet, og skriv hvorfor.")
            % {"minutes": standard().undo_minutes},
            type="undo-too-late",
        )
    before = note.replaces if note.replaces and not note.replaces.withdrawn else None
    try:
        with transaction.atomic():
            after = Note.objects.create(
                municipality_id=note.municipality_id,
                family_id=note.family_id,
                kind=before.kind if before else note.kind,
                text=before.text if before else "",
                element=before.element if before else note.element,
                situations=before.situations if before else [],
                themes=before.themes if before else [],
                tag_titles=before.tag_titles if before else {},
                measurement=_measurement(actor, note, before, now),
                happened_at=note.happened_at,
                author=actor.staff,
                recorded_at=now,
                version=note.version + 1,
                replaces=note,
                reason=TAKEN_BACK,
                withdrawn=before is None,
                week_starts=note.week_starts,
            )
            if before is not None:
                copy_sources(before, after)
            return after
    except IntegrityError as broken:
        if "note_replaced_once" not in str(broken):
            raise
        raise StaleState(_("Notatet er rettet imens. Genindlæs siden, og se den nye version.")) from None


def _measurement(actor: Actor, note: Note, before: Note | None, now: datetime) -> Measurement | None:
    """The score of the version that now stands: as it was before, or withdrawn with the note."""
    given, earlier = note.measurement, before.measurement if before else None
    if given is None or given == earlier:
        return given
    return record_measurement(
        actor=actor,
        family=note.family,
        element=earlier.element if earlier else given.element,
        instrument=given.instrument,
        instrument_version=given.instrument_version,
        score=earlier.score if earlier else None,
        # There is none: the note that gave it does not stand.
        missing_reason="" if earlier else MissingReason.WITHDRAWN,
        measured_on=danish_day(note.happened_at),
        now=now,
        replaces=given,
        reason=TAKEN_BACK,
    )
