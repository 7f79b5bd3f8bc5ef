"""Sensitive columns as they may leave."""

from __future__ import annotations

import polars as pl

from evaluation.disclosure.recipe import OTHER, UNKNOWN, Recipe


def coded(values: pl.Series) -> pl.Series:
    """Values as numbers from 0, missing ones a value of their own (UInt16)."""
    ranked = values.rank("dense").cast(pl.UInt32)
    return ranked.fill_null(0).cast(pl.UInt16)


def protected(frame: pl.DataFrame, recipe: Recipe, column: str) -> pl.Series:
    """A sensitive column as it may leave. Numbers: the ends gathered at the 5th and 95th percentile, then rounded. Codes:
    those that few families have are put together.

    A missing value with a reason (`<column>_missing`) is as different from others as its reason.
    """
    sensitive = next(one for one in recipe.sensitive if one.column == column)
    values = frame[column]
    if sensitive.digits:
        low, high = values.quantile(0.05, "nearest"), values.quantile(0.95, "nearest")
        return values.cast(pl.Float64).clip(low, high).round_sig_figs(sensitive.digits)
    reason = f"{column}_missing"
    said = values.cast(pl.String)
    if reason in frame.columns:
        why = pl.col(reason).fill_null(UNKNOWN)
        said = frame.select(pl.col(column).cast(pl.String).fill_null("~" + why)).to_series()
    often = pl.DataFrame({"value": said, "family": frame[recipe.family]}).group_by("value")
    rare = often.agg(pl.col("family").n_unique().alias("n")).filter(pl.col("n") < sensitive.rare)["value"]
    few = [value for value in rare.drop_nulls().to_list() if not value.startswith("~")]
    return said.set(said.is_in(few), OTHER).alias(column) if few else said.alias(column)
