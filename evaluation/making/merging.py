"""Rare codes of an extract (T1) put together, so that no fact of a few families stands in a word of its own.

Held to are the lists of codes that say something of a family or its people: what a row is (its key and order) and what
staff did stay as they are. A code that fewer families than `RARE_BELOW` have becomes `MERGED`; so do the next rarest,
until `MERGED` has as many, because one rare code under another word is still that code. Where everybody together is
fewer, `MERGED` says no more than that there is something. In an extract of fewer than `RARE_FROM` families codes stay (``below``
0): all would become one. The code table stays whole, with `MERGED` last: it is the same
in each extract, and says nothing of which codes were rare.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from evaluation.formats import Table
from evaluation.limits import RARE_BELOW, RARE_FROM
from evaluation.variables.declared import Dataset, Sort, Variable

FAMILY = "family_id"
#: No list of ours has this code: "other" is on several, and means something there.
MERGED = "merged_rare"
#: What describes a family or its people; all else is what was done, or an id.
DESCRIBES = frozenset({Sort.QUASI_IDENTIFYING, Sort.SENSITIVE, Sort.OUTCOME})


def may_merge(dataset: Dataset, variable: Variable) -> bool:
    """Whether rare codes of the variable are put together."""
    structure = variable.name in dataset.key or variable.name in dataset.order
    listed = variable.type == "string" and bool(variable.values)
    named = any(one.name == FAMILY for one in dataset.variables)
    return listed and named and not structure and variable.sort in DESCRIBES


def rare(codes: pl.Series, family: pl.Series, below: int = RARE_BELOW) -> list[str]:
    """The codes that become one: those of fewer than ``below`` families, and the next rarest until they have as many."""
    seen = pl.DataFrame({"code": codes, FAMILY: family}).drop_nulls()
    often = seen.group_by("code").agg(pl.col(FAMILY).n_unique().alias("families")).sort("families", "code")
    found: list[str] = []
    for code, families in often.iter_rows():
        if families >= below:
            together = seen.filter(pl.col("code").is_in(found))[FAMILY].n_unique()
            if not found or together >= below:
                break
        found.append(code)
    return found


def merged(table: Table, below: int = RARE_BELOW) -> tuple[Table, tuple[str, ...]]:
    """The table with rare codes put together, and the titles of the variables in which there were some."""
    dataset, frame = table.dataset, table.frame
    titles = []
    for variable in dataset.variables:
        if not may_merge(dataset, variable):
            continue
        few = rare(frame[variable.name], frame[FAMILY], below)
        if few:
            titles.append(variable.title)
            kept = pl.when(pl.col(variable.name).is_in(few)).then(pl.lit(MERGED)).otherwise(variable.name)
            frame = frame.with_columns(kept.alias(variable.name))
        dataset = changed(dataset, _declared(variable))
    return Table(dataset, frame), tuple(titles)


def _declared(variable: Variable) -> Variable:
    said = (
        f"Koder, som færre end {RARE_BELOW} familier i udtrækket har, er lagt sammen til den sidste kode, når der er mindst "
        f"{RARE_FROM} familier i det."
    )
    said_en = (
        f"Codes that fewer than {RARE_BELOW} families of the extract have are put together as the last code, when it has at "
        f"least {RARE_FROM} families."
    )
    return replace(
        variable,
        values={**variable.values, MERGED: "Andet (sjældne koder lagt sammen)"},
        values_en={**variable.values_en, MERGED: "Other (rare codes put together)"}
        if variable.values_en
        else {},
        description=f"{variable.description} {said}".strip(),
        description_en=f"{variable.description_en} {said_en}".strip(),
    )


def changed(dataset: Dataset, variable: Variable) -> Dataset:
    """The dataset with ``variable`` in the place of the one of its name."""
    return replace(
        dataset, variables=tuple(variable if v.name == variable.name else v for v in dataset.variables)
    )
