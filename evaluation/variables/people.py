"""The children and the parents of the families: a row per person."""

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
)
from evaluation.variables.kit import (
    Maker,
    Unit,
    Why,
    family_id,
    municipality_code,
    pseudonym,
    when_null,
)
from placement.families.codes import BirthState, Education, Employment, PersonKind, Whereabouts

_PEOPLE = Maker(Words("Familiens personer", "The family's people"), Why.GROUP, Sort.QUASI_IDENTIFYING)
_PATHS = Maker(Words("Personernes veje", "The people's paths"), Why.RESULT, Sort.OUTCOME)

_PATH = """
  LEFT JOIN LATERAL (
       SELECT w."where", w.begins_on FROM public.families_personpath w
        WHERE w.person_id = p.id AND w.ends_on IS NULL ORDER BY w.begins_on DESC, w.id DESC LIMIT 1
       ) path ON true"""

_KINDS = codes(PersonKind.choices)
_YOUNG = Codes(
    {code: word for code, word in _KINDS.da.items() if code != "parent"},
    {code: word for code, word in _KINDS.en.items() if code != "parent"},
)


def _lives() -> Variable:
    return _PATHS.code(
        "lives",
        'path."where"',
        Words("Bor nu et andet sted end familien", "Lives elsewhere than the family now"),
        codes(Whereabouts.choices),
        empty=NOT_RELEVANT,
        running=True,
    )


CHILDREN = Dataset(
    name=DatasetName.CHILDREN,
    title="Børn",
    title_en="Children",
    description="En række for hvert barn i familien: født, ventet, og ældre søskende.",
    description_en="A row for each child of the family: born, expected, and older siblings.",
    source="FROM public.families_person p JOIN public.families_family f ON f.id = p.family_id"
    + _PATH
    + """
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.families_childview v WHERE v.child_id = p.id
       ) views
 WHERE f.started_on IS NOT NULL AND p.kind IN ('child', 'sibling')""",
    variables=(
        pseudonym("person_id", "person", "p.uuid", Words("Barn", "Child")),
        family_id(),
        municipality_code(),
        _PEOPLE.code("kind", "p.kind", Words("Plads i familien", "Place in the family"), _YOUNG),
        _PEOPLE.code(
            "birth_state",
            "p.birth_state",
            Words("Født, ventet eller graviditeten ophørt", "Born, expected or the pregnancy ended"),
            codes(BirthState.choices),
            sort=Sort.SENSITIVE,
        ),
        _PEOPLE.value(
            "age_months_at_start",
            "CASE WHEN p.kind = 'child' THEN floor((f.started_on - p.born_on) / 30.4375)::integer END",
            "integer",
            Words("Alder i måneder ved start", "Age in months at the start"),
            Unit.MONTHS,
            description=Words(
                "Hele måneder; negativ, når barnet blev født efter start. Fødselsdatoen udleveres ikke.",
                "Whole months; negative when the child was born after the start. The birthday does not leave.",
            ),
            missing=f"CASE WHEN p.kind = 'sibling' OR p.birth_state = 'lost' THEN {NOT_RELEVANT} "
            f"WHEN p.born_on IS NULL THEN {NOT_YET_DUE} END",
        ),
        _PEOPLE.value(
            "weeks_to_term_at_start",
            "CASE WHEN p.birth_state = 'expected' THEN floor((p.due_on - f.started_on) / 7.0)::integer END",
            "integer",
            Words("Uger til termin ved start", "Weeks to term at the start"),
            Unit.LENGTH_WEEKS,
            description=Words("Kun mens barnet ventes.", "Only while the child is expected."),
            missing=f"CASE WHEN p.birth_state <> 'expected' THEN {NOT_RELEVANT} END",
        ),
        _PEOPLE.value(
            "age_years_at_start",
            "CASE WHEN p.kind = 'sibling' THEN extract(year FROM age(f.started_on, p.born_on))::integer END",
            "integer",
            Words("Ældre søskendes alder ved start", "Older sibling's age at the start"),
            Unit.YEARS,
            description=Words("Hele år.", "Whole years."),
            missing=f"CASE WHEN p.kind <> 'sibling' THEN {NOT_RELEVANT} WHEN p.born_on IS NULL THEN {NOT_ASKED} END",
        ),
        _PEOPLE.count(
            "views",
            "views.found",
            Words("Gange barnets perspektiv er indhentet", "Times the child's view was obtained"),
            source=Words("Barnets perspektiv", "The child's view"),
            why=Why.IMPLEMENTATION,
            sort=Sort.PROCESS,
            running=True,
        ),
        _lives(),
    ),
    order=("family_id", "kind", "person_id"),
    key=("person_id",),
)

PARENTS = Dataset(
    name=DatasetName.PARENTS,
    title="Forældre",
    title_en="Parents",
    description="En række for hver forælder.",
    description_en="A row for each parent.",
    source="FROM public.families_person p JOIN public.families_family f ON f.id = p.family_id"
    + _PATH
    + """
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS earlier FROM public.families_person o
        WHERE o.family_id = p.family_id AND o.kind = 'parent' AND o.id <= p.id
       ) place
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.meetings_sessionparticipant t
         JOIN public.meetings_session s ON s.id = t.session_id WHERE t.person_id = p.id AND s.status = 'held'
       ) sessions
 WHERE f.started_on IS NOT NULL AND p.kind = 'parent'""",
    variables=(
        pseudonym("person_id", "person", "p.uuid", Words("Forælder", "Parent")),
        family_id(),
        municipality_code(),
        _PEOPLE.value(
            "number",
            "place.earlier",
            "integer",
            Words("Nummer i registreringsskemaet", "Number in the registration form"),
            Unit.NUMBER,
            sort=Sort.PROCESS,
        ),
        _PEOPLE.value(
            "age_at_start",
            "extract(year FROM age(f.started_on, p.born_on))::integer",
            "integer",
            Words("Alder ved start", "Age at the start"),
            Unit.YEARS,
            description=Words(
                "Hele år. Fødselsdatoen udleveres ikke.", "Whole years. The birthday does not leave."
            ),
            missing=when_null("p.born_on", NOT_ASKED),
        ),
        _PEOPLE.yes("custody_holder", "p.custody_holder", Words("Har forældremyndighed", "Holds custody")),
        _PEOPLE.code(
            "education",
            "p.education",
            Words("Uddannelsesniveau", "Level of education"),
            codes(Education.choices),
        ),
        _PEOPLE.code(
            "employment",
            "p.employment",
            Words("Arbejdsmarkedstilknytning", "Attachment to the labour market"),
            codes(Employment.choices),
        ),
        _PEOPLE.count(
            "sessions_held",
            "sessions.found",
            Words(
                "Mentaliserende samtaler, forælderen var med i",
                "Mentalising sessions the parent took part in",
            ),
            source=Words("Mentaliserende samtaler", "Mentalising sessions"),
            why=Why.IMPLEMENTATION,
            sort=Sort.PROCESS,
            running=True,
        ),
        _lives(),
    ),
    order=("family_id", "number"),
    key=("person_id",),
)
