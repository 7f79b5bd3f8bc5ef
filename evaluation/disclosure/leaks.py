"""A look through finished files for what must never be in them: names, numbers, addresses, codes nobody declared.

Every text cell must be on the list of its column. Everything else that can be read in a file, its name, its labels, its
metadata, the statistics inside Parquet, what is packed in a zip or a PDF, is searched for CPR numbers, telephone
numbers, e-mail addresses, postal addresses, dates, common first names and for canaries: values that were planted in free
text and names to see whether they get out. Told is where and what kind, never the value.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import polars as pl

#: What a column may hold: its codes, a pattern that the whole value matches, or None for numbers (and yes/no).
Allowed = Mapping[str, Collection[str] | re.Pattern[str] | None]

#: A date column's pattern.
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CPR = re.compile(r"(?<![\d-])(\d{2})(\d{2})(\d{2})[- ]?(\d{4})(?![\d-])")
#: Digests, and ids as programs write them: ten digits in a row among their letters are nobody's number.
_DIGEST = re.compile(
    r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{16,}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
)
_PATTERNS = {
    "telephone": re.compile(
        r"(?<![\d.])(\+45[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}|\d{2} \d{2} \d{2} \d{2})(?![\d.])"
    ),
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    "postal address": re.compile(r"(?<![\d.-])[1-9]\d{3} (?-i:[A-ZÆØÅ])[a-zæøå]{2,}(?![\w-]*=)"),
}
_DATES = re.compile(r"(?<![\d.:-])(\d{4}-\d{2}-\d{2}|\d{1,2}\.\s?\d{1,2}\.\s?(19|20)\d{2})(?![\d-])")
#: First names that are no other Danish word. Short on purpose: text cells are held to lists, this is for all else.
_NAMES = re.compile(
    r"(?<![\w-])(Aisha|Anders|Anne|Camilla|Christian|Emma|Fatima|Freja|Frederik|Hanne|Henrik|Ida|Jens|Jensen|Karen|"
    r"Kasper|Katrine|Kirsten|Lars|Laura|Line|Louise|Mads|Magnus|Maria|Mathias|Mette|Michael|Mikkel|Mohammed|Nanna|"
    r"Nielsen|Niels|Oliver|Pernille|Peter|Rasmus|Sofie|Søren|Thomas|Trine|William|Zahra)(?![\w-])"
)
#: Files whose text is data: what is not a cell of them is their head.
_TABLES = (".csv",)
_TEXTS = (".json", ".xml", ".html", ".txt", ".md", ".sas", ".do", ".sps", ".sig", ".yaml", ".yml")
_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@dataclass(frozen=True)
class Hit:
    """Something that must not be there. ``where``: column and line, or what part of the file. Never the value itself."""

    file: str
    kind: str
    where: str

    def describe(self) -> dict[str, str]:
        """For the report."""
        return asdict(self)


def scan(
    files: Mapping[str, bytes],
    allowed: Allowed,
    canaries: Iterable[str] = (),
    *,
    dates_in: Collection[str] = (),
    names: bool = True,
) -> list[Hit]:
    """Everything found in ``files`` (by name). ``allowed``: by column, or by ``file stem/column`` where names repeat.

    A text column that ``allowed`` does not know is a hit by itself. ``dates_in``: names of files, or their ends, that
    rightly bear dates (a manifest says when). ``names``: whether to look for first names outside tables.
    """
    found: list[Hit] = []
    planted = [canary for canary in canaries if canary]
    for name, content in sorted(files.items()):
        found.extend(_in_text(name, name, "file name", planted, dates=False, names=names))
        found.extend(_of_file(name, content, allowed, planted, tuple(dates_in), names))
    return sorted(set(found), key=lambda hit: (hit.file, hit.kind, hit.where))


def _of_file(
    name: str, content: bytes, allowed: Allowed, canaries: list[str], dates_in: tuple[str, ...], names: bool
) -> Iterator[Hit]:
    end = PurePosixPath(name).suffix.lower()
    dates = not any(name.endswith(one) for one in dates_in)
    yield from _planted(name, content, canaries)
    if end in _TABLES:
        yield from _of_csv(name, content, allowed, canaries)
    elif end == ".parquet":
        yield from _of_parquet(name, content, allowed, canaries)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from _in_text(name, packed.comment.decode("utf-8", "replace"), "zip comment", canaries)
            for inside in packed.namelist():
                yield from _in_text(name, inside, "name in zip", canaries, dates=False, names=names)
                yield from _of_file(
                    f"{name}/{inside}", packed.read(inside), allowed, canaries, dates_in, names
                )
    elif end in _TEXTS:
        yield from _in_text(
            name, content.decode("utf-8", "replace"), "text", canaries, dates=dates, names=names, postal=False
        )
    elif end == ".pdf":
        for number, stream in enumerate(_STREAM.findall(content)):
            try:
                text = zlib.decompress(stream)
            except zlib.error:
                continue  # not packed text: a font or a picture
            yield from _planted(name, text, canaries)
            yield from _strings(name, text, f"stream {number}", canaries)
    else:
        # Stata, SPSS and the like: labels and texts stand in them as they are.
        yield from _strings(name, content, "binary", canaries)


def _planted(name: str, content: bytes, canaries: Iterable[str]) -> Iterator[Hit]:
    for canary in canaries:
        if any(
            canary.encode(code) in content
            for code in ("utf-8", "utf-16-le", "latin-1")
            if _fits(canary, code)
        ):
            yield Hit(name, "canary", "bytes")


def _fits(text: str, code: str) -> bool:
    try:
        text.encode(code)
    except UnicodeEncodeError:
        return False
    return True


def _strings(name: str, content: bytes, where: str, canaries: Iterable[str]) -> Iterator[Hit]:
    for run in _PRINTABLE.findall(content):
        text = run.decode("utf-8", "replace")
        # Numbers side by side in binary data can look like anything: only what stands out is searched for.
        yield from _in_text(
            name, text, where, canaries, dates=False, names=False, postal=False, strict_cpr=True
        )


def _in_text(
    name: str,
    text: str,
    where: str,
    canaries: Iterable[str],
    *,
    dates: bool = True,
    names: bool = True,
    postal: bool = True,
    strict_cpr: bool = False,
) -> Iterator[Hit]:
    text = _DIGEST.sub(" ", text)
    for match in _CPR.finditer(text):
        if _is_birthday(match) and not (strict_cpr and "-" not in match.group()):
            yield Hit(name, "CPR", where)
    for kind, pattern in _PATTERNS.items():
        if (postal or kind != "postal address") and pattern.search(text):
            yield Hit(name, kind, where)
    if dates and _DATES.search(text):
        yield Hit(name, "date", where)
    if names and _NAMES.search(text):
        yield Hit(name, "name", where)
    for canary in canaries:
        if canary in text:
            yield Hit(name, "canary", where)


def _is_birthday(match: re.Match[str]) -> bool:
    day, month = int(match.group(1)), int(match.group(2))
    try:
        # Any leap year will do: the century is in the last four digits, which not all numbers follow.
        date(2000, month, day if day <= 31 else day - 60)
    except ValueError:
        return False
    return True


def _may(allowed: Allowed, name: str, column: str) -> tuple[bool, Any]:
    """Whether the column is known, and what it may hold."""
    stem = PurePosixPath(name).stem
    for key in (f"{stem}/{column}", column):
        if key in allowed:
            return True, allowed[key]
    return False, None


def _held(may: Any, value: str) -> bool:
    if isinstance(may, re.Pattern):
        return may.fullmatch(value) is not None
    return value in may


def _number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return value in ("true", "false")
    return True


def _of_csv(name: str, content: bytes, allowed: Allowed, canaries: list[str]) -> Iterator[Hit]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace")))
    head = next(rows, [])
    for column in head:
        yield from _in_text(name, column, "column name", canaries)
    kinds = [_may(allowed, name, column) for column in head]
    for line, row in enumerate(rows, start=2):
        if len(row) != len(head):
            yield Hit(name, "malformed line", f"line {line}")
            continue
        for column, value, (known, may) in zip(head, row, kinds, strict=True):
            if value and not (known and may is None and _number(value)):
                yield from _of_cell(name, column, value, known, may, f"{column}, line {line}", canaries)


def _of_cell(
    name: str, column: str, value: str, known: bool, may: Any, where: str, canaries: list[str]
) -> Iterator[Hit]:
    if not known:
        yield Hit(name, "undeclared column", column)
    elif may is None or not _held(may, value):
        yield Hit(name, "not on its list", where)
    if known and may is not None and _held(may, value):
        return
    yield from _in_text(name, value, where, canaries)


def _of_parquet(name: str, content: bytes, allowed: Allowed, canaries: list[str]) -> Iterator[Hit]:
    frame = pl.read_parquet(io.BytesIO(content))
    for column in frame.columns:
        yield from _in_text(name, column, "column name", canaries)
        known, may = _may(allowed, name, column)
        if frame[column].dtype not in (pl.String, pl.Categorical):
            if not known:
                yield Hit(name, "undeclared column", column)
            continue
        for value in frame[column].cast(pl.String).drop_nulls().unique().to_list():
            yield from _of_cell(name, column, value, known, may, column, canaries)
    metadata = pl.read_parquet_metadata(io.BytesIO(content))
    yield from _in_text(name, json.dumps(metadata, ensure_ascii=False), "metadata", canaries, postal=False)
    # The statistics of the columns lie open at the end of the file, whatever is packed before.
    length = int.from_bytes(content[-8:-4], "little")
    yield from _strings(name, content[-8 - length : -8], "statistics", canaries)
