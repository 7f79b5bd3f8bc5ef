"""A row per step of the exit ladder that was asked for."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import (
    NOT_ON_LIST,
    NOT_RELEVANT,
    NOT_YET_DUE,
    Dataset,
    Variable,
    Words,
    codes,
)
from evaluation.variables.kit import (
    STEP_CODE,
    Maker,
    Unit,
    Why,
    danish,
    family_id,
    municipality_code,
    of_model,
    pseudonym,
    when_null,
)
from workflows.exit.models import StepResult

_STEPS = Maker(Words("Udslusningstrin", "Exit steps"), Why.IMPLEMENTATION)

# A step that somebody said no to goes no further, so what would have followed is not relevant.
_REJECTED = "(decision.approved IS FALSE OR word.approved IS FALSE)"
_AFTER_NO = f"CASE WHEN {_REJECTED} THEN {NOT_RELEVANT} ELSE {NOT_YET_DUE} END"
# Nor is it after an approved step that was not carried out.
_NOT_DONE = "s.abandoned_at IS NOT NULL"
_AFTER_NOT_DONE = f"CASE WHEN {_REJECTED} OR {_NOT_DONE} THEN {NOT_RELEVANT} ELSE {NOT_YET_DUE} END"
_WITHOUT_WORD = f"CASE WHEN rung.needs_authority IS FALSE THEN {NOT_RELEVANT} ELSE {NOT_YET_DUE} END"


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


def _step_answer(name: str, sql: str, title: Words, reason: str, since: str = "") -> Variable:
    return _STEPS.yes(name, sql, title, missing=when_null(sql, reason), since=since)


EXIT_STEPS = Dataset(
    name=DatasetName.EXIT_STEPS,
    title="Udslusningstrin",
    title_en="Exit steps",
    description="En række for hvert ønsket trin på udslusningsstigen: hvad der blev besluttet, og hvad der "
    "skete.",
    description_en="A row for each step of the exit ladder that was asked for: what was decided, and what happened.",
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
        pseudonym("step_id", "step", "s.uuid", Words("Trin", "Step")),
        family_id(),
        municipality_code(),
        _STEPS.value(
            "code",
            "rung.code",
            "string",
            Words("Trinnets kode", "The step's code"),
            description=Words(
                "Koden i den modelversion, trinnet blev besluttet efter.",
                "The code in the model version that the step was decided under.",
            ),
            pattern=STEP_CODE,
            missing=when_null("rung.code", NOT_ON_LIST),
        ),
        *of_model(
            Words(
                "Den udgave af modellen, trinnet blev besluttet efter; er det ikke besluttet, den, familien følger.",
                "The version of the model that the step was decided under; that of the family while it is not decided.",
            )
        ),
        _STEPS.value(
            "attempt", "s.attempt", "integer", Words("Forsøg nummer", "Attempt number"), Unit.NUMBER
        ),
        _STEPS.day("requested_day", danish("s.requested_at"), Words("Ønsket", "Asked for")),
        _step_answer(
            "authority_needed",
            "rung.needs_authority",
            Words("Kræver myndighedens afgørelse", "Needs the authority's decision"),
            NOT_ON_LIST,
        ),
        _STEPS.day(
            "authority_day",
            danish("word.decided_at"),
            Words("Myndighedens afgørelse", "The authority's decision"),
            empty=_WITHOUT_WORD,
        ),
        _step_answer(
            "authority_approved",
            "word.approved",
            Words("Godkendt af myndigheden", "Approved by the authority"),
            _WITHOUT_WORD,
            since="authority_day",
        ),
        _STEPS.day(
            "decided_day",
            danish("decision.decided_at"),
            Words("Teamlederens afgørelse", "The team lead's decision"),
            empty=_AFTER_NO,
        ),
        _step_answer(
            "approved",
            "decision.approved",
            Words("Godkendt af teamlederen", "Approved by the team lead"),
            _AFTER_NO,
            since="decided_day",
        ),
        _STEPS.day(
            "carried_out_day", "s.carried_out_on", Words("Gennemført", "Carried out"), empty=_AFTER_NOT_DONE
        ),
        _STEPS.day(
            "evaluated_day", danish("s.evaluated_at"), Words("Evalueret", "Evaluated"), empty=_AFTER_NOT_DONE
        ),
        _STEPS.code(
            "result",
            "s.result",
            Words("Hvad evalueringen førte til", "What the evaluation led to"),
            codes(StepResult.choices),
            empty=_AFTER_NOT_DONE,
            since="evaluated_day",
        ),
        _STEPS.count(
            "exceptions",
            "(SELECT count(*) FROM public.flow_exit_exitexception made WHERE made.step_id = s.id)",
            Words("Undtagelser", "Exceptions"),
            description=Words(
                "Antal betingelser, som trinnet blev godkendt uden, ved navn og med begrundelse.",
                "Number of conditions that the step was approved without, each by name and with a reason.",
            ),
            running=True,
        ),
    ),
    order=("family_id", "requested_day", "code", "attempt", "step_id"),
    key=("step_id",),
)
