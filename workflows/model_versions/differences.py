"""What one version says otherwise than another, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Where each line of a table is found again in the other version.
_NAMED_BY = ("code",)

#: Tables whose order says something.
_ORDERED = frozenset({"exit_steps"})


@dataclass(frozen=True)
class Difference:
    """One thing that reads otherwise. ``path`` is where it stands, e.g. "exit_steps.U3.conditions"."""

    path: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Everything that differs, by path; "" where one of them has nothing."""
    old, new = dict(flattened(before)), dict(flattened(after))
    return [
        Difference(path, old.get(path, ""), new.get(path, ""))
        for path in sorted(old | new)
        # A table that both have is told by what stands in it.
        if old.get(path) != new.get(path) and not (f"{path}.title" in old and f"{path}.title" in new)
    ]


def flattened(content: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a version with its path; tables in lists are named by their ``code``."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from flattened(value, f"{path}.{key}" if path else str(key))
    elif isinstance(content, list) and content and all(isinstance(row, Mapping) for row in content):
        for number, row in enumerate(content, start=1):
            name = next((str(row[key]) for key in _NAMED_BY if key in row), str(number))
            rest = {key: value for key, value in row.items() if key not in _NAMED_BY}
            yield f"{path}.{name}", str(row.get("title", name))
            yield from flattened(rest, f"{path}.{name}")
        if path in _ORDERED:
            yield f"{path}.order", ", ".join(str(row.get("code", n)) for n, row in enumerate(content, 1))
    elif isinstance(content, list):
        yield path, ", ".join(str(value) for value in content)
    else:
        yield path, str(content)
