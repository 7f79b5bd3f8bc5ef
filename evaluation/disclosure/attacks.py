"""Everything an attacker might try, tried on a generated release before anybody may approve it.

Each attack answers with a result in plain Danish for a privacy officer who is no statistician: what was tried, what it
found, what that means. A result that is `hard` and has not passed stops rows (T2) and tables (T3); nobody can override it.
For a research extract (T1), which is personal data and says so, most are figures to know and only a leak is hard.

The numbers are those of docs/decisions/0030-disclosure.md. A12 (the oracle program anonymeter, and a person who tries) is not
run here: `manage.py test --oracles`, and once a year by hand.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from random import Random
from typing import Any

import numpy as np
import polars as pl

from evaluation.disclosure import delta, lattice, leaks, risk, tables
from evaluation.disclosure.attacker import Attacker, known
from evaluation.disclosure.counting import MUNICIPALITY, Counted, Key, count
from evaluation.disclosure.delta import EVERYWHERE, LEAST_CHANGED, Registered
from evaluation.disclosure.recipe import GEOGRAPHY, UNKNOWN, Kind, Recipe, RecipeError, gate
from evaluation.disclosure.tables import TableResult

#: What A2 lets the worst four columns tell apart, A3 lets a class say better than all, A5 lets known points pin down.
MOST_UNIQUE_ON_FOUR = 0.02
MOST_LIFT = 0.10
MOST_TO_ONE, MOST_TO_FEW = 0.01, 0.05
#: How many families A4 looks for, A9 takes away, A7 draws subgroups.
TARGETS, TAKEN, SUBGROUPS = 500, 25, 50
#: The share of printed numbers that stay when a family is taken away, at least.
LEAST_UNMOVED = 0.85
#: How far file order may follow the order families came in (rank correlation), for more than a handful of rows.
MOST_ORDER = 0.1


@dataclass(frozen=True)
class AttackResult:
    """One attack. ``figure``: what was found, short. ``words``: for a privacy officer. ``hard``: failing stops T2 and T3."""

    code: str
    title: str
    passed: bool
    hard: bool
    figure: str
    words: str

    def describe(self) -> dict[str, Any]:
        """For the report."""
        return asdict(self)

    @property
    def stops(self) -> bool:
        """Whether nobody may approve."""
        return self.hard and not self.passed


@dataclass(frozen=True)
class Looked:
    """What the attacks get besides the release itself. All of it is optional, and what is missing is not guessed.

    ``recipe``: of rows, frozen. ``registered``: this release as the registry will keep it. ``allowed``, ``canaries``,
    ``dates_in``: see `leaks.scan`. ``identifiers``: by family, the CPR numbers and internal ids that a pseudonym must not be
    made from without a key. ``arrival``: the families in the order they came in. ``events``: of families, for A5.
    """

    recipe: Recipe | None = None
    registered: Registered | None = None
    allowed: leaks.Allowed | None = None
    canaries: Sequence[str] = ()
    dates_in: Sequence[str] = ()
    identifiers: Mapping[str, Sequence[str]] | None = None
    arrival: Sequence[str] | None = None
    events: pl.DataFrame | None = None
    seed: int = 0


After = pl.DataFrame | Sequence[TableResult]


def run(
    kind: str,
    *,
    before: Mapping[str, pl.DataFrame],
    after: After,
    earlier: Sequence[Registered] = (),
    files: Mapping[str, bytes] | None = None,
    looked: Looked | None = None,
) -> list[AttackResult]:
    """Every attack that fits a release of ``kind`` (T1, T2 or T3).

    ``before``: the rows by dataset. ``after``: the released rows (T1: those of the registration; T2: of `lattice.apply`) or the
    tables (T3). ``earlier``: what the registry keeps of every earlier release of the same families. ``files``: the
    finished files by name. Raises ValueError for another kind, or rows (T2) without a recipe.
    """
    given = looked or Looked()
    written = files or {}
    if kind == "T3" and not isinstance(after, pl.DataFrame):
        found = _on_tables(before, list(after), earlier, given)
    elif kind == "T2" and isinstance(after, pl.DataFrame):
        if given.recipe is None:
            raise ValueError("rows are attacked by their recipe")
        found = _on_rows(_families(before), after, earlier, given, given.recipe)
    elif kind == "T1" and isinstance(after, pl.DataFrame):
        found = _on_extract(after, given)
    else:
        raise ValueError(f"{kind} is no kind of release that this can be")
    found.append(leak_scan(written, given))
    if kind != "T1":
        found.append(gates_hold(kind, before=before, after=after, files=written, looked=given))
    return sorted(found, key=lambda one: int(one.code[1:]))


def _families(before: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return before.get("families", before.get("registration", next(iter(before.values()))))


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


# Rows (T2).


def _on_rows(
    before: pl.DataFrame, after: pl.DataFrame, earlier: Sequence[Registered], looked: Looked, recipe: Recipe
) -> list[AttackResult]:
    quasi = [h.name for h in recipe.quasi]
    secret = [s.column for s in recipe.sensitive]
    was = before.with_columns(h.labels(before, 0) for h in recipe.quasi)
    measured_before = risk.measure(was, quasi, secret, family=recipe.family, k=recipe.k)
    measured = risk.measure(_with_reasons(after, secret), quasi, secret, k=recipe.k)
    return [
        enough(before, recipe, small_classes(measured, measured_before, recipe)),
        unique_on_four(measured),
        homogeneous(measured, recipe),
        linked(before, after, recipe, seed=looked.seed),
        trajectories(looked, hard=True),
        same_families_again(earlier, looked.registered),
        differences(earlier, looked.registered, looked.seed),
        membership_of_rows(before, recipe, seed=looked.seed),
        order_and_keys(after, looked),
        own_oracle(before, recipe, seed=looked.seed),
    ]


def _with_reasons(after: pl.DataFrame, secret: Sequence[str]) -> pl.DataFrame:
    """Released rows with the reason standing in for a missing sensitive value, as an attacker reads them."""
    return after.with_columns(
        pl.col(name).cast(pl.String).fill_null("~" + pl.col(f"{name}_missing").fill_null(UNKNOWN))
        for name in secret
        if f"{name}_missing" in after.columns
    )


def small_classes(after: risk.Risk, before: risk.Risk, recipe: Recipe) -> AttackResult:
    """A1: families alike in everything that others may know of them."""
    return AttackResult(
        "A1",
        "Kan nogen genkendes på det, andre ved?",
        after.smallest >= recipe.k,
        True,
        f"mindste gruppe: {after.smallest} familier",
        f"Vi gjorde, som en nabo eller tidligere partner kunne: fandt alle familier, der ser ens ud på "
        f"{len(recipe.quasi)} oplysninger. Før var {_per_cent(before.unique)} af familierne alene om deres beskrivelse. "
        f"Nu er den mindste gruppe på {after.smallest} familier, og kravet er {recipe.k}: den, der leder efter én, kan "
        "ikke komme nærmere end gruppen.",
    )


def enough(before: pl.DataFrame, recipe: Recipe, found: AttackResult) -> AttackResult:
    """A1 fails below the population gate too, whatever the classes are."""
    asked = gate(before, recipe)
    return found if asked.open else replace(found, passed=False, words=f"{asked.words} {found.words}")


def unique_on_four(after: risk.Risk) -> AttackResult:
    """A2: any four released columns, the sensitive ones among them."""
    return AttackResult(
        "A2",
        "Kan nogen genkendes på fire tilfældige kolonner?",
        after.unique_on_four <= MOST_UNIQUE_ON_FOUR,
        True,
        f"{_per_cent(after.unique_on_four)} alene på {', '.join(after.worst_four)}",
        "Vi prøvede alle sæt af fire kolonner, også de følsomme, som en ansat kan kende. I det værste sæt er "
        f"{_per_cent(after.unique_on_four)} af rækkerne alene; grænsen er {_per_cent(MOST_UNIQUE_ON_FOUR)}. "
        f"Den, der kender alle kolonner om en familie, finder den i {_per_cent(after.unique_on_all)} af tilfældene, og "
        "derfor udleveres rækkerne kun under vilkår og lægges aldrig åbent ud.",
    )


def homogeneous(after: risk.Risk, recipe: Recipe) -> AttackResult:
    """A3: what a class gives away of everybody in it."""
    lift = max((one.lift for one in after.of_values), default=0.0)
    held = after.l >= recipe.l and after.alpha <= recipe.alpha + lattice.SAME and lift <= MOST_LIFT
    return AttackResult(
        "A3",
        "Røber en gruppe noget om alle i den?",
        held,
        True,
        f"mindst {after.l} forskellige værdier, højst {_per_cent(after.alpha)} ens, {_per_cent(lift)} bedre gæt",
        "Selv om man ikke kan finde familien, kan gruppen røbe den, hvis alle i den har samme udfald. Hver gruppe har "
        f"mindst {after.l} forskellige værdier af hver følsom oplysning (krav {recipe.l}), og højst "
        f"{_per_cent(after.alpha)} har den samme (krav {_per_cent(recipe.alpha)}). Et gæt ud fra gruppen rammer rigtigt "
        f"{_per_cent(lift)} oftere end et gæt uden; grænsen er {_per_cent(MOST_LIFT)}.",
    )


def linked(before: pl.DataFrame, after: pl.DataFrame, recipe: Recipe, *, seed: int) -> AttackResult:
    """A4: somebody has the true descriptions of families, exactly or one off, and looks them up in the release."""
    if recipe.node is None:
        raise ValueError("the recipe is not frozen")
    chance = Random(seed)
    at = list(range(before.height))
    known_rows = before[chance.sample(at, min(TARGETS, len(at)))]
    names = [h.name for h in recipe.quasi]
    classes = after.group_by(names).agg(pl.len().alias("candidates"))
    blank = int(
        after.filter(pl.all_horizontal(pl.col(f"{name}_missing").is_not_null() for name in names)).height
    )
    fewest, few = 1 << 30, 0
    noisy = known_rows.with_columns(
        (
            pl.col(h.columns[0]) + pl.Series([chance.choice((-1, 0, 1)) for _ in range(known_rows.height)])
        ).alias(h.columns[0])
        for h in recipe.quasi
        if h.kind is Kind.BANDS
    )
    for rows in (known_rows, noisy):
        labels = pl.DataFrame(
            [
                h.labels(rows, level)
                if level < len(h.levels) - 1
                else pl.Series(h.name, [None], dtype=pl.String).new_from_index(0, rows.height)
                for h, level in zip(recipe.quasi, recipe.node, strict=True)
            ]
        )
        met = labels.join(classes, on=names, how="left", nulls_equal=True)["candidates"].fill_null(0)
        # Who is found in no class is one of the blanked rows, or not there at all.
        fits = met.set(met == 0, blank).filter(met.set(met == 0, blank) > 0)
        fewest = min(fewest, *fits.to_list(), 1 << 30)
        few += int((fits < recipe.k).sum())
    return AttackResult(
        "A4",
        "Kan filen kobles med en liste over rigtige familier?",
        few == 0,
        True,
        f"færrest mulige: {fewest} familier",
        f"Vi tog {known_rows.height} rigtige familiers alder, start, sted og resten, præcist og med en fejl på et år, og slog "
        f"dem op i filen. Ingen opslag gav færre end {fewest} mulige familier (krav {recipe.k}); "
        f"{few} opslag gav færre.",
    )


def trajectories(looked: Looked, *, hard: bool) -> AttackResult:
    """A5: two or four known moments of a family's way."""
    title = "Kan nogen genkendes på forløbet?"
    if looked.events is None:
        return AttackResult(
            "A5",
            title,
            True,
            hard,
            "ingen forløb",
            "Filen har en linje for hver familie og ingen forløb over tid.",
        )
    two, four = (risk.trajectory(looked.events, points=points, seed=looked.seed) for points in (2, 4))
    one, few = max(two.to_one, four.to_one), max(two.to_few, four.to_few)
    return AttackResult(
        "A5",
        title,
        one <= MOST_TO_ONE and few <= MOST_TO_FEW,
        hard,
        f"{_per_cent(one)} fundet, {_per_cent(few)} blandt færre end fem",
        "Vi lod, som om nogen kender to eller fire tidspunkter i en families forløb, og ledte efter alle, der passer. "
        f"{_per_cent(one)} af familierne var så den eneste (grænse {_per_cent(MOST_TO_ONE)}), og {_per_cent(few)} var "
        f"blandt færre end fem (grænse {_per_cent(MOST_TO_FEW)}).",
    )


def same_families_again(earlier: Sequence[Registered], registered: Registered | None) -> AttackResult:
    """A6: the same row id, or a class that an earlier release splits."""
    title = "Kan to udleveringer kobles række for række?"
    rows = [one for one in earlier if one.kind == "T2"]
    if registered is None or not rows:
        return AttackResult(
            "A6",
            title,
            True,
            True,
            "ingen tidligere rækker",
            "Der er ingen tidligere udlevering af rækker at koble med.",
        )
    shared = sum(bool(set(one.row_ids) & set(registered.row_ids)) for one in rows)
    split = sum(not delta.compare(one, registered).allowed for one in rows)
    return AttackResult(
        "A6",
        title,
        not shared and not split,
        True,
        f"{shared} med samme rækkenumre, {split} med delte grupper",
        f"Vi lagde filen over {len(rows)} tidligere. Rækkenumre må aldrig gå igen, for så kan den samme familie følges "
        f"({shared} gange gjorde de det), og en gruppe må ikke deles i mindre end {LEAST_CHANGED} familier, når man ser "
        f"begge filer ({split} gange).",
    )


def membership_of_rows(before: pl.DataFrame, recipe: Recipe, *, seed: int) -> AttackResult:
    """A9 for rows: with one family less, would the release still be made?"""
    if recipe.node is None:
        raise ValueError("the recipe is not frozen")
    chance = Random(seed)
    turned = 0
    tried = min(5, before.height)
    for at in chance.sample(range(before.height), tried):
        try:
            lattice.search(before.filter(pl.int_range(pl.len()) != at), recipe)
        except RecipeError:
            turned += 1
    return AttackResult(
        "A9",
        "Kan man se, om en bestemt familie er med?",
        turned == 0,
        True,
        f"{turned} af {tried} gange",
        f"Vi tog {tried} familier ud én ad gangen og lavede udleveringen igen. Hvis den så ikke kunne gives, ville alene "
        f"det, at den gives, røbe familien. Det skete {turned} gange.",
    )


def own_oracle(before: pl.DataFrame, recipe: Recipe, *, seed: int) -> AttackResult:
    """A13: on a small draw of the same rows, the search and a look at every single possibility agree."""
    rows = before.sample(min(150, before.height), seed=seed)
    few = replace(
        recipe, quasi=recipe.quasi[:1] + recipe.quasi[-2:], k=3, l=1, alpha=1.0, node=None, max_suppressed=0.2
    )
    answers = []
    for way in (lattice.search, lattice.brute_force):
        try:
            found = way(rows, few)
            answers.append((found.node, round(found.loss, 9), found.suppressed))
        except RecipeError:
            answers.append(((), 0.0, 0))
    agree = answers[0] == answers[1]
    return AttackResult(
        "A13",
        "Regner programmet rigtigt?",
        agree,
        True,
        "enige" if agree else "uenige",
        "På et lille udsnit af rækkerne fandt vi den bedste sammenlægning på to uafhængige måder: med programmet, og ved at "
        f"prøve alle muligheder. De er {'enige' if agree else 'UENIGE'}.",
    )


# The research extract (T1).


def _on_extract(after: pl.DataFrame, looked: Looked) -> list[AttackResult]:
    quasi = [name for name in _QUASI if name in after.columns]
    found = []
    if quasi and after.height:
        measured = risk.measure(after, quasi, [name for name in _SECRET if name in after.columns])
        found.append(
            AttackResult(
                "A1",
                "Kan nogen genkendes på det, andre ved?",
                measured.smallest >= LEAST_CHANGED,
                False,
                f"{_per_cent(measured.unique)} er alene",
                f"Af {measured.families} familier er {_per_cent(measured.unique)} alene om deres beskrivelse. Filen er "
                "personoplysninger og må kun bruges af de navngivne i aftalen; navne og numre er væk, men familierne kan "
                "genkendes af den, der kender dem.",
            )
        )
    found.append(trajectories(looked, hard=False))
    found.append(order_and_keys(after, looked))
    return found


_QUASI = (
    "municipality_code", "started_on", "started_half", "age_parent_1", "age_parent_2", "older_children",
    "child_at_start", "home_language",
)  # fmt: skip
_SECRET = ("outcome", "employment_parent_1", "home_before")


def order_and_keys(after: pl.DataFrame, looked: Looked) -> AttackResult:
    """A11: ids made from something guessable without a key, and an order that says who came first."""
    ids = next(
        (after[name].cast(pl.String).to_list() for name in ("row_id", "family_id") if name in after.columns),
        [],
    )
    guessed = sum(one in ids for one in _guesses(looked.identifiers or {}))
    order = 0.0
    if looked.arrival and "family_id" in after.columns and after.height >= 20:
        place = {family: number for number, family in enumerate(looked.arrival)}
        came = [place[family] for family in after["family_id"].to_list() if family in place]
        order = abs(_correlation(came))
    allowed = max(MOST_ORDER, 3 / max(after.height, 1) ** 0.5)
    along = f"{order:.2f}".replace(".", ",")
    return AttackResult(
        "A11",
        "Kan nøglen gættes, eller røber rækkefølgen noget?",
        not guessed and order <= allowed,
        True,
        f"{guessed} gættet, rækkefølge {along}"
        if looked.identifiers or looked.arrival
        else "ikke prøvet her",
        (
            "Vi regnede kendte CPR-numre og interne numre om på de almindelige måder uden nøgle og ledte efter resultatet i "
            f"filen: {guessed} passede. "
            if looked.identifiers
            else "Om et kendt nummer kan regnes om til filens, er ikke prøvet her: programmet, der laver filerne, kender ingen "
            "numre. Det prøves, hver gang systemet ændres. "
        )
        + (
            f"Filens rækkefølge følger den, familierne kom i, med {along} (0 er slet ikke, 1 er helt)."
            if looked.arrival
            else "Filens rækker står efter deres pseudonym eller tilfældigt."
        ),
    )


def _guesses(identifiers: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """What an id would be if it were made from a known number without a key, or with a thoughtless one."""
    for known_of in identifiers.values():
        for value in known_of:
            raw = value.encode()
            digests = [hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256")]
            digests += [
                hmac.new(key, raw, "sha256").hexdigest() for key in (b"", b"key", b"secret", b"\0" * 32)
            ]
            yield value
            for digest in digests:
                yield from (digest, digest[:16], digest[:20], digest[:32])


def _correlation(numbers: Sequence[int]) -> float:
    """Spearman's rank correlation of a sequence with its own order."""
    if len(numbers) < 3:
        return 0.0
    ranks = np.argsort(np.argsort(np.asarray(numbers)))
    return float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1])


# Tables (T3).


def _on_tables(
    before: Mapping[str, pl.DataFrame],
    results: list[TableResult],
    earlier: Sequence[Registered],
    looked: Looked,
) -> list[AttackResult]:
    return [
        small_cells(results),
        flagged(results),
        differences(earlier, looked.registered, looked.seed),
        reconstruction(results),
        membership_of_tables(before, results, earlier, seed=looked.seed),
        two_programs(results),
    ]


def small_cells(results: Sequence[TableResult]) -> AttackResult:
    """A1 for tables: every printed count and mean has the families that the rules ask."""
    small = []
    for result in results:
        strata: dict[str, int] = {}
        for cell in result.inner:
            families = result.held[cell.at]
            if result.spec.counts:
                if cell.value and 0 < families <= result.rules.hide:
                    small.append(result.spec.name)
                if cell.value is not None and result.rules.rounds and cell.value % result.rules.round_to:
                    small.append(result.spec.name)
                place = cell.at[0] if GEOGRAPHY.name in result.names else EVERYWHERE
                strata[place] = strata.get(place, 0) + families
            elif cell.value is not None and families < result.rules.min_mean:
                small.append(result.spec.name)
        if strata and min(strata.values()) < result.rules.min_stratum:
            small.append(result.spec.name)
    refused = sum(bool(result.refused) for result in results)
    hidden = sum(result.hidden for result in results)
    return AttackResult(
        "A1",
        "Er der små tal i tabellerne?",
        not small,
        True,
        f"{len(small)} for små",
        f"Vi gik alle tal i {len(results) - refused} tabeller igennem. {len(small)} var mindre, end reglerne tillader. "
        f"{hidden} tal er skjult, og {refused} tabeller er afvist, fordi de ikke kan vises forsvarligt.",
    )


def flagged(results: Sequence[TableResult]) -> AttackResult:
    """A3 for tables: cells that say nobody or everybody of something sensitive."""
    cells = [(result.spec.title, cell) for result in results for cell in result.flagged]
    return AttackResult(
        "A3",
        "Siger en tabel noget om alle i en gruppe?",
        not cells,
        False,
        f"{len(cells)} celler med 0 % eller 100 %",
        "Står der nul eller alle ved noget følsomt, ved man det om hver familie i gruppen. "
        + (
            f"Det gør der i {len(cells)} celler ({', '.join(sorted({title for title, _ in cells})[:5])}); den, der gennemser, "
            "skal tage stilling til dem."
            if cells
            else "Det gør der ingen steder."
        ),
    )


def differences(earlier: Sequence[Registered], registered: Registered | None, seed: int) -> AttackResult:
    """A7: this release minus every earlier one, by stratum and by random groups of strata."""
    title = "Kan man se nye familier ved at trække fra en tidligere udlevering?"
    if registered is None or not earlier:
        return AttackResult(
            "A7", title, True, True, "ingen tidligere", "Der er ingen tidligere udlevering at trække fra."
        )
    failing = []
    smallest = 0
    for one in earlier:
        found = delta.compare(one, registered)
        # Carrying forward has been done before this: what still differs by few is a failure.
        if not found.allowed or found.carry_forward:
            failing.append(one.release)
        moved = [change.added + change.removed for change in found.changes if change.added or change.removed]
        smallest = min([smallest, *moved]) if smallest else min(moved, default=0)
        if _subgroup(found.changes, seed):
            failing.append(one.release)
    names = ", ".join(dict.fromkeys(failing))
    return AttackResult(
        "A7",
        title,
        not failing,
        True,
        f"{len(set(failing))} af {len(earlier)} udleveringer",
        f"Vi trak hver af {len(earlier)} tidligere udleveringer fra denne, sted for sted, og for {SUBGROUPS} tilfældige "
        f"grupper af steder og resten. Der skal være ingen eller mindst {LEAST_CHANGED} ændrede familier bag hver "
        "forskel. " + (f"Det holder ikke mod {names}." if failing else "Det holder alle steder."),
    )


def _subgroup(changes: Sequence[delta.Change], seed: int) -> bool:
    """Whether some random group of strata, or all the others, changed by a few families."""
    chance = Random(seed)
    by_table: dict[str, list[delta.Change]] = {}
    for change in changes:
        by_table.setdefault(change.table, []).append(change)
    for ours in by_table.values():
        for _ in range(SUBGROUPS if len(ours) > 1 else 0):
            inside = [change for change in ours if chance.random() < 0.5]
            outside = [change for change in ours if change not in inside]
            for group in (inside, outside):
                moved = max(sum(change.added for change in group), sum(change.removed for change in group))
                if 0 < moved < LEAST_CHANGED:
                    return True
    return False


def reconstruction(results: Sequence[TableResult]) -> AttackResult:
    """A8: everything that is printed as equations, and a solver."""
    found = tables.audit(results)
    exact = sum(one.exact for one in found)
    hidden = sum(result.hidden for result in results)
    return AttackResult(
        "A8",
        "Kan skjulte tal regnes ud?",
        not found,
        True,
        f"{exact} præcist, {len(found)} for tæt på",
        f"Vi satte et regneprogram til at finde hvert af de {hidden} skjulte tal ud fra alle tabellerne på én gang, deres "
        f"summer og det, der er fælles for dem. {exact} kunne findes præcist, og {len(found)} kunne klemmes inde mellem "
        "to tal, der ligger for tæt.",
    )


def membership_of_tables(
    before: Mapping[str, pl.DataFrame],
    results: Sequence[TableResult],
    earlier: Sequence[Registered],
    *,
    seed: int,
) -> AttackResult:
    """A9: the tables with one family less: how many of the printed numbers move?"""
    title = "Kan man se, om en bestemt familie er med?"
    rounded = [r for r in results if r.rules.rounds and r.spec.measure == "families" and not r.refused]
    families = _families(before)
    if not rounded or not families.height:
        return AttackResult(
            "A9", title, True, False, "ingen afrundede tal", "Der er ingen afrundede tabeller at prøve på."
        )
    chance = Random(seed)
    everybody = sorted(families["family_id"].to_list())
    taken = chance.sample(everybody, min(TAKEN, len(everybody)))
    stayed = asked = 0
    for result in rounded:
        counted = {key: result.held[key] for key in (cell.at for cell in result.inner)}
        home = _cell_of(before, result)
        for family in taken:
            at = home.get(family)
            asked += len(counted)
            stayed += len(counted)
            if at in counted:
                number = counted[at]
                same = _printed(number, result) == _printed(number - 1, result)
                stayed -= 0 if same else 1
    share = stayed / asked if asked else 1.0
    return AttackResult(
        "A9",
        title,
        share >= LEAST_UNMOVED,
        False,
        f"{_per_cent(share)} af tallene står stille",
        f"Vi tog {len(taken)} familier ud én ad gangen og så, om de trykte tal ændrede sig. {_per_cent(share)} af dem stod "
        f"stille (mål {_per_cent(LEAST_UNMOVED)}). Et tal, der flytter sig, siger kun noget til den, der har tabellen både "
        "med og uden familien, og det forhindrer reglen om forskelle.",
    )


def _printed(number: int, result: TableResult) -> int | None:
    return None if 0 < number <= result.rules.hide else result.rules.rounded(number)


def _cell_of(before: Mapping[str, pl.DataFrame], result: TableResult) -> dict[str, Key]:
    """Which cell of a table each family stands in."""
    frame = before.get(result.spec.dataset)
    if frame is None or MUNICIPALITY not in frame.columns:
        return {}
    for column, codes in result.spec.where:
        frame = frame.filter(pl.col(column).cast(pl.String).is_in(list(codes)))
    labels = [dim.hierarchy.labels(frame, dim.level).to_list() for dim in result.dims]
    return dict(zip(frame["family_id"].to_list(), zip(*labels, strict=True), strict=True)) if labels else {}


def two_programs(results: Sequence[TableResult]) -> AttackResult:
    """A13 for tables: what one program hid, another one cannot find; and what is printed fits together."""
    attacker = Attacker(results)
    contradicting = 0
    for table, result in enumerate(attacker.results):
        for cell in result.inner:
            low, high = known(result.rules, cell.value, True)
            true = result.held[cell.at]
            contradicting += not (low <= true <= high)
        contradicting += 0 if attacker.of[table] else 1
    return AttackResult(
        "A13",
        "Regner programmet rigtigt?",
        not contradicting,
        True,
        f"{contradicting} modsigelser",
        "Tal skjules ét sted (af tau-Argus, når tabeller ikke er afrundet) og efterprøves af et andet program. Sandheden skal "
        "ligge "
        f"inden for det, angriberen kan slutte sig til, for hvert tal. {contradicting} gange gjorde den ikke.",
    )


# All kinds.


def leak_scan(files: Mapping[str, bytes], looked: Looked) -> AttackResult:
    """A10: a look through every finished file."""
    hits = leaks.scan(files, looked.allowed or {}, looked.canaries, dates_in=looked.dates_in)
    where = ", ".join(sorted({f"{hit.kind} i {hit.file}" for hit in hits})[:5])
    return AttackResult(
        "A10",
        "Står der noget i filerne, der ikke må stå der?",
        not hits and bool(files),
        True,
        f"{len(hits)} fund i {len(files)} filer" if files else "ingen filer",
        f"Vi læste alle {len(files)} filer igennem, også navne, tekster og skjulte oplysninger om filen, efter CPR-numre, "
        "telefonnumre, adresser, datoer og navne"
        + (", og ord plantet i journalen for at se, om de slipper ud. " if looked.canaries else ". ")
        + (
            f"Der er {len(hits)} fund: {where}."
            if hits
            else "Der er ingen fund."
            if files
            else "Der var ingen filer."
        ),
    )


#: What is planted to see whether A10 finds it: nobody's number, on a day that is.
PLANTED_CPR = "311299-0000"


def gates_hold(
    kind: str,
    *,
    before: Mapping[str, pl.DataFrame],
    after: After,
    files: Mapping[str, bytes],
    looked: Looked,
) -> AttackResult:
    """A14: spoil a copy of the release in every way there is a gate for; each must be caught."""
    spoiled: dict[str, bool] = {"et CPR-nummer i en note": _catches_cpr(looked)}
    if kind == "T2" and isinstance(after, pl.DataFrame) and looked.recipe is not None:
        spoiled["en gruppe på én for lidt"] = _catches_small_class(after, looked.recipe)
    if kind == "T3" and not isinstance(after, pl.DataFrame):
        counted = next((r for r in after if r.spec.measure == "families" and r.inner and not r.refused), None)
        if counted is not None:
            spoiled["et lille tal"] = _catches_small_cell(counted)
            spoiled["tre nye familier"] = _catches_three(before, counted)
    missed = [what for what, caught in spoiled.items() if not caught]
    return AttackResult(
        "A14",
        "Virker kontrollerne?",
        not missed,
        True,
        f"{len(spoiled) - len(missed)} af {len(spoiled)} fanget",
        f"Vi ødelagde med vilje en kopi af udleveringen på {len(spoiled)} måder ({', '.join(spoiled)}) og så, om "
        "kontrollerne opdagede det. "
        + (f"De overså {', '.join(missed)}." if missed else "De opdagede det hver gang."),
    )


def _catches_cpr(looked: Looked) -> bool:
    out = io.StringIO()
    csv.writer(out).writerows([["note"], [f"ring om {PLANTED_CPR}"]])
    spoiled = {
        "note.csv": out.getvalue().encode(),
        "codebook.json": f'{{"title": "{PLANTED_CPR}"}}'.encode(),
    }
    hits = leaks.scan(spoiled, looked.allowed or {}, looked.canaries, dates_in=looked.dates_in)
    return {hit.file for hit in hits if hit.kind == "CPR"} == set(spoiled)


def _catches_small_class(after: pl.DataFrame, recipe: Recipe) -> bool:
    names = [h.name for h in recipe.quasi]
    secret = [s.column for s in recipe.sensitive]
    smallest = after.group_by(names).agg(pl.len().alias("n")).sort("n", *names).head(1).drop("n")
    marked = after.join(
        smallest.with_columns(pl.lit(True).alias("in")), on=names, how="left", nulls_equal=True
    )
    inside = marked.filter(pl.col("in").fill_null(False)).drop("in").head(recipe.k - 1)
    outside = marked.filter(~pl.col("in").fill_null(False)).drop("in")
    measured = risk.measure(pl.concat([outside, inside]), names, secret, k=recipe.k)
    return not small_classes(measured, measured, recipe).passed


def _catches_small_cell(result: TableResult) -> bool:
    at = result.inner[0].at
    held = {**result.held, at: min(6, result.rules.hide)}
    cells = tuple(replace(c, value=held[at], reason="") if c.at == at else c for c in result.cells)
    return not small_cells([replace(result, cells=cells, held=held)]).passed


def _catches_three(before: Mapping[str, pl.DataFrame], result: TableResult) -> bool:
    counted = count(before, result.spec)
    if not counted.cells:
        return False
    at, cell = max(counted.cells.items(), key=lambda one: one[1].families)
    more = Counted(
        counted.spec_name,
        {**counted.cells, at: replace(cell, families=cell.families + 3, rows=cell.rows + 3)},
    )
    kept = [
        delta.Registered(
            release=name,
            kind="T3",
            recipe_hash="",
            cohort="",
            snapshot_at=_ANY_DAY,
            tables={result.spec.name: table},
            about={result.spec.name: delta.About.of(result.spec, result.rules, result)},
        )
        for name, table in (("før", counted), ("efter", more))
    ]
    return not differences(kept[:1], kept[1], 0).passed


_ANY_DAY = datetime(2026, 1, 1)
