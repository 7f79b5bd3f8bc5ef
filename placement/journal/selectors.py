"""Reads of the journal: the notes of a family, a note's earlier versions, and drafts not yet sent."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from placement.access.actor import Actor
from placement.families.models import Family
from placement.journal.models import CORRECTION, LOG_FORM, Draft, Note


def notes(family: Family) -> QuerySet[Note]:
    """The notes that stand, newest first, with what a list shows of them."""
    standing = (
        Note.objects.current().filter(family=family).select_related("author", "measurement", "replaces")
    )
    return standing.order_by("-happened_at", "-id")


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
        return reverse("log", kwargs={"family": family})
    if draft.form.startswith(CORRECTION):
        note = read_uuid(draft.form.removeprefix(CORRECTION))
        return reverse("note-correct", kwargs={"family": family, "note": note}) if note else ""
    return ""


def draft_to_resume(actor: Actor, family: Family, form: str) -> Draft | None:
    """The newest begun form of this kind with something in it, so that it goes on where it was left."""
    begun = Draft.objects.open_of(actor).filter(family=family, form=form).exclude(data={})
    return begun.first()


def read_uuid(text: str) -> UUID | None:
    """The UUID that ``text`` spells, None when it spells none."""
    try:
        return UUID(text)
    except ValueError:
        return None
