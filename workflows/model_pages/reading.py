"""A version as a page shows it, and two versions side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.model_pages.words import Words, section_order
from workflows.model_versions.differences import Difference, flattened


def version_sections(national: Mapping[str, Any], local: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Every part of a version under its heading: {title, groups of {title, rows}}.

    A row is {title, national, local, changed}; the first group of a section has no title, the others are the rows
    of its table (a clock, an exit step).
    """
    words = Words(national)
    whole = dict(flattened(national))
    here = dict(flattened(local)) if local is not None else whole
    sections: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for path in [*whole, *(path for path in here if path not in whole)]:
        section, item = [*path.split("."), ""][:2]
        named = f"{section}.{item}.title" in whole
        if named and path in (f"{section}.{item}", f"{section}.{item}.title"):
            continue  # the heading of the group
        groups = sections.setdefault(section, {"": []})
        groups.setdefault(item if named else "", []).append(
            {
                "title": words.label(path, below=f"{section}.{item}" if named else section),
                "national": words.value(path, whole.get(path, "")),
                "local": words.value(path, here.get(path, "")),
                "changed": whole.get(path) != here.get(path),
            }
        )
    return [
        {
            "title": words.section(name),
            "groups": [
                {"title": words.label(f"{name}.{item}") if item else "", "rows": rows}
                for item, rows in sections[name].items()
                if rows
            ],
        }
        for name in sorted(sections, key=section_order)
    ]


def side_by_side(
    lines: list[Difference], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Differences in words: {section, title, before, after}."""
    words = Words(after, before)
    ordered = sorted(lines, key=lambda line: section_order(line.path.split(".", 1)[0]))
    return [
        {
            "section": words.section(line.path),
            "title": words.label(line.path),
            "before": words.value(line.path, line.before),
            "after": words.value(line.path, line.after),
        }
        for line in ordered
    ]
