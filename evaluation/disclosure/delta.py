"""The rule about differences: a release minus an earlier one of the same families is itself a release.

Neither hiding nor rounding protects a newcomer from somebody who has last quarter's tables. So what has changed since an
earlier release must be nothing or at least ten families in each published stratum (a place, or all where tables are not
broken down by place), in every table, and the table of the differences must pass by itself; else the stratum keeps its
earlier figures, in all tables of the same families at once, or the tables would tell by their disagreement. A family that
is changed counts as one removed and one added.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl

from evaluation.disclosure.counting import Contribution, Counted, Key, TableSpec
from evaluation.disclosure.lattice import BLANKED, protected
from evaluation.disclosure.recipe import ANY, GEOGRAPHY, UNKNOWN, Recipe, RecipeError
from evaluation.disclosure.tables import WHOLE, Rules, TableResult

#: So many families must have changed, or none.
LEAST_CHANGED = 10
#: The stratum of tables that are not broken down by place.
EVERYWHERE = GEOGRAPHY.levels[WHOLE].labels[0]


@dataclass(frozen=True)
class About:
    """What the rule must know of a table: whose families, how finely by place, how it is shown, what is sensitive.

    ``shown``: whether it was published at all; a refused one is kept too, so that it can be carried forward.
    """

    population: str
    level: int
    rounded: bool
    hide: int
    sensitive: bool = False
    shown: bool = True

    @classmethod
    def of(cls, spec: TableSpec, rules: Rules, result: TableResult | None = None) -> About:
        """Of a table by ``rules``, as it was published; before that, as if it were not."""
        sensitive = any(dim.sensitive for dim in spec.dims)
        shown = result is not None and not result.refused
        level = result.level if result is not None and shown else WHOLE
        return cls(spec.population, level, rules.rounds or not spec.counts, rules.hide, sensitive, shown)


@dataclass(frozen=True)
class Registered:
    """What the registry keeps of a release: restricted, and enough to hold later releases against it.

    ``tables``: the unrounded counts behind what was published, by table. ``about``: how each was shown. ``digests``:
    SHA-256 of each file. ``row_ids``: the smallest ids of rows, to see that none is used twice.
    """

    release: str
    kind: str
    recipe_hash: str
    cohort: str
    snapshot_at: datetime
    tables: Mapping[str, Counted] = field(default_factory=dict)
    about: Mapping[str, About] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    row_ids: tuple[str, ...] = ()

    @property
    def families(self) -> dict[str, int]:
        """Families in each municipality, as the tables of all families count them."""
        found: dict[str, int] = {}
        for table in self.tables.values():
            counted: Counter[str] = Counter()
            for key, cell in table.cells.items():
                counted[key[0]] += cell.families
            for place, number in counted.items():
                found[place] = max(found.get(place, 0), number)
        return found

    @property
    def levels(self) -> dict[str, int]:
        """The geography of each table, which a later release may not make finer."""
        return {name: about.level for name, about in self.about.items() if about.shown}

    def to_json(self) -> str:
        """As the registry stores it, the same each time."""
        return json.dumps(
            {
                "release": self.release,
                "kind": self.kind,
                "recipe_hash": self.recipe_hash,
                "cohort": self.cohort,
                "snapshot_at": self.snapshot_at.isoformat(),
                "tables": {name: table.describe() for name, table in sorted(self.tables.items())},
                "about": {
                    name: [a.population, a.level, a.rounded, a.hide, a.sensitive, a.shown]
                    for name, a in sorted(self.about.items())
                },
                "digests": dict(sorted(self.digests.items())),
                "row_ids": list(self.row_ids),
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Registered:
        """What `to_json` wrote. Raises ValueError or KeyError when it cannot be."""
        read = json.loads(text)
        return cls(
            release=read["release"],
            kind=read["kind"],
            recipe_hash=read["recipe_hash"],
            cohort=read["cohort"],
            snapshot_at=datetime.fromisoformat(read["snapshot_at"]),
            tables={name: Counted.read(table) for name, table in read["tables"].items()},
            about={name: About(*about) for name, about in read["about"].items()},
            digests=read["digests"],
            row_ids=tuple(read["row_ids"]),
        )


def register(
    *,
    release: str,
    kind: str,
    recipe_hash: str,
    cohort: str,
    snapshot_at: datetime,
    counts: Mapping[str, Counted],
    specs: Sequence[TableSpec],
    rules: Rules,
    results: Sequence[TableResult] = (),
    digests: Mapping[str, str] | None = None,
) -> Registered:
    """What to keep of a release of tables; without ``results``, what is held against earlier ones before it is made."""
    published = {result.spec.name: result for result in results}
    return Registered(
        release=release,
        kind=kind,
        recipe_hash=recipe_hash,
        cohort=cohort,
        snapshot_at=snapshot_at,
        tables=dict(counts),
        about={s.name: About.of(s, rules, published.get(s.name)) for s in specs if s.name in counts},
        digests=digests or {},
    )


#: The population of rows: each of their classes is a stratum of its own.
ROWS = "rows"
#: The table that a release of rows is held against others by: one cell a class.
CLASSES = "classes"
#: Before the name of a class whose description was left out.
UNTOLD = "~ "


def register_rows(
    *,
    release: str,
    recipe: Recipe,
    cohort: str,
    snapshot_at: datetime,
    frame: pl.DataFrame,
    released: pl.DataFrame,
    digests: Mapping[str, str] | None = None,
) -> Registered:
    """What to keep of a release of anonymised rows (T2): how many families each class has, and some of the row ids.

    Counted as it was told: a class without its description is another one, and a rare answer is what was said for it.
    ``frame`` are the families' rows, ``released`` what `lattice.apply` made of them. Raises RecipeError for a recipe that
    is not frozen.
    """
    if recipe.node is None:
        raise RecipeError("Opskriften er ikke fastlagt endnu.")
    names = [h.name for h in recipe.quasi]
    labels = pl.DataFrame([h.labels(frame, n) for h, n in zip(recipe.quasi, recipe.node, strict=True)])
    secret = [f"secret {s.column}" for s in recipe.sensitive]
    values = frame.select(
        protected(frame, recipe, s.column).cast(pl.String).fill_null(UNKNOWN).alias(f"secret {s.column}")
        for s in recipe.sensitive
    )
    described = released.filter(pl.col(f"{names[0]}_missing").fill_null("") != BLANKED)
    told = set(described.select(pl.col(names).fill_null(ANY)).unique().iter_rows())
    counted = (
        pl.concat([labels, values, frame.select(recipe.family)], how="horizontal")
        .group_by(*names, *secret)
        .agg(pl.col(recipe.family).n_unique().alias("families"), pl.len().alias("rows"))
    )
    cells = {
        (_class(row[: len(names)], told), *row[len(names) : -2]): Contribution(row[-2], row[-1])
        for row in counted.iter_rows()
    }
    return Registered(
        release=release,
        kind="T2",
        recipe_hash=recipe.hash,
        cohort=cohort,
        snapshot_at=snapshot_at,
        tables={CLASSES: Counted(CLASSES, cells)},
        about={CLASSES: About(ROWS, WHOLE, rounded=True, hide=recipe.k - 1)},
        digests=digests or {},
        row_ids=tuple(released["row_id"].sort().head(KEPT_IDS).to_list()),
    )


def _class(labels: tuple[str, ...], told: Collection[tuple[str, ...]]) -> str:
    return ("" if labels in told else UNTOLD) + " | ".join(labels)


#: So many of the smallest row ids are kept: two releases that share their ids share these.
KEPT_IDS = 256


@dataclass(frozen=True)
class Change:
    """What changed in one stratum of one table. ``held``: whether it may be seen, else ``why`` not (no small number)."""

    table: str
    stratum: str
    added: int
    removed: int
    held: bool
    why: str = ""


@dataclass(frozen=True)
class Difference:
    """A release against an earlier one. ``carry_forward``: (population, stratum) that keep the earlier figures.

    ``allowed``: the release may go with its new figures, or with those carried forward where there are such. ``changes``
    are restricted; the ``reason`` is Danish and tells no small number.
    """

    earlier: str
    allowed: bool
    reason: str
    carry_forward: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()

    def describe(self) -> dict[str, Any]:
        """For the report: which strata, not how many families."""
        return {
            "earlier": self.earlier,
            "allowed": self.allowed,
            "reason": self.reason,
            "carry_forward": [list(one) for one in self.carry_forward],
            "changed": sorted({change.stratum for change in self.changes if change.added or change.removed}),
        }


def compare(earlier: Registered, later: Registered) -> Difference:
    """Hold ``later`` against ``earlier``; see the module's head.

    With another cohort or recipe there is nothing to carry forward: then the release is refused. Municipalities that join
    are no other cohort; one that is left out is, because its figures may not be carried forward either.
    """
    if earlier.recipe_hash != later.recipe_hash:
        return Difference(
            earlier.release,
            False,
            f"Udleveringen bruger en anden opskrift end {earlier.release}. Lagt over hinanden kunne de to skille "
            "familier ud; brug den samme opskrift.",
        )
    changes = [*_changes(earlier, later)]
    failing = [change for change in changes if not change.held]
    if not failing:
        return Difference(earlier.release, True, _fine(earlier, changes), (), tuple(changes))
    if earlier.cohort != later.cohort and not _grown(earlier.cohort, later.cohort):
        return Difference(
            earlier.release,
            False,
            f"Udvalget af familier adskiller sig fra det i {earlier.release} med så få familier, at forskellen ville "
            f"vise dem: der skal være ingen eller mindst {LEAST_CHANGED} familier til forskel alle steder. "
            "Bed om det samme udvalg som sidst, eller vent.",
            (),
            tuple(changes),
        )
    if later.kind == "T2":
        return Difference(
            earlier.release,
            False,
            f"Siden {earlier.release} er der i mindst én gruppe ændret færre end {LEAST_CHANGED} familier, eller en gruppe er "
            "begyndt eller holdt op med at være beskrevet. Rækker kan ikke føre gamle tal videre; vent, til der er flere nye "
            "familier.",
            (),
            tuple(changes),
        )
    about = {**earlier.about, **later.about}
    kept = sorted({(about[change.table].population, change.stratum) for change in failing})
    places = ", ".join(sorted({_place(stratum) for _, stratum in kept}))
    return Difference(
        earlier.release,
        True,
        f"Siden {earlier.release} er der ændret for få familier til, at nye tal kan vises for {places}. De tidligere tal "
        f"føres videre der, til mindst {LEAST_CHANGED} familier er nye eller ændrede.",
        tuple(kept),
        tuple(changes),
    )


def _grown(earlier: str, later: str) -> bool:
    """Whether a cohort is the earlier one's municipalities and more: their families are newcomers like others."""
    before, now = set(earlier.split(",")), set(later.split(","))
    return before <= now and all(code.isdigit() for code in now)


def _place(stratum: str) -> str:
    if stratum == EVERYWHERE:
        return "hele landet"
    return f"kommune {stratum}" if stratum.isdigit() else stratum


def _fine(earlier: Registered, changes: Iterable[Change]) -> str:
    if any(change.added or change.removed for change in changes):
        return f"Alle steder, hvor tal er ændret siden {earlier.release}, er der mindst {LEAST_CHANGED} familier bag."
    return f"Intet er ændret siden {earlier.release}."


def _level_of(registered: Registered, population: str) -> int:
    """The finest geography that the tables of one population were shown at."""
    return min(
        (a.level for a in registered.about.values() if a.population == population and a.shown), default=WHOLE
    )


#: In the place of the number of a family that has none: who gets one, or is there without one, is changed.
_WITHOUT = math.inf


def _changes(earlier: Registered, later: Registered) -> Iterable[Change]:
    for name, was in sorted(earlier.tables.items()):
        # A table that is not shown this time tells nothing new.
        about = earlier.about[name]
        if name not in later.tables or not about.shown:
            continue
        level = _level_of(earlier, about.population)
        over = GEOGRAPHY.over(0, level)
        strata: dict[str, dict[Key, tuple[Counter[float], Counter[float]]]] = {}
        for side, table in enumerate((was, later.tables[name])):
            for key, cell in table.cells.items():
                own = key[0] if about.population == ROWS else over.get(key[0], UNKNOWN)
                stratum = strata.setdefault(own, {})
                pair = stratum.setdefault(key[1:], (Counter(), Counter()))
                # A count is so many families that are alike; of all else each family is its own number.
                pair[side].update(cell.values or {0.0: cell.families})
                pair[side][_WITHOUT] += cell.without
        # A family with several rows is in several cells, and counts once: as many as changed in one cell, for sure.
        crossed = _crossed(was, later.tables[name])
        several = any(cell.values for table in (was, later.tables[name]) for cell in table.cells.values())
        total = max if several else sum
        for stratum_name, cells in sorted(strata.items()):
            added = {key: (now - before).total() for key, (before, now) in cells.items()}
            removed = {key: (before - now).total() for key, (before, now) in cells.items()}
            more, fewer = total(added.values()), total(removed.values())
            why = _why_not(about, added, removed, max(more, fewer))
            if stratum_name in crossed:
                why = "begyndt eller holdt op med at være beskrevet"
            yield Change(name, stratum_name, more, fewer, not why, why)


def _crossed(was: Counted, now: Counted) -> set[str]:
    """The classes of rows that are described on one side and not on the other: what the undescribed rows have lost or
    gained would be their families.
    """
    before, after = ({key[0] for key in table.cells} for table in (was, now))
    sides = ((before, after), (after, before))
    return {
        one for told, other in sides for one in told if UNTOLD + one in other and UNTOLD + one not in told
    }


def _why_not(about: About, added: Mapping[Key, int], removed: Mapping[Key, int], changed: int) -> str:
    if not changed:
        return ""
    if changed < LEAST_CHANGED:
        return "for få ændrede familier"
    for side in (added, removed):
        cells = {key: number for key, number in side.items() if number}
        if not about.rounded and any(number <= about.hide for number in cells.values()):
            return "forskellen viser et lille tal"
        # Everybody who is new is the same in something sensitive; that it is not known yet is no news.
        alone = next(iter(cells)) if len(cells) == 1 else ()
        if about.sensitive and len(side) > 1 and alone and UNKNOWN not in alone:
            return "alle ændrede familier er ens"
    return ""


def merged(earlier: Registered, later: Registered, kept: Iterable[tuple[str, str]]) -> dict[str, Counted]:
    """The counts to publish: later ones, and in the (population, stratum) of ``kept`` the earlier ones.

    A stratum may be a place of any level: two earlier releases may have told of different ones. A table that has no earlier
    counts cannot keep them: where anything of its population is kept, it is left out, because it would show the very families
    that the others do not.
    """
    carried = set(kept)
    found = {}
    for name, table in later.tables.items():
        population = later.about[name].population
        strata = {stratum for whose, stratum in carried if whose == population}
        was = earlier.tables.get(name)
        if was is None:
            if not strata:
                found[name] = table
            continue
        cells = {key: cell for key, cell in table.cells.items() if not _places(key[0]) & strata}
        cells |= {key: cell for key, cell in was.cells.items() if _places(key[0]) & strata}
        found[name] = Counted(name, cells)
    return found


def _places(municipality: str) -> set[str]:
    """A municipality and the landsdel, region and whole that it lies in."""
    return {GEOGRAPHY.over(0, level).get(municipality, UNKNOWN) for level in range(WHOLE + 1)}


def settle(earlier: Sequence[Registered], later: Registered) -> tuple[list[Difference], dict[str, Counted]]:
    """Hold ``later`` against every earlier release (oldest first) and return the counts that may be published.

    Strata are carried forward from the latest release, so that they stand as they stood against all before it. A table
    that was not in the latest release but in one before is taken from the one that had it. What is carried forward may
    itself make a difference too small where another release told of larger places: then those are carried forward whole,
    until every difference holds; a table for which none does is left out. When a difference is not `allowed`, nothing may
    be published.
    """
    differences = [compare(one, later) for one in earlier]
    if not all(difference.allowed for difference in differences) or not earlier:
        return differences, dict(later.tables)
    kept = sorted({one for difference in differences for one in difference.carry_forward})
    latest = earlier[-1]
    known = Registered(
        release=latest.release,
        kind=latest.kind,
        recipe_hash=latest.recipe_hash,
        cohort=latest.cohort,
        snapshot_at=latest.snapshot_at,
        tables={name: table for one in earlier for name, table in one.tables.items()},
        about={name: about for one in earlier for name, about in one.about.items()},
    )
    # Each turn carries more strata forward, or ends; there are only so many.
    while True:
        counts = merged(known, later, kept)
        against = [compare(one, replace(later, tables=counts)) for one in earlier]
        more = {one for difference in against for one in difference.carry_forward} - set(kept)
        if not more:
            break
        kept = sorted({*kept, *more})
    failing = {c.table for difference in against for c in difference.changes if not c.held}
    carried = [
        replace(found, carry_forward=tuple(kept)) if found.carry_forward else found for found in differences
    ]
    return carried, {name: table for name, table in counts.items() if name not in failing}
