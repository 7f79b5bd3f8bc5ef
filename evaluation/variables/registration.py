"""VIVE's registration form: a row per family."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import (
    NOT_ASKED,
    NOT_RELEVANT,
    NOT_YET_DUE,
    Codes,
    Dataset,
    Sort,
    Variable,
    Words,
    codes,
    codes_of,
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
from placement.families.codes import (
    Education,
    Employment,
    HomeBefore,
    HomeLanguage,
    Outcome,
    TargetGroupTrait,
)
from placement.families.models import Phase
from workflows.fidelity.indicators import MODEL_OF_FAMILY

_PARENTS = {
    1: Words("den først registrerede forælder", "the parent registered first"),
    2: Words("den anden forælder", "the other parent"),
}

_FORM = Maker(
    Words("VIVEs registreringsskema på familiens side", "VIVE's registration form on the family's page"),
    Why.GROUP,
    Sort.QUASI_IDENTIFYING,
)
_PEOPLE = Maker(Words("Familiens personer", "The family's people"), Why.GROUP, Sort.QUASI_IDENTIFYING)
_JOURNEY = Maker(Words("Forløbets trin", "The journey's steps"), Why.IMPLEMENTATION)


def _no_parent(number: int) -> str:
    """Nobody can have been asked about a second parent who is not in the family."""
    return f"CASE WHEN parent_{number}.id IS NULL THEN {NOT_RELEVANT} ELSE {NOT_ASKED} END"


def _age(number: int) -> Variable:
    born, which = f"parent_{number}.born_on", _PARENTS[number]
    return _PEOPLE.value(
        f"age_parent_{number}",
        f"extract(year FROM age(f.started_on, {born}))::integer",
        "integer",
        Words(f"Alder ved start: {which.da}", f"Age at start: {which.en}"),
        Unit.YEARS,
        description=Words(
            "Hele år. Fødselsdatoen udleveres ikke.", "Whole years. The birthday does not leave."
        ),
        missing=when_null(born, _no_parent(number)),
    )


def _of_parent(number: int, column: str, title: Words, values: Codes) -> Variable:
    which = _PARENTS[number]
    return _PEOPLE.code(
        f"{column}_parent_{number}",
        f"parent_{number}.{column}",
        Words(f"{title.da}: {which.da}", f"{title.en}: {which.en}"),
        values,
        empty=_no_parent(number),
    )


def _trait(code: str, label: Words) -> Variable:
    return _FORM.yes(
        f"trait_{code}",
        f"'{code}' = ANY (f.traits)",
        Words(f"Udfordringsbillede: {label.da}", f"Challenges: {label.en}"),
        description=Words(
            "1, når det er valgt i vurderingen af målgruppen; ellers 0.",
            "1 when it was chosen in the assessment of the target group; else 0.",
        ),
        sort=Sort.SENSITIVE,
        source=Words("Vurderingen af målgruppen", "The assessment of the target group"),
    )


_TRAITS = codes(TargetGroupTrait.choices)
_AT_START = codes_of(
    {
        "born": Words("Barnet var født", "The child was born"),
        "expected": Words("Mor var gravid", "The mother was pregnant"),
    }
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
    title_en="Registration form",
    description="En række for hver familie, der er startet i indsatsen: VIVEs ti registreringsfelter, og "
    "hvor forløbet står nu.",
    description_en="A row for each family that has begun the intervention: VIVE's ten fields, and where the journey "
    "stands now.",
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
        family_id(),
        municipality_code(),
        *of_model(
            Words(
                "Den udgave af modellen, familien følger.",
                "The version of the model that the family follows.",
            )
        ),
        _JOURNEY.count(
            "model_moves",
            "moves.found",
            Words("Flyttet til en anden modelversion", "Moved to another model version"),
            description=Words(
                "Antal gange familien er flyttet fra én modelversion eller tilpasning til en anden.",
                "How often the family was moved from one model version or adaptation to another.",
            ),
            why=Why.VERSION,
            running=True,
        ),
        _FORM.value(
            "started_on",
            "f.started_on",
            "date",
            Words("Dato for opstart i indsatsen", "Date of starting the intervention"),
            source=Words("Trinnet «Start indsatsen»", "The step “Start the intervention”"),
        ),
        _PEOPLE.value(
            "child_at_start",
            "CASE WHEN people.born THEN 'born' WHEN people.expected THEN 'expected' END",
            "string",
            Words("Mor gravid eller barn født ved start", "Mother pregnant or child born at the start"),
            values=_AT_START,
            missing="CASE WHEN people.born OR people.expected THEN NULL "
            f"WHEN people.any_child THEN {NOT_RELEVANT} ELSE {NOT_ASKED} END",
        ),
        _FORM.yes(
            "receives_other_support",
            "f.receives_other_support",
            Words("Modtager familien anden støtte", "The family receives other support"),
            missing=when_null("f.receives_other_support", NOT_ASKED),
        ),
        _age(1),
        _age(2),
        _PEOPLE.count(
            "older_children",
            "people.siblings",
            Words("Antal børn ud over foster eller baby", "Number of children besides foetus or baby"),
        ),
        _FORM.code(
            "home_before",
            "f.home_before",
            Words("Hvem forældrene boede med før", "Whom the parents lived with before"),
            codes(HomeBefore.choices),
        ),
        *(_trait(code, Words(label, _TRAITS.en[code])) for code, label in _TRAITS.da.items()),
        *(
            _of_parent(number, column, title, values)
            for column, title, values in (
                ("education", Words("Uddannelsesniveau", "Level of education"), codes(Education.choices)),
                (
                    "employment",
                    Words("Arbejdsmarkedstilknytning", "Attachment to the labour market"),
                    codes(Employment.choices),
                ),
            )
            for number in _PARENTS
        ),
        _FORM.code(
            "home_language",
            "f.home_language",
            Words("Sprog i hjemmet", "Language at home"),
            codes(HomeLanguage.choices),
        ),
        _JOURNEY.code(
            "phase",
            "f.phase",
            Words("Hvor forløbet står", "Where the journey stands"),
            codes(Phase.choices),
            running=True,
        ),
        _JOURNEY.week("moved_in_week", "f.moved_in_on", Words("Flyttede ind i uge", "Moved in in week")),
        _JOURNEY.week(
            "goals_week", "goals.first_set_on", Words("Første mål sat i uge", "First goal set in week")
        ),
        _JOURNEY.count(
            "setbacks",
            "setbacks.found",
            Words("Opfølgninger, der viste tilbagegang", "Follow-ups that showed a setback"),
            description=Words(
                "Efter reglen i familiens modelversion. Opfølgninger før version 0.2.0 er ikke bedømt og tæller ikke med.",
                "By the rule of the family's model version. Follow-ups before version 0.2.0 were not judged and do not count.",
            ),
            sort=Sort.OUTCOME,
            running=True,
        ),
        _JOURNEY.count(
            "setbacks_plan_changed",
            "setbacks.plan_changed",
            Words("Tilbagegange, der ændrede mål eller plan", "Setbacks that changed goals or plan"),
            description=Words(
                "Resten venter på svar, eller planen stod med en begrundelse.",
                "The others wait for an answer, or the plan stood, with a reason.",
            ),
            running=True,
        ),
        _JOURNEY.week("moved_out_week", "f.moved_out_on", Words("Flyttede ud i uge", "Moved out in week")),
        _JOURNEY.week(
            "closed_week", "f.closed_on", Words("Forløbet afsluttet i uge", "The journey closed in week")
        ),
        _JOURNEY.code(
            "outcome",
            "f.outcome",
            Words("Udfald", "Outcome"),
            codes(Outcome.choices),
            empty=NOT_YET_DUE,
            sort=Sort.OUTCOME,
            why=Why.RESULT,
        ),
    ),
    order=("family_id",),
    key=("family_id",),
)
