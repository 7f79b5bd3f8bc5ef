"""What leaves the house for evaluation: every variable, where it comes from, and why it may be missing.

One table feeds three places that must never disagree: the views of the evaluation schema
(`evaluation.schema`), the CSV files and their `datapackage.json` (`evaluation.formats`). The words here are
the codebook, always Danish.

No name, CPR, birthday, place or free text is a variable. Ids are pseudonyms, days count from the start of the
intervention, and a code is let through only if it stands on its list: a column that the forms hold to a list
could still be given a sentence by another way in, and then says ``not_on_list`` instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import override

from evaluation.models import DatasetName
from placement.families import codes
from placement.families.models import Phase
from placement.progression.codes import OWN_SCALES, Element, MissingReason, Respondent
from workflows.exit.models import StepResult

PSEUDONYM = "^[0-9a-f]{16}$"
MODEL_VERSION = "^[A-Za-z0-9.-]{1,20}$"
INSTRUMENT_VERSION = "^[0-9]{1,4}([.-][0-9]{1,4}){0,2}$"
STEP_CODE = "^[A-Za-z0-9-]{1,8}$"


def _labels(choices: Iterable[tuple[object, object]]) -> dict[str, str]:
    with override("da"):
        return {str(code): str(label) for code, label in choices}


#: Why a value is missing, and the one reason that is the export's own.
MISSING_REASONS: dict[str, str] = {
    **_labels(MissingReason.choices),
    "not_on_list": "Værdien står ikke på listen over koder og udleveres derfor ikke",
}

# The same reasons as SQL.
NOT_ASKED, NOT_RELEVANT, NOT_YET_DUE, NOT_ON_LIST = (
    f"'{reason}'" for reason in ("not_asked", "not_relevant", "not_yet_due", "not_on_list")
)

#: Instruments whose name may leave: our own scales, and those the programme's parties name. Ours to edit.
INSTRUMENTS: dict[str, str] = {
    **_labels((scale.slug, scale.title) for scale in OWN_SCALES.values()),
    "who-5": "WHO-5 (trivsel)",
    "asq-se-2": "ASQ:SE-2 (barnets sociale og følelsesmæssige udvikling)",
    "psi-sf": "PSI-SF (forældrestress, kort udgave)",
    "prfq": "PRFQ (forældres refleksive funktion)",
    "kpcs": "KPCS (tryghed i forældrerollen)",
    "epds": "EPDS (efterfødselsreaktion)",
    "adbb": "ADBB (barnets kontakt)",
    "cib": "CIB (samspil på video)",
}


@dataclass(frozen=True)
class Variable:
    """One column of a dataset. ``sql`` gives it from the dataset's source; ``missing`` gives why it is null.

    ``type`` is a Frictionless field type. ``values`` (code → Danish words) or ``pattern`` says what a text
    may be; a text with neither is refused. A variable with ``missing`` is followed by ``<name>_missing``.
    """

    name: str
    sql: str
    type: str
    title: str
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        if self.type == "string" and not self.values and not self.pattern:
            raise ValueError(f"{self.name}: a text must be held to a list or a pattern")

    @property
    def reason_name(self) -> str:
        return f"{self.name}_missing"


@dataclass(frozen=True)
class Dataset:
    """One file: what a row is, its variables, where they come from, and the order of its rows."""

    name: DatasetName
    title: str
    description: str
    source: str
    variables: tuple[Variable, ...]
    order: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in the file and in the view, reasons beside their variables."""
        return tuple(
            name for v in self.variables for name in ((v.name, v.reason_name) if v.missing else (v.name,))
        )


def _pseudonym(name: str, sql: str, title: str, *, missing: str = "") -> Variable:
    return Variable(
        name=name,
        sql=f"sec.pseudonym({sql})",
        type="string",
        title=title,
        description="Pseudonym: det samme ved hver udlevering, og kan ikke føres tilbage uden nøglen.",
        pattern=PSEUDONYM,
        missing=missing,
    )


def _quoted(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _coded(name: str, sql: str, title: str, values: Mapping[str, str], *, empty: str = NOT_ASKED) -> Variable:
    """A code that is let through only from its list. ``empty``: the reason, as SQL, when nothing stands."""
    return Variable(
        name=name,
        sql=f"CASE WHEN {sql} IN ({_quoted(values)}) THEN {sql} END",
        type="string",
        title=title,
        values=values,
        missing=f"CASE WHEN {sql} IN ({_quoted(values)}) THEN NULL "
        f"WHEN coalesce({sql}, '') = '' THEN {empty} ELSE {NOT_ON_LIST} END",
    )


def _when_null(sql: str, reason: str) -> str:
    return f"CASE WHEN {sql} IS NULL THEN {reason} END"


def _days(moment: str) -> str:
    """Days from the start of the intervention to a date column."""
    return f"{moment} - f.started_on"


def _danish(moment: str) -> str:
    """The Danish calendar day of a moment column."""
    return f"({moment} AT TIME ZONE 'Europe/Copenhagen')::date"


def _week(name: str, day: str, title: str) -> Variable:
    return Variable(
        name=name,
        sql=f"floor(({_days(day)}) / 7.0)::integer",
        type="integer",
        title=title,
        description="Hele uger fra start i indsatsen; 0 er den første uge.",
        missing=_when_null(day, NOT_YET_DUE),
    )


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
        missing=_when_null(born, _no_parent(number)),
    )


def _of_parent(number: int, column: str, title: str, values: Mapping[str, str]) -> Variable:
    return _coded(
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


def _model(description: str) -> tuple[Variable, Variable]:
    return (
        Variable(
            "model_version",
            "version.code",
            "string",
            "Modelversion",
            description,
            pattern=MODEL_VERSION,
            missing=_when_null("version.code", NOT_ON_LIST),
        ),
        Variable(
            "model_adaptation",
            "adaptation.code",
            "string",
            "Kommunens tilpasning af modelversionen",
            "Modelversion, kommunekode og nummer; tomt, når det er den nationale version, der gælder.",
            pattern="^[A-Za-z0-9.-]{1,40}$",
            missing=_when_null("adaptation.code", NOT_RELEVANT),
        ),
    )


_MODEL_OF_FAMILY = """
  LEFT JOIN LATERAL (
       SELECT p.model_version_id AS id, p.adaptation_id FROM public.kernel_process p
        WHERE p.family_id = f.id AND p.flow_class = 'flow_journey/flow.JourneyFlow' ORDER BY p.id DESC LIMIT 1
       ) journey ON true
  LEFT JOIN public.model_versions_modelversion version ON version.id = journey.id
  LEFT JOIN public.model_versions_adaptation adaptation ON adaptation.id = journey.adaptation_id"""

#: The version that a step was decided under: what the journey of that time followed then, whatever it follows now.
#: A step that nobody has decided on stands under what its journey follows.
_MODEL_OF_STEP = """
  LEFT JOIN LATERAL (
       SELECT p.model_version_id, p.adaptation_id,
              (SELECT min(later.created) FROM public.kernel_process later WHERE later.family_id = s.family_id
                  AND later.flow_class = p.flow_class AND later.id > p.id) AS until
         FROM public.kernel_process p
        WHERE p.family_id = s.family_id AND p.flow_class = 'flow_journey/flow.JourneyFlow'
        ORDER BY p.created <= s.requested_at DESC, p.id DESC LIMIT 1
       ) walked ON true
  LEFT JOIN LATERAL (
       SELECT m.from_version_id, m.from_adaptation_id FROM public.model_versions_versionmove m
        WHERE m.family_id = s.family_id AND m.moved_at > coalesce(decision.decided_at, word.decided_at)
          AND (walked.until IS NULL OR m.moved_at < walked.until) ORDER BY m.moved_at, m.id LIMIT 1
       ) moved ON true
  LEFT JOIN public.model_versions_modelversion version
         ON version.id = coalesce(moved.from_version_id, walked.model_version_id)
  LEFT JOIN public.model_versions_adaptation adaptation
         ON adaptation.id = CASE WHEN moved.from_version_id IS NULL THEN walked.adaptation_id
                                 ELSE moved.from_adaptation_id END"""

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
    + _MODEL_OF_FAMILY
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
        _pseudonym("family_id", "f.uuid", "Familie"),
        Variable(
            "municipality_code", "f.municipality_id", "integer", "Kommunekode", "Danmarks officielle koder."
        ),
        *_model("Den udgave af modellen, familien følger."),
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
            missing=_when_null("f.receives_other_support", NOT_ASKED),
        ),
        _age(1),
        _age(2),
        Variable("older_children", "people.siblings", "integer", "Antal børn ud over foster eller baby"),
        _coded(
            "home_before", "f.home_before", "Hvem forældrene boede med før", _labels(codes.HomeBefore.choices)
        ),
        *(_trait(code, label) for code, label in _labels(codes.TargetGroupTrait.choices).items()),
        *(
            _of_parent(number, column, title, values)
            for column, title, values in (
                ("education", "Uddannelsesniveau", _labels(codes.Education.choices)),
                ("employment", "Arbejdsmarkedstilknytning", _labels(codes.Employment.choices)),
            )
            for number in _PARENTS
        ),
        _coded("home_language", "f.home_language", "Sprog i hjemmet", _labels(codes.HomeLanguage.choices)),
        _coded("phase", "f.phase", "Hvor forløbet står", _labels(Phase.choices)),
        _week("moved_in_week", "f.moved_in_on", "Flyttede ind i uge"),
        _week("goals_week", "goals.first_set_on", "Første mål sat i uge"),
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
        _week("moved_out_week", "f.moved_out_on", "Flyttede ud i uge"),
        _week("closed_week", "f.closed_on", "Forløbet afsluttet i uge"),
        _coded("outcome", "f.outcome", "Udfald", _labels(codes.Outcome.choices), empty=NOT_YET_DUE),
    ),
    order=("family_id",),
    key=("family_id",),
)

MEASUREMENTS = Dataset(
    name=DatasetName.MEASUREMENTS,
    title="Målinger",
    description="En række for hver måling. En rettet måling står med sin seneste værdi.",
    source="""FROM public.progression_measurement m
  JOIN public.families_family f ON f.id = m.family_id
  LEFT JOIN public.families_person about ON about.id = m.person_id
 WHERE f.started_on IS NOT NULL
   AND NOT EXISTS (SELECT FROM public.progression_measurement later WHERE later.replaces_id = m.id)""",
    variables=(
        _pseudonym("measurement_id", "m.uuid", "Måling"),
        _pseudonym("family_id", "f.uuid", "Familie"),
        _pseudonym(
            "person_id",
            "about.uuid",
            "Hvem målingen handler om",
            missing=_when_null("m.person_id", NOT_RELEVANT),
        ),
        _coded(
            "person_kind",
            "about.kind",
            "Personens rolle i familien",
            _labels(codes.PersonKind.choices),
            empty=NOT_RELEVANT,
        ),
        _coded("element", "m.element", "Kerneelement", _labels(Element.choices)),
        _coded("instrument", "m.instrument", "Redskab", INSTRUMENTS),
        Variable(
            "instrument_version",
            f"CASE WHEN m.instrument_version ~ '{INSTRUMENT_VERSION}' THEN m.instrument_version END",
            "string",
            "Redskabets version",
            pattern=INSTRUMENT_VERSION,
            missing=f"CASE WHEN m.instrument_version ~ '{INSTRUMENT_VERSION}' THEN NULL "
            f"ELSE {NOT_ON_LIST} END",
        ),
        Variable(
            "day", _days("m.measured_on"), "integer", "Dag", "Dage fra start i indsatsen; negativ er før."
        ),
        _coded("respondent", "m.respondent", "Svaret af", _labels(Respondent.choices)),
        Variable(
            "score",
            "m.score",
            "number",
            "Score",
            missing=f"CASE WHEN m.score IS NOT NULL THEN NULL WHEN m.missing_reason IN "
            f"({_quoted(MissingReason.values)}) THEN m.missing_reason ELSE {NOT_ON_LIST} END",
        ),
        Variable("scale_min", "m.scale_min", "number", "Laveste på skalaen"),
        Variable("scale_max", "m.scale_max", "number", "Højeste på skalaen"),
        Variable("corrected", "m.replaces_id IS NOT NULL", "boolean", "Rettet", "1, når målingen er rettet."),
    ),
    order=("family_id", "day", "measurement_id"),
    key=("measurement_id",),
)

# A step that somebody said no to goes no further, so what would have followed is not relevant.
_REJECTED = "(decision.approved IS FALSE OR word.approved IS FALSE)"
_AFTER_NO = f"CASE WHEN {_REJECTED} THEN {NOT_RELEVANT} ELSE {NOT_YET_DUE} END"
# Nor is it after an approved step that was not carried out.
_NOT_DONE = "s.abandoned_at IS NOT NULL"
_AFTER_NOT_DONE = f"CASE WHEN {_REJECTED} OR {_NOT_DONE} THEN {NOT_RELEVANT} ELSE {NOT_YET_DUE} END"
_WITHOUT_WORD = f"CASE WHEN rung.needs_authority IS FALSE THEN {NOT_RELEVANT} ELSE {NOT_YET_DUE} END"


def _step_day(name: str, day: str, title: str, reason: str) -> Variable:
    return Variable(
        name, _days(day), "integer", title, "Dage fra start i indsatsen.", missing=_when_null(day, reason)
    )


def _step_answer(name: str, sql: str, title: str, reason: str) -> Variable:
    return Variable(name, sql, "boolean", title, "1 er ja, 0 er nej.", missing=_when_null(sql, reason))


EXIT_STEPS = Dataset(
    name=DatasetName.EXIT_STEPS,
    title="Udslusningstrin",
    description="En række for hvert ønsket trin på udslusningsstigen: hvad der blev besluttet, og hvad der "
    "skete.",
    source="""FROM public.flow_exit_exitstep s
  JOIN public.families_family f ON f.id = s.family_id
  LEFT JOIN public.flow_exit_exitstepdecision decision ON decision.step_id = s.id
  LEFT JOIN public.flow_exit_authorityword word ON word.step_id = s.id"""
    + _MODEL_OF_STEP
    + """
  LEFT JOIN LATERAL (
       SELECT r ->> 'code' AS code, (r ->> 'needs_authority')::boolean AS needs_authority
         FROM jsonb_array_elements(version.content -> 'exit_steps') r WHERE r ->> 'code' = s.code LIMIT 1
       ) rung ON true
 WHERE f.started_on IS NOT NULL""",
    variables=(
        _pseudonym("step_id", "s.uuid", "Trin"),
        _pseudonym("family_id", "f.uuid", "Familie"),
        Variable(
            "code",
            "rung.code",
            "string",
            "Trinnets kode",
            "Koden i den modelversion, trinnet blev besluttet efter.",
            pattern=STEP_CODE,
            missing=_when_null("rung.code", NOT_ON_LIST),
        ),
        *_model(
            "Den udgave af modellen, trinnet blev besluttet efter; er det ikke besluttet, den, familien følger."
        ),
        Variable("attempt", "s.attempt", "integer", "Forsøg nummer"),
        Variable(
            "requested_day",
            _days(_danish("s.requested_at")),
            "integer",
            "Ønsket",
            "Dage fra start i indsatsen.",
        ),
        _step_answer(
            "authority_needed", "rung.needs_authority", "Kræver myndighedens afgørelse", NOT_ON_LIST
        ),
        _step_day("authority_day", _danish("word.decided_at"), "Myndighedens afgørelse", _WITHOUT_WORD),
        _step_answer("authority_approved", "word.approved", "Godkendt af myndigheden", _WITHOUT_WORD),
        _step_day("decided_day", _danish("decision.decided_at"), "Teamlederens afgørelse", _AFTER_NO),
        _step_answer("approved", "decision.approved", "Godkendt af teamlederen", _AFTER_NO),
        _step_day("carried_out_day", "s.carried_out_on", "Gennemført", _AFTER_NOT_DONE),
        _step_day("evaluated_day", _danish("s.evaluated_at"), "Evalueret", _AFTER_NOT_DONE),
        _coded(
            "result",
            "s.result",
            "Hvad evalueringen førte til",
            _labels(StepResult.choices),
            empty=_AFTER_NOT_DONE,
        ),
        Variable(
            "exceptions",
            "(SELECT count(*) FROM public.flow_exit_exitexception made WHERE made.step_id = s.id)",
            "integer",
            "Undtagelser",
            "Antal betingelser, som trinnet blev godkendt uden, ved navn og med begrundelse.",
        ),
    ),
    order=("family_id", "requested_day", "code", "attempt", "step_id"),
    key=("step_id",),
)

DATASETS: dict[str, Dataset] = {d.name.value: d for d in (REGISTRATION, MEASUREMENTS, EXIT_STEPS)}

#: The only columns of the case tables that the views' owner may read.
READ_COLUMNS: dict[str, tuple[str, ...]] = {
    "families_family": (
        "id", "uuid", "municipality_id", "started_on", "moved_in_on", "moved_out_on", "closed_on", "phase",
        "outcome", "traits", "receives_other_support", "home_before", "home_language",
    ),
    "families_person": (
        "id", "uuid", "family_id", "kind", "birth_state", "born_on", "education", "employment",
    ),
    "kernel_process": ("id", "family_id", "flow_class", "model_version_id", "adaptation_id", "created"),
    "model_versions_adaptation": ("id", "code"),
    "model_versions_versionmove": ("id", "family_id", "from_version_id", "from_adaptation_id", "moved_at"),
    "progression_goal": ("id", "family_id", "set_on"),
    "progression_followup": ("id", "family_id", "trend", "outcome"),
    "progression_setbackanswer": ("follow_up_id", "choice"),
    "progression_measurement": (
        "id", "uuid", "family_id", "person_id", "element", "instrument", "instrument_version", "score",
        "scale_min", "scale_max", "missing_reason", "measured_on", "respondent", "replaces_id",
    ),
    "flow_exit_exitstep": (
        "id", "uuid", "family_id", "code", "attempt", "requested_at", "carried_out_on", "abandoned_at",
        "evaluated_at", "result",
    ),
    "flow_exit_exitstepdecision": ("step_id", "approved", "decided_at"),
    "flow_exit_authorityword": ("step_id", "approved", "decided_at"),
    "flow_exit_exitexception": ("step_id",),
}  # fmt: skip
#: Reference data that no family stands in, and that therefore is under no row security.
READ_REFERENCE: dict[str, tuple[str, ...]] = {"model_versions_modelversion": ("id", "code", "content")}
