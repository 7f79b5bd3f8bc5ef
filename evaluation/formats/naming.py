"""Names and words within the limits of old formats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

#: Letters of a name in Stata and SAS, which both say 32: a set of labels in a Stata file bears its variable's name, and
#: has room for one less.
SHORTEST_NAME = 31


def short_names(names: Iterable[str], *, letters: int) -> dict[str, str]:
    """Each name in at most ``letters``; one that is cut ends in a digest of itself, so that two never become one."""
    return {name: name if len(name) <= letters else _short(name, letters) for name in names}


def _short(name: str, letters: int) -> str:
    ending = hashlib.sha256(name.encode()).hexdigest()[:5]
    return f"{name[: letters - 7].rstrip('_')}_{ending}x"


def cut_letters(text: str, letters: int) -> str:
    """The text in at most ``letters`` characters, with an ellipsis when something is left out."""
    text = " ".join(text.split())
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def cut_bytes(text: str, size: int) -> str:
    """The text in at most ``size`` bytes of UTF-8, never half a letter, with an ellipsis when something is left out."""
    text = " ".join(text.split())
    if len(text.encode()) <= size:
        return text
    return text.encode()[: size - len("…".encode())].decode(errors="ignore").rstrip() + "…"
