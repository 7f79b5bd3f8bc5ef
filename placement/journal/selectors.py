"""Reads of the journal: the notes of a family, a note's earlier versions, and drafts not yet sent."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from placement.access.actor import Actor
from placement.families.models import Family
from placement.journal.log_models import ParentsReading
from placement.journal.models import CORRECTION, LOG_FORM, WEEKLY_FORM, Draft, Note


def notes(family: Family) -> QuerySet[Note]:
    """The notes that stand, newest first, with what a list shows of them; those taken back are among them."""
    standing = (
        Note.objects.current().filter(family=family).select_related("author", "measurement", "replaces")
    )
    return standing.order_by("-happened_at", "-id")


def notes_with_sources(family: Family) -> QuerySet[Note]:
    """`notes`, each summary with what it was made of: what a parent may read depends on it."""
    return notes(family).prefetch_related("sources__note", "sources__child_view")


def latest_version(note: Note) -> Note:
    """The version that stands of a note, this one or a later."""
    found = note
    while later := found.replaced_by.select_related("author", "measurement").first():
        found = later
    return found


def reading_decisions(municipality_id: int) -> dict[str, ParentsReading]:
    """The decision on parents' reading that holds today, by kind of note."""
    decided = ParentsReading.objects.filter(municipality_id=municipality_id).select_related("decided_by")
    return {decision.kind: decision for decision in decided.order_by("decided_at", "id")}


def versions(note: Note) -> list[Note]:
    """A note and the versions it replaced, newest first."""
    found = [note]
    while (earlier := found[-1].replaces) is not None:
        found.append(earlier)
    return found


def open_drafts(actor: Actor) -> QuerySet[Draft]:
    """What a person has begun and not sent, in every family they may still see, newest first."""
    visible = Family.objects.visible_to(actor)
    return Draft.objects.open_of(actor).filter(family__in=visible).select_related("family")


def draft_page(draft: Draft) -> str:
    """The page on which a draft of the journal goes on; '' for a form of another room or that nobody knows."""
    family = draft.family.uuid
    if draft.form == LOG_FORM:
        # Several may be open at once; each is gone on with from its own line.
        return f"{reverse('log', kwargs={'family': family})}?kladde={draft.submit_token}"
    if draft.form.startswith(WEEKLY_FORM):
        week = draft.form.removeprefix(WEEKLY_FORM)
        return f"{reverse('weekly-summary', kwargs={'family': family})}?uge={week}"
    if draft.form.startswith(CORRECTION):
        note = read_uuid(draft.form.removeprefix(CORRECTION))
        return reverse("note-correct", kwargs={"family": family, "note": note}) if note else ""
    return ""


def draft_to_resume(
    actor: Actor, family: Family, form: str, *, submit_token: UUID | None = None
) -> Draft | None:
    """A begun form of this kind with something in it, so that it goes on where it was left.

    The newest, or the one of ``submit_token`` while that is open.
    """
    begun = list(Draft.objects.open_of(actor).filter(family=family, form=form).exclude(data={}))
    return next((draft for draft in begun if draft.submit_token == submit_token), begun[0] if begun else None)


def draft_revision(actor: Actor, submit_token: UUID) -> int:
    """How often a form's open draft has been written; 0 when there is none."""
    rev = Draft.objects.open_of(actor).filter(submit_token=submit_token).values_list("rev", flat=True)
    return rev.first() or 0


def read_uuid(text: str) -> UUID | None:
    """The UUID that ``text`` spells, None when it spells none."""
    try:
        return UUID(text)
    except ValueError:
        return None
