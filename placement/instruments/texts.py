"""The words of an instrument's items: a file of its own, so that what a licence allows one place need not lie anywhere else."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from placement.instruments.definition import Definition, Items
from placement.instruments.reading import InvalidDefinition

LANGUAGES = ("da", "en")


@dataclass(frozen=True)
class Texts:
    """The items of one version of an instrument in one language, and where the words come from."""

    instrument: str
    version: str
    language: str
    source: str
    licence: str
    items: tuple[str, ...]
    #: The options of each item from the lowest answer to the highest; empty: numbers alone.
    options: tuple[tuple[str, ...], ...] = ()

    def item(self, number: int) -> str:
        return self.items[number - 1]

    def option(self, number: int, place: int) -> str:
        """What the option at that place (0 for the lowest answer) says; "" where nothing is written."""
        return self.options[number - 1][place] if self.options else ""


def read_texts(source: str, definitions: Mapping[str, Mapping[str, Definition]]) -> Texts:
    """A file of texts. Raises InvalidDefinition when it cannot be read or does not fit its instrument."""
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as failure:
        raise InvalidDefinition(_("Filen kan ikke læses: %(what)s") % {"what": failure}) from None
    head = {}
    for name in ("instrument", "version", "language", "source", "licence"):
        value = content.get(name)
        if not isinstance(value, str) or not value.strip():
            raise InvalidDefinition(_("%(name)s mangler.") % {"name": name})
        head[name] = value.strip()
    definition = definitions.get(head["instrument"], {}).get(head["version"])
    if definition is None or definition.items is None or head["language"] not in LANGUAGES:
        raise InvalidDefinition(_("Der er intet redskab med spørgsmål, den version og det sprog."))
    return Texts(
        **head,
        items=_texts(content.get("items"), definition.items.count),
        options=_options(content, definition.items),
    )


def _texts(value: Any, count: int) -> tuple[str, ...]:
    if (
        not isinstance(value, list)
        or len(value) != count
        or not all(isinstance(one, str) and one for one in value)
    ):
        raise InvalidDefinition(_("Der skal være %(count)d tekster.") % {"count": count})
    return tuple(value)


def _options(content: Mapping[str, Any], items: Items) -> tuple[tuple[str, ...], ...]:
    """``options`` for each item, or one list for all of them."""
    rows = content.get("options")
    if rows is None:
        return ()
    if rows and all(isinstance(one, str) for one in rows):
        rows = [rows] * items.count
    if not isinstance(rows, list) or len(rows) != items.count:
        raise InvalidDefinition(_("options skal have en liste for hvert spørgsmål, eller én for alle."))
    return tuple(
        _texts(row, high - low + 1)
        for row, (low, high) in zip(rows, map(items.ends_of, items.numbers), strict=True)
    )
