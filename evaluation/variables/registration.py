"""VIVE's registration form: a row per family."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.dataset_names import DatasetName
from evaluation.variables.kit import (
    MODEL_OF_FAMILY,
    NOT_ASKED,
    NOT_RELEVANT,
    NOT_YET_DUE,
    Dataset,
    Variable,
    coded,
    labels,
    of_model,
    pseudonym,
    week,
    when_null,
)
from placement.families import codes
from placement.families.models import Phase

_PARENTS = {1: "den først registrerede forælder", 2: "den anden forælder"}


def _no_parent(number: int) -> str:
    """Nobody can have been asked about a second parent who is not in the family."""
    return f"CASE WHEN parent_{number}.id IS NULL THEN {NOT_RELEVANT} ELSE {NOT_ASKED} END"


def _age(number: int) -> Variable:
    born = f"parent_{number}.born_on"
    return Variable(
        name=f"age_parent_{number}",
        sql=f"extract(year FROM age(f.started_on, {born}))::integer",
        type="integer",
        title=f"Alder ved start: {_PARENTS[number]}",
        description="Hele år. Fødselsdatoen udleveres ikke.",
        missing=when_null(born, _no_parent(number)),
    )


def _of_parent(number: int, column: str, title: str, values: Mapping[str, str]) -> Variable:
    return coded(
        f"{column}_parent_{number}",
        f"parent_{number}.{column}",
        f"{title}: {_PARENTS[number]}",
        values,
        empty=_no_parent(number),
    )


def _trait(code: str, label: str) -> Variable:
    return Variable(
        name=f"trait_{code}",
        sql=f"'{code}' = ANY (f.traits)",
        type="boolean",
        title=f"Udfordringsbillede: {label}",
        description="1, når det er valgt i vurderingen af målgruppen; ellers 0.",
    )


_PARENT = """
  LEFT JOIN LATERAL (
       SELECT p.id, p.born_on, p.education, p.employment FROM public.families_person p
        WHERE p.family_id = f.id AND p.kind = 'parent' ORDER BY p.id OFFSET {skip} LIMIT 1
       ) parent_{number} ON true"""

# The order of the ten questions is that of VIVE's registration form.
REGISTRATION = Dataset(
    name=DatasetName.REGISTRATION,
    title="Registreringsskema",
    description="En række for hver familie, der er startet i indsatsen: VIVEs ti registreringsfelter, og "
    "hvor forløbet står nu.",
    source="FROM public.families_family f"
    + MODEL_OF_FAMILY
    + _PARENT.format(number=1, skip=0)
    + _PARENT.format(number=2, skip=1)
    + """
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE p.kind = 'sibling')::integer AS siblings,
              count(*) FILTER (WHERE p.kind = 'child') > 0 AS any_child,
              coalesce(bool_or(p.kind = 'child' AND p.born_on <= f.started_on), false) AS born,
              coalesce(bool_or(p.kind = 'child' AND (p.birth_state = 'expected'
                                                     OR p.born_on > f.started_on)), false) AS expected
         FROM public.families_person p WHERE p.family_id = f.id
       ) people
  LEFT JOIN LATERAL (
       SELECT min(g.set_on) AS first_set_on FROM public.progression_goal g WHERE g.family_id = f.id
       ) goals ON true
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found,
              (count(*) FILTER (WHERE u.outcome = 'revise_goals'
                                   OR a.choice IN ('change_goals', 'change_plan')))::integer AS plan_changed
         FROM public.progression_followup u
         LEFT JOIN public.progression_setbackanswer a ON a.follow_up_id = u.id
        WHERE u.family_id = f.id AND u.trend = 'negative'
       ) setbacks
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.model_versions_versionmove m WHERE m.family_id = f.id
       ) moves
 WHERE f.started_on IS NOT NULL""",
    variables=(
        pseudonym("family_id", "f.uuid", "Familie"),
        Variable(
            "municipality_code", "f.municipality_id", "integer", "Kommunekode", "Danmarks officielle koder."
        ),
        *of_model("Den udgave af modellen, familien følger."),
        Variable(
            "model_moves",
            "moves.found",
            "integer",
            "Flyttet til en anden modelversion",
            "Antal gange familien er flyttet fra én modelversion eller tilpasning til en anden.",
        ),
        Variable("started_on", "f.started_on", "date", "Dato for opstart i indsatsen"),
        Variable(
            "child_at_start",
            "CASE WHEN people.born THEN 'born' WHEN people.expected THEN 'expected' END",
            "string",
            "Mor gravid eller barn født ved start",
            values={"born": "Barnet var født", "expected": "Mor var gravid"},
            missing="CASE WHEN people.born OR people.expected THEN NULL "
            f"WHEN people.any_child THEN {NOT_RELEVANT} ELSE {NOT_ASKED} END",
        ),
        Variable(
            "receives_other_support",
            "f.receives_other_support",
            "boolean",
            "Modtager familien anden støtte",
            "1 er ja, 0 er nej.",
            missing=when_null("f.receives_other_support", NOT_ASKED),
        ),
        _age(1),
        _age(2),
        Variable("older_children", "people.siblings", "integer", "Antal børn ud over foster eller baby"),
        coded(
            "home_before", "f.home_before", "Hvem forældrene boede med før", labels(codes.HomeBefore.choices)
        ),
        *(_trait(code, label) for code, label in labels(codes.TargetGroupTrait.choices).items()),
        *(
            _of_parent(number, column, title, values)
            for column, title, values in (
                ("education", "Uddannelsesniveau", labels(codes.Education.choices)),
                ("employment", "Arbejdsmarkedstilknytning", labels(codes.Employment.choices)),
            )
            for number in _PARENTS
        ),
        coded("home_language", "f.home_language", "Sprog i hjemmet", labels(codes.HomeLanguage.choices)),
        coded("phase", "f.phase", "Hvor forløbet står", labels(Phase.choices)),
        week("moved_in_week", "f.moved_in_on", "Flyttede ind i uge"),
        week("goals_week", "goals.first_set_on", "Første mål sat i uge"),
        Variable(
            "setbacks",
            "setbacks.found",
            "integer",
            "Opfølgninger, der viste tilbagegang",
            "Efter reglen i familiens modelversion. Opfølgninger før version 0.2.0 er ikke bedømt og tæller ikke med.",
        ),
        Variable(
            "setbacks_plan_changed",
            "setbacks.plan_changed",
            "integer",
            "Tilbagegange, der ændrede mål eller plan",
            "Resten venter på svar, eller planen stod med en begrundelse.",
        ),
        week("moved_out_week", "f.moved_out_on", "Flyttede ud i uge"),
        week("closed_week", "f.closed_on", "Forløbet afsluttet i uge"),
        coded("outcome", "f.outcome", "Udfald", labels(codes.Outcome.choices), empty=NOT_YET_DUE),
    ),
    order=("family_id",),
    key=("family_id",),
)
