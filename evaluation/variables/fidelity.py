"""Fidelity to the model: a row per family and indicator, by the rules that the teams' own page shows."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import (
    NOT_RELEVANT,
    NOT_YET_DUE,
    Codes,
    Dataset,
    Words,
    codes,
)
from evaluation.variables.kit import (
    Maker,
    Unit,
    Why,
    family_id,
    municipality_code,
    of_model,
    when_null,
)
from evaluation.variables.refusing import counted
from evaluation.variables.until import UNTIL
from placement.progression.codes import Element
from workflows.fidelity.indicators import INDICATORS, facts_sql, rules_sql

_RULE = Maker(
    Words("Beregnes af det, arbejdet efterlader", "Computed from what the work leaves behind"),
    Why.IMPLEMENTATION,
)
_SILENT = f"CASE WHEN f.closed_on IS NULL THEN {NOT_YET_DUE} ELSE {NOT_RELEVANT} END"

_MEANS = Words(
    "Reglerne: " + " ".join(f"{one.title.da}: {one.means.da}" for one in INDICATORS),
    "The rules: " + " ".join(f"{one.title.en}: {one.means.en}" for one in INDICATORS),
)

FIDELITY = Dataset(
    name=DatasetName.FIDELITY,
    title="Kerneelementerne, som de gennemføres",
    title_en="The core elements as carried out",
    description="En række for hver familie og indikator: hvor mange gange noget skulle være sket indtil nu, og hvor mange "
    "gange det skete. Indikatorerne er et forslag; frister og rytme er dem i familiens modelversion.",
    description_en="A row for each family and indicator: how many times something ought to have happened by now, and how many "
    "times it did. The indicators are a proposal; deadlines and rhythm are those of the family's model version.",
    source="FROM public.families_family f"
    + facts_sql(UNTIL, counted)
    + rules_sql()
    + "\n WHERE f.started_on IS NOT NULL",
    variables=(
        family_id(),
        municipality_code(),
        *of_model(
            Words(
                "Den udgave af modellen, familien følger.",
                "The version of the model that the family follows.",
            )
        ),
        _RULE.code("element", "rule.element", Words("Kerneelement", "Core element"), codes(Element.choices)),
        _RULE.code(
            "indicator",
            "rule.code",
            Words("Indikator", "Indicator"),
            Codes({i.code: i.title.da for i in INDICATORS}, {i.code: i.title.en for i in INDICATORS}),
            description=_MEANS,
        ),
        _RULE.count(
            "expected",
            "rule.expected",
            Words("Gange det skulle være sket", "Times it ought to have happened"),
            missing=when_null("rule.expected", _SILENT),
        ),
        _RULE.count(
            "done",
            "rule.done",
            Words("Heraf sket", "Of these happened"),
            missing=when_null("rule.done", _SILENT),
        ),
        _RULE.value(
            "share",
            "round(rule.done::numeric / rule.expected, 3)",
            "number",
            Words("Andel", "Share"),
            Unit.SHARE,
            missing=when_null("rule.expected", _SILENT),
        ),
    ),
    order=("family_id", "element", "indicator"),
    key=("family_id", "indicator"),
)
