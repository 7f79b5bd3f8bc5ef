"""Stata and SPSS files: numbers with labels, and the reason for a missing value in the value itself.

Both are derived from the canonical table. A code of a list becomes its number on the list, a yes 1, a reason the format's
own kind of missing value; texts that are no codes (pseudonyms, versions) stay texts, and have their reason beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from evaluation.formats.naming import SHORTEST_NAME, cut_bytes, cut_letters, short_names
from evaluation.formats.parts import Table, numbers_of
from evaluation.formats.reasons import LOWEST, REASONS
from evaluation.variables import Variable

STATA_TYPE = "application/x-stata-dta"
SPSS_TYPE = "application/x-spss-sav"
#: Stata's limits: letters of a label, and of a name (also of a set of labels).
STATA_LABEL, STATA_NAME = 80, SHORTEST_NAME
#: SPSS's limits, in bytes: a variable's label, a value's label, a name.
SPSS_LABEL, SPSS_VALUE, SPSS_NAME = 256, 120, 64
YES_NO = {1: "Ja", 0: "Nej"}
#: Day 0 of the two.
STATA_EPOCH, SPSS_EPOCH = date(1960, 1, 1), date(1582, 10, 14)
DAY = 86_400
STATA_DAY, SPSS_DAY = "%tdCCYY-NN-DD", "SDATE10"
#: The last of SPSS's numbers that any reason has.
_LAST = max(reason.number for reason in REASONS.values())
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class _Columns:
    """What pyreadstat is told, by the names in the file."""

    series: list[pl.Series] = field(default_factory=list)
    titles: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[Any, str]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    missing: dict[str, list[Any]] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)


def write_stata(table: Table, path: Path, *, created: datetime) -> None:
    """A .dta file (118: Stata 14 and later, UTF-8); reasons are .a, .b … with their words as labels."""
    names = short_names(table.dataset.columns, letters=STATA_NAME)
    told = _Columns()
    for variable in table.dataset.variables:
        name, title = names[variable.name], cut_letters(variable.title, STATA_LABEL)
        column, labels = _numbers(variable, table.frame[variable.name], STATA_EPOCH, 1)
        told.titles[name] = title
        if column.dtype == pl.String():
            told.series.append(column.fill_null("").alias(name))
        else:
            values: dict[Any, str] = dict(labels)
            if variable.missing:
                letters = {code: reason.letter for code, reason in REASONS.items()}
                column = _mixed(column, table.frame[variable.reason_name], letters)
                told.missing[name] = list(letters.values())
                values |= {reason.letter: reason.title for reason in REASONS.values()}
            told.series.append(column.alias(name))
            if values:
                told.values[name] = values
            if variable.type == "date":
                told.formats[name] = STATA_DAY
        if variable.missing:
            _reason_column(variable, table, names, told, lambda text: cut_letters(text, STATA_LABEL))
    pyreadstat.write_dta(
        pl.DataFrame(told.series),
        str(path),
        version=14,
        file_label=cut_letters(table.dataset.title, STATA_LABEL),
        column_labels=told.titles,
        variable_value_labels=told.values,
        missing_user_values=told.missing,
        variable_format=told.formats,
    )
    moment = created.astimezone(UTC)
    _stamp(
        path,
        after=b"<timestamp>\x11",
        text=f"{moment.day:02d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M}",
    )


def write_spss(table: Table, path: Path, *, created: datetime) -> None:
    """A .sav file (UTF-8); reasons are user-missing numbers with their words as labels."""
    names = short_names(table.dataset.columns, letters=SPSS_NAME)
    told = _Columns()
    for variable in table.dataset.variables:
        name = names[variable.name]
        column, labels = _numbers(variable, table.frame[variable.name], SPSS_EPOCH, DAY)
        told.titles[name] = cut_bytes(variable.title, SPSS_LABEL)
        told.measures[name] = "scale" if variable.type in {"integer", "number", "date"} else "nominal"
        if column.dtype == pl.String():
            told.series.append(column.fill_null("").alias(name))
        else:
            values: dict[Any, str] = {
                float(number): cut_bytes(text, SPSS_VALUE) for number, text in labels.items()
            }
            column = column.cast(pl.Float64)
            if variable.missing:
                numbers = {code: float(reason.number) for code, reason in REASONS.items()}
                why = table.frame[variable.reason_name].replace_strict(
                    numbers, default=None, return_dtype=pl.Float64
                )
                column = column.zip_with(column.is_not_null(), why)
                told.missing[name] = [{"lo": float(LOWEST), "hi": float(_LAST)}]
                values |= {
                    float(reason.number): cut_bytes(reason.title, SPSS_VALUE) for reason in REASONS.values()
                }
            told.series.append(column.alias(name))
            if values:
                told.values[name] = values
            told.formats[name] = {"date": SPSS_DAY, "number": "F12.4"}.get(variable.type, "F12.0")
        if variable.missing:
            _reason_column(variable, table, names, told, lambda text: cut_bytes(text, SPSS_LABEL))
            told.measures[names[variable.reason_name]] = "nominal"
    pyreadstat.write_sav(
        pl.DataFrame(told.series),
        str(path),
        file_label=cut_bytes(table.dataset.title, 64),
        column_labels=told.titles,
        variable_value_labels=told.values,
        missing_ranges=told.missing,
        variable_format=told.formats,
        variable_measure=told.measures,
    )
    moment = created.astimezone(UTC)
    _stamp(path, at=92, text=f"{moment.day:02d} {_MONTHS[moment.month - 1]} {moment:%y%H:%M:%S}")


def _numbers(
    variable: Variable, column: pl.Series, epoch: date, per_day: int
) -> tuple[pl.Series, Mapping[int, str]]:
    """The column as such files have it, and the words of its numbers."""
    if variable.type == "boolean":
        return column.cast(pl.Int64), YES_NO
    if variable.type == "date":
        return (column.cast(pl.Int64) + (date(1970, 1, 1) - epoch).days) * per_day, {}
    if variable.values:
        numbers = numbers_of(variable)
        labels = {numbers[code]: title for code, title in variable.values.items()}
        if variable.type != "string":
            return column, {int(code): title for code, title in variable.values.items()}
        return column.replace_strict(numbers, default=None, return_dtype=pl.Int64), labels
    return column, {}


def _mixed(column: pl.Series, reasons: pl.Series, letters: Mapping[str, str]) -> pl.Series:
    """Numbers, and the letter of the reason where there is none; of Python's own objects, as pyreadstat wants them."""
    given = zip(column.to_list(), reasons.to_list(), strict=True)
    return pl.Series(column.name, [letters[why] if why else value for value, why in given], dtype=pl.Object)


def _reason_column(
    variable: Variable, table: Table, names: Mapping[str, str], told: _Columns, cut: Callable[[str], str]
) -> None:
    """The column ``<name>_missing``: SPSS's number of the reason in both formats, nothing when the value is there."""
    name = names[variable.reason_name]
    numbers = {code: reason.number for code, reason in REASONS.items()}
    told.series.append(
        table.frame[variable.reason_name]
        .replace_strict(numbers, default=None, return_dtype=pl.Int64)
        .alias(name)
    )
    told.titles[name] = cut(f"Hvorfor mangler: {variable.title}")
    told.values[name] = {reason.number: reason.title for reason in REASONS.values()}
    told.formats[name] = "F12.0" if told.measures else "%12.0g"


def _stamp(path: Path, *, text: str, after: bytes = b"", at: int = 0) -> None:
    """Write when the release was made over when the file was: the same rows are the same bytes again."""
    with path.open("r+b") as file:
        head = file.read(4096)
        place = head.index(after) + len(after) if after else at
        file.seek(place)
        file.write(text.encode("ascii"))
