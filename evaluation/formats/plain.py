"""The two canonical files of a dataset, CSV and Parquet: the same bytes for the same rows."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import polars as pl

from evaluation.formats.parts import Table, english
from evaluation.formats.reasons import REASONS

CSV_TYPE = "text/csv"
PARQUET_TYPE = "application/vnd.apache.parquet"
#: Rows to a group of a Parquet file: part of what makes the bytes the same.
GROUP = 131_072


def write_csv(table: Table, path: Path) -> None:
    """RFC 4180 in UTF-8: a header, then the rows; a point in decimals, days as ISO 8601, 1 and 0, nothing for null."""
    texts = table.frame.with_columns(
        *(
            _decimals(table.frame[v.name]) if v.type == "number" else pl.col(v.name).cast(pl.Int8)
            for v in table.dataset.variables
            if v.type in {"number", "boolean"}
        )
    )
    texts.write_csv(path, line_terminator="\r\n", quote_style="necessary", null_value="")


def _decimals(column: pl.Series) -> pl.Series:
    """Numbers as the shortest text that means them: 7, 7.5, never 7.0 or 1e-05."""
    return column.to_frame().select(pl.col(column.name).map_batches(_as_text, return_dtype=pl.String()))[
        column.name
    ]


def _as_text(column: pl.Series) -> pl.Series:
    known = column.drop_nulls().unique()
    words = [decimal(value) for value in known.to_list()]
    return column.replace_strict(
        known, pl.Series(words, dtype=pl.String()), default=None, return_dtype=pl.String()
    )


def decimal(value: float) -> str:
    """A number in plain decimals: as many as it takes to read the same number again."""
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_parquet(table: Table, path: Path) -> None:
    """Parquet (zstd) without statistics, because smallest and largest tell what was recoded or suppressed.

    What the columns are called, and what codes and reasons mean, stands in the file's own metadata.
    """
    table.frame.write_parquet(
        path,
        compression="zstd",
        statistics=False,
        row_group_size=GROUP,
        metadata={"familieforloeb": _described(table)},
    )


def _described(table: Table) -> str:
    dataset = table.dataset
    return json.dumps(
        {
            "dataset": str(dataset.name),
            "title": {"da": dataset.title, "en": english(dataset, "title")},
            "variables": {
                v.name: {
                    "title": {"da": v.title, "en": english(v, "title")},
                    "unit": v.unit,
                    "values": dict(v.values),
                    "reason": v.reason_name if v.missing else None,
                }
                for v in dataset.variables
            },
            "reasons": {
                code: {"da": reason.title, "en": reason.title_en} for code, reason in REASONS.items()
            },
        },
        ensure_ascii=False,
        sort_keys=True,
    )
