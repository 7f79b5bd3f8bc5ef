"""Tables to write: the shipped datasets with rows of our own, no database."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from evaluation.formats import About, Table
from evaluation.formats.checking import schema_of
from evaluation.formats.reasons import REASONS
from evaluation.pseudonyms import LETTERS
from evaluation.variables import DATASETS, Dataset, Variable
from evaluation.variables.kit import PSEUDONYM

CREATED = datetime(2026, 5, 4, 12, 30, 5, tzinfo=UTC)
ABOUT = About(
    kind="T1",
    release_id="0d6f2c1e-5a0b-4a7e-9d0a-2f6a3d1c9b11",
    title="Familieforløb: udtræk til evaluering",
    purpose="Evaluering af indsatsen, æ ø å",
    agreement="2026-17",
    created=CREATED,
    recipe_hash="a" * 64,
    key_id="k-2026-17",
    cohort="Startet i første halvår 2026",
    snapshot_at=datetime(2026, 5, 4, tzinfo=UTC),
)


def a_value(variable: Variable, row: int) -> Any:
    """A value that the variable's declaration allows."""
    if variable.values:
        code = list(variable.values)[row % len(variable.values)]
        return code if variable.type == "string" else int(code)
    by_type: dict[str, Any] = {
        "integer": row - 9,
        "number": row + 0.25 if row % 2 else float(row),
        "boolean": row % 2 == 0,
        "date": date(2026, 1, 1 + row % 28),
        "string": _a_text(variable.pattern, row),
    }
    return by_type[variable.type]


def _a_text(pattern: str, row: int) -> str:
    """A text that the pattern allows; a pseudonym is its own in each row."""
    if pattern == PSEUDONYM:
        return "".join(LETTERS[int(digit, 16)] for digit in f"{row:020x}")
    return next(text for text in (f"U{row}", "1.0", "2026-1") if re.search(pattern, text))


def a_table(dataset: Dataset, rows: int = 20) -> Table:
    """``rows`` rows; each reason for a missing value stands once, in each variable that may be missing."""
    reasons = list(REASONS)
    columns: dict[str, list[Any]] = {}
    for variable in dataset.variables:
        missing = [reasons[row] if variable.missing and row < len(reasons) else None for row in range(rows)]
        columns[variable.name] = [None if why else a_value(variable, row) for row, why in enumerate(missing)]
        if variable.missing:
            columns[variable.reason_name] = missing
    return Table(dataset, pl.DataFrame(columns, schema=schema_of(dataset)))


def all_tables(rows: int = 20) -> list[Table]:
    return [a_table(dataset, rows) for dataset in DATASETS.values()]
