"""How far an extract (T1) tells of each family: to the day it is made, or so far that its half-year of start stays all there is.

Which of the two is the agreement's to say (`evaluation.models.FollowUp`). To the day, everything leaves that was asked for. By
half-years it is like this.

Days after the start and the day of the extract are a date: a meeting on the 113th day was held by then, so the family had
begun 113 days before, and who meets each week began that week. Therefore all who began in one half-year are told of
equally far, up to as many days after their start as lie between the end of the half-year and the day of the extract
(`until`). What is later is left out; it comes with a later extract. Days become weeks, because nobody meets on Sundays.

What stands as of the day it is read and has no day of its own (`Variable.running`: a count that grows, the latest score, where
the journey has come to) is told when the journey has closed by then; what has one beside it (`Variable.since`) is told with
that. While a journey is under way, a day that is not there is "not yet due" whatever the system says of it, because another
reason may have come after the time that is told of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from evaluation.dataset_names import DatasetName
from evaluation.formats import Table
from evaluation.making.merging import FAMILY, changed
from evaluation.variables import DATASETS
from evaluation.variables.declared import Dataset, Variable
from evaluation.variables.kit import Unit

#: Days in a unit that counts from the start.
SPANS = {Unit.DAYS.da: 1.0, Unit.WEEKS.da: 7.0}
MONTH = 30.4375
#: Unborn children are born at the latest so many days after term.
LATE = 21
#: What is later than told of is, as far as anybody is told, still to come: another reason would say that it had happened.
CUT = "not_yet_due"
#: Of a child that is still expected the weeks are held back, for they say that there has been no birth until today.
HELD_BACK = "suppressed"
#: What is read of each family to know how far it is told of; it leaves only if it was asked for.
BEGAN = ("started_on", "closed_week")


def span(dataset: Dataset, variable: Variable) -> float:
    """How many days after the start one of the variable is; 0 when it does not count from the start."""
    if dataset.name == DatasetName.TIME_COSTS and variable.name == "month":
        return MONTH
    return SPANS.get(variable.unit, 0.0)


def with_times(dataset: Dataset) -> Dataset:
    """The dataset with all by which its rows are cut, also what was not asked for and does not leave."""
    whole = DATASETS[dataset.name.value]
    needed = {v.name for v in whole.variables if span(whole, v) or v.name in (FAMILY, *_NIGHTS)}
    return whole.only({v.name for v in dataset.variables} | needed)


def until(began: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Per family: how many days after the start are told of, since when the half-year runs, whether the journey is over.

    ``began``: the families with `BEGAN`. ``as_of``: the day of the extract.
    """
    started = pl.col("started_on")
    second = started.dt.month() > 6
    first = pl.date(started.dt.year(), pl.when(second).then(7).otherwise(1), 1)
    last = pl.date(
        started.dt.year(), pl.when(second).then(12).otherwise(6), pl.when(second).then(31).otherwise(30)
    )
    told = (pl.lit(as_of) - last).dt.total_days().clip(lower_bound=0)
    return began.select(
        FAMILY,
        told.alias("told"),
        (pl.lit(as_of) - first).dt.total_days().alias("since"),
        (pl.col("closed_week") * 7 + 6 <= told).fill_null(False).alias("over"),
    )


#: Nights end where the stay does.
_NIGHTS = ("nights", "pause_nights")


def cut(table: Table, families: pl.DataFrame, asked: Dataset) -> Table:
    """What of a table may leave of ``families`` (`until`), in weeks; of a family that is not there nothing after its start.

    ``table``: as it was read (`with_times`); ``asked``: what leaves of it.
    """
    dataset, frame = table.dataset, table.frame
    if FAMILY not in frame.columns:
        return Table(asked, frame.select(asked.columns))
    frame = frame.join(families, on=FAMILY, how="left", maintain_order="left").with_columns(
        pl.col("told", "since").fill_null(0), pl.col("over").fill_null(False)
    )
    late = {v.name: _beyond(dataset, v, frame.columns) for v in dataset.variables}
    times = [v.name for v in dataset.variables if span(dataset, v)]
    if times and not _of_one(dataset):
        # A row all of whose times are later is itself later; how many there are would tell how long it has been.
        present = pl.any_horizontal(pl.col(times).is_not_null())
        earlier = pl.any_horizontal(pl.col(name).is_not_null() & ~late[name] for name in times)
        frame = frame.filter(~present | earlier | pl.col(FAMILY).is_null())
    if dataset.name == DatasetName.TIME_COSTS:
        # Counted anew: gaps would tell how many rows, and so months, are left out.
        frame = frame.with_columns(pl.int_range(1, pl.len() + 1).over("municipality_code").alias("number"))
    # All at once, while every day is still a day and there.
    cutting = [v for v in asked.variables if is_cut(dataset, v)]
    frame = frame.with_columns(_gone(dataset, v, late).alias(f"{v.name} gone") for v in cutting)
    for variable in cutting:
        gone = pl.col(f"{variable.name} gone")
        reason = pl.col(variable.reason_name) if variable.missing else pl.lit(None, dtype=pl.String)
        value = pl.when(~gone).then(variable.name)
        if variable.unit == Unit.DAYS.da:
            value = pl.when(~gone).then(pl.col(variable.name).floordiv(7))
        why = pl.lit(HELD_BACK if variable.name == _UNBORN[1] else CUT)
        frame = frame.with_columns(
            value.alias(variable.name), pl.when(gone).then(why).otherwise(reason).alias(variable.reason_name)
        )
        asked = changed(asked, _declared(variable))
    return Table(asked, frame.select(asked.columns))


def _of_one(dataset: Dataset) -> bool:
    """Whether a row is a family or a person, who is there from the start on."""
    return dataset.key in ((FAMILY,), ("person_id",))


def is_cut(dataset: Dataset, variable: Variable) -> bool:
    """Whether the variable tells of the time after the start, and so is held to what is told of all in a half-year."""
    return (
        bool(span(dataset, variable) or variable.since)
        or variable.running
        or variable.name in (*_NIGHTS, *_UNBORN)
    )


#: What of the core elements is counted over time, as SQL (`evaluation.variables.until`).
_RHYTHMS = ("expected", "done", "share")


def counts(dataset: Dataset, variable: Variable) -> bool:
    """Whether the variable stands as of the last day that is told of, and so tells how long it has been since the start."""
    return variable.running or (dataset.name == DatasetName.FIDELITY and variable.name in _RHYTHMS)


def _gone(dataset: Dataset, variable: Variable, late: Mapping[str, pl.Expr]) -> pl.Expr:
    """Whether a value is not told, or why there is none: because it, or the day it hangs on, is or may be later."""
    day = variable.since or variable.name
    gone = late[day].fill_null(False)
    if variable.name not in _UNBORN:
        gone |= pl.col(day).is_null() & ~pl.col("over")
    return gone & pl.col(FAMILY).is_not_null()


#: Of children who were not born at the start: a birth after it is a day, and so is one that is still to come.
_UNBORN = ("age_months_at_start", "weeks_to_term_at_start")


def _beyond(dataset: Dataset, variable: Variable, columns: Collection[str]) -> pl.Expr:
    """Whether a value tells of what was later than the family is told of."""
    value, told = pl.col(variable.name), pl.col("told")
    if variable.running:
        return ~pl.col("over")
    if variable.name == "month":
        # A month that is not over has fewer hours.
        return (value + 1) * MONTH > told
    if variable.name in _NIGHTS:
        nights = pl.col("nights") if "nights" in columns else value
        return pl.max_horizontal(nights + pl.col("moved_in_day").fill_null(0), value) > told
    if variable.name == "age_months_at_start":
        return -value * MONTH > told
    if variable.name == "weeks_to_term_at_start":
        return value * 7 + LATE < pl.col("since")
    days = span(dataset, variable)
    # The last day of the period that is told: only then has it been so in all who began in the half-year.
    return value * days + days - 1 > told if days else pl.lit(False)


def _declared(variable: Variable) -> Variable:
    said = "Kun det, der ligger inden for den tid, alle med samme halvår for start er fulgt; resten kommer senere."
    said_en = "Only what lies within the time that all with the same half-year of start were followed; the rest comes later."
    days = variable.unit == Unit.DAYS.da
    weeks, weeks_en = ("Hele uger. ", "Whole weeks. ") if days else ("", "")
    return replace(
        variable,
        missing=variable.missing or f"'{CUT}'",
        unit=Unit.WEEKS.da if days else variable.unit,
        unit_en=Unit.WEEKS.en if days else variable.unit_en,
        description=f"{variable.description} {weeks}{said}".strip(),
        description_en=f"{variable.description_en} {weeks_en}{said_en}".strip(),
    )
