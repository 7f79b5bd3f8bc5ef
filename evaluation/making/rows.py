"""T1: rows with pseudonyms, under an agreement. Personal data, and never called anything else.

What the agreement does not cover does not leave (`evaluation.extract.chosen`). Read beside it are only the day each family
began and the week it closed, by which the files are attacked, and, where the agreement follows by half-years, the days by
which rows are cut (`horizon.with_times`). Of what leaves, the day on which the intervention began becomes its half-year, because
all other days count from it, amounts are rounded to whole hundreds of kroner, and rare codes are put together (`merging`;
docs/decisions/0037-what-an-extract-tells.md).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from evaluation.dataset_names import DatasetName
from evaluation.disclosure import risk
from evaluation.disclosure.recipe import PILOT_T3
from evaluation.formats import Table
from evaluation.limits import RARE_BELOW, RARE_FROM
from evaluation.making import horizon, merging
from evaluation.making.merging import changed
from evaluation.making.parts import Content, Read
from evaluation.variables import Variable

#: The calendar day of a family, and what it and those of the model versions become.
STARTED, HALF_YEAR = "started_on", "^20[0-9]{2}-[12]$"
#: What a family cost is told to the nearest hundred; rates, in which no family stands, as they are.
KRONER, TO_NEAREST = "kroner", 100

_NOBODY = pl.DataFrame(
    schema={"family_id": pl.String(), "told": pl.Int64(), "since": pl.Int64(), "over": pl.Boolean()}
)


def content_of(read: Read) -> Content:
    """The tables as they leave, and how easily a family is told apart in them."""
    families = horizon.until(read.began, read.as_of) if read.began is not None else _NOBODY
    below = RARE_BELOW if read.families >= RARE_FROM else 0
    whole = {dataset.name: dataset for dataset in read.every or read.datasets}
    told = []
    for dataset in read.datasets:
        table = Table(whole[dataset.name], read.frames[dataset.name.value])
        told.append(
            Table(dataset, table.frame.select(dataset.columns))
            if read.to_the_day
            else horizon.cut(table, families, dataset)
        )
    # Of what leaves, and not of what was read: rows that are left out must not make a code common.
    together = [merging.merged(table, below) for table in told]
    tables = tuple(_coarser(table) for table, _ in together)
    rare = tuple(dict.fromkeys(title for _, titles in together for title in titles))
    return Content(
        tables=tables,
        said={"risk": _risk(read, tables), "loss": _loss(tables, rare, to_the_day=read.to_the_day)},
        families_out=read.families,
    )


def _coarser(table: Table) -> Table:
    dataset, frame = table.dataset, table.frame
    for variable in dataset.variables:
        if variable.type == "date":
            dataset = changed(dataset, _half_year(variable))
            day = pl.col(variable.name)
            half = pl.format("{}-{}", day.dt.year(), (day.dt.month() > 6).cast(pl.Int8) + 1)
            frame = frame.with_columns(pl.when(day.is_not_null()).then(half).alias(variable.name))
        elif variable.unit == KRONER and dataset.name != DatasetName.RATES:
            nearest = (pl.col(variable.name) / TO_NEAREST).round() * TO_NEAREST
            frame = frame.with_columns(nearest.cast(frame.schema[variable.name]).alias(variable.name))
    return Table(dataset, frame)


def _half_year(variable: Variable) -> Variable:
    return replace(
        variable,
        type="string",
        pattern=HALF_YEAR,
        description="Halvåret: 1 er januar til juni, 2 er juli til december. Dagen udleveres ikke.",
        description_en="The half-year: 1 is January to June, 2 is July to December. The day is not released.",
    )


def _risk(read: Read, tables: tuple[Table, ...]) -> list[dict[str, Any]]:
    """Measured on the registration form, when it is among the datasets: all other files hang on its rows."""
    frame = read.frames.get(DatasetName.REGISTRATION)
    after = next((t.frame for t in tables if t.dataset.name == DatasetName.REGISTRATION), None)
    if frame is None or after is None or frame.height == 0:
        return []
    names = {name for hierarchy in PILOT_T3.quasi for name in hierarchy.columns}
    quasi = [name for name in after.columns if name in names]
    found = [risk.measure(one, quasi, []) for one in (frame, after)]
    unique = [f"{round(100 * one.unique)} %" for one in found]
    return [
        {
            "title": "Familier, der står alene med deres oplysninger",
            "before": unique[0],
            "after": unique[1],
            "meaning": "Så stor en del kan kendes af den, der ved, at familien er med, og kender forældrenes alder, de "
            "ældre børn, kommunen og starten. Pseudonymer ændrer det ikke; derfor er det personoplysninger.",
        },
        {
            "title": "Familier i den mindste gruppe, der ligner hinanden",
            "before": found[0].smallest,
            "after": found[1].smallest,
            "meaning": "1 betyder, at der er en familie, ingen anden ligner.",
        },
    ]


def _loss(tables: tuple[Table, ...], rare: tuple[str, ...], *, to_the_day: bool) -> dict[str, str]:
    names = {v.name for table in tables for v in table.dataset.variables}
    units = {v.unit for table in tables for v in table.dataset.variables}
    timed = any(
        horizon.is_cut(table.dataset, v) or horizon.counts(table.dataset, v)
        for table in tables
        for v in table.dataset.variables
    )
    said = {}
    if STARTED in names or timed:
        said["Dato for start"] = (
            "Kun halvåret er med. Alt andet tæller fra starten og til udtrækkets dag, som aftalen siger. Dagen for start kan "
            "derfor regnes ud af den, der prøver."
            if to_the_day
            else "Kun halvåret er med. Alt andet tæller i hele uger fra starten, og lige langt for alle med samme halvår: fra "
            "halvårets slutning til udtrækkets dag. Det senere kommer med et senere udtræk."
        )
    if KRONER in units:
        said["Beløb"] = "Afrundet til hele hundrede kroner."
    if rare:
        said["Sjældne koder"] = (
            f"Koder, som færre end {RARE_BELOW} familier har, er lagt sammen til »Andet«, fordi de ellers peger på dem: "
            f"{', '.join(rare)}."
        )
    return said or {"Intet": "Rækkerne er, som de står i systemet."}
