"""Invented populations for disclosure control: a plausible Danish pilot, and a whole country, always the same by seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, cast

import polars as pl

from evaluation.disclosure import tables
from evaluation.disclosure.counting import Counted, TableSpec, count
from evaluation.disclosure.delta import Registered, register
from evaluation.disclosure.geography import LANDSDEL_OF
from evaluation.disclosure.recipe import PILOT_T3, TRAITS
from evaluation.variables.declared import Dataset, Sort, Variable

if TYPE_CHECKING:
    from evaluation.dataset_names import DatasetName

#: Greve, Odense and Randers.
PILOT = (253, 461, 730)
#: Twelve municipalities over all five regions.
NATIONAL = (101, 157, 217, 253, 259, 360, 461, 479, 561, 730, 751, 851)

_OUTCOMES = ("home_together", "home_with_support", "child_placed", "other_offer", "withdrawn")


def _variable(name: str, kind: str, codes: str = "", sort: Sort = Sort.PROCESS) -> Variable:
    values = {code: code.replace("_", " ").capitalize() for code in codes.split()}
    return Variable(
        name, "", kind, name.replace("_", " ").capitalize(), values=values, sort=sort, title_en=name,
        pattern="" if values or kind != "string" else "^[0-9a-f]{20}$",
    )  # fmt: skip


#: What the populations' rows are, declared like the product's own datasets.
REGISTRATION = Dataset(
    name=cast("DatasetName", "registration"),
    title="Registreringsskema",
    description="En række for hver familie.",
    source="",
    variables=(
        _variable("family_id", "string"),
        _variable("municipality_code", "integer"),
        _variable("started_on", "date"),
        _variable("child_at_start", "string", "born expected"),
        _variable("age_parent_1", "integer"),
        _variable("older_children", "integer"),
        _variable("receives_other_support", "boolean"),
        _variable("home_language", "string", "danish other both"),
        _variable("home_before", "string", "together alone relatives institution other", Sort.SENSITIVE),
        _variable("outcome", "string", " ".join(_OUTCOMES), Sort.OUTCOME),
        _variable("moved_in_week", "integer"),
        *(_variable(name, "boolean", sort=Sort.SENSITIVE) for name in TRAITS),
    ),
    order=("family_id",),
    key=("family_id",),
)


def families(sizes: dict[int, int], *, seed: int = 1, since: date = date(2024, 8, 1)) -> pl.DataFrame:
    """Registration rows: ``sizes`` families in each municipality, in the order they came, since ``since``."""
    chance = Random(seed)
    places = [place for place, size in sizes.items() for _ in range(size)]
    chance.shuffle(places)
    rows = [_family(chance, place, since + timedelta(days=2 * number)) for number, place in enumerate(places)]
    return _frame(rows)


def _family(chance: Random, place: int, started: date) -> dict[str, object]:
    mother = min(44, max(16, round(chance.gauss(26, 5))))
    alone = chance.random() < 0.35
    burden = chance.betavariate(2, 3)
    traits = {name: chance.random() < burden for name in TRAITS}
    closed = chance.random() < 0.6
    placed = chance.random() < 0.12 + 0.3 * burden
    outcome = "child_placed" if placed else chance.choices(_OUTCOMES, (40, 35, 5, 8, 12))[0]
    return {
        "family_id": f"{chance.getrandbits(80):020x}",
        "municipality_code": place,
        "started_on": started,
        "child_at_start": "expected" if chance.random() < 0.45 else "born",
        "receives_other_support": chance.random() < 0.5,
        "age_parent_1": mother,
        "age_parent_2": None if alone else min(50, max(17, mother + round(chance.gauss(3, 4)))),
        "age_parent_2_missing": "not_relevant" if alone else None,
        "older_children": chance.choices((0, 1, 2, 3), (55, 27, 12, 6))[0],
        "home_before": "alone"
        if alone
        else chance.choices(("together", "relatives", "institution", "other"), (60, 25, 10, 5))[0],
        **traits,
        "education_parent_1": chance.choices(
            ("none", "primary", "upper_secondary", "vocational", "higher"), (15, 45, 15, 20, 5)
        )[0],
        "employment_parent_1": chance.choices(
            ("employed", "education", "benefits", "pension", "none"), (20, 20, 40, 8, 12)
        )[0],
        "home_language": chance.choices(("danish", "other", "both"), (78, 10, 12))[0],
        "moved_in_week": chance.randrange(0, 9),
        "outcome": outcome if closed else None,
        "outcome_missing": None if closed else "not_yet_due",
    }


def _frame(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema_overrides={
            "age_parent_2": pl.Int64,
            "age_parent_2_missing": pl.String,
            "outcome": pl.String,
            "outcome_missing": pl.String,
        },
        infer_schema_length=None,
    )


def pilot(size: int = 12, *, seed: int = 1) -> pl.DataFrame:
    """The three municipalities with ``size`` families each."""
    return families(dict.fromkeys(PILOT, size), seed=seed)


def national(size: int = 6000, *, places: Sequence[int] = NATIONAL, seed: int = 1) -> pl.DataFrame:
    """``size`` families over ``places``, as many in each."""
    return families(
        {place: size // len(places) for place in places}, seed=seed, since=date(2024, 1, 1)
    ).with_columns(
        # Two days apart would take thirty years: as many years as there are, over and over.
        started_on=pl.date(2024, 1, 1) + pl.duration(days=pl.int_range(pl.len()) % 1095)
    )


def everywhere(size: int, *, seed: int = 1) -> pl.DataFrame:
    """``size`` families spread over the 98 municipalities at random."""
    chance = Random(seed)
    places = sorted(LANDSDEL_OF)
    sizes: dict[int, int] = {}
    for _ in range(size):
        place = chance.choice(places)
        sizes[place] = sizes.get(place, 0) + 1
    return families(sizes, seed=seed)


def events(number: int, *, seed: int = 1, moments: int = 12, unit: int = 1) -> pl.DataFrame:
    """Events of ``number`` families over two years: what, and when in weeks, or in whole ``unit`` weeks."""
    chance = Random(seed)
    kinds = ("meeting", "visit", "score", "move")
    rows = [
        (f"f{family}", chance.choice(kinds), chance.randrange(104) // unit)
        for family in range(number)
        for _ in range(moments)
    ]
    return pl.DataFrame(rows, schema=["family_id", "what", "when"], orient="row")


def standard() -> list[TableSpec]:
    """The standard tables over `REGISTRATION`."""
    return tables.standard([REGISTRATION])


def counted(frame: pl.DataFrame, specs: Sequence[TableSpec]) -> dict[str, Counted]:
    """The unrounded counts of each table over registration rows."""
    return {spec.name: count({"registration": frame}, spec) for spec in specs}


def registered(
    name: str,
    counts: dict[str, Counted],
    specs: Sequence[TableSpec],
    rules: tables.Rules = tables.PUBLIC,
    results: Sequence[tables.TableResult] = (),
    *,
    cohort: str = "alle startede familier",
    recipe_hash: str = PILOT_T3.hash,
) -> Registered:
    """What the registry keeps of a release of tables."""
    return register(
        release=name,
        kind="T3",
        recipe_hash=recipe_hash,
        cohort=cohort,
        snapshot_at=datetime(2026, 1, 1, tzinfo=UTC),
        counts=counts,
        specs=specs,
        rules=rules,
        results=results,
    )
