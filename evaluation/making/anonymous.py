"""T2: anonymised rows, where there are families enough, by one recipe that is frozen with the first release."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import polars as pl
from django.conf import settings

from evaluation.dataset_names import DatasetName
from evaluation.disclosure import delta, lattice, recipe, risk
from evaluation.disclosure.delta import Registered
from evaluation.disclosure.recipe import Recipe
from evaluation.formats import Table
from evaluation.making.parts import Content, Read, Unreleasable
from evaluation.variables import DATASETS, Dataset, Variable
from evaluation.variables.declared import Sort

#: The rows are made of this dataset's.
SOURCE = "registration"


def content_of(
    read: Read,
    earlier: Sequence[Registered],
    frozen: Recipe | None,
    *,
    release: str,
    snapshot_at: datetime,
    wanted: Recipe = recipe.T2,
) -> Content:
    """The rows, each described as coarsely as the recipe needs.

    ``frozen``: the recipe of the first release with its levels, when there is one. Raises Unreleasable below the gate of
    families, for a changed recipe, when no coarsening holds, and when a difference would show a family.
    """
    frame = read.frames[SOURCE]
    covered = {name for dataset in read.datasets for name in dataset.columns}
    needed = {name for h in wanted.quasi for name in h.columns} | {s.column for s in wanted.sensitive}
    if read.every and not needed <= covered:
        raise Unreleasable(
            "Aftalen dækker ikke alle de oplysninger i registreringsskemaet, som rækkerne beskrives med."
        )
    gate = recipe.gate(frame, wanted)
    if not gate.open:
        raise Unreleasable(gate.words)
    try:
        chosen = frozen or wanted.frozen_at(lattice.search(frame, wanted).node)
    except recipe.RecipeError as error:
        raise Unreleasable(str(error)) from error
    changed = recipe.check_frozen(chosen.hash, wanted.frozen_at(chosen.node or ()))
    if changed:
        raise Unreleasable(changed)
    node = chosen.node or ()
    try:
        rows = lattice.apply(frame, chosen, node, seed=_seed(release))
    except recipe.RecipeError as error:
        raise Unreleasable(str(error)) from error
    registered = delta.register_rows(
        release=release, recipe=chosen, cohort=",".join(map(str, read.municipalities)), snapshot_at=snapshot_at,
        frame=frame, released=rows,
    )  # fmt: skip
    differences = [delta.compare(one, registered) for one in earlier]
    for difference in differences:
        if not difference.allowed:
            raise Unreleasable(difference.reason)
    blanked = int((rows[f"{chosen.quasi[0].name}_missing"] == lattice.BLANKED).sum())
    return Content(
        tables=(Table(dataset_of(chosen), rows),),
        said={
            "recipe": chosen,
            "before": frame,
            "after": rows,
            "differences": differences,
            "risk": _risk(frame, rows, chosen),
            "loss": _loss(chosen, rows.height, blanked),
        },
        recipe_hash=chosen.hash,
        registered=registered,
        families_out=rows.height,
        suppressed_rows=blanked,
    )


def _seed(release: str) -> bytes:
    """Another one for each release, and the same when one is built again."""
    return hmac.new(settings.PSEUDONYM_KEY, f"rows|{release}".encode(), hashlib.sha256).digest()


def dataset_of(chosen: Recipe) -> Dataset:
    """What the columns of the anonymised rows are called and mean: from the declarations, coarser."""
    declared = {v.name: v for v in DATASETS[SOURCE].variables}
    node = chosen.node or ()
    variables = [
        Variable(
            "row_id", "", "string", "Række", "Ny ved hver udlevering; den kan ikke føres tilbage.",
            pattern="^[0-9a-f]{16}$", title_en="Row", sort=Sort.PROCESS,
        )
    ]  # fmt: skip
    for hierarchy, level in zip(chosen.quasi, node, strict=True):
        words = {
            label: _word(label, declared.get(hierarchy.name)) for label in hierarchy.levels[level].labels
        }
        variables.append(
            Variable(
                hierarchy.name, "", "string", hierarchy.title,
                f"Gjort grovere: {hierarchy.levels[level].title}.",
                values=words, values_en=words, missing="reason", sort=Sort.QUASI_IDENTIFYING,
                title_en=declared[hierarchy.name].title_en if hierarchy.name in declared else hierarchy.name,
            )
        )  # fmt: skip
    for sensitive in chosen.sensitive:
        was = declared[sensitive.column]
        variables.append(
            Variable(
                was.name, "", was.type, was.title, was.description,
                values={**was.values, recipe.OTHER: "Andet"} if was.values else {},
                values_en={**was.values_en, recipe.OTHER: "Other"} if was.values else {},
                missing="reason", sort=Sort.SENSITIVE, title_en=was.title_en,
            )
        )  # fmt: skip
    return Dataset(
        name=cast("DatasetName", "anonymised"),
        title="Anonymiserede familier",
        title_en="Anonymised families",
        description="En række for hver familie, beskrevet så groft, at den ikke kan kendes. Rækkerne står i tilfældig orden.",
        description_en="A row for each family, described so coarsely that it cannot be recognised. Rows are in random order.",
        source="",
        variables=tuple(variables),
        order=("row_id",),
        key=("row_id",),
    )


def _word(label: str, variable: Variable | None) -> str:
    return dict(variable.values).get(label, label) if variable else label


def _risk(frame: pl.DataFrame, rows: pl.DataFrame, chosen: Recipe) -> list[dict[str, Any]]:
    names = [name for h in chosen.quasi for name in h.columns]
    secret = [s.column for s in chosen.sensitive]
    before = risk.measure(frame, names, secret)
    after = risk.measure(rows, [h.name for h in chosen.quasi], secret, family="row_id")
    share = _per_cent
    return [
        {
            "title": "Familier i den mindste gruppe, der ligner hinanden",
            "before": before.smallest, "after": after.smallest,
            "meaning": f"Der skal være mindst {chosen.k}.",
        },
        {
            "title": "Familier, der står alene med deres oplysninger",
            "before": share(before.unique), "after": share(after.unique),
            "meaning": "Ingen må stå alene.",
        },
        {
            "title": "Forskellige svar om noget følsomt i en gruppe",
            "before": before.l, "after": after.l,
            "meaning": f"Der skal være mindst {chosen.l}, så gruppen ikke røber svaret.",
        },
        {
            "title": "Den største del af en gruppe med samme følsomme svar",
            "before": share(before.alpha), "after": share(after.alpha),
            "meaning": f"Højst {share(chosen.alpha)}.",
        },
        {
            "title": "Familier, der står alene, når også det følsomme kendes",
            "before": share(before.unique_on_all), "after": share(after.unique_on_all),
            "meaning": "Derfor gives rækkerne kun efter aftale, aldrig åbent.",
        },
    ]  # fmt: skip


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _loss(chosen: Recipe, rows: int, blanked: int) -> dict[str, str]:
    said = {h.title: h.levels[level].title for h, level in zip(chosen.quasi, chosen.node or (), strict=True)}
    return {**said, "Rækker uden beskrivelse": f"{blanked} af {rows}"}
