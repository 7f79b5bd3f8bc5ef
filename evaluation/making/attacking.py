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
from evaluation.variables.kit import Unit

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
        events=_events(content.tables) if release.kind == Kind.T1 else None,
        told=_told(read, content.tables) if release.kind == Kind.T1 else None,
        as_of=read.as_of,
        to_the_day=read.to_the_day,
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
    released = {str(table.dataset.name): table.frame for table in content.tables}
    first = released.get(SOURCE, next(iter(released.values())))
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


def _events(tables: Sequence[Table]) -> pl.DataFrame | None:
    """What somebody may know of a family's way: what happened in which week."""
    frames = {str(table.dataset.name): table.frame for table in tables}
    found = []
    for name, what, when in EVENTS:
        frame = frames.get(name)
        if frame is None or not {"family_id", what, when} <= set(frame.columns):
            continue
        found.append(
            frame.select(
                "family_id",
                pl.col(what).cast(pl.String).alias("what"),
                pl.col(when).cast(pl.String).alias("when"),
            ).drop_nulls()
        )
    return pl.concat(found) if found else None


#: Days in the units that files count in from a family's start, as somebody reads them in the codebook.
READ_AS = {Unit.DAYS.da: 1.0, Unit.WEEKS.da: 7.0}


def _told(read: Read, tables: Sequence[Table]) -> pl.DataFrame | None:
    """When each family is said to have begun, and the longest time after that of which something is told."""
    if read.began is None:
        return None
    days = []
    for table in tables:
        for v in table.dataset.variables:
            factor = 365.25 / 12 if v.name == "month" else READ_AS.get(v.unit, 0)
            if factor and "family_id" in table.frame.columns:
                # A month is over when it is told of.
                after = (pl.col(v.name) + (v.name == "month")) * factor
                days.append(
                    table.frame.select("family_id", after.cast(pl.Float64).alias("days")).drop_nulls()
                )
    started = pl.col("started_on")
    second = started.dt.month() > 6
    found = read.began.select(
        "family_id",
        pl.date(started.dt.year(), pl.when(second).then(7).otherwise(1), 1).alias("first"),
        pl.date(
            started.dt.year(), pl.when(second).then(12).otherwise(6), pl.when(second).then(31).otherwise(30)
        ).alias("last"),
    )
    longest = pl.concat(days).group_by("family_id").agg(pl.col("days").max()) if days else None
    return found.join(longest, on="family_id", how="inner") if longest is not None else None
