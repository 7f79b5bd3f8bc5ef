"""Every write of the journal: drafts while typing, notes, and corrections as new versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from placement.journal.codes import NoteKind
from placement.journal.models import CORRECTION, LOG_FORM, Draft, Note, NoteSource
from placement.journal.words import checked_tags
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


class DraftElsewhere(StaleState):
    """The same form has been typed in on another device since: neither text may swallow the other."""

    type = "draft-elsewhere"

    def __init__(self) -> None:
        super().__init__(_("Kladden er ændret på en anden enhed. Teksten her gemmes som en kladde for sig."))


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    family: Family,
    form: str,
    submit_token: UUID,
    data: Mapping[str, Any],
    now: datetime,
    page: UUID | None = None,
    seen: int = 0,
) -> bool:
    """Keep what is being typed. False when the form has been sent: a late autosave brings nothing back.

    ``page`` is the opened page that types, ``seen`` the draft's revision when it was opened there.
    Raises Refused (``draft-too-large``), DraftElsewhere when another page has written since.
    """
    kept = {_storable(str(name)): _storable(value) for name, value in data.items()}
    if sum(len(str(value)) for value in kept.values()) > LARGEST_DRAFT:
        raise Refused(_("Teksten er for lang til at blive gemt som kladde."), type="draft-too-large")
    if Draft.objects.put(
        actor=actor,
        family=family,
        form=form,
        submit_token=submit_token,
        now=now,
        data=kept,
        page=page,
        seen=seen,
    ):
        return True
    if page and Draft.objects.open_of(actor).filter(family=family, form=form, submit_token=submit_token):
        raise DraftElsewhere
    return False


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
    situations: Sequence[str] = (),
    themes: Sequence[str] = (),
    happened_at: datetime | None = None,
    submit_token: UUID | None = None,
) -> Note:
    """Write a note, with its optional score (0-10 on `DAILY_LOG`, about ``element``), in one act.

    ``situations`` and ``themes`` are codes of the municipality's words (`words_of`). The form's ``submit_token``
    makes it once: a second post of the same gets the first's note.

    Raises NotAllowed for a role that does not write notes, or does not score; Refused: ``note-kind``,
    ``note-empty``, ``unknown-element``, ``element-missing`` (a score without its element), ``unknown-tag``,
    ``note-in-future``, ``day-impossible``, ``outside-scale``; AlreadySubmitted when the form was sent with other content.
    """
    _check_note(actor, kind, text, score, element, kinds=NoteKind.written())
    happened_at = happened_at or now
    if happened_at > now:
        raise Refused(_("Det kan ikke være sket i fremtiden. Ret tidspunktet."), type="note-in-future")
    check_possible(danish_day(happened_at), now=now)
    titles = checked_tags(family.municipality_id, situations, themes)
    if submit_token is not None:
        taken = take_draft(actor=actor, family=family, form=LOG_FORM, submit_token=submit_token, now=now)
        if not taken:
            sent = (family.pk, kind, text.strip(), score, element, list(situations), list(themes))
            return sent_before(actor, submit_token, sent)
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
        situations=list(situations),
        themes=list(themes),
        tag_titles=titles,
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
    situations: Sequence[str] | None = None,
    themes: Sequence[str] | None = None,
    submit_token: UUID | None = None,
    opened_on: Note | None = None,
) -> Note:
    """Write a new version of a note; the old one stays and says nothing new.

    A changed score corrects the measurement in the same way. Tags that are not given (None) stay. Only the
    author corrects, others write a note of their own; a weekly summary is the team's, and each version is signed
    by whoever wrote it. ``opened_on`` is the version whose form was opened, when another has come since.

    Raises NotAllowed (``not-author``), Refused:
    ``reason-missing``, ``score-removed`` (a score that was given is corrected, not taken away) and those of
    `write_note`; StaleState when a newer version stands or the note was taken back.
    """
    if note.author_id != actor.staff_id and note.kind != NoteKind.WEEKLY:
        raise NotAllowed(
            _("Kun den, der har skrevet notatet, kan rette det. Skriv dit eget notat i stedet."),
            type="not-author",
        )
    weekly = note.kind == NoteKind.WEEKLY
    _check_note(actor, kind, text, score, element, kinds=[note.kind] if weekly else NoteKind.written())
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor notatet rettes."), type="reason-missing")
    if note.withdrawn:
        raise StaleState(_("Notatet er taget tilbage. Skriv et nyt."))
    situations = note.situations if situations is None else list(situations)
    themes = note.themes if themes is None else list(themes)
    titles = checked_tags(note.municipality_id, situations, themes, keep=note.tag_titles)
    if submit_token is not None:
        taken = take_draft(
            actor=actor,
            family=note.family,
            form=correction_form(opened_on or note),
            submit_token=submit_token,
            now=now,
        )
        if not taken:
            sent = (note.family_id, kind, text.strip(), score, element, list(situations), list(themes))
            return sent_before(actor, submit_token, sent)
    try:
        with transaction.atomic():
            corrected = Note.objects.create(
                municipality_id=note.municipality_id,
                family_id=note.family_id,
                kind=kind,
                text=text.strip(),
                element=element,
                situations=situations,
                themes=themes,
                tag_titles=titles,
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
                week_starts=note.week_starts,
            )
            copy_sources(note, corrected)
            return corrected
    except IntegrityError as broken:
        if "note_replaced_once" not in str(broken):
            raise
        raise StaleState(_("Notatet er rettet imens. Genindlæs siden, og se den nye version.")) from None


def copy_sources(before: Note, after: Note) -> None:
    """Let a summary's next version name the sources of the one before it."""
    if before.kind == NoteKind.WEEKLY:
        NoteSource.objects.bulk_create(
            NoteSource(
                summary=after,
                note_id=source.note_id,
                child_view_id=source.child_view_id,
                municipality_id=after.municipality_id,
            )
            for source in before.sources.all()
        )


def _check_note(
    actor: Actor, kind: str, text: str, score: Decimal | None, element: str, *, kinds: Sequence[str]
) -> None:
    if not actor.may(Action.WRITE_NOTE):
        raise NotAllowed(_("Din rolle kan ikke skrive notater."))
    if kind not in kinds:
        raise Refused(_("Vælg, hvad notatet er: observation, vurdering eller andet."), type="note-kind")
    if not text.strip() and score is None:
        raise Refused(_("Skriv en tekst, eller giv en score."), type="note-empty")
    if element and element not in Element.values:
        raise Refused(_("Vælg et af de fem kerneelementer."), type="unknown-element")
    if score is not None and not element:
        raise Refused(_("Vælg det kerneelement, scoren handler om."), type="element-missing")


def sent_before(actor: Actor, submit_token: UUID, sent: tuple[Any, ...]) -> Note:
    """The note that a form made when it was sent the first time. Asked only then: a form taken now made none."""
    made = Note.objects.filter(author_id=actor.staff_id, submit_token=submit_token)
    first = made.select_related("measurement").first()
    if first is None:
        raise StaleState(_("Formularen er allerede brugt. Åbn den igen, og send på ny."))
    made_of = (first.family_id, first.kind, first.text, score_of(first), first.element)
    if sent != (*made_of, first.situations, first.themes):
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
