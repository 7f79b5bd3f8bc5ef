"""The tables that a release offers: a declared set over what the datasets declare, the same each time.

Which there are follows from the datasets' variables alone, never from data: each list of codes and each yes or no of a
dataset with one row a family is counted, numbers are given as means, and the crossings are written down here. A table over
a dataset that was not asked for is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from evaluation.disclosure.counting import FAMILY, MUNICIPALITY, Dim, Measure, TableSpec
from evaluation.disclosure.recipe import (
    CHILD_AT_START,
    HOME_LANGUAGE,
    OLDER_CHILDREN,
    STARTED,
    TRAIT_COUNT,
    TRAITS,
    Hierarchy,
    banded,
    coded,
    parents_age,
)


class DeclaredVariable(Protocol):
    """What is asked of a variable (`evaluation.variables.declared.Variable`)."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def title_en(self) -> str: ...
    @property
    def values(self) -> Mapping[str, str]: ...
    @property
    def sort(self) -> str: ...
    @property
    def unit(self) -> str: ...


class DeclaredDataset(Protocol):
    """What is asked of a dataset (`evaluation.variables.declared.Dataset`)."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def variables(self) -> Sequence[DeclaredVariable]: ...


#: Facts that describe families and are banded as in the recipes, never as single numbers.
_BANDED: dict[str, Dim] = {
    "started_on": Dim(STARTED, 0),
    "age_parent_1": Dim(parents_age(1), 2),
    "age_parent_2": Dim(parents_age(2), 2),
    "older_children": Dim(OLDER_CHILDREN, 1),
}
#: Not counted by themselves: keys, what `geography` breaks down by, and the model's own names.
_APART = frozenset({FAMILY, MUNICIPALITY, "model_version", "model_adaptation"})
#: What is crossed with what it may have led to: a fact of the start, an outcome.
_CROSSED: tuple[tuple[str, str], ...] = (
    ("child_at_start", "outcome"),
    ("home_language", "outcome"),
    ("traits", "outcome"),
    ("receives_other_support", "outcome"),
)
#: Days from the start, in the waves that scores are compared at.
WAVES = banded(
    "day",
    "Tidspunkt",
    -90,
    750,
    ("bølger", (61, 120, 245, 300, 431, 660)),
)
_WAVE_WORDS = (
    ("under 61", "Ved start (til 60 dage)"),
    ("120-244", "Omkring 6 måneder"),
    ("300-430", "Omkring 12 måneder"),
    ("660+", "Omkring 24 måneder"),
    ("61-119", "Imellem start og 6 måneder"),
    ("245-299", "Imellem 6 og 12 måneder"),
    ("431-659", "Imellem 12 og 24 måneder"),
)


def _dim(variable: DeclaredVariable) -> Dim | None:
    """The dimension of a list of codes or a yes or no; None of anything else."""
    sensitive = str(variable.sort) in ("sensitive", "outcome")
    if variable.name in _BANDED:
        return replace(_BANDED[variable.name], sensitive=sensitive)
    if variable.type == "boolean":
        hierarchy: Hierarchy = coded(variable.name, variable.title, ("true", "false"))
        return Dim(hierarchy, 0, sensitive, (("true", "Ja"), ("false", "Nej")))
    if variable.type == "string" and variable.values:
        known = {"child_at_start": CHILD_AT_START, "home_language": HOME_LANGUAGE}
        hierarchy = known.get(variable.name) or coded(variable.name, variable.title, tuple(variable.values))
        return Dim(hierarchy, 0, sensitive, tuple(variable.values.items()))
    return None


def tables_over(datasets: Iterable[DeclaredDataset]) -> list[TableSpec]:
    """Every table over ``datasets``, in their order."""
    offered: list[TableSpec] = []
    for dataset in datasets:
        variables = {v.name: v for v in dataset.variables}
        if dataset.key == (FAMILY,):
            offered.extend(_of_families(dataset, variables))
        elif str(dataset.name) == "exit_steps":
            offered.extend(_of_steps(dataset, variables))
        elif str(dataset.name) == "measurements":
            offered.extend(_of_scores(dataset, variables))
        elif str(dataset.name) == "fidelity":
            offered.extend(_of_indicators(variables))
        elif FAMILY in variables:
            offered.extend(_of_rows(dataset, variables))
    # Several datasets say the same of the same families: one table of it is enough.
    found: dict[object, TableSpec] = {}
    for spec in offered:
        found.setdefault(told_of(spec), spec)
    return list(found.values())


def told_of(spec: TableSpec) -> object:
    """What a table tells of which families: two tables of which this is the same are one."""
    if spec.measure is not Measure.FAMILIES:
        return spec.name
    return (spec.population, spec.measure, tuple((d.hierarchy.columns, d.level) for d in spec.dims))


def _of_families(dataset: DeclaredDataset, variables: Mapping[str, DeclaredVariable]) -> list[TableSpec]:
    name = str(dataset.name)
    found = [
        TableSpec(
            f"{name}_families", f"{dataset.title}: familier", f"{name}: families", name, geography=True,
        )
    ]  # fmt: skip
    dims: dict[str, Dim] = {}
    for variable in variables.values():
        if variable.name in _APART:
            continue
        dim = _dim(variable)
        if dim is not None:
            dims[variable.name] = dim
            found.append(_counted(name, (dim,), variable))
        elif variable.type in ("integer", "number"):
            found.append(
                TableSpec(
                    f"{name}_mean_{variable.name}",
                    f"{variable.title}: gennemsnit",
                    f"{variable.title_en or variable.name}: mean",
                    name,
                    geography=True,
                    measure=Measure.MEAN,
                    column=variable.name,
                    unit=variable.unit,
                )
            )
    if set(TRAITS) <= set(variables):
        dims["traits"] = Dim(TRAIT_COUNT, 1)
        found.append(_counted(name, (dims["traits"],)))
    for fact, outcome in _CROSSED:
        if fact in dims and outcome in dims:
            found.append(_counted(name, (dims[fact], dims[outcome])))
    return found


def _counted(dataset: str, dims: tuple[Dim, ...], variable: DeclaredVariable | None = None) -> TableSpec:
    names = "_".join(dim.name for dim in dims)
    english = (variable.title_en if variable else "") or " by ".join(dim.name for dim in dims)
    return TableSpec(
        f"{dataset}_{names}", " efter ".join(dim.title for dim in reversed(dims)), english, dataset, dims,
        geography=True,
    )  # fmt: skip


def _of_steps(dataset: DeclaredDataset, variables: Mapping[str, DeclaredVariable]) -> list[TableSpec]:
    """Steps of the exit ladder: how many were approved, and what they led to."""
    found = []
    for name in ("approved", "authority_approved", "result"):
        dim = _dim(variables[name]) if name in variables else None
        if dim is not None:
            found.append(
                TableSpec(
                    f"exit_steps_{name}",
                    f"Udslusningstrin: {dim.title}",
                    f"Exit steps: {variables[name].title_en or name}",
                    "exit_steps",
                    (dim,),
                    geography=True,
                    measure=Measure.ROWS,
                    population="exit_steps",
                )
            )
    return found


def _of_scores(dataset: DeclaredDataset, variables: Mapping[str, DeclaredVariable]) -> list[TableSpec]:
    """The mean of each instrument in each wave; a family counts once with its own mean."""
    instrument = _dim(variables["instrument"]) if "instrument" in variables else None
    if instrument is None or not {"score", "day"} <= set(variables):
        return []
    return [
        TableSpec(
            "measurements_mean_score",
            "Målinger: gennemsnit for hvert redskab og tidspunkt",
            "Measurements: mean of each instrument and wave",
            "measurements",
            (instrument, Dim(WAVES, 1, words=_WAVE_WORDS)),
            measure=Measure.MEAN,
            column="score",
            unit=variables["score"].unit,
            population="measurements",
        )
    ]


def _of_indicators(variables: Mapping[str, DeclaredVariable]) -> list[TableSpec]:
    """How far the core elements are carried out: the mean share of each indicator over families."""
    indicator = _dim(variables["indicator"]) if "indicator" in variables else None
    if indicator is None or "share" not in variables:
        return []
    return [
        TableSpec(
            "fidelity_mean_share",
            "Kerneelementer: gennemsnitlig andel gennemført, efter indikator",
            "Core elements: mean share carried out, by indicator",
            "fidelity",
            (indicator,),
            geography=True,
            measure=Measure.MEAN,
            column="share",
            unit=variables["share"].unit,
            population="fidelity",
        )
    ]


def _of_rows(dataset: DeclaredDataset, variables: Mapping[str, DeclaredVariable]) -> list[TableSpec]:
    """Sums of what is measured in hours, nights or kroner, and counts by each list of codes.

    Hours and kroner that belong to no family are the organisation's: they are not in tables about families.
    """
    name = str(dataset.name)
    lists = [d for v in variables.values() if v.name not in _APART and v.type == "string" and (d := _dim(v))]
    found = [
        TableSpec(
            f"{name}_{dim.name}", f"{dataset.title}: {dim.title}", f"{name}: {dim.name}", name, (dim,),
            geography=True, measure=Measure.ROWS, population=name,
        )
        for dim in lists
    ]  # fmt: skip
    summed = [v for v in variables.values() if v.type in ("integer", "number") and v.name in SUMMED]
    for variable in summed:
        found.append(
            TableSpec(
                f"{name}_sum_{variable.name}", f"{dataset.title}: {variable.title}",
                f"{name}: {variable.title_en or variable.name}", name, tuple(lists[-1:]), geography=True,
                measure=Measure.SUM, column=variable.name, unit=variable.unit, population=name,
            )
        )  # fmt: skip
    return found


#: Columns whose sum over families means something.
SUMMED = frozenset({"hours", "nights", "amount", "kroner", "cost"})
