"""Every write of the journal: drafts while typing, notes, and corrections as new versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families.models import Family
from placement.journal.models import CORRECTION, LOG_FORM, Draft, Note, NoteKind
from placement.progression.codes import DAILY_LOG, Element
from placement.progression.models import Measurement
from placement.progression.services import record_measurement, record_own_score

#: A draft is a form being typed, not a store.
LARGEST_DRAFT = 100_000


def correction_form(note: Note) -> str:
    """The name under which the correction of one note keeps its drafts."""
    return f"{CORRECTION}{note.uuid.hex}"


class AlreadySubmitted(StaleState):
    """The form was sent before, with something else in it: that note stands, and this text is not saved."""

    type = "already-submitted"

    def __init__(self, note: Note) -> None:
        super().__init__(
            _("Formularen er allerede gemt. Gem teksten her som et nyt notat, eller ret det, der er gemt.")
        )
        self.note = note


@transaction.atomic
def save_draft(
    *, actor: Actor, family: Family, form: str, submit_token: UUID, data: Mapping[str, Any], now: datetime
) -> bool:
    """Keep what is being typed. False when the form has been sent: a late autosave brings nothing back.

    Raises Refused (``draft-too-large``).
    """
    kept = {_storable(str(name)): _storable(value) for name, value in data.items()}
    if sum(len(str(value)) for value in kept.values()) > LARGEST_DRAFT:
        raise Refused(_("Teksten er for lang til at blive gemt som kladde."), type="draft-too-large")
    return Draft.objects.put(
        actor=actor, family=family, form=form, submit_token=submit_token, now=now, data=kept
    )


def _storable(value: Any) -> Any:
    """What is typed, without the one sign that no text in the database may hold."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    return [_storable(item) for item in value] if isinstance(value, list) else value


def take_draft(*, actor: Actor, family: Family, form: str, submit_token: UUID, now: datetime) -> bool:
    """Mark an opened form as sent and empty its draft; False when it had been sent before.

    To be called in the transaction that writes what the form says. A second one at the same moment waits here
    until that transaction ends.
    """
    return Draft.objects.put(
        actor=actor, family=family, form=form, submit_token=submit_token, now=now, submitted=now, data={}
    )


@transaction.atomic
def write_note(
    *,
    actor: Actor,
    family: Family,
    kind: str,
    text: str,
    now: datetime,
    score: Decimal | None = None,
    element: str = "",
    happened_at: datetime | None = None,
    submit_token: UUID | None = None,
) -> Note:
    """Write a note, with its optional score (0-10 on `DAILY_LOG`, about ``element``), in one act.

    The form's ``submit_token`` makes it once: a second post of the same gets the first's note.

    Raises NotAllowed for a role that does not write notes, or does not score; Refused: ``note-kind``,
    ``note-empty``, ``unknown-element``, ``element-missing`` (a score without its element),
    ``note-in-future``, ``day-impossible``, ``outside-scale``; AlreadySubmitted when the form was sent with other content.
    """
    _check_note(actor, kind, text, score, element)
    happened_at = happened_at or now
    if happened_at > now:
        raise Refused(_("Det kan ikke være sket i fremtiden. Ret tidspunktet."), type="note-in-future")
    check_possible(danish_day(happened_at), now=now)
    if submit_token is not None:
        taken = take_draft(actor=actor, family=family, form=LOG_FORM, submit_token=submit_token, now=now)
        first = _note_of(actor, submit_token)
        if first is not None:
            return _same_or_refused(first, (family.pk, kind, text.strip(), score, element))
        if not taken:
            raise StaleState(_("Formularen er allerede brugt. Åbn den igen, og send på ny."))
    measurement = None
    if score is not None:
        measurement = record_own_score(
            actor=actor,
            family=family,
            scale=DAILY_LOG,
            element=element,
            score=score,
            measured_on=danish_day(happened_at),
            now=now,
        )
    return Note.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        kind=kind,
        text=text.strip(),
        element=element,
        measurement=measurement,
        happened_at=happened_at,
        author=actor.staff,
        recorded_at=now,
        submit_token=submit_token,
    )


@transaction.atomic
def correct_note(
    *,
    actor: Actor,
    note: Note,
    kind: str,
    text: str,
    reason: str,
    now: datetime,
    score: Decimal | None = None,
    element: str = "",
    submit_token: UUID | None = None,
) -> Note:
    """Write a new version of a note; the old one stays and says nothing new.

    A changed score corrects the measurement in the same way. Only the author corrects; others write a note
    of their own. Raises NotAllowed (``not-author``), Refused: ``reason-missing``, ``score-removed`` (a score
    that was given is corrected, not taken away) and those of `write_note`; StaleState when a newer version
    stands.
    """
    if note.author_id != actor.staff_id:
        raise NotAllowed(
            _("Kun den, der har skrevet notatet, kan rette det. Skriv dit eget notat i stedet."),
            type="not-author",
        )
    _check_note(actor, kind, text, score, element)
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor notatet rettes."), type="reason-missing")
    if submit_token is not None:
        taken = take_draft(
            actor=actor, family=note.family, form=correction_form(note), submit_token=submit_token, now=now
        )
        first = _note_of(actor, submit_token)
        if first is not None:
            return _same_or_refused(first, (note.family_id, kind, text.strip(), score, element))
        if not taken:
            raise StaleState(_("Formularen er allerede brugt. Åbn den igen, og send på ny."))
    try:
        with transaction.atomic():
            return Note.objects.create(
                municipality_id=note.municipality_id,
                family_id=note.family_id,
                kind=kind,
                text=text.strip(),
                element=element,
                measurement=_corrected_score(
                    actor=actor, note=note, score=score, element=element, reason=reason, now=now
                ),
                happened_at=note.happened_at,
                author=actor.staff,
                recorded_at=now,
                version=note.version + 1,
                replaces=note,
                reason=reason.strip(),
                submit_token=submit_token,
            )
    except IntegrityError as broken:
        if "note_replaced_once" not in str(broken):
            raise
        raise StaleState(_("Notatet er rettet imens. Genindlæs siden, og se den nye version.")) from None


def _check_note(actor: Actor, kind: str, text: str, score: Decimal | None, element: str) -> None:
    if not actor.may(Action.WRITE_NOTE):
        raise NotAllowed(_("Din rolle kan ikke skrive notater."))
    if kind not in NoteKind.values:
        raise Refused(
            _("Vælg, om det er en observation, en vurdering eller en intern kladde."), type="note-kind"
        )
    if not text.strip() and score is None:
        raise Refused(_("Skriv en tekst, eller giv en score."), type="note-empty")
    if element and element not in Element.values:
        raise Refused(_("Vælg et af de fem kerneelementer."), type="unknown-element")
    if score is not None and not element:
        raise Refused(_("Vælg det kerneelement, scoren handler om."), type="element-missing")


def _note_of(actor: Actor, submit_token: UUID) -> Note | None:
    sent = Note.objects.filter(author_id=actor.staff_id, submit_token=submit_token)
    return sent.select_related("measurement").first()


def _same_or_refused(first: Note, sent: tuple[int, str, str, Decimal | None, str]) -> Note:
    stands = (first.family_id, first.kind, first.text, score_of(first), first.element)
    if sent != stands:
        raise AlreadySubmitted(first)
    return first


def score_of(note: Note) -> Decimal | None:
    """The score that was given with a note, or None."""
    return note.measurement.score if note.measurement else None


def _corrected_score(
    *, actor: Actor, note: Note, score: Decimal | None, element: str, reason: str, now: datetime
) -> Measurement | None:
    old = note.measurement
    if old is not None and score is None:
        raise Refused(
            _("En score, der er givet, kan rettes, men ikke fjernes. Giv den rigtige."), type="score-removed"
        )
    if score is None or (old is not None and (old.score, old.element) == (score, element)):
        return old
    return record_measurement(
        actor=actor,
        family=note.family,
        element=element,
        instrument=DAILY_LOG.slug,
        instrument_version=DAILY_LOG.version,
        score=score,
        measured_on=danish_day(note.happened_at),
        now=now,
        replaces=old,
        reason=reason if old else "",
    )
