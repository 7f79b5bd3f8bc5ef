"""Anonymised rows on their whole way: 5 200 families of ten municipalities, from the tables to the files taken home."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pyreadstat
import pytest
import pyzipper

from evaluation.disclosure.recipe import T2, Recipe
from evaluation.making.anonymous import dataset_of
from tests import country, populations, releasing
from tests.cast import Cast, api
from tests.evaluation.working import work

Looking = psycopg.Connection[Any]
FAMILIES = 5200
ASKED = {"kind": "T2", "purpose": "Evaluering", "agreement": releasing.NUMBER, "datasets": ["registration"]}
#: What rows are described by, and what nobody may learn of a family.
QUASI = [h.name for h in T2.quasi]
SENSITIVE = [s.column for s in T2.sensitive]
COUNT_THE_FAMILIES = "from evaluation import jobs\njobs.end_releases(0)"


@pytest.fixture(scope="module")
def looking(superuser_url: str, shared_house: None) -> Iterator[Looking]:
    with psycopg.connect(superuser_url, autocommit=True) as connection, country.taken_away(connection):
        country.staff(connection, [code for code in country.TEN if code not in (253, 461, 730)])
        yield connection


@pytest.fixture(scope="module")
def cast(shared_house: None) -> Cast:
    return Cast()


@pytest.fixture(scope="module")
def families(looking: Looking) -> pl.DataFrame:
    """The families as they were written into the tables."""
    frame = populations.national(FAMILIES, places=country.TEN)
    country.write(looking, frame)
    return frame


@dataclass(frozen=True)
class Taken:
    """A release that was taken home: its report, and the archive's files by name."""

    release: Any
    report: dict[str, Any]
    files: dict[str, bytes]

    @property
    def rows(self) -> pl.DataFrame:
        return pl.read_csv(self.files["anonymised.csv"], infer_schema=False)


def asked_and_built(cast: Cast) -> Any:
    """Asked for by the API; the worker has counted the families before and built it after."""
    releasing.register(cast.evaluator)
    work(COUNT_THE_FAMILIES)
    asked = api(cast.evaluator).post("/api/v1/releases/", ASKED, format="json")
    assert asked.status_code == 201, asked.json()
    release = releasing.Found(asked.json()["id"])
    work(seconds=240)
    return release


def taken_home(cast: Cast) -> Taken:
    """Asked for, built, reviewed in one municipality, approved in ten, and taken by a link."""
    client = api(cast.evaluator)
    release = asked_and_built(cast)
    address = f"/api/v1/releases/{release.uuid}/"
    now = client.get(address).json()
    assert now["status"] == "reported", now
    releasing.say(cast.greve.privacy, release, "review", reason="Rapporten er læst.")
    releasing.carry(release)
    for code in country.TEN:
        assert client.get(address).json()["status"] == "reported"
        releasing.say(country.lead(code), release, "approve")
    releasing.carry(release)
    assert client.get(address).json()["status"] == "available"
    link = client.post(f"{address}link/").json()
    archive = client.get(link["url"])
    assert archive.status_code == 200
    with pyzipper.AESZipFile(io.BytesIO(archive.content)) as zipped:
        with pytest.raises(RuntimeError, match="encrypted"):
            zipped.read("anonymised.csv")
        zipped.setpassword(link["password"].encode())
        files = {name: zipped.read(name) for name in zipped.namelist()}
    return Taken(release, client.get(f"{address}report/").json()["report"], files)


@pytest.fixture(scope="module")
def first(cast: Cast, families: pl.DataFrame) -> Taken:
    return taken_home(cast)


def recipe_of(looking: Looking, taken: Taken) -> Recipe:
    """The recipe as the registry keeps it with the release."""
    kept = looking.execute(
        "SELECT c.recipe FROM evaluation_releaserecord c JOIN evaluation_release r ON r.id = c.release_id "
        "WHERE r.uuid = %s",
        [taken.release.uuid],
    ).fetchone()
    assert kept is not None
    return Recipe.from_json(kept[0])


def test_the_view_says_of_each_family_what_the_tables_hold(cast: Cast, families: pl.DataFrame) -> None:
    from evaluation import extract

    agreement = releasing.register(cast.evaluator)
    with cast.evaluator.acting():
        frame = extract.frames(["registration"], project=agreement.uuid)["registration"]
    names = sorted(set(families.columns) & set(frame.columns) - {"family_id"})
    assert {*SENSITIVE, "child_at_start", "age_parent_2_missing", "older_children"} <= set(names)
    alike = {name: families.schema[name] for name in names}
    found = frame.select(pl.col(name).cast(kind) for name, kind in alike.items()).sort(names)
    assert found.equals(families.select(names).sort(names))


def test_each_class_of_the_files_holds_the_numbers(first: Taken, families: pl.DataFrame) -> None:
    rows = first.rows
    assert rows.height == families.height
    assert set(rows.columns) == {
        "row_id",
        *(f"{n}{end}" for n in (*QUASI, *SENSITIVE) for end in ("", "_missing")),
    }
    said = [
        pl.concat_str(name, f"{name}_missing", separator="|", ignore_nulls=True).alias(name)
        for name in SENSITIVE
    ]
    classes = rows.with_columns(said).group_by(QUASI)
    for name in SENSITIVE:
        told = classes.agg(
            pl.len().alias("families"),
            pl.col(name).n_unique().alias("values"),
            pl.col(name).value_counts().struct.field("count").max().alias("most"),
        )
        assert told["families"].min() >= 10
        assert told["values"].min() >= 3
        assert (told["most"] / told["families"]).max() <= 0.70
    blanked = rows.filter(pl.all_horizontal(pl.col(f"{name}_missing").is_not_null() for name in QUASI)).height
    assert blanked <= 0.05 * rows.height
    assert len(classes.agg(pl.len())) > 20, "something is said of the families"


#: What an id of ours looks like in a file, whatever stands around it.
ID = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{20,32}|land-[0-9]{7}"
)


def test_nothing_in_the_files_leads_back_to_a_family(
    first: Taken, families: pl.DataFrame, looking: Looking
) -> None:
    rows = first.rows
    assert rows["row_id"].n_unique() == rows.height
    assert rows["row_id"].str.contains("^[0-9a-f]{16}$").all()
    inner = looking.execute("SELECT uuid::text, number FROM families_family").fetchall()
    known = {word.encode() for uuid, number in inner for word in (uuid, uuid.replace("-", ""), number)}
    known |= {family.encode() for family in families["family_id"]}
    found = {name: known & set(ID.findall(content)) for name, content in first.files.items()}
    assert {name: ids for name, ids in found.items() if ids} == {}
    # By their outcomes, no more rows follow one another than by chance: they stand in no order of ours.
    said = rows["outcome"].fill_null("")
    alike = (said == said.shift(1)).mean()
    by_chance = sum((share / rows.height) ** 2 for share in said.value_counts()["count"])
    assert alike == pytest.approx(by_chance, abs=0.05)


def test_every_format_says_the_same(first: Taken, looking: Looking, tmp_path: Path) -> None:
    rows = first.rows
    parquet = pl.read_parquet(first.files["parquet/anonymised.parquet"])
    assert parquet.select(pl.all().cast(pl.String)).equals(rows)
    words = {v.name: v.values for v in dataset_of(recipe_of(looking, first)).variables if v.values}
    assert set(words) == {*QUASI, *SENSITIVE}
    for name, read in (
        ("stata/anonymised.dta", pyreadstat.read_dta),
        ("spss/anonymised.sav", pyreadstat.read_sav),
    ):
        path = tmp_path / name.rpartition("/")[2]
        path.write_bytes(first.files[name])
        frame, meta = read(str(path), user_missing=True, output_format="dict")
        assert list(frame["row_id"]) == rows["row_id"].to_list()
        for column, meant in words.items():
            labels = meta.variable_value_labels[column]
            for code, number in zip(rows[column], frame[column], strict=True):
                # Why it is missing is a label too, and none of the column's own.
                assert (
                    labels[number] == meant[code]
                    if code is not None
                    else labels[number] not in meant.values()
                )


def test_the_report_tells_the_municipalities_what_was_tried(first: Taken) -> None:
    report = first.report
    assert report["hard_failures"] == []
    tried = {one["code"] for one in report["attacks"] if one["passed"]}
    assert tried == {"A1", "A2", "A3", "A4", "A5", "A6", "A7", "A9", "A10", "A11", "A13", "A14"}
    assert report["municipalities"] == sorted(country.TEN)
    assert report["counts"]["families_out"] == FAMILIES


def more_of(families: pl.DataFrame, chosen: pl.DataFrame, name: str) -> pl.DataFrame:
    """New families that are each like one of ``chosen``."""
    ids = [f"{name}{number:016x}" for number in range(chosen.height)]
    return chosen.with_columns(pl.Series("family_id", ids)).select(families.columns)


def test_later_releases_go_by_the_first_ones_recipe_and_three_new_families_are_too_few(
    first: Taken, cast: Cast, families: pl.DataFrame, looking: Looking
) -> None:
    recipe = recipe_of(looking, first)
    assert recipe.node is not None and recipe == T2.frozen_at(recipe.node)
    # Six hundred more, twelve in each of fifty classes: a class with a few new families would tell of them.
    labels = pl.DataFrame(
        [h.labels(families, level) for h, level in zip(recipe.quasi, recipe.node, strict=True)]
    )
    classed = families.with_columns(labels.hash_rows().alias("class"))
    largest = classed.group_by("class").len().sort("len", "class").tail(50)
    alike = classed.join(largest, on="class").group_by("class", maintain_order=True).head(12)
    country.write(looking, more_of(families, alike, "aaaa"))
    second = taken_home(cast)
    assert second.rows.height == FAMILIES + 600
    assert recipe_of(looking, second) == recipe
    assert not set(second.rows["row_id"]) & set(first.rows["row_id"])
    [difference] = second.report["differences"]
    assert (difference["earlier"], difference["allowed"]) == (str(first.release.uuid), True)

    country.write(looking, more_of(families, families.head(3), "bbbb"))
    third = asked_and_built(cast)
    told = api(cast.evaluator).get(f"/api/v1/releases/{third.uuid}/").json()
    assert (told["status"], told["files"]) == ("failed", [])
    (why,) = told["reasons"]
    assert "ændret færre end 10 familier" in why and str(second.release.uuid) in why
    assert looking.execute(
        "SELECT count(*) FROM evaluation_releasefile f JOIN evaluation_release r ON r.id = f.release_id WHERE r.uuid = %s",
        [third.uuid],
    ).fetchone() == (0,)
