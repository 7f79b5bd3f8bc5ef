"""The attacks of `evaluation.disclosure.attacks` on the very files that a round made."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

import polars as pl

from evaluation.dataset_names import DatasetName
from evaluation.disclosure import attacks, leaks
from evaluation.disclosure.attacks import AttackResult, Looked
from evaluation.disclosure.attacks.extract import STARTS
from evaluation.disclosure.delta import Registered
from evaluation.formats import File, Table
from evaluation.formats.reasons import REASONS
from evaluation.making import horizon
from evaluation.making.anonymous import SOURCE
from evaluation.making.parts import Content, Read, Unreleasable
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
    """Every attack that fits the release's kind, on its own files. Raises Unreleasable as `refuse_broken` says."""
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
    found = attacks.run("T1", before=read.frames, after=first, files=contents, looked=looked)
    refuse_broken(read, found)
    return found


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
    counted = _counted_until(read)
    days = []
    for table in tables:
        dataset, frame = table.dataset, table.frame
        if "family_id" not in frame.columns:
            continue
        for v in dataset.variables:
            factor = 365.25 / 12 if v.name == "month" else READ_AS.get(v.unit, 0)
            if factor:
                # A month is over when it is told of.
                after = (pl.col(v.name) + (v.name == "month")) * factor
                days.append(frame.select("family_id", after.cast(pl.Float64).alias("days")).drop_nulls())
            if horizon.counts(dataset, v):
                of = frame.filter(pl.col(v.name).is_not_null()).select("family_id").unique()
                until = "fidelity" if dataset.name == DatasetName.FIDELITY else "today"
                found = of.join(counted, on="family_id")
                days.append(found.select("family_id", pl.col(until).cast(pl.Float64).alias("days")))
    started = pl.col("started_on")
    second = started.dt.month() > 6
    begun = read.began.select(
        "family_id",
        pl.date(started.dt.year(), pl.when(second).then(7).otherwise(1), 1).alias("first"),
        pl.date(
            started.dt.year(), pl.when(second).then(12).otherwise(6), pl.when(second).then(31).otherwise(30)
        ).alias("last"),
    )
    longest = pl.concat(days).group_by("family_id").agg(pl.col("days").max()) if days else None
    return begun.join(longest, on="family_id", how="inner") if longest is not None else None


def _counted_until(read: Read) -> pl.DataFrame:
    """Per family: so many days after its start it was counted, where until today (or the end) and where in the core elements.

    The core elements are counted as they are read, and so far as the agreement says (`evaluation.variables.until`).
    """
    assert read.began is not None
    passed = (pl.lit(read.as_of) - pl.col("started_on")).dt.total_days()
    families = read.began.select(
        "family_id", pl.min_horizontal(passed, pl.col("closed_week") * 7 + 6).alias("today")
    ).join(horizon.until(read.began, read.as_of), on="family_id")
    equally = pl.col("today") if read.to_the_day else pl.min_horizontal("today", "told")
    return families.select("family_id", "today", equally.alias("fidelity"))


def refuse_broken(read: Read, found: Iterable[AttackResult]) -> None:
    """Refuse an extract that tells more of the start than an agreement by half-years lets it. Raises Unreleasable.

    Other attacks that get through are overridden with a reason by those who answer for the families; this one would break
    what the agreement says of every extract under it.
    """
    if not read.to_the_day and any(one.code == STARTS and not one.passed for one in found):
        raise Unreleasable(
            "Udtrækket fortæller mere om dagen for start end det halvår, aftalen tillader, og er derfor ikke lavet. Det er en "
            "fejl i systemet: Meld det til administratoren, og bestil igen, når det er rettet. Haster det, så bestil efter en "
            "aftale, der følger familierne til udtrækkets dag."
        )
