"""One round of a release, from the rows that are read to the sealed files and the report on them.

`made_of` reads at one moment, makes what the kind asks for (`rows`, `anonymous`, `tables`), writes the files, attacks them
as they are, and says in a report what was found. It writes nothing in the database: what the registry is to keep is
returned with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from evaluation import extract, pseudonyms
from evaluation.dataset_names import DatasetName
from evaluation.disclosure.delta import Registered
from evaluation.disclosure.recipe import Recipe
from evaluation.disclosure.tables import PARTNER, PUBLIC
from evaluation.formats import About, File, write
from evaluation.making import anonymous, horizon, rows, tables
from evaluation.making.attacking import attacks_on
from evaluation.making.parts import AgreementOver, Content, Read, Unreleasable
from evaluation.making.report import report_of
from evaluation.making.workroom import empty_folder
from evaluation.models import Audience, FollowUp, Kind, Release
from evaluation.variables import DATASETS
from placement import clock

__all__ = ["AgreementOver", "Earlier", "Made", "Unreleasable", "made_of"]


@dataclass(frozen=True)
class Earlier:
    """What the registry keeps of releases that were published, oldest first, and the recipe of the first, if any."""

    releases: tuple[UUID, ...] = ()
    registered: tuple[Registered, ...] = ()
    recipe: Recipe | None = None


@dataclass(frozen=True)
class Made:
    """A round's files, the report on them, whose families are in them, and what the registry is to keep."""

    files: tuple[File, ...]
    report: dict[str, Any]
    municipalities: tuple[int, ...]
    registered: Registered | None
    recipe: Recipe | None


def made_of(
    release: Release, municipalities: tuple[int, ...], earlier: Earlier, *, built_at: datetime
) -> Made:
    """The files and the report of one round over the families of ``municipalities``.

    Stands under the purpose "evaluation", outside any transaction. Raises Unreleasable when nothing may be made, with
    why; `evaluation.formats.NotWritten` when the files cannot be written; django.db errors when nothing can be read.
    """
    read = _read(release, municipalities, built_at)
    content = _content(release, read, earlier, built_at)
    files = _files(release, content, municipalities, built_at)
    attacks = attacks_on(release, read, content, earlier.registered, files)
    return Made(
        files=tuple(files),
        report=report_of(release, read, content, attacks, made_at=built_at),
        municipalities=municipalities,
        registered=content.registered,
        recipe=content.said.get("recipe"),
    )


def _read(release: Release, municipalities: tuple[int, ...], built_at: datetime) -> Read:
    """The datasets at one moment; of rows, the variables that the agreement covers and the times by which they are held back.

    The times that it does not cover do not leave: the days of the datasets where families are followed by half-years
    (`horizon.with_times`), and always when each family began and closed (`horizon.BEGAN`).
    """
    names: Sequence[str] = [anonymous.SOURCE] if release.kind == Kind.T2 else release.datasets
    asked = tuple(extract.chosen(names, variables_of(release)))
    of_rows = release.kind == Kind.T1
    to_the_day = not of_rows or release.under is None or release.under.follow_up == FollowUp.DAY
    # Rows hold what was asked for alone. What may be told in tables, or of rows that are made coarser, depends on all.
    read = {
        Kind.T1.value: asked if to_the_day else tuple(horizon.with_times(dataset) for dataset in asked),
        Kind.T2.value: tuple(extract.chosen(names)),
    }.get(release.kind, tuple(DATASETS.values()))
    as_of = clock.danish_day(built_at)
    with extract.snapshot(
        project_of(release), as_of=as_of, municipalities=municipalities, to_the_day=to_the_day
    ) as moment:
        frames = {dataset.name.value: moment.frame(dataset) for dataset in read}
        began = moment.frame(DATASETS[DatasetName.REGISTRATION].only(horizon.BEGAN)) if of_rows else None
    return Read(asked, frames, municipalities, every=read, began=began, as_of=as_of, to_the_day=to_the_day)


def project_of(release: Release) -> Any:
    """What the pseudonyms of a release stand for: its agreement."""
    if release.under is None:
        raise Unreleasable("Udtrækket er ikke bestilt efter en registreret aftale.")
    return release.under.uuid


def variables_of(release: Release) -> dict[str, list[str]]:
    """What the agreement covers of each dataset: of one of which it names no variable, only the ids rows are known by.

    An agreement that names no variable at all covers its datasets whole.
    """
    named = release.under.variables if release.under else []
    if not named:
        return {}
    covered: dict[str, list[str]] = {name: [] for name in release.datasets}
    for one in named:
        dataset, _, variable = one.partition(".")
        if dataset in covered:
            covered[dataset].append(variable)
    return covered


def _content(release: Release, read: Read, earlier: Earlier, built_at: datetime) -> Content:
    if release.kind == Kind.T1:
        return rows.content_of(read)
    name = str(release.uuid)
    if release.kind == Kind.T2:
        return anonymous.content_of(
            read, earlier.registered, earlier.recipe, release=name, snapshot_at=built_at
        )
    rules = PARTNER if release.audience == Audience.PARTNER else PUBLIC
    return tables.content_of(read, earlier.registered, rules, release=name, snapshot_at=built_at)


def _files(
    release: Release, content: Content, municipalities: tuple[int, ...], built_at: datetime
) -> list[File]:
    about = About(
        kind=release.kind,
        release_id=str(release.uuid),
        title="Familieforløb: udtræk til evaluering",
        purpose=release.purpose,
        agreement=release.agreement,
        created=built_at,
        recipe_hash=content.recipe_hash,
        key_id=pseudonyms.key_id(project_of(release)) if release.kind == Kind.T1 else "",
        cohort="Alle familier, der er startet i indsatsen, i de kommuner, der har sagt ja"
        + (": " + ", ".join(map(str, municipalities)) if release.kind == Kind.T1 else ""),
        snapshot_at=built_at,
        personal_data=release.kind == Kind.T1,
    )
    with empty_folder() as made:
        written = write(made, list(content.tables), about)
        return [
            File(one.name, one.media_type, one.path.read_bytes(), one.sha256, one.rows) for one in written
        ]
