"""The seal of a release: one digest that stands for all its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def seal_of(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 (hex) over the files' names and their digests, whatever order they come in."""
    lines = sorted(f"{digest}  {name}\n" for name, digest in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
