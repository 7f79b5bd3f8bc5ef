"""A row per step of the exit ladder that was asked for."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.kit import (
    NOT_ON_LIST,
    NOT_RELEVANT,
    NOT_YET_DUE,
    STEP_CODE,
    Dataset,
    Variable,
    coded,
    danish,
    days,
    labels,
    of_model,
    pseudonym,
    when_null,
)
from workflows.exit.models import StepResult

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


def _step_day(name: str, day: str, title: str, reason: str) -> Variable:
    return Variable(
        name, days(day), "integer", title, "Dage fra start i indsatsen.", missing=when_null(day, reason)
    )


def _step_answer(name: str, sql: str, title: str, reason: str) -> Variable:
    return Variable(name, sql, "boolean", title, "1 er ja, 0 er nej.", missing=when_null(sql, reason))


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
        pseudonym("step_id", "s.uuid", "Trin"),
        pseudonym("family_id", "f.uuid", "Familie"),
        Variable(
            "code",
            "rung.code",
            "string",
            "Trinnets kode",
            "Koden i den modelversion, trinnet blev besluttet efter.",
            pattern=STEP_CODE,
            missing=when_null("rung.code", NOT_ON_LIST),
        ),
        *of_model(
            "Den udgave af modellen, trinnet blev besluttet efter; er det ikke besluttet, den, familien følger."
        ),
        Variable("attempt", "s.attempt", "integer", "Forsøg nummer"),
        Variable(
            "requested_day",
            days(danish("s.requested_at")),
            "integer",
            "Ønsket",
            "Dage fra start i indsatsen.",
        ),
        _step_answer(
            "authority_needed", "rung.needs_authority", "Kræver myndighedens afgørelse", NOT_ON_LIST
        ),
        _step_day("authority_day", danish("word.decided_at"), "Myndighedens afgørelse", _WITHOUT_WORD),
        _step_answer("authority_approved", "word.approved", "Godkendt af myndigheden", _WITHOUT_WORD),
        _step_day("decided_day", danish("decision.decided_at"), "Teamlederens afgørelse", _AFTER_NO),
        _step_answer("approved", "decision.approved", "Godkendt af teamlederen", _AFTER_NO),
        _step_day("carried_out_day", "s.carried_out_on", "Gennemført", _AFTER_NOT_DONE),
        _step_day("evaluated_day", danish("s.evaluated_at"), "Evalueret", _AFTER_NOT_DONE),
        coded(
            "result",
            "s.result",
            "Hvad evalueringen førte til",
            labels(StepResult.choices),
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
