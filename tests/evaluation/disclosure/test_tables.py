"""Tables by the rules: nothing small, nothing that can be reckoned back, useful at twelve families or refused."""

from __future__ import annotations

import math
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl
import pytest

from evaluation.disclosure import tables
from evaluation.disclosure.counting import (
    TOTAL,
    Contribution,
    Counted,
    Dim,
    Measure,
    TableSpec,
    count,
)
from evaluation.disclosure.recipe import CHILD_AT_START, HOME_LANGUAGE, OLDER_CHILDREN, coded
from evaluation.disclosure.tables import HIDDEN, PARTNER, PUBLIC, TOO_FEW, WHOLE, build, suppressing
from evaluation.variables import EXIT_STEPS, MEASUREMENTS
from evaluation.variables import REGISTRATION as THE_PRODUCTS
from tests.populations import families, pilot, standard

BY_CHILD = TableSpec(
    "child", "Barnet ved start", "Child", "registration", (Dim(CHILD_AT_START),), geography=True
)
LETTERS = coded("letter", "Bogstav", ("a", "b", "c"))
DIGITS = coded("digit", "Tal", ("1", "2", "3"))
CROSS = TableSpec("cross", "Kryds", "Cross", "registration", (Dim(LETTERS), Dim(DIGITS)))


def cells(numbers: dict[tuple[str, ...], int], place: str = "253") -> Counted:
    """Counts of one place."""
    return Counted("t", {(place, *key): Contribution(number, number) for key, number in numbers.items()})


#: Without the rule that most of a table must be shown: these are about hiding.
LOOSE = replace(PARTNER, least_shown=0.0)


def alone(counted: Counted, spec: TableSpec, rules: tables.Rules = LOOSE) -> tables.TableResult:
    """The one table of a release."""
    return tables.publish_all({spec.name: counted}, [spec], rules)[0]


def printed(result: tables.TableResult) -> dict[tuple[str, ...], float | int | None]:
    return {cell.at: cell.value for cell in result.cells}


def grid(*rows: str) -> dict[tuple[str, ...], int]:
    return {
        (letter, str(at)): int(number)
        for letter, row in zip("abc", rows, strict=True)
        for at, number in enumerate(row.split(), start=1)
    }


def test_the_public_sees_no_count_up_to_seven_and_the_rest_in_fives() -> None:
    found = printed(build(cells(grid("7 8 12", "0 13 17", "22 23 30")), CROSS, PUBLIC))
    assert found["a", "1"] is None
    assert [found["a", "2"], found["a", "3"], found["b", "2"], found["c", "2"]] == [10, 10, 15, 25]
    assert found["b", "1"] == 0


def test_public_totals_are_sums_of_what_is_printed() -> None:
    found = printed(build(cells(grid("7 8 12", "0 13 17", "22 23 30")), CROSS, PUBLIC))
    assert found["a", TOTAL] == 20
    assert found[TOTAL, TOTAL] == sum(
        int(value) for at, value in found.items() if TOTAL not in at and value is not None
    )


def test_partners_see_true_counts_and_no_hidden_one_can_be_reckoned() -> None:
    result = alone(cells(grid("3 12 9", "20 11 14", "8 2 30")), CROSS)
    found = printed(result)
    assert found["a", "1"] is None
    assert found["c", "2"] is None
    assert found[TOTAL, TOTAL] == 109
    assert result.hidden > 2
    assert tables.audit([result]) == []


def test_hiding_small_counts_alone_would_be_reckoned_back() -> None:
    """What the secondary suppression is for: without it, the attacker finds the numbers."""
    result = build(cells(grid("3 12 9", "20 11 14", "8 2 30")), CROSS, LOOSE)
    naive = replace(
        result,
        cells=tuple(
            replace(cell, value=result.held[cell.at], reason="")
            if not 0 < result.held[cell.at] <= 4
            else cell
            for cell in result.cells
        ),
    )
    found = tables.audit([naive])
    assert {(one.at, one.low) for one in found if one.exact} == {(("a", "1"), 3), (("c", "2"), 2)}


@pytest.mark.parametrize("seed", range(4))
def test_what_one_program_hides_the_other_cannot_find(seed: int) -> None:
    chance = Random(seed)
    numbers = {(a, d): chance.choice((0, 2, 3, 6, 9, 14, 20)) for a in "abc" for d in "123"}
    result = alone(cells(numbers), CROSS)
    assert tables.audit([result]) == []
    assert not any(one.exact for one in tables.audit([build(cells(numbers), CROSS, LOOSE)]))
    # And the truth lies within what the attacker may conclude.
    attack = tables.Attacker([result])
    for cell in result.inner:
        low, high = attack.bounds([attack.of[0][cell.at]])
        assert low <= numbers[cell.at] <= (math.inf if high is None else high)


def test_the_solvers_folder_with_true_counts_is_gone_also_when_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    real = tempfile.mkdtemp

    def noted(**given: object) -> str:
        made.append(real(**given))  # type: ignore[call-overload]
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", noted)
    tables.further({("a",): 3, ("b",): 12, ("c",): 20}, PARTNER)
    monkeypatch.setattr(suppressing, "__file__", "/nowhere.py")
    with pytest.raises(RuntimeError, match="secondary suppression"):
        tables.further({("a",): 3, ("b",): 12}, PARTNER)
    assert len(made) == 2
    assert not any(Path(folder).exists() for folder in made)
    assert shutil.which("nowhere.py") is None


def test_a_table_falls_back_to_landsdel_region_and_the_whole() -> None:
    spec = replace(BY_CHILD, dims=())
    at = {253: 30, 259: 30, 461: 30}
    assert build({"registration": families(at)}, spec, PUBLIC).level == 0
    assert build({"registration": families({**at, 265: 3})}, spec, PUBLIC).level == 1
    assert build({"registration": families({**at, 360: 3})}, spec, PUBLIC).level == 2
    assert build({"registration": families({**at, 730: 3})}, spec, PUBLIC).level == WHOLE


def test_at_twelve_families_in_each_municipality_the_pilot_gets_useful_tables() -> None:
    results = tables.publish_all({"registration": pilot(12)}, standard(), PUBLIC)
    shown = [result for result in results if not result.refused]
    assert len(shown) > len(results) / 2
    assert printed(next(r for r in shown if r.spec.name == "registration_families")) == {
        ("253",): 10, ("461",): 10, ("730",): 10, (TOTAL,): 30,
    }  # fmt: skip
    for result in results:
        assert result.refused or any(cell.value for cell in result.inner)
        assert not result.refused or "kan ikke udgives" in result.refused or "mangler" in result.refused


def test_below_ten_families_a_table_is_refused_and_tells_no_number() -> None:
    result = build({"registration": pilot(3)}, BY_CHILD, PUBLIC)
    assert result.refused.endswith("færre end 10 familier.")
    assert result.cells == ()
    assert "9" not in result.refused


def test_a_mean_needs_ten_families_and_nobody_who_is_most_of_it() -> None:
    spec = TableSpec("m", "M", "M", "registration", (Dim(LETTERS),), measure=Measure.MEAN, column="hours")
    frame = pl.DataFrame(
        {
            "family_id": [str(n) for n in range(44)],
            "municipality_code": [253] * 44,
            "letter": ["a"] * 12 + ["b"] * 9 + ["c"] * 23,
            "hours": [5.123] * 12 + [4.0] * 9 + [1.0] * 21 + [400.0, 300.0],
        }
    )
    result = build({"registration": frame}, spec, replace(PUBLIC, least_shown=0.3))
    found = printed(result)
    assert found["a",] == 5.12
    assert found["b",] is None  # nine families
    assert found["c",] is None  # two families have nearly all of it
    assert found[TOTAL,] is None  # or the two hidden would be reckoned from it
    assert next(cell for cell in result.cells if cell.at == ("a",)).families == 10


def test_a_total_is_told_when_those_hidden_may_be_told_together() -> None:
    spec = TableSpec("m", "M", "M", "registration", (Dim(LETTERS),), measure=Measure.MEAN, column="hours")
    frame = pl.DataFrame(
        {
            "family_id": [str(n) for n in range(30)],
            "municipality_code": [253] * 30,
            "letter": ["a"] * 18 + ["b"] * 6 + ["c"] * 6,
            "hours": [float(n % 7) for n in range(30)],
        }
    )
    found = printed(build({"registration": frame}, spec, replace(PUBLIC, least_shown=0.3)))
    assert found["b",] is None
    assert found[TOTAL,] is not None


def test_each_family_counts_once_in_a_mean() -> None:
    frame = pl.DataFrame(
        {
            "family_id": ["f0"] * 50 + [f"f{n}" for n in range(1, 10)],
            "municipality_code": 253,
            "hours": [100.0] * 50 + [10.0] * 9,
        }
    )
    counted = count(
        {"x": frame}, TableSpec("m", "M", "M", "x", measure=Measure.MEAN, column="hours", population="x")
    )
    assert counted.cells["253",].families == 10
    assert counted.cells["253",].total == 190


def test_rows_are_hidden_by_the_families_behind_them() -> None:
    frame = pl.DataFrame(
        {
            "family_id": [f"f{n % 5}" for n in range(60)] + [f"g{n}" for n in range(20)],
            "municipality_code": 253,
            "letter": ["a"] * 60 + ["b"] * 20,
        }
    )
    spec = TableSpec("r", "R", "R", "steps", (Dim(LETTERS),), measure=Measure.ROWS, population="steps")
    found = printed(build({"steps": frame}, spec, PUBLIC))
    assert found["a",] is None  # sixty rows, five families
    assert found["b",] == 20


def test_nobody_and_everybody_of_something_sensitive_is_flagged() -> None:
    spec = replace(CROSS, dims=(Dim(LETTERS), Dim(DIGITS, sensitive=True)))
    result = build(cells(grid("12 14 0", "30 0 0", "20 21 22")), spec, PUBLIC)
    assert {(cell.at, cell.flag) for cell in result.flagged} == {
        (("a", "3"), "0 %"), (("b", "1"), "100 %"), (("b", "2"), "0 %"), (("b", "3"), "0 %"),
    }  # fmt: skip


def test_shares_come_from_what_is_printed() -> None:
    result = build(cells(grid("13 17 20", "12 3 40", "20 21 22")), CROSS, PUBLIC)
    shares = {cell.at: cell.share for cell in result.inner}
    assert shares["a", "1"] == 30  # 15 of 50
    assert shares["b", "1"] is None  # a number of its line is hidden


def test_two_tables_over_the_same_families_are_held_against_each_other() -> None:
    """Neither tells the hidden number; together they squeeze it, and then more is hidden or the table given up."""
    one = TableSpec("one", "En", "One", "registration", (Dim(LETTERS),))
    two = TableSpec("two", "To", "Two", "registration", (Dim(DIGITS),))
    fits = {
        "one": Counted("one", {("253", "a"): Contribution(8, 8), ("253", "b"): Contribution(1, 1)}),
        "two": Counted("two", {("253", "1"): Contribution(9, 9)}),
    }
    loose = replace(PUBLIC, least_shown=0.0, min_stratum=5)
    by_itself = build(fits["one"], one, loose)
    assert tables.audit([by_itself]) == []
    together = [by_itself, build(fits["two"], two, loose)]
    assert [found.at for found in tables.audit(together)] == [("b",)]
    assert tables.audit(tables.publish_all(fits, [one, two], loose)) == []


def test_the_families_outside_a_smaller_table_are_reckoned_with() -> None:
    """All families by child, and those with an outcome: what is left is those without, who may be few."""
    whole = TableSpec("all", "Alle", "All", "registration", (Dim(CHILD_AT_START),))
    some = replace(whole, name="some", where=(("home_language", ("danish",)),))
    frame = pilot(20).with_columns(
        pl.when(pl.int_range(pl.len()) < 3)
        .then(pl.lit("other"))
        .otherwise(pl.lit("danish"))
        .alias("home_language")
    )
    results = [build({"registration": frame}, spec, PARTNER) for spec in (whole, some)]
    found = tables.audit(results)
    assert {(one.table, one.rest) for one in found} == {("all", "some")}
    kept = tables.publish_all({"registration": frame}, [whole, some], PARTNER)
    assert tables.audit(kept) == []
    assert any(result.refused for result in kept)


def test_the_standard_tables_follow_from_what_the_datasets_declare() -> None:
    specs = tables.standard([THE_PRODUCTS])
    names = {spec.name for spec in specs}
    assert {"registration_families", "registration_child_at_start", "registration_outcome"} <= names
    assert {spec.dataset for spec in specs} == {"registration"}
    assert len(names) == len(specs)
    more = tables.standard([THE_PRODUCTS, EXIT_STEPS, MEASUREMENTS])
    assert {spec.dataset for spec in more} == {"registration", "exit_steps", "measurements"}
    assert all(len(spec.dims) + spec.geography <= 3 for spec in more)


def test_two_datasets_that_say_the_same_of_the_same_families_give_one_table() -> None:
    again = replace(THE_PRODUCTS, name="outcomes")  # type: ignore[arg-type]
    counts = [spec for spec in tables.standard([THE_PRODUCTS, again]) if spec.counts]
    assert {spec.dataset for spec in counts} == {"registration"}
    assert {spec.population for spec in counts} == {"familier"}


def test_hours_that_belong_to_no_family_are_not_in_tables_about_families() -> None:
    frame = pl.DataFrame(
        {
            "family_id": [None] * 5 + [f"f{n}" for n in range(20)],
            "municipality_code": 253,
            "hours": [1000.0] * 5 + [2.0] * 20,
        }
    )
    spec = TableSpec(
        "h", "Timer", "Hours", "time_costs", measure=Measure.SUM, column="hours", population="time_costs"
    )
    assert printed(build({"time_costs": frame}, spec, PUBLIC))[()] == 40


def test_a_table_over_columns_that_are_not_there_is_refused_with_their_names() -> None:
    spec = replace(BY_CHILD, dims=(Dim(HOME_LANGUAGE), Dim(OLDER_CHILDREN, 1)))
    result = build({"registration": pilot(12).drop("home_language")}, spec, PUBLIC)
    assert "mangler home_language" in result.refused
    assert "ikke med i anmodningen" in build({}, spec, PUBLIC).refused


def test_a_table_becomes_a_dataset_with_its_reasons() -> None:
    result = build({"registration": pilot(40)}, BY_CHILD, PUBLIC)
    dataset, frame = tables.as_dataset(result)
    assert list(dataset.columns) == frame.columns
    assert dataset.variables[0].values["253"] == "Greve"
    assert frame.filter(pl.col("value").is_null() & pl.col("value_missing").is_null()).height == 0
    with pytest.raises(ValueError, match="refused"):
        tables.as_dataset(build({"registration": pilot(3)}, BY_CHILD, PUBLIC))


def test_nothing_that_is_written_about_a_table_holds_its_true_counts() -> None:
    result = build(cells(grid("7 8 13", "0 13 17", "22 23 31")), CROSS, PUBLIC)
    assert "held" not in repr(result)
    assert "31" not in str(result.describe())
    assert {cell.reason for cell in result.cells} <= {"", HIDDEN, TOO_FEW}


def test_counts_are_the_same_after_being_written_down() -> None:
    counted = count({"registration": pilot(12)}, BY_CHILD)
    assert Counted.read(counted.describe()) == counted
    assert counted.families() == 36
    assert counted.families("253") == 12


def test_a_table_with_four_dimensions_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="at most 3 dimensions"):
        replace(BY_CHILD, dims=(Dim(LETTERS), Dim(DIGITS), Dim(CHILD_AT_START)))
