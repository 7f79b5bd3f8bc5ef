"""A finished table as a dataset: what its columns are called, in both languages, for files and codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

from evaluation.disclosure.counting import TOTAL, Dim, Measure
from evaluation.disclosure.recipe import ANY, GEOGRAPHY, OUTSIDE, UNKNOWN
from evaluation.disclosure.tables.parts import HIDDEN, TableResult
from evaluation.variables.declared import Dataset, Variable
from placement.access.municipalities import MUNICIPALITIES

if TYPE_CHECKING:
    from evaluation.dataset_names import DatasetName

#: Words of the labels that belong to no code table.
_GENERAL = {TOTAL: "I alt", UNKNOWN: "Uoplyst", OUTSIDE: "Andet", ANY: "Alle"}
_GENERAL_EN = {TOTAL: "Total", UNKNOWN: "Unknown", OUTSIDE: "Other", ANY: "All"}

_VALUE = {
    Measure.FAMILIES: ("Antal familier", "Families"),
    Measure.ROWS: ("Antal", "Number"),
    Measure.MEAN: ("Gennemsnit", "Mean"),
    Measure.MEDIAN: ("Median", "Median"),
    Measure.SUM: ("Sum", "Sum"),
}


def words_of(dim: Dim) -> dict[str, str]:
    """Every label of a dimension, and the total, with its Danish words."""
    said = dict(dim.words)
    if dim.hierarchy.name == GEOGRAPHY.name and dim.level == 0:
        said |= {str(code): name for code, name in MUNICIPALITIES.items()}
    return {label: said.get(label, _GENERAL.get(label, label)) for label in (*dim.labels(), TOTAL)}


def as_dataset(result: TableResult) -> tuple[Dataset, pl.DataFrame]:
    """A table as a dataset of its own and its frame: a row a cell, the reasons for hidden values beside them.

    Raises ValueError for a table that was refused.
    """
    if result.refused:
        raise ValueError(f"{result.spec.name}: a refused table is no dataset")
    spec, names = result.spec, result.names
    variables = []
    for dim in result.dims:
        words = words_of(dim)
        variables.append(
            Variable(
                dim.name,
                "",
                "string",
                dim.title,
                values=words,
                values_en={label: _GENERAL_EN.get(label, said) for label, said in words.items()},
            )
        )
    title, title_en = _VALUE[spec.measure]
    whole = spec.counts
    variables.append(
        Variable(
            "value",
            "",
            "integer" if whole else "number",
            title,
            title_en=title_en,
            unit=spec.unit,
            missing="reason",
        )
    )
    columns: dict[str, pl.Series] = {
        name: pl.Series([cell.at[number] for cell in result.cells], dtype=pl.String)
        for number, name in enumerate(names)
    }
    number_type = pl.Int64 if whole else pl.Float64
    columns["value"] = pl.Series([cell.value for cell in result.cells], dtype=number_type)
    columns["value_missing"] = pl.Series([cell.reason or None for cell in result.cells], dtype=pl.String)
    if whole:
        variables.append(
            Variable(
                "share",
                "",
                "integer",
                "Andel af linjen",
                title_en="Share of the line",
                unit="procent",
                missing="reason",
            )
        )
        columns["share"] = pl.Series([cell.share for cell in result.cells], dtype=pl.Int64)
        columns["share_missing"] = _why_none(columns["share"])
    else:
        variables.append(
            Variable(
                "families",
                "",
                "integer",
                "Familier bag tallet",
                title_en="Families behind the number",
                missing="reason",
            )
        )
        columns["families"] = pl.Series([cell.families for cell in result.cells], dtype=pl.Int64)
        columns["families_missing"] = _why_none(columns["families"])
    dataset = Dataset(
        name=cast("DatasetName", spec.name),
        title=spec.title,
        description=_said_of(result),
        source="",
        variables=tuple(variables),
        order=names,
        key=names,
    )
    return dataset, pl.DataFrame(columns)


def _why_none(column: pl.Series) -> pl.Series:
    """Beside a number that is hidden or for nobody, its share and its families are hidden too."""
    return pl.Series([HIDDEN if value is None else None for value in column], dtype=pl.String)


def _said_of(result: TableResult) -> str:
    rules = result.rules
    place = f" Opdelt efter {GEOGRAPHY.levels[result.level].title}." if GEOGRAPHY.name in result.names else ""
    if rules.rounds:
        said = (
            f"Tal fra 1 til {rules.hide} er skjult, resten er afrundet til nærmeste {rules.round_to}, "
            "og summer er lagt sammen af de afrundede tal."
        )
    else:
        said = f"Tal fra 1 til {rules.hide} er skjult, og andre med dem, så de ikke kan regnes ud."
    return said + place
