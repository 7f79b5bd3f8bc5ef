"""The attack on two releases of the same families: one minus the other."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from evaluation.disclosure import delta
from evaluation.disclosure.attacks.parts import AttackResult
from evaluation.disclosure.delta import LEAST_CHANGED, Registered

#: How many subgroups A7 draws.
SUBGROUPS = 50


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
