"""What parents may read of the log: decided per kind of note, never loosened for what was written before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.access.roles import Action
from placement.journal.codes import NoteKind
from placement.journal.log_models import ParentsReading
from placement.journal.models import Note, NoteSource
from placement.journal.standard import standard


@dataclass(frozen=True)
class ReadingRules:
    """A municipality's decisions, oldest first; before the first of a kind the standard holds."""

    decided: tuple[tuple[str, bool, datetime], ...] = ()

    def at(self, kind: str, moment: datetime | None = None) -> bool:
        """Whether parents may read a kind, by what holds now or held at ``moment``."""
        allowed = standard().parents_read[kind]
        for of, decision, since in self.decided:
            if of == kind and (moment is None or since <= moment):
                allowed = decision
        return allowed and kind != NoteKind.DRAFT


def reading_rules(municipality_id: int) -> ReadingRules:
    """The rules of a municipality, in one query."""
    rows = ParentsReading.objects.filter(municipality_id=municipality_id).order_by("decided_at", "id")
    return ReadingRules(tuple(rows.values_list("kind", "allowed", "decided_at")))


def not_for_parents(note: Note, rules: ReadingRules) -> Promise | None:
    """Why parents may not read a note; None when they may.

    The stricter of what holds now and what held when it was written: whoever wrote under one promise is not
    read under another.
    """
    if note.withdrawn:
        return _("taget tilbage")
    if not rules.at(note.kind):
        return _("notattypen læses ikke af forældrene")
    if not rules.at(note.kind, note.recorded_at):
        return _("skrevet, mens notattypen ikke blev læst af forældrene")
    if note.kind == NoteKind.WEEKLY and any(not _open(source, rules) for source in note.sources.all()):
        return _("bygger på noget, forældrene ikke må læse")
    return None


def _open(source: NoteSource, rules: ReadingRules) -> bool:
    """Whether parents may read what a summary was made of; its words may stand in the summary."""
    if source.note is not None:
        return not_for_parents(source.note, rules) is None
    view = source.child_view
    return (
        view is not None and rules.at(NoteKind.CHILD_VIEW) and rules.at(NoteKind.CHILD_VIEW, view.recorded_at)
    )


def decide_parents_reading(
    *, actor: Actor, kind: str, allowed: bool, reason: str, now: datetime
) -> ParentsReading:
    """Decide for the municipality whether parents may read a kind of note, from now on.

    Raises NotAllowed; Refused: ``note-kind``, ``never-for-parents`` (an internal draft), ``reason-missing``.
    """
    if not actor.may(Action.DECIDE_PARENTS_READING) or actor.municipality_id is None:
        raise NotAllowed(_("Din rolle kan ikke bestemme, hvad forældrene må læse."))
    if kind not in NoteKind.values:
        raise Refused(_("Vælg, hvilken type notat det gælder."), type="note-kind")
    if allowed and kind == NoteKind.DRAFT:
        raise Refused(_("En intern kladde læses aldrig af forældrene."), type="never-for-parents")
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor I har besluttet det."), type="reason-missing")
    return ParentsReading.objects.create(
        municipality_id=actor.municipality_id,
        kind=kind,
        allowed=allowed,
        reason=reason.strip(),
        decided_by=actor.staff,
        decided_at=now,
    )
