"""A round of each kind, from rows that were read to files that were attacked."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from evaluation.disclosure import leaks
from evaluation.disclosure.counting import Measure, TableSpec, count
from evaluation.disclosure.delta import compare
from evaluation.disclosure.recipe import T2, Recipe
from evaluation.disclosure.tables import PARTNER, PUBLIC, Rules, publish_all, standard
from evaluation.disclosure.tables.numbers import three_digits
from evaluation.formats import About, File, Table, write
from evaluation.making import anonymous, rows, tables
from evaluation.making.attacking import attacks_on
from evaluation.making.parts import Content, Read, Unreleasable
from evaluation.models import Release
from evaluation.selectors import report_of
from evaluation.variables import DATASETS, Dataset, Variable
from tests import populations

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def read(frame: pl.DataFrame, places: tuple[int, ...] = populations.PILOT) -> Read:
    return Read((populations.REGISTRATION,), {"registration": frame}, places)


def anonymised(frame: pl.DataFrame, name: str = "r1", recipe: Recipe = T2, **given: object) -> Content:
    return anonymous.content_of(
        read(frame, populations.NATIONAL), (), None, release=name, snapshot_at=NOW, wanted=recipe, **given
    )  # type: ignore[arg-type]


def tabled(frame: pl.DataFrame, name: str, *earlier: Content, rules: Rules = PUBLIC) -> Content:
    kept = [one.registered for one in earlier if one.registered]
    return tables.content_of(read(frame), kept, rules, release=name, snapshot_at=NOW)


def files_of(content: Content, kind: str, folder: Path) -> list[File]:
    about = About(
        kind, "r1", "Udtræk", "Evaluering", "2026-17", NOW, content.recipe_hash, personal_data=False
    )
    written = write(folder, list(content.tables), about)
    return [File(one.name, one.media_type, one.path.read_bytes(), one.sha256, one.rows) for one in written]


@pytest.fixture(scope="module")
def country() -> pl.DataFrame:
    return populations.national(6000)


@pytest.fixture(scope="module")
def of_the_country(country: pl.DataFrame) -> Content:
    return anonymised(country)


def test_anonymised_rows_stand_every_attack_as_the_files_they_are(
    country: pl.DataFrame, of_the_country: Content, tmp_path: Path
) -> None:
    files = files_of(of_the_country, "T2", tmp_path)
    found = attacks_on(Release(kind="T2"), read(country), of_the_country, (), files)
    assert {one.code for one in found} >= {
        "A1",
        "A2",
        "A3",
        "A4",
        "A6",
        "A7",
        "A9",
        "A10",
        "A11",
        "A13",
        "A14",
    }
    assert [one.code for one in found if one.stops] == []
    spoiled = [
        replace(file, content=file.content + b"\n311299-0000") for file in files if file.name.endswith(".csv")
    ]
    assert "A10" in [
        one.code
        for one in attacks_on(Release(kind="T2"), read(country), of_the_country, (), spoiled)
        if one.stops
    ]


def test_the_same_request_gives_the_same_rows_and_another_release_other_ids(
    country: pl.DataFrame, of_the_country: Content
) -> None:
    [table], [again], [other] = (
        one.tables for one in (of_the_country, anonymised(country), anonymised(country, "r2"))
    )
    assert table.frame.equals(again.frame)
    assert not set(table.frame["row_id"]) & set(other.frame["row_id"])


def test_below_the_gate_there_are_no_rows_and_the_refusal_counts_nobody(country: pl.DataFrame) -> None:
    with pytest.raises(Unreleasable) as refused:
        anonymised(country.head(4321))
    assert "4321" not in str(refused.value) and "679" not in str(refused.value)


def test_a_recipe_that_was_changed_after_the_first_release_is_refused(
    country: pl.DataFrame, of_the_country: Content
) -> None:
    with pytest.raises(Unreleasable, match="Opskriften er ændret"):
        anonymous.content_of(
            read(country, populations.NATIONAL), (), of_the_country.said["recipe"], release="r2", snapshot_at=NOW,
            wanted=replace(T2, k=11),
        )  # fmt: skip


def test_tables_of_the_pilot_stand_every_attack_as_the_files_they_are(tmp_path: Path) -> None:
    frame = populations.pilot(12)
    content = tabled(frame, "r1")
    assert content.tables, "twelve families in each municipality are enough for something"
    found = attacks_on(Release(kind="T3"), read(frame), content, (), files_of(content, "T3", tmp_path))
    assert [one.code for one in found if one.stops] == []


def test_tables_for_the_parties_alone_tell_smaller_numbers_and_stand_every_attack(tmp_path: Path) -> None:
    frame = populations.pilot(12)
    content = tabled(frame, "r1", rules=PARTNER)
    counts = [v for t in content.tables if "share" in t.frame.columns for v in t.frame["value"].drop_nulls()]
    assert any(value % 5 for value in counts), "they are not rounded"
    assert not [value for value in counts if 0 < value <= PARTNER.hide]
    found = attacks_on(Release(kind="T3"), read(frame), content, (), files_of(content, "T3", tmp_path))
    assert [one.code for one in found if one.stops] == []


def test_three_newcomers_are_not_seen_because_the_earlier_figures_stand() -> None:
    before = populations.pilot(24)
    first = tabled(before, "r1")
    more = populations.families({253: 3}, seed=9, since=date(2026, 1, 1))
    second = tabled(pl.concat([before, more]), "r2", first)
    was = {str(table.dataset.name): table.frame for table in first.tables}
    now = {str(table.dataset.name): table.frame for table in second.tables}
    assert was and all(now[name].equals(frame) for name, frame in was.items())
    assert not [one for one in second.said["differences"] if not one.allowed]


def test_a_cohort_without_a_few_families_is_refused() -> None:
    before = populations.pilot(24)
    first = tabled(before, "r1")
    with pytest.raises(Unreleasable, match="så få familier"):
        tables.content_of(
            read(before.slice(3), (253, 461)), [first.registered], PUBLIC, release="r2", snapshot_at=NOW
        )  # type: ignore[list-item]


def test_too_few_families_give_no_table_and_say_so() -> None:
    with pytest.raises(Unreleasable, match="Ingen af tabellerne kan udgives"):
        tabled(populations.pilot(2), "r1")


def test_of_an_extract_the_day_becomes_its_half_year_and_kroner_whole_hundreds() -> None:
    registration = DATASETS["registration"].only(["started_on"])
    started = pl.DataFrame(
        {"family_id": ["b" * 20, "c" * 20], "started_on": [date(2026, 6, 30), date(2026, 7, 1)]}
    )
    costs = DATASETS["time_costs"].only(["amount"])
    names = {v.name: v for v in costs.variables}
    paid = pl.DataFrame({name: [None] for name in costs.columns}).with_columns(amount=pl.lit(1250.5))
    content = rows.content_of(
        Read((registration, costs), {"registration": started, "time_costs": paid}, (253,))
    )
    assert content.tables[0].frame["started_on"].to_list() == ["2026-1", "2026-2"]
    assert names["amount"].unit == rows.KRONER and content.tables[1].frame["amount"].to_list() == [1300.0]
    assert content.families_out == 2


@pytest.mark.parametrize(
    "text", ["3112991234ab" + "0f" * 26, "0311991234" + "e" * 54, "03119912-1234-4abc-8def-0311991234ab"]
)
def test_digits_within_a_digest_or_an_id_are_nobodys_number(text: str) -> None:
    assert leaks.scan({"manifest.json": f'{{"sha256": "{text}"}}'.encode()}, {}) == []
    assert leaks.scan({"manifest.json": f'{{"note": "{text} 311299-1234"}}'.encode()}, {}) != []


def test_what_the_registry_keeps_is_of_the_released_tables_alone() -> None:
    content = tabled(populations.pilot(12), "r1")
    assert content.registered is not None
    shown = {name for name, about in content.registered.about.items() if about.shown}
    assert shown == {str(table.dataset.name) for table in content.tables}
    assert timedelta(0) == content.registered.snapshot_at - NOW
    assert all(isinstance(table, Table) for table in content.tables)


# What a reader of two releases, or of means, could reckon.

#: The same families once more, under another dataset's name.
OUTCOMES = replace(populations.REGISTRATION, name="outcomes", title="Udfald").only(
    ["municipality_code", "outcome"]
)  # type: ignore[arg-type]
BOTH = (populations.REGISTRATION, OUTCOMES)


def of_both(frame: pl.DataFrame, asked: Dataset, *earlier: Content) -> Content:
    frames = {"registration": frame, "outcomes": frame.select("family_id", "municipality_code", "outcome")}
    kept = [one.registered for one in earlier if one.registered]
    given = Read((asked,), frames, populations.PILOT, every=BOTH)
    return tables.content_of(given, kept, PUBLIC, release="r", snapshot_at=NOW)


def told(content: Content) -> dict[str, list[dict[str, object]]]:
    return {str(table.dataset.name): table.frame.to_dicts() for table in content.tables}


def test_a_newcomer_is_not_told_by_another_dataset_that_says_the_same() -> None:
    before = populations.pilot(24)
    after = pl.concat([before, populations.families({253: 1}, seed=9, since=date(2026, 1, 1))])
    first = of_both(before, populations.REGISTRATION)
    by_then, now = told(of_both(before, OUTCOMES)), told(of_both(after, OUTCOMES, first))
    assert by_then and now == by_then


def meetings(frame: pl.DataFrame, busy: int = 0) -> pl.DataFrame:
    """Three meetings of each family, and ``busy`` more of the first one."""
    ids = frame.select("family_id", "municipality_code")
    kinds = pl.Series("kind", ["team", "network", "parents"])
    rows = ids.join(kinds.to_frame(), how="cross")
    more = ids.head(1).join(pl.Series("kind", ["team"] * busy, dtype=pl.String).to_frame(), how="cross")
    return pl.concat([rows, more])


def test_one_family_with_twelve_more_meetings_is_one_family() -> None:
    kind = Variable("kind", "", "string", "Slags", values={"team": "T", "network": "N", "parents": "P"})
    held = replace(populations.REGISTRATION, name="meetings", key=("kind",), order=("kind",)).only([])  # type: ignore[arg-type]
    known = {v.name: v for v in populations.REGISTRATION.variables}
    held = replace(held, variables=(known["family_id"], known["municipality_code"], kind))
    frame = populations.pilot(24)
    specs = standard([held])
    counts = [
        {s.name: count({"meetings": rows}, s) for s in specs}
        for rows in (meetings(frame), meetings(frame, 12))
    ]
    was = populations.registered("r1", counts[0], specs, results=publish_all(counts[0], specs, PUBLIC))
    found = compare(was, populations.registered("r2", counts[1], specs))
    assert found.carry_forward, "twelve rows are not ten families"


def means(frame: pl.DataFrame, rules: Rules = PUBLIC) -> dict[str, object]:
    """What is told of the mean of ``number`` in each municipality, and of all."""
    spec = TableSpec("m", "Mål", "Aim", "registration", measure=Measure.MEAN, column="number", geography=True)
    [result] = publish_all({"registration": frame}, [spec], rules)
    return {"/".join(cell.at): cell.value for cell in result.cells if cell.value is not None}


def lacking(numbers: dict[int, int], worth: str = "children", each: int = 24) -> pl.DataFrame:
    """``each`` families in each municipality, of which ``numbers`` have no number."""
    frame = populations.families(dict.fromkeys(populations.PILOT, each))
    at = pl.int_range(pl.len()).over("municipality_code")
    few = pl.col("municipality_code").replace_strict(numbers, default=0)
    value = {"children": (at * 7) % 5, "halves": at % 7 / 2, "who-5": (at * 5) % 26 * 4}[worth]
    return frame.with_columns(number=pl.when(at >= few).then(value))


GRAINS = {"children": 1.0, "halves": 0.5, "who-5": 4.0}


def could_lack(
    cells: dict[str, tuple[float, int]], rules: Rules, grain: float, each: int
) -> dict[str, set[int]]:
    """What somebody makes of the means: who knows how many families each place has, what the values are whole numbers of, and
    the rule by which means are rounded. How many could lack a value, in each place?

    All combinations are held against every mean, the families beside it and the mean of all: those that remain.
    """
    few = max(rules.hide, 5)
    whole = cells.get("i alt")
    possible: dict[str, list[tuple[int, int, int]]] = {}
    for place, (mean, behind) in cells.items():
        for n in range(each - rules.min_mean + 1) if place != "i alt" else ():
            step = printed_step(mean, grain / (each - few) if 0 < n <= few else 0.0)
            low = math.ceil((mean - step / 2) * (each - n) / grain - 1e-6)
            high = math.floor((mean + step / 2) * (each - n) / grain + 1e-6)
            if low <= high and abs((each if n <= few else each - n) - behind) <= 2:
                possible.setdefault(place, []).append((n, low, high))
    remain: dict[str, set[int]] = {place: set() for place in possible}
    for world in itertools.product(*possible.values()):
        if whole is not None:
            half, left = printed_step(whole[0], 0.0) / 2, each * len(world) - sum(n for n, _, _ in world)
            low, high = (whole[0] - half) * left / grain - 1e-6, (whole[0] + half) * left / grain + 1e-6
            if low > sum(most for _, _, most in world) or high < sum(least for _, least, _ in world):
                continue
        for place, (n, _, _) in zip(possible, world, strict=True):
            remain[place].add(n)
    return remain


def printed_step(mean: float, least: float) -> float:
    """What a mean is rounded to, by the rule that everybody may read: three digits, but no finer than ``least``."""
    finest = max(least, 10.0 ** (math.floor(math.log10(mean)) - 2))
    return min(
        n * 10.0**power for power in range(-4, 3) for n in (1, 2, 5) if n * 10.0**power >= finest - 1e-9
    )


def told_of_means(frame: pl.DataFrame, rules: Rules) -> dict[str, tuple[float, int]]:
    spec = TableSpec("m", "Mål", "Aim", "registration", measure=Measure.MEAN, column="number", geography=True)
    [result] = publish_all({"registration": frame}, [spec], rules)
    return {"/".join(c.at): (c.value, c.families or 0) for c in result.cells if c.value is not None}


@pytest.mark.parametrize("rules", [PUBLIC, PARTNER])
@pytest.mark.parametrize("worth", list(GRAINS))
@pytest.mark.parametrize("few", [(0, 0, 0), (2, 0, 0), (1, 3, 4), (4, 4, 4), (0, 1, 0)])
def test_means_do_not_tell_how_many_lack_a_number(rules: Rules, worth: str, few: tuple[int, ...]) -> None:
    lacks = dict(zip(populations.PILOT, few, strict=True))
    told = told_of_means(lacking(lacks, worth), rules)
    assert {"253", "461", "730"} <= set(told), "they are told, though a few lack a number"
    assert ("i alt" in told) is not any(few)
    remain = could_lack(told, rules, GRAINS[worth], 24)
    for place, true in lacks.items():
        assert true in remain[str(place)]
        if true:
            # As far apart as the bounds of any hidden number must be.
            assert {*range(1, max(rules.hide, 5) + 1)} <= remain[str(place)]


def test_to_three_digits_a_mean_would_tell_how_many_lack_a_number() -> None:
    """What the coarser step is for: the same attacker, and the mean of 22 of 24 families as it is."""
    frame = lacking({253: 2})
    true = {
        str(code): (three_digits(float(mean)), 25)
        for code, mean in frame.group_by("municipality_code").agg(pl.col("number").mean()).iter_rows()
    }
    alone = {(n, three_digits(total / (24 - n))) for n in range(6) for total in range(1, 120)}
    assert len({n for n, mean in alone if mean == true["253"][0]}) < 5


@pytest.mark.parametrize("rules", [PUBLIC, PARTNER])
def test_where_there_are_few_families_a_mean_is_told_when_nobody_lacks_a_number(rules: Rules) -> None:
    assert "253" in told_of_means(lacking({}, each=13), rules)
    assert "253" not in told_of_means(lacking({253: 1}, each=13), rules)


@pytest.mark.parametrize("measure", [Measure.SUM, Measure.MEDIAN])
def test_a_sum_and_a_median_are_not_told_where_a_few_lack_a_number(measure: Measure) -> None:
    spec = TableSpec("m", "Mål", "Aim", "registration", measure=measure, column="number", geography=True)
    for few, told in ((0, True), (2, False)):
        [result] = publish_all({"registration": lacking({253: few}, "halves", each=44)}, [spec], PARTNER)
        assert any(cell.at == ("253",) and cell.value is not None for cell in result.cells) is told


def test_a_family_that_gets_a_number_is_a_changed_family() -> None:
    spec = TableSpec("m", "Mål", "Aim", "registration", measure=Measure.MEAN, column="number", geography=True)
    was, now = ({"m": count({"registration": lacking({253: few})}, spec)} for few in (2, 1))
    first = populations.registered("r1", was, [spec], results=publish_all(was, [spec], PUBLIC))
    [change] = [
        c for c in compare(first, populations.registered("r2", now, [spec])).changes if c.stratum == "253"
    ]
    assert not change.held and change.removed == change.added == 1


@pytest.mark.parametrize("rules", [PUBLIC, PARTNER])
@pytest.mark.parametrize("odd", [0, 3])
def test_a_mean_is_not_told_that_is_a_few_families_count(rules: Rules, odd: int) -> None:
    few = pl.int_range(pl.len()) < odd
    assert means(populations.pilot(24).with_columns(number=few.cast(pl.Int64)), rules) == {}


def test_families_behind_a_mean_are_told_to_the_nearest_five() -> None:
    spec = TableSpec("m", "Mål", "Aim", "registration", measure=Measure.MEAN, column="number", geography=True)
    frame = populations.pilot(24).with_columns(number=pl.int_range(pl.len()) % 7 + 0.5)
    [result] = publish_all({"registration": frame}, [spec], PARTNER)
    assert {cell.families for cell in result.inner} == {25}


def test_tables_by_the_other_rules_are_refused_once_some_are_out() -> None:
    frame = populations.pilot(24)
    first = tabled(frame, "r1")
    with pytest.raises(Unreleasable, match="efter de andre regler"):
        tabled(frame, "r2", first, rules=PARTNER)


def test_whoever_asked_reads_no_count_before_the_municipalities_said_yes() -> None:
    report = {"kind": "T3", "counts": {"families_in": 25}, "loss": {"Felter": "3 af 9"}, "hard_failures": []}
    assert report_of(Release(kind="T3", report=report)) == {"kind": "T3", "hard_failures": []}
    assert report_of(Release(kind="T3", report=report, available_at=NOW)) == report
