"""Attacks on anonymised rows (T2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import polars as pl

from evaluation.disclosure import delta, lattice, risk
from evaluation.disclosure.attacks.between import differences
from evaluation.disclosure.attacks.extract import order_and_keys, trajectories
from evaluation.disclosure.attacks.parts import AttackResult, Looked, per_cent
from evaluation.disclosure.delta import LEAST_CHANGED, Registered
from evaluation.disclosure.recipe import UNKNOWN, Kind, Recipe, RecipeError, gate

#: What A2 lets the worst four columns tell apart, and A3 lets a class say better than all.
MOST_UNIQUE_ON_FOUR = 0.02
MOST_LIFT = 0.10
#: How many families A4 looks for.
TARGETS = 500


def on_rows(
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
        f"{len(recipe.quasi)} oplysninger. Før var {per_cent(before.unique)} af familierne alene om deres beskrivelse. "
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
        f"{per_cent(after.unique_on_four)} alene på {', '.join(after.worst_four)}",
        "Vi prøvede alle sæt af fire kolonner, også de følsomme, som en ansat kan kende. I det værste sæt er "
        f"{per_cent(after.unique_on_four)} af rækkerne alene; grænsen er {per_cent(MOST_UNIQUE_ON_FOUR)}. "
        f"Den, der kender alle kolonner om en familie, finder den i {per_cent(after.unique_on_all)} af tilfældene, og "
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
        f"mindst {after.l} forskellige værdier, højst {per_cent(after.alpha)} ens, {per_cent(lift)} bedre gæt",
        "Selv om man ikke kan finde familien, kan gruppen røbe den, hvis alle i den har samme udfald. Hver gruppe har "
        f"mindst {after.l} forskellige værdier af hver følsom oplysning (krav {recipe.l}), og højst "
        f"{per_cent(after.alpha)} har den samme (krav {per_cent(recipe.alpha)}). Et gæt ud fra gruppen rammer rigtigt "
        f"{per_cent(lift)} oftere end et gæt uden; grænsen er {per_cent(MOST_LIFT)}.",
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
