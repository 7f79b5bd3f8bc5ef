"""The attacks of `evaluation.disclosure.attacks` on the very files that a round made."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import polars as pl

from evaluation.disclosure import attacks, leaks
from evaluation.disclosure.attacks import AttackResult, Looked
from evaluation.disclosure.delta import Registered
from evaluation.formats import File, Table
from evaluation.formats.reasons import REASONS
from evaluation.making.anonymous import SOURCE
from evaluation.making.parts import Content, Read
from evaluation.models import Kind, Release
from evaluation.variables import Variable

#: Descriptions rightly say when they were made and read; data never do.
BEARING_DATES = (".json", ".xml", ".html", ".pdf", ".txt", ".sas", ".dta", ".sav", ".sig")
#: What is known of days in the extract of an attacker's: (dataset, the column that says what, the column that says when).
EVENTS = (("measurements", "instrument", "day"), ("exit_steps", "code", "requested_day"))


def attacks_on(
    release: Release, read: Read, content: Content, earlier: Sequence[Registered], files: Sequence[File]
) -> list[AttackResult]:
    """Every attack that fits the release's kind, on its own files."""
    looked = Looked(
        recipe=content.said.get("recipe"),
        registered=content.registered,
        allowed=allowed_in(content.tables),
        dates_in=BEARING_DATES,
        events=_events(read) if release.kind == Kind.T1 else None,
    )
    contents = {file.name: file.content for file in files}
    if release.kind == Kind.T3:
        return attacks.run(
            "T3",
            before=read.frames,
            after=content.said["results"],
            earlier=earlier,
            files=contents,
            looked=looked,
        )
    if release.kind == Kind.T2:
        rows = content.tables[0].frame
        return attacks.run(
            "T2",
            before={SOURCE: read.frames[SOURCE]},
            after=rows,
            earlier=earlier,
            files=contents,
            looked=looked,
        )
    first = read.frames.get(SOURCE, next(iter(read.frames.values())))
    return attacks.run("T1", before=read.frames, after=first, files=contents, looked=looked)


def allowed_in(tables: Sequence[Table]) -> dict[str, Collection[str] | re.Pattern[str] | None]:
    """What each column of the files may hold, by ``dataset/column``."""
    found: dict[str, Collection[str] | re.Pattern[str] | None] = {}
    for table in tables:
        name = str(table.dataset.name)
        for variable in table.dataset.variables:
            found[f"{name}/{variable.name}"] = _held_to(variable)
            if variable.missing:
                found[f"{name}/{variable.reason_name}"] = frozenset(REASONS)
    return found


def _held_to(variable: Variable) -> Collection[str] | re.Pattern[str] | None:
    if variable.type == "date":
        return leaks.ISO_DATE
    if variable.type != "string":
        return None
    return frozenset(variable.values) if variable.values else re.compile(variable.pattern)


def _events(read: Read) -> pl.DataFrame | None:
    """What somebody may know of a family's way: what happened in which week."""
    found = []
    for name, what, when in EVENTS:
        frame = read.frames.get(name)
        if frame is None or not {"family_id", what, when} <= set(frame.columns):
            continue
        found.append(
            frame.select(
                "family_id",
                pl.col(what).cast(pl.String).alias("what"),
                (pl.col(when) // 7).cast(pl.String).alias("when"),
            ).drop_nulls()
        )
    return pl.concat(found) if found else None
