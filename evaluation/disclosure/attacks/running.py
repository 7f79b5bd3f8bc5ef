"""All attacks that fit one release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from evaluation.disclosure.attacks.extract import on_extract
from evaluation.disclosure.attacks.files import gates_hold, leak_scan
from evaluation.disclosure.attacks.parts import After, AttackResult, Looked, families_of
from evaluation.disclosure.attacks.rows import on_rows
from evaluation.disclosure.attacks.tables import on_tables
from evaluation.disclosure.delta import Registered


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
        found = on_tables(before, list(after), earlier, given)
    elif kind == "T2" and isinstance(after, pl.DataFrame):
        if given.recipe is None:
            raise ValueError("rows are attacked by their recipe")
        found = on_rows(families_of(before), after, earlier, given, given.recipe)
    elif kind == "T1" and isinstance(after, pl.DataFrame):
        found = on_extract(after, given)
    else:
        raise ValueError(f"{kind} is no kind of release that this can be")
    found.append(leak_scan(written, given))
    if kind != "T1":
        found.append(gates_hold(kind, before=before, after=after, files=written, looked=given))
    return sorted(found, key=lambda one: int(one.code[1:]))
