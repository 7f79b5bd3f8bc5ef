"""The recipe: which facts describe a family to others, how each is made coarser, and the numbers that must hold.

A recipe is frozen with the first release. Two releases by different recipes, laid over each other, tell families apart
that neither of them does alone; so a recipe is known by its hash, and another hash is refused (`check_frozen`).
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import polars as pl

from evaluation.disclosure.geography import LANDSDEL_OF, REGION_OF

#: The coarsest value of every hierarchy: nothing is said.
ANY = "*"
#: A fact that nobody knows is a value of its own: who is not asked is told apart by that, too.
UNKNOWN = "uoplyst"
#: Codes that few families have, together.
OTHER = "andet"
#: A number outside what the recipe knows; coarser levels know it no better.
OUTSIDE = "uden for listen"


class Kind(StrEnum):
    """How a hierarchy reads its columns."""

    CODES = "codes"  # one column of codes
    BANDS = "bands"  # one column of whole numbers
    HALF_YEARS = "half_years"  # one date
    TRUE_COUNT = "true_count"  # how many of several yes/no columns are yes


class RecipeError(ValueError):
    """A recipe or a request cannot be carried out; the words are Danish and say why."""


@dataclass(frozen=True)
class Level:
    """One step of a hierarchy: what it is called, and the label of each leaf, in the leaves' order."""

    title: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Hierarchy:
    """One fact and its steps from fine to coarse. Every label of a step lies within one label of the next.

    ``leaves`` are all values there can be, in order; ``levels[0]`` is the finest thing ever looked at, and the last
    level says `ANY` of all. ``floor``: the finest level that rows may be released at.
    """

    name: str
    title: str
    kind: Kind
    columns: tuple[str, ...]
    leaves: tuple[str, ...]
    levels: tuple[Level, ...]
    floor: int = 0

    def __post_init__(self) -> None:
        for level in self.levels:
            if len(level.labels) != len(self.leaves):
                raise RecipeError(f"{self.name}: niveauet »{level.title}« siger ikke noget om alle værdier.")
        if self.levels[0].labels != self.leaves:
            raise RecipeError(f"{self.name}: det fineste niveau skal være værdierne selv.")
        if set(self.levels[-1].labels) != {ANY}:
            raise RecipeError(f"{self.name}: det groveste niveau skal være »{ANY}«.")
        for fine, coarse in itertools.pairwise(self.levels):
            over: dict[str, str] = {}
            for label, above in zip(fine.labels, coarse.labels, strict=True):
                if over.setdefault(label, above) != above:
                    raise RecipeError(f"{self.name}: »{label}« ligger under to værdier af »{coarse.title}«.")
        if not 0 <= self.floor < len(self.levels):
            raise RecipeError(f"{self.name}: gulvet {self.floor} er ikke et niveau.")

    def expression(self) -> pl.Expr:
        """The leaf of each row, as text."""
        first = pl.col(self.columns[0])
        if self.kind is Kind.HALF_YEARS:
            said = pl.format("{}-{}", first.dt.year(), (first.dt.month() > 6).cast(pl.Int8) + 1)
        elif self.kind is Kind.TRUE_COUNT:
            said = pl.sum_horizontal(
                *(pl.col(name).cast(pl.Int32).fill_null(0) for name in self.columns)
            ).cast(pl.String)
        elif self.kind is Kind.BANDS:
            low, high = int(self.leaves[0]), int(self.leaves[-3])
            said = first.cast(pl.Int64).clip(low, high).cast(pl.String)
        else:
            said = first.cast(pl.String)
        return said.fill_null(UNKNOWN)

    def codes(self, frame: pl.DataFrame) -> pl.Series:
        """The number of each row's leaf (UInt16)."""
        first = frame[self.columns[0]]
        if self.kind is Kind.BANDS and first.dtype.is_integer():
            # Without going over text: a million rows in some milliseconds.
            low, unknown = int(self.leaves[0]), len(self.leaves) - 2
            high = int(self.leaves[-3])
            return (first.cast(pl.Int64).clip(low, high) - low).fill_null(unknown).cast(pl.UInt16)
        source = frame.select(self.expression().alias("leaf")) if self.kind is not Kind.HALF_YEARS else None
        if source is None:
            # Few different days stand for many rows.
            days = frame.select(pl.col(self.columns[0]).alias("day"))
            seen = days.unique().with_columns(
                pl.format("{}-{}", pl.col("day").dt.year(), (pl.col("day").dt.month() > 6).cast(pl.Int8) + 1)
                .fill_null(UNKNOWN)
                .alias("leaf")
            )
            source = days.join(seen, on="day", how="left", nulls_equal=True, maintain_order="left")
        known = pl.DataFrame({"leaf": self.leaves, "code": range(len(self.leaves))}).with_columns(
            pl.col("code").cast(pl.UInt16)
        )
        outside = self.leaves.index(OUTSIDE)
        return (
            source.select("leaf")
            .join(known, on="leaf", how="left", maintain_order="left")["code"]
            .fill_null(outside)
        )

    def labels(self, frame: pl.DataFrame, level: int) -> pl.Series:
        """The label of each row at ``level``."""
        words = pl.Series(self.name, self.levels[level].labels, dtype=pl.String)
        return words.gather(self.codes(frame)).alias(self.name)

    def groups(self, level: int) -> tuple[int, ...]:
        """The number of each leaf's label at ``level``: labels are numbered as they first appear."""
        numbers: dict[str, int] = {}
        return tuple(numbers.setdefault(label, len(numbers)) for label in self.levels[level].labels)

    def losses(self, level: int) -> tuple[float, ...]:
        """What each leaf loses at ``level``: 0 when it stands alone, 1 when all stand together."""
        sizes: dict[str, int] = {}
        for label in self.levels[level].labels:
            sizes[label] = sizes.get(label, 0) + 1
        most = max(len(self.leaves) - 1, 1)
        return tuple((sizes[label] - 1) / most for label in self.levels[level].labels)

    def over(self, fine: int, coarse: int) -> dict[str, str]:
        """Label at level ``fine`` → the label it lies within at level ``coarse``."""
        return dict(zip(self.levels[fine].labels, self.levels[coarse].labels, strict=True))


@dataclass(frozen=True)
class Sensitive:
    """Something nobody outside may learn of a family. ``digits``: significant digits of a number; 0 is a code.

    A code that fewer than ``rare`` families have in all is given as `OTHER`.
    """

    column: str
    title: str
    digits: int = 0
    rare: int = 5


@dataclass(frozen=True)
class Recipe:
    """What rows may be released by.

    k: families in each class, at least. l: different values of each sensitive variable in each class, at least. alpha:
    the largest share one value may have in a class. max_suppressed: the share of rows whose description may be blanked.
    min_families, min_municipalities: the population gate; a municipality counts with `COUNTS_FROM` families. node: the
    level of each hierarchy once it is frozen.
    """

    name: str
    version: str
    quasi: tuple[Hierarchy, ...]
    sensitive: tuple[Sensitive, ...]
    k: int = 10
    l: int = 3
    alpha: float = 0.70
    max_suppressed: float = 0.05
    min_families: int = 0
    min_municipalities: int = 0
    family: str = "family_id"
    municipality: str = "municipality_code"
    node: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.node is not None and len(self.node) != len(self.quasi):
            raise RecipeError("Opskriftens niveauer passer ikke til dens oplysninger.")

    @cached_property
    def text(self) -> str:
        """The recipe as JSON, the same each time."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the recipe, in hex. Everything in it counts, also its name."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def to_json(self) -> str:
        """The recipe as the registry keeps it."""
        return self.text

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The recipe that `to_json` wrote. Raises RecipeError when it cannot be one."""
        try:
            read: Mapping[str, Any] = json.loads(text)
            return cls(
                **{
                    **read,
                    "quasi": tuple(_hierarchy(one) for one in read["quasi"]),
                    "sensitive": tuple(Sensitive(**one) for one in read["sensitive"]),
                    "node": None if read["node"] is None else tuple(read["node"]),
                }
            )
        except (KeyError, TypeError, ValueError) as error:
            raise RecipeError(f"Opskriften kan ikke læses: {error}") from error

    def frozen_at(self, node: Sequence[int]) -> Recipe:
        """The recipe with its levels settled, as every later release must use it."""
        return replace(self, node=tuple(node))

    def describe(self) -> dict[str, Any]:
        """For the report: what is made coarser to what, and the numbers."""
        return {
            "name": self.name,
            "version": self.version,
            "hash": self.hash,
            "k": self.k,
            "l": self.l,
            "alpha": self.alpha,
            "max_suppressed": self.max_suppressed,
            "min_families": self.min_families,
            "min_municipalities": self.min_municipalities,
            "quasi": [
                {
                    "name": h.name,
                    "title": h.title,
                    "levels": [level.title for level in h.levels],
                    "chosen": None if self.node is None else h.levels[self.node[number]].title,
                }
                for number, h in enumerate(self.quasi)
            ],
            "sensitive": [{"column": s.column, "title": s.title} for s in self.sensitive],
        }


#: A municipality counts towards the gate from so many families: a smaller number must not be told by a refusal.
COUNTS_FROM = 10
#: What is too few of is told in steps of so many families, for the same reason.
TOLD_IN_STEPS_OF = 100


@dataclass(frozen=True)
class Gate:
    """Whether there are enough families for rows. ``words`` are for whoever asked and tell no small number."""

    open: bool
    words: str


def gate(frame: pl.DataFrame, recipe: Recipe) -> Gate:
    """The population gate of ``recipe`` over ``frame``.

    Who is refused must not learn how many families there are, or that a municipality has only a few of them: what is
    missing is rounded to whole hundreds, and a municipality counts only from ten families.
    """
    counted = frame.group_by(recipe.municipality).agg(pl.col(recipe.family).n_unique().alias("families"))
    families = int(frame[recipe.family].n_unique())
    municipalities = int((counted["families"] >= COUNTS_FROM).sum())
    words = gate_words(families, municipalities, recipe)
    return Gate(not words, words or "Der er familier og kommuner nok til anonymiserede rækker.")


def gate_words(families: int, municipalities: int, recipe: Recipe) -> str:
    """Why there may be no rows of so many families in so many municipalities that count; "" when there may."""
    short = []
    if families < recipe.min_families:
        missing = recipe.min_families - families // TOLD_IN_STEPS_OF * TOLD_IN_STEPS_OF
        short.append(f"omkring {missing} familier (grænsen er {recipe.min_families})")
    if municipalities < recipe.min_municipalities:
        missing = recipe.min_municipalities - municipalities
        short.append(
            f"{missing} kommuner med mindst {COUNTS_FROM} familier (grænsen er {recipe.min_municipalities})"
        )
    if not short:
        return ""
    return (
        "Anonymiserede rækker kan ikke udleveres: der mangler "
        + " og ".join(short)
        + ". Bed om tabeller, eller om et forskningsudtræk under en aftale."
    )


def check_frozen(earlier_hash: str, recipe: Recipe) -> str:
    """Why ``recipe`` may not be used after a release by the recipe with ``earlier_hash``; '' when it may."""
    if not earlier_hash or earlier_hash == recipe.hash:
        return ""
    return (
        "Opskriften er ændret efter den første udlevering. To udleveringer efter hver sin opskrift kan lægges over "
        "hinanden og skille familier ud, som ingen af dem viser alene. Brug opskriften fra den første udlevering "
        f"(kendemærke {earlier_hash[:12]}, den nye er {recipe.hash[:12]})."
    )


def _hierarchy(read: Mapping[str, Any]) -> Hierarchy:
    return Hierarchy(
        name=read["name"],
        title=read["title"],
        kind=Kind(read["kind"]),
        columns=tuple(read["columns"]),
        leaves=tuple(read["leaves"]),
        levels=tuple(Level(one["title"], tuple(one["labels"])) for one in read["levels"]),
        floor=read["floor"],
    )


# How hierarchies are written down.


def _levels(
    leaves: Sequence[str], *steps: tuple[str, Sequence[str]]
) -> tuple[tuple[str, ...], tuple[Level, ...]]:
    """All leaves with the two that stand for no value, and the levels with `ANY` on top."""
    whole = (*leaves, UNKNOWN, OUTSIDE)
    levels = tuple(Level(title, (*labels, UNKNOWN, OUTSIDE)) for title, labels in steps)
    return whole, (*levels, Level("udeladt", tuple(ANY for _ in whole)))


def coded(
    name: str, title: str, codes: Sequence[str], *steps: tuple[str, Mapping[str, str]], floor: int = 0
) -> Hierarchy:
    """A column of codes; each step maps every code to its coarser label."""
    leaves, levels = _levels(
        codes, ("koder", list(codes)), *((step, [over[code] for code in codes]) for step, over in steps)
    )
    return Hierarchy(name, title, Kind.CODES, (name,), leaves, levels, floor)


def _band(value: int, cuts: Sequence[int], low: int, high: int) -> str:
    """The band of ``value``; ``cuts`` are the first numbers of all bands but the lowest."""
    edges = [low, *cuts, high + 1]
    for start, end in itertools.pairwise(edges):
        if start <= value < end:
            if start == low and start != 0:
                return f"under {end}"
            if end == high + 1:
                return f"{start}+"
            return str(start) if end == start + 1 else f"{start}-{end - 1}"
    raise RecipeError(f"{value} ligger uden for {low}-{high}.")


def banded(
    name: str,
    title: str,
    low: int,
    high: int,
    *steps: tuple[str, Sequence[int]],
    columns: Sequence[str] = (),
    floor: int = 0,
) -> Hierarchy:
    """Whole numbers, the ends of the scale gathered at ``low`` and ``high`` (what lies beyond counts as the end)."""
    numbers = range(low, high + 1)
    leaves, levels = _levels(
        [str(number) for number in numbers],
        ("hele tal", [str(number) for number in numbers]),
        *((step, [_band(number, cuts, low, high) for number in numbers]) for step, cuts in steps),
    )
    kind = Kind.TRUE_COUNT if columns else Kind.BANDS
    return Hierarchy(name, title, kind, tuple(columns) or (name,), leaves, levels, floor)


FIRST_YEAR, LAST_YEAR = 2024, 2041


def half_years(name: str, title: str, column: str, *, floor: int = 0) -> Hierarchy:
    """Half-year → year → three years, from a date. The years are settled now, so that no release moves them."""
    halves = [(year, half) for year in range(FIRST_YEAR, LAST_YEAR + 1) for half in (1, 2)]

    def three(year: int) -> str:
        first = FIRST_YEAR + (year - FIRST_YEAR) // 3 * 3
        return f"{first}-{first + 2}"

    leaves, levels = _levels(
        [f"{year}-{half}" for year, half in halves],
        ("halvår", [f"{year}-{half}" for year, half in halves]),
        ("år", [str(year) for year, _ in halves]),
        ("tre år", [three(year) for year, _ in halves]),
    )
    return Hierarchy(name, title, Kind.HALF_YEARS, (column,), leaves, levels, floor)


def geography(*, floor: int = 0) -> Hierarchy:
    """Municipality → landsdel → region → whole country."""
    codes = [str(code) for code in sorted(LANDSDEL_OF)]
    leaves, levels = _levels(
        codes,
        ("kommune", codes),
        ("landsdel", [LANDSDEL_OF[int(code)] for code in codes]),
        ("region", [REGION_OF[int(code)] for code in codes]),
    )
    return Hierarchy(
        "municipality_code", "Kommune", Kind.CODES, ("municipality_code",), leaves, levels, floor
    )


def parents_age(number: int, *, floor: int = 0) -> Hierarchy:
    """A parent's age at the start: years → five years → three bands → under 30 or over."""
    return banded(
        f"age_parent_{number}",
        "Alder ved start: " + ("den først registrerede forælder" if number == 1 else "den anden forælder"),
        15,
        45,
        ("fem år", (20, 25, 30, 35)),
        ("tre grupper", (20, 30)),
        ("under 30 eller ældre", (30,)),
        floor=floor,
    )


#: The yes/no columns of the target-group picture, in the order of the programme's description.
TRAITS = tuple(
    f"trait_{code}"
    for code in (
        "low_mentalisation", "own_trauma", "own_needs_first", "structure", "economy", "substances", "no_home",
        "violence", "cognition", "mental_illness", "personality", "network",
    )
)  # fmt: skip

GEOGRAPHY = geography()
STARTED = half_years("started", "Start i indsatsen", "started_on")
CHILD_AT_START = coded("child_at_start", "Barnet ved start", ("born", "expected"))
OLDER_CHILDREN = banded(
    "older_children", "Ældre børn", 0, 6, ("0, 1, 2+", (1, 2)), ("ingen eller nogen", (1,))
)
TRAIT_COUNT = banded(
    "traits", "Udfordringer i målgruppebilledet", 0, len(TRAITS), ("0-2, 3-5, 6+", (3, 6)), ("0-2, 3+", (3,)),
    columns=TRAITS,
)  # fmt: skip
HOME_LANGUAGE = coded(
    "home_language",
    "Sprog i hjemmet",
    ("danish", "other", "both"),
    ("dansk eller også andet", {"danish": "danish", "other": "also_other", "both": "also_other"}),
)

_SENSITIVE = (
    Sensitive("outcome", "Udfald"),
    Sensitive("employment_parent_1", "Arbejdsmarkedstilknytning: den først registrerede forælder"),
)

#: What the tables of the pilot are broken down by. Its gate is per stratum (`tables.Rules`), not over all.
PILOT_T3 = Recipe(
    name="tabeller",
    version="1",
    quasi=(
        GEOGRAPHY, STARTED, parents_age(1), parents_age(2), OLDER_CHILDREN, CHILD_AT_START, TRAIT_COUNT, HOME_LANGUAGE,
    ),
    sensitive=_SENSITIVE,
)  # fmt: skip

#: Anonymised rows: region, three years of start and bands of age are the finest that ever leave.
T2 = Recipe(
    name="anonymiserede rækker",
    version="1",
    quasi=(
        geography(floor=2),
        half_years("started", "Start i indsatsen", "started_on", floor=2),
        parents_age(1, floor=1),
        parents_age(2, floor=1),
        replace(OLDER_CHILDREN, floor=1),
        CHILD_AT_START,
        replace(TRAIT_COUNT, floor=1),
        HOME_LANGUAGE,
    ),
    sensitive=_SENSITIVE,
    k=10,
    l=3,
    alpha=0.70,
    max_suppressed=0.05,
    min_families=5000,
    min_municipalities=10,
)
