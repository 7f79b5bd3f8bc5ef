"""T1: rows with pseudonyms, under an agreement. Personal data, and never called anything else.

What the agreement does not cover is not read at all (`evaluation.extract.chosen`). Of what is read, the day on which the
intervention began becomes its half-year, because all other days count from it, and amounts are rounded to whole
hundreds of kroner (docs/decisions/0028).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from evaluation.dataset_names import DatasetName
from evaluation.disclosure import risk
from evaluation.disclosure.recipe import PILOT_T3
from evaluation.formats import Table
from evaluation.making.parts import Content, Read
from evaluation.variables import Dataset, Variable

#: The only calendar day there is, and what it becomes.
STARTED, HALF_YEAR = "started_on", "^20[0-9]{2}-[12]$"
#: What a family cost is told to the nearest hundred; rates, in which no family stands, as they are.
KRONER, TO_NEAREST = "kroner", 100


def content_of(read: Read) -> Content:
    """The tables as they leave, and how easily a family is told apart in them."""
    tables = tuple(_coarser(Table(dataset, read.frames[dataset.name.value])) for dataset in read.datasets)
    return Content(
        tables=tables,
        said={"risk": _risk(read), "loss": _loss(tables)},
        families_out=read.families,
    )


def _coarser(table: Table) -> Table:
    dataset, frame = table.dataset, table.frame
    for variable in dataset.variables:
        if variable.name == STARTED:
            dataset = _with(dataset, _half_year(variable))
            day = pl.col(STARTED)
            half = pl.format("{}-{}", day.dt.year(), (day.dt.month() > 6).cast(pl.Int8) + 1)
            frame = frame.with_columns(pl.when(day.is_not_null()).then(half).alias(STARTED))
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


def _with(dataset: Dataset, changed: Variable) -> Dataset:
    return replace(
        dataset, variables=tuple(changed if v.name == changed.name else v for v in dataset.variables)
    )


def _risk(read: Read) -> list[dict[str, Any]]:
    """Measured on the registration form, when it is among the datasets: all other files hang on its rows."""
    frame = read.frames.get("registration")
    if frame is None or frame.height == 0:
        return []
    names = {name for hierarchy in PILOT_T3.quasi for name in hierarchy.columns}
    quasi = [name for name in frame.columns if name in names]
    measured = risk.measure(frame, quasi, [])
    unique = f"{round(100 * measured.unique)} %"
    return [
        {
            "title": "Familier, der står alene med deres oplysninger",
            "before": unique,
            "after": unique,
            "meaning": "Så stor en del kan kendes af den, der ved, at familien er med, og kender forældrenes alder, de "
            "ældre børn, kommunen og starten. Pseudonymer ændrer det ikke; derfor er det personoplysninger.",
        },
        {
            "title": "Familier i den mindste gruppe, der ligner hinanden",
            "before": measured.smallest,
            "after": measured.smallest,
            "meaning": "1 betyder, at der er en familie, ingen anden ligner.",
        },
    ]


def _loss(tables: tuple[Table, ...]) -> dict[str, str]:
    names = {v.name for table in tables for v in table.dataset.variables}
    units = {v.unit for table in tables for v in table.dataset.variables}
    said = {}
    if STARTED in names:
        said["Dato for start"] = "Kun halvåret er med. Alle andre dage tæller fra starten."
    if KRONER in units:
        said["Beløb"] = "Afrundet til hele hundrede kroner."
    return said or {"Intet": "Rækkerne er, som de står i systemet."}
