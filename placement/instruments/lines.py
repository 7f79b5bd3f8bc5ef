"""On which line of a TOML file something stands: what a reader of the file needs beside the reason."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\"' -]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]+\")\s*(\.\s*[A-Za-z0-9_-]+\s*)*=")


def lines_of(source: str) -> dict[str, int]:
    """The line (from 1) of each key and table by its path; tables in lists are counted from 0: ``scales.0.code``."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, depth, quoted = "", 0, ""
    for number, line in enumerate(source.splitlines(), start=1):
        if not quoted and depth == 0:
            if header := _TABLE.match(line):
                table = _place(header.group(2), list_of=header.group(1) == "[[", counts=counts)
                found.setdefault(table, number)
                continue
            if key := _KEY.match(line):
                name = key.group(0).rstrip("= \t").strip().replace('"', "")
                found.setdefault(f"{table}.{name}" if table else name, number)
        depth, quoted = _after(line, depth, quoted)
    return found


def nearest(lines: dict[str, int], path: str) -> int | None:
    """The line of ``path``, or of the innermost thing around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return None


def _place(name: str, *, list_of: bool, counts: dict[str, int]) -> str:
    """A header's name with the number of each list on the way: ``scales.cut_offs`` is ``scales.2.cut_offs.0``."""
    path = ""
    parts = [part.strip(" \"'") for part in name.split(".")]
    for index, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if list_of and index == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}.{counts[path]}"
    return path


def _after(line: str, depth: int, quoted: str) -> tuple[int, str]:
    """How many brackets, and which long quotation, are still open after a line."""
    index = 0
    while index < len(line):
        if quoted:
            end = line.find(quoted, index)
            if end < 0:
                return depth, quoted
            index, quoted = end + 3, ""
        elif line.startswith(('"""', "'''"), index):
            quoted, index = line[index : index + 3], index + 3
        elif line[index] in "\"'":
            index = _end_of_text(line, index)
        elif line[index] == "#":
            break
        else:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(line[index], 0)
            index += 1
    return depth, quoted


def _end_of_text(line: str, start: int) -> int:
    """Where a short quotation that begins at ``start`` is over."""
    index = start + 1
    while index < len(line) and line[index] != line[start]:
        index += 2 if line[index] == "\\" and line[start] == '"' else 1
    return index + 1
