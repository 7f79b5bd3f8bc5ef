"""Everything that has been written about a family as one list, newest first, a page at a time."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from placement.access.actor import Actor
from placement.access.listing import BadRequest, opaque_id, opened, sealed
from placement.access.roles import Action
from placement.clock import DENMARK, danish_day
from placement.families.models import Family
from placement.journal.codes import NoteKind
from placement.journal.models import Note
from workflows.journey.entries import SOURCES, Source, Told, milestones
from workflows.journey.moves.told import MOVES

PER_PAGE = 40

_NAME = "history"
_PLACE = struct.Struct(">qHQ")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, order=True)
class Place:
    """Where an entry stands: its moment, then its kind, then its number; the greater is the newer."""

    moment: datetime
    rank: int
    number: int


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``at`` is a day when no hour is known."""

    place: Place
    at: date | datetime
    kind: str
    told: Told
    row: Any

    @property
    def whole_day(self) -> bool:
        """Whether only the day is known."""
        return not isinstance(self.at, datetime)

    @property
    def public_id(self) -> str:
        """An id for programs; it tells nothing about how much has been written."""
        return opaque_id(f"history:{self.kind}", self.place.number)

    @property
    def whole_text(self) -> str:
        """The text with its lines below it."""
        said = [self.told.text, *(f"{title}: {text}" for title, text in self.told.lines)]
        return "\n".join(part for part in said if part)


@dataclass(frozen=True)
class HistoryPage:
    """Some entries, and the cursor of those before them (None when there are none)."""

    entries: list[Entry]
    older: str | None


def history(family: Family, *, before: str | None = None, limit: int = PER_PAGE) -> HistoryPage:
    """The newest ``limit`` entries (older than the cursor ``before``).

    Each kind of record is asked once for at most ``limit`` and one more, so a page costs the same number of
    queries however much is written. Raises BadRequest for a cursor that was not given out.
    """
    place = _opened(before) if before else None
    found = [entry for entry in _milestones(family) if place is None or entry.place < place]
    for rank, source in enumerate((*SOURCES, *MOVES), start=1):
        rows = source.rows(family)
        if place is not None:
            rows = rows.filter(_older(source, rows.model, rank, place))
        for row in rows.order_by(f"-{source.at}", "-pk")[: limit + 1]:
            at = getattr(row, source.at)
            found.append(Entry(Place(_moment(at), rank, row.pk), at, source.kind, source.tell(row), row))
    found.sort(key=lambda entry: entry.place, reverse=True)
    shown = found[:limit]
    return HistoryPage(shown, _sealed(shown[-1].place) if len(found) > limit else None)


def since(family: Family, day: date, kinds: frozenset[str]) -> list[Entry]:
    """Everything of those kinds from ``day`` on, newest first: each kind is asked once, and none is cut off."""
    begins = _moment(day)
    found = [entry for entry in _milestones(family) if entry.kind in kinds and entry.place.moment >= begins]
    for rank, source in enumerate((*SOURCES, *MOVES), start=1):
        if source.kind not in kinds:
            continue
        rows = source.rows(family)
        moments = isinstance(rows.model._meta.get_field(source.at), models.DateTimeField)
        for row in rows.filter(**{f"{source.at}__gte": begins if moments else day}):
            at = getattr(row, source.at)
            found.append(Entry(Place(_moment(at), rank, row.pk), at, source.kind, source.tell(row), row))
    return sorted(found, key=lambda entry: entry.place, reverse=True)


def note_url(actor: Actor, note: Note, family: Family) -> str:
    """Where the person reads a note's versions and corrects it; '' for another's, or for a role that writes none."""
    shared = note.kind == NoteKind.WEEKLY
    if (note.author_id != actor.staff_id and not shared) or not actor.may(Action.WRITE_NOTE):
        return ""
    return reverse("note-correct", kwargs={"family": family.uuid, "note": note.uuid})


def as_event(actor: Actor, family: Family, entry: Entry) -> dict[str, Any]:
    """An entry as templates/components/timeline.html shows it."""
    own = note_url(actor, entry.row, family) if isinstance(entry.row, Note) else ""
    return {
        "at": entry.at,
        "kind": entry.told.title,
        "text": entry.told.text,
        "lines": [{"title": title, "text": text} for title, text in entry.told.lines],
        "who": entry.told.who,
        "score": entry.told.score,
        "draft": entry.told.draft,
        "corrected": entry.told.corrected,
        "withdrawn": isinstance(entry.row, Note) and entry.row.withdrawn,
        "url": own,
        "url_title": _("Se eller ret") if own else "",
    }


def _milestones(family: Family) -> Iterator[Entry]:
    for number, (kind, at, told) in enumerate(milestones(family), start=1):
        yield Entry(Place(_moment(at), 0, family.pk * 16 + number), at, kind, told, family)


def _moment(at: date | datetime) -> datetime:
    """A day counts from its Danish midnight."""
    return at if isinstance(at, datetime) else datetime.combine(at, time.min, DENMARK)


def _older(source: Source, model: type[models.Model], rank: int, place: Place) -> Q:
    """The rows of one kind that stand below ``place``: see `Place` for the order."""
    at = source.at
    if isinstance(model._meta.get_field(at), models.DateTimeField):
        earlier, same = Q(**{f"{at}__lt": place.moment}), Q(**{at: place.moment})
    else:
        day = danish_day(place.moment)
        begins = _moment(day) == place.moment
        earlier = Q(**{f"{at}__lt" if begins else f"{at}__lte": day})
        same = Q(**{at: day}) if begins else Q(pk__in=[])
    if rank < place.rank:
        return earlier | same
    return earlier | (same & Q(pk__lt=place.number)) if rank == place.rank else earlier


def _sealed(place: Place) -> str:
    packed = _PLACE.pack((place.moment - _EPOCH) // _MICROSECOND, place.rank, place.number)
    return sealed(packed, _NAME)


def _opened(cursor: str) -> Place:
    read = opened(cursor, _NAME)
    if len(read) != _PLACE.size:
        raise BadRequest(_("cursor er ukendt. Begynd forfra uden cursor."))
    moment, rank, number = _PLACE.unpack(read)
    return Place(_EPOCH + moment * _MICROSECOND, rank, number)
