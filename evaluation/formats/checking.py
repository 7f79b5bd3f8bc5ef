"""Nothing leaves that no declaration names: a table is held against its dataset before a byte of it is written."""

from __future__ import annotations

import re

import polars as pl
from django.utils.translation import gettext as _

from evaluation.formats.parts import Table, Undeclared, undeclared
from evaluation.formats.reasons import HIGHEST, LOWEST, REASONS
from evaluation.variables import Dataset, Variable

_TYPES: dict[str, pl.DataType] = {
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}
#: What a spreadsheet would run instead of show, when a cell begins with it. A number may begin with a sign.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+\-]?\d+([.,]\d+)?")


def type_of(variable: Variable) -> pl.DataType:
    """The column type of a variable; what is not a number, a yes or a day is a text."""
    return _TYPES.get(variable.type, pl.String())


def schema_of(dataset: Dataset) -> dict[str, pl.DataType]:
    """The columns of a dataset with their types, in order."""
    schema: dict[str, pl.DataType] = {}
    for variable in dataset.variables:
        schema[variable.name] = type_of(variable)
        if variable.missing:
            schema[variable.reason_name] = pl.String()
    return schema


def checked(table: Table) -> Table:
    """The same table with the types of its declaration.

    Raises Undeclared, naming the column and never a value: for other columns, a value that does not fit its type,
    list or pattern, an empty cell without exactly one known reason, a number that stands for a missing value in SPSS,
    and a text that a spreadsheet would run.
    """
    dataset = table.dataset
    if tuple(table.frame.columns) != dataset.columns:
        raise Undeclared(_("%(dataset)s: kolonnerne er ikke de erklærede") % {"dataset": str(dataset.name)})
    frame = _typed(table)
    for variable in dataset.variables:
        _check_missing(dataset, variable, frame)
        _check_values(dataset, variable, frame[variable.name].drop_nulls())
    return Table(dataset, frame)


def _typed(table: Table) -> pl.DataFrame:
    columns = []
    for name, wanted in schema_of(table.dataset).items():
        column = table.frame[name]
        if column.dtype != wanted:
            if wanted == pl.String() and not isinstance(column.dtype, pl.Categorical | pl.Enum | pl.Null):
                raise undeclared(table.dataset, name, _("er ikke tekst"))
            if wanted != pl.String() and isinstance(column.dtype, pl.String):
                raise undeclared(table.dataset, name, _("er tekst"))
            try:
                column = column.cast(wanted)
            except pl.exceptions.PolarsError:
                raise undeclared(table.dataset, name, _("passer ikke til sin type")) from None
        columns.append(column)
    return pl.DataFrame(columns)


def _check_missing(dataset: Dataset, variable: Variable, frame: pl.DataFrame) -> None:
    empty = frame[variable.name].is_null()
    if not variable.missing:
        if empty.any():
            raise undeclared(dataset, variable.name, _("mangler uden grund"))
        return
    reason = frame[variable.reason_name]
    if not set(reason.drop_nulls().unique()) <= REASONS.keys():
        raise undeclared(dataset, variable.reason_name, _("er ikke en kendt grund"))
    if (empty == reason.is_null()).any():
        raise undeclared(dataset, variable.name, _("mangler uden grund, eller har en grund uden at mangle"))


def _check_values(dataset: Dataset, variable: Variable, values: pl.Series) -> None:
    if variable.type == "number" and not values.is_finite().all():
        raise undeclared(dataset, variable.name, _("er ikke et tal"))
    if variable.type in {"integer", "number"} and values.is_between(LOWEST, HIGHEST).any():
        raise undeclared(dataset, variable.name, _("er et tal, der er forbeholdt manglende værdier"))
    if values.dtype != pl.String():
        return
    found = values.unique().to_list()
    if variable.values and not set(found) <= set(variable.values):
        raise undeclared(dataset, variable.name, _("har en værdi, der ikke er erklæret"))
    if variable.pattern and not all(re.search(variable.pattern, one) for one in found):
        raise undeclared(dataset, variable.name, _("har en værdi, der ikke passer til sit mønster"))
    if any(_FORMULA.match(one) and not _NUMBER.fullmatch(one) for one in found):
        raise undeclared(dataset, variable.name, _("har en tekst, som et regneark ville udføre"))
