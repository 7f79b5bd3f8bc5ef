"""What the log offers before anybody has chosen otherwise: tags, templates, what parents may read (a file of data)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from placement.journal.codes import NoteKind, WordList

FILE = Path(__file__).with_name("standard.toml")


@dataclass(frozen=True)
class Word:
    """One entry of one list. ``kind`` and ``text`` are a template's; ``own`` is what the municipality wrote."""

    list: str
    code: str
    title: str
    text: str = ""
    kind: str = ""
    retired: bool = False
    own: bool = False

    @property
    def name(self) -> str:
        """Its title; a template of the standard that is named as its kind of note, in the reader's language."""
        named_as_kind = not self.own and self.code == self.kind
        return str(NoteKind(self.kind).label) if named_as_kind else self.title


@dataclass(frozen=True)
class Standard:
    """The file as it was read."""

    words: tuple[Word, ...]
    parents_read: Mapping[str, bool]
    undo_minutes: int


@cache
def standard() -> Standard:
    """The standard that comes with the product."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Standard:
    """A standard from its text. Raises ValueError with the reason for one that contradicts itself."""
    data = tomllib.loads(text)
    words = tuple(_word(of.value, entry) for of in WordList for entry in data.get(of.value, []))
    seen = set()
    for word in words:
        if (word.list, word.code) in seen:
            raise ValueError(f"{word.list} {word.code} stands twice")
        seen.add((word.list, word.code))
    allowed = data.get("parents_read", {})
    if set(allowed) != set(NoteKind.values) or not all(type(value) is bool for value in allowed.values()):
        raise ValueError("parents_read must say true or false for each kind of note")
    if allowed[NoteKind.DRAFT]:
        raise ValueError("an internal draft is never read by parents")
    minutes = data.get("undo_minutes")
    if type(minutes) is not int or not 0 < minutes <= 24 * 60:
        raise ValueError("undo_minutes must be a number of minutes within a day")
    return Standard(words, allowed, minutes)


def _word(of: str, entry: Mapping[str, Any]) -> Word:
    word = Word(
        of,
        entry.get("code", ""),
        entry.get("title", ""),
        entry.get("text", "").strip(),
        entry.get("kind", ""),
    )
    if not word.code or not word.title:
        raise ValueError(f"a {of} lacks its code or its title")
    template = of == WordList.TEMPLATE
    if template != bool(word.text) or template != (word.kind in NoteKind.written()):
        raise ValueError(f"{of} {word.code}: a template, and nothing else, has a text and a kind of note")
    return word
