"""Attacks on tables (T3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import polars as pl

from evaluation.disclosure import tables
from evaluation.disclosure.attacks.between import differences
from evaluation.disclosure.attacks.parts import AttackResult, Looked, families_of, per_cent
from evaluation.disclosure.counting import MUNICIPALITY, Key
from evaluation.disclosure.delta import EVERYWHERE, Registered
from evaluation.disclosure.recipe import GEOGRAPHY
from evaluation.disclosure.tables import Attacker, TableResult, known

#: How many families A9 takes away.
TAKEN = 25
#: The share of printed numbers that stay when a family is taken away, at least.
LEAST_UNMOVED = 0.85


def on_tables(
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
    families = families_of(before)
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
        f"{per_cent(share)} af tallene står stille",
        f"Vi tog {len(taken)} familier ud én ad gangen og så, om de trykte tal ændrede sig. {per_cent(share)} af dem stod "
        f"stille (mål {per_cent(LEAST_UNMOVED)}). Et tal, der flytter sig, siger kun noget til den, der har tabellen både "
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
