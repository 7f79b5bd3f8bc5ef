"""The rule about differences: nobody is told apart by what was published before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from evaluation.disclosure import delta, lattice, tables
from evaluation.disclosure.counting import Dim, Measure, TableSpec, count
from evaluation.disclosure.delta import Registered, compare, settle
from evaluation.disclosure.recipe import CHILD_AT_START, T2, Sensitive, coded
from evaluation.disclosure.tables import PARTNER, PUBLIC, Rules
from tests.populations import counted, families, national, pilot, registered

SPECS = [
    TableSpec(
        "by_child", "Barnet ved start", "Child", "registration", (Dim(CHILD_AT_START),), geography=True
    ),
    TableSpec("by_place", "Familier", "Families", "registration", geography=True),
]


def kept(name: str, frame: pl.DataFrame, rules: Rules = PUBLIC, **given: str) -> Registered:
    """A release of `SPECS` over ``frame`` as it is registered."""
    counts = counted(frame, SPECS)
    results = tables.publish_all(counts, SPECS, rules)
    return registered(name, counts, SPECS, rules, results, **given)


def asked(name: str, frame: pl.DataFrame, rules: Rules = PUBLIC, **given: str) -> Registered:
    """The same before anything is published."""
    return registered(name, counted(frame, SPECS), SPECS, rules, **given)


def grown(frame: pl.DataFrame, more: dict[int, int]) -> pl.DataFrame:
    return pl.concat([frame, families(more, seed=99, since=date(2026, 3, 1))])


BASE = pilot(40)
FIRST = kept("1. kvartal", BASE)


def test_nothing_changed_is_allowed() -> None:
    found = compare(FIRST, asked("2. kvartal", BASE))
    assert found.allowed
    assert found.carry_forward == ()
    assert "Intet er ændret" in found.reason


def test_ten_new_families_may_be_seen() -> None:
    found = compare(FIRST, asked("2. kvartal", grown(BASE, {253: 20})))
    assert found.allowed
    assert found.carry_forward == ()


def test_three_new_families_wait_and_the_earlier_figures_stand_in_all_tables() -> None:
    later = asked("2. kvartal", grown(BASE, {253: 3, 461: 20}))
    differences, counts = settle([FIRST], later)
    assert differences[0].allowed
    assert differences[0].carry_forward == (("familier", "253"),)
    assert "kommune 253" in differences[0].reason
    assert "3 familier" not in differences[0].reason
    for name, table in counts.items():
        assert table.families("253") == 40
        assert table.families("461") == 60
        # And what is published passes against the first.
        assert name in FIRST.tables
    assert compare(FIRST, replace(later, tables=counts)).carry_forward == ()


def test_a_changed_family_is_one_removed_and_one_added() -> None:
    turned = BASE.with_columns(
        pl.when(pl.int_range(pl.len()) < 4)
        .then(pl.when(pl.col("child_at_start") == "born").then(pl.lit("expected")).otherwise(pl.lit("born")))
        .otherwise("child_at_start")
        .alias("child_at_start")
    )
    found = compare(FIRST, asked("2. kvartal", turned))
    assert found.carry_forward
    assert all(change.added == change.removed for change in found.changes)


def test_a_cohort_that_differs_by_three_families_is_refused_with_the_reason() -> None:
    other = asked("andet udvalg", BASE.head(BASE.height - 3), cohort="startet før den 1. juni")
    found = compare(FIRST, other)
    assert not found.allowed
    assert found.carry_forward == ()
    assert "Udvalget af familier adskiller sig" in found.reason
    assert "3" not in found.reason.replace("1. kvartal", "")
    assert settle([FIRST], other)[1] == other.tables


def test_another_recipe_is_refused() -> None:
    found = compare(FIRST, asked("2. kvartal", BASE, recipe_hash="f" * 64))
    assert not found.allowed
    assert "anden opskrift" in found.reason


def test_unrounded_tables_must_not_show_a_small_difference_in_any_cell() -> None:
    first = kept("1", BASE, PARTNER)
    newcomers = families({253: 12}, seed=5).with_columns(
        pl.when(pl.int_range(pl.len()) < 2)
        .then(pl.lit("born"))
        .otherwise(pl.lit("expected"))
        .alias("child_at_start")
    )
    assert compare(first, asked("2", pl.concat([BASE, newcomers]), PARTNER)).carry_forward
    half = newcomers.with_columns(
        pl.when(pl.int_range(pl.len()) < 6)
        .then(pl.lit("born"))
        .otherwise(pl.lit("expected"))
        .alias("child_at_start")
    )
    assert not compare(first, asked("2", pl.concat([BASE, half]), PARTNER)).carry_forward


def test_newcomers_who_all_have_the_same_sensitive_answer_wait() -> None:
    outcome = coded("outcome", "Udfald", ("home_together", "child_placed"))
    spec = TableSpec("by_outcome", "Udfald", "Outcome", "registration", (Dim(outcome, sensitive=True),))
    frame = BASE.with_columns(
        outcome=pl.when(pl.int_range(pl.len()) % 2 == 0)
        .then(pl.lit("child_placed"))
        .otherwise(pl.lit("home_together"))
    )
    counts = counted(frame, [spec])
    first = registered("1", counts, [spec], results=tables.publish_all(counts, [spec], PUBLIC))
    newcomers = families({253: 12}, seed=5)
    for value, waits in (("child_placed", True), (None, False)):
        more = pl.concat([frame, newcomers.with_columns(outcome=pl.lit(value, dtype=pl.String))])
        assert bool(compare(first, registered("2", counted(more, [spec]), [spec])).carry_forward) is waits


def test_a_mean_that_moves_by_one_familys_number_waits() -> None:
    spec = TableSpec(
        "mean", "Uge", "Week", "registration", geography=True, measure=Measure.MEAN, column="moved_in_week"
    )
    counts = {"mean": count({"registration": BASE}, spec)}
    first = registered("1", counts, [spec], results=tables.publish_all(counts, [spec], PUBLIC))
    one_changed = BASE.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(99).otherwise("moved_in_week").alias("moved_in_week")
    )
    later = registered("2", {"mean": count({"registration": one_changed}, spec)}, [spec])
    assert compare(first, later).carry_forward
    assert not compare(first, registered("2", counts, [spec])).carry_forward


def test_a_new_table_waits_while_its_families_are_carried_forward() -> None:
    new = TableSpec("new", "Ny", "New", "registration", (Dim(CHILD_AT_START),))
    frame = grown(BASE, {253: 3})
    later = registered("2", counted(frame, [*SPECS, new]), [*SPECS, new])
    assert set(settle([FIRST], later)[1]) == {"by_child", "by_place"}
    assert "new" in settle([FIRST], registered("2", counted(BASE, [*SPECS, new]), [*SPECS, new]))[1]


def test_every_earlier_release_counts_not_the_latest_alone() -> None:
    second = kept("2", grown(BASE, {253: 12}))
    back = grown(BASE, {253: 12}).head(BASE.height + 3)
    differences, counts = settle([FIRST, second], asked("3", back))
    assert [bool(found.carry_forward) for found in differences] == [True, True]
    assert counts["by_place"].families("253") == 52


def test_what_the_registry_keeps_is_the_same_after_being_written_down() -> None:
    again = Registered.from_json(FIRST.to_json())
    assert again == FIRST
    assert again.to_json() == FIRST.to_json()
    assert FIRST.families == {"253": 40, "461": 40, "730": 40}


COUNTRY = national(1200)
ROWS = replace(T2, k=5, l=2, alpha=0.9, sensitive=(Sensitive("outcome", "Udfald"),))
ROWS = ROWS.frozen_at(lattice.search(COUNTRY, ROWS).node)
NAMES = [h.name for h in ROWS.quasi]


#: Why a class may not be told that was not, or the other way round.
CROSSED = "begyndt eller holdt op med at være beskrevet"


def rows_of(name: str, frame: pl.DataFrame) -> Registered:
    """A release of rows over ``frame`` as it is registered."""
    released = lattice.apply(frame, ROWS, ROWS.node or (), seed=name.encode())
    return delta.register_rows(
        release=name, recipe=ROWS, cohort="alle", snapshot_at=FIRST.snapshot_at, frame=frame, released=released
    )  # fmt: skip


def classed(frame: pl.DataFrame) -> pl.DataFrame:
    """The families with their class and how many are in it, smallest classes first."""
    labels = [
        h.labels(frame, level).alias(h.name) for h, level in zip(ROWS.quasi, ROWS.node or (), strict=True)
    ]
    found = frame.with_columns(
        pl.DataFrame(labels).select(pl.concat_str(NAMES, separator=" ").alias("class"))
    )
    return found.with_columns(pl.len().over("class").alias("size")).sort("size", "class", maintain_order=True)


def like(some: pl.DataFrame, number: int, outcomes: tuple[str | None, ...]) -> pl.DataFrame:
    """``number`` new families like the first of ``some``, with these outcomes in turn."""
    ids = pl.Series("family_id", [f"ny{one}" for one in range(number)])
    said = pl.Series("outcome", [outcomes[one % len(outcomes)] for one in range(number)], dtype=pl.String)
    copies = pl.concat([some.head(1)] * number).with_columns(ids, said)
    missing = pl.when(pl.col("outcome").is_null()).then(pl.lit("not_yet_due")).alias("outcome_missing")
    return copies.with_columns(missing).select(COUNTRY.columns)


def test_rows_are_compared_class_by_class() -> None:
    first = rows_of("1", COUNTRY)
    assert compare(first, rows_of("2", COUNTRY)).allowed
    found = compare(first, rows_of("2", COUNTRY.head(1197)))
    assert not found.allowed
    assert "Rækker kan ikke føre gamle tal videre" in found.reason
    assert Registered.from_json(first.to_json()) == first


def test_ten_families_more_in_a_class_that_was_told_may_be_seen() -> None:
    largest = classed(COUNTRY).tail(1)
    more = like(largest, 12, ("home_together", "child_placed", None))
    assert compare(rows_of("1", COUNTRY), rows_of("2", pl.concat([COUNTRY, more]))).allowed


def test_a_class_that_was_left_undescribed_is_not_described_later() -> None:
    """The few who were in it would be what the undescribed rows have lost."""
    few = classed(COUNTRY).filter(pl.col("size") < ROWS.k)
    assert few.height
    more = like(few, 12, ("home_together", "child_placed", None))
    found = compare(rows_of("1", COUNTRY), rows_of("2", pl.concat([COUNTRY, more])))
    assert not found.allowed and CROSSED in {change.why for change in found.changes}


def test_a_class_that_was_described_is_not_left_undescribed_later() -> None:
    """Its families would be what the undescribed rows have gained: those of a class that tells too much."""
    # Room for more undescribed families.
    base = classed(COUNTRY).filter(pl.col("size") > 3)
    turned = pl.col("class") == base.filter(pl.col("size") == 27).head(1)["class"].item()
    later = base.with_columns(
        pl.when(turned).then(pl.lit("child_placed")).otherwise("outcome").alias("outcome"),
        pl.when(turned).then(None).otherwise("outcome_missing").alias("outcome_missing"),
    )
    found = compare(rows_of("1", base.select(COUNTRY.columns)), rows_of("2", later.select(COUNTRY.columns)))
    assert not found.allowed and CROSSED in {change.why for change in found.changes}


def test_an_answer_that_was_too_rare_to_be_told_is_not_told_later_of_those_who_gave_it() -> None:
    rare, classes = "pregnancy_lost", classed(COUNTRY).filter(pl.col("size") > 50)
    who = classes.filter(pl.col("size") == classes["size"].min())["family_id"].head(
        ROWS.sensitive[0].rare - 1
    )
    given = pl.col("family_id").is_in(who.to_list())
    before = COUNTRY.with_columns(
        pl.when(given).then(pl.lit(rare)).otherwise("outcome").alias("outcome"),
        pl.when(given).then(None).otherwise("outcome_missing").alias("outcome_missing"),
    )
    more = like(classes.tail(1), 12, (rare, "home_together", "child_placed"))
    found = compare(rows_of("1", before), rows_of("2", pl.concat([before, more])))
    assert not found.allowed and "for få ændrede familier" in {change.why for change in found.changes}


@pytest.mark.parametrize("rules", [PUBLIC, PARTNER])
def test_a_report_of_a_difference_tells_no_number_of_families(rules: Rules) -> None:
    found = compare(kept("1", BASE, rules), asked("2", grown(BASE, {253: 3}), rules))
    assert "added" not in str(found.describe())
    assert found.describe()["changed"] == ["253"]


#: Greve and Roskilde's neighbour in one landsdel, and two others.
NEIGHBOURS = {253: 40, 259: 40, 461: 40, 730: 40}


@pytest.mark.parametrize("newcomers", [{253: 3, 259: 10}, {253: 3, 259: 8}, {253: 3}, {253: 30, 259: 2}])
def test_places_that_earlier_releases_told_of_at_different_levels_are_carried_forward(
    newcomers: dict[int, int],
) -> None:
    """The first tells of municipalities; by the second one of them has too few, and it tells of landsdele."""
    base = families(NEIGHBOURS)
    first = kept("1", base)
    few = base.filter(
        (pl.col("municipality_code") != 259) | (pl.int_range(pl.len()).over("municipality_code") < 5)
    )
    second = kept("2", few)
    assert (first.levels["by_place"], second.levels["by_place"]) == (0, 1)
    later = asked("3", grown(few, newcomers))
    differences, counts = settle([first, second], later)
    assert all(found.allowed for found in differences) and set(counts) == {"by_child", "by_place"}
    for earlier in (first, second):
        assert compare(earlier, replace(later, tables=counts)).carry_forward == ()
    # And they can be published: no table is stuck between two levels.
    results = tables.publish_all(counts, SPECS, PUBLIC, levels={**first.levels, **second.levels})
    assert not [result.refused for result in results if result.refused]


def places(frame: pl.DataFrame) -> str:
    return ",".join(str(code) for code in sorted(set(frame["municipality_code"])))


def release(name: str, frame: pl.DataFrame) -> tuple[Registered, Registered]:
    """A release over ``frame`` by the municipalities in it: as it is registered, and before that."""
    return kept(name, frame, cohort=places(frame)), asked(name, frame, cohort=places(frame))


def test_a_municipality_with_one_family_would_be_seen_and_stop_all_others() -> None:
    """What would be if it took part: the tables fall back for all, and its coming or going is refused."""
    with_it = families({**NEIGHBOURS, 265: 1})
    without = with_it.filter(pl.col("municipality_code") != 265)
    (first, _), (_, later) = release("1", without), release("2", with_it)
    assert first.levels["by_place"] == 0 and kept("2", with_it).levels["by_place"] > 0
    # The difference of the two releases is that family: the rule carries its place forward as it was, without it.
    differences, counts = settle([first], later)
    assert differences[0].carry_forward and not any(
        key[0] == "265" for t in counts.values() for key in t.cells
    )
    # Leaving is no better: its figures may not stay, and the difference would show it.
    assert not compare(release("1", with_it)[0], release("2", without)[1]).allowed


def test_a_municipality_joins_with_ten_families_while_another_has_three_newcomers() -> None:
    base = families(NEIGHBOURS)
    (first, _), (_, later) = release("1", base), release("2", grown(base, {265: 10, 461: 3}))
    differences, counts = settle([first], later)
    assert differences[0].allowed and differences[0].carry_forward == (("familier", "461"),)
    assert counts["by_place"].families("265") == 10 and counts["by_place"].families("461") == 40
    assert compare(first, replace(later, tables=counts)).carry_forward == ()
