"""Two people changed the same note: what can be joined, and what must be asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from placement.journal.models import Note
from placement.journal.services import score_of

FIELDS = ("kind", "text", "element", "score", "situations", "themes")


@dataclass(frozen=True)
class Merge:
    """``values``: what is joined without asking. ``both``: changed by both to different things.

    ``theirs``: what only the other changed; joined, and told.
    """

    values: Mapping[str, Any]
    both: tuple[str, ...]
    theirs: tuple[str, ...]


def content_of(note: Note) -> dict[str, Any]:
    """What one version says, field by field."""
    return {
        "kind": note.kind,
        "text": note.text,
        "element": note.element,
        "score": score_of(note),
        "situations": sorted(note.situations),
        "themes": sorted(note.themes),
    }


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Join two changes of ``base``. Where both changed a field, mine stands in ``values`` until it is answered."""
    values: dict[str, Any] = {}
    both, told = [], []
    for name in base:
        if mine[name] == base[name] and theirs[name] != base[name]:
            values[name] = theirs[name]
            told.append(name)
            continue
        values[name] = mine[name]
        if mine[name] != theirs[name] and theirs[name] != base[name]:
            both.append(name)
    return Merge(values, tuple(both), tuple(told))
