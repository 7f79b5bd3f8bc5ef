"""The model's versions and the municipalities' adaptations: what a family's journey is to be read against."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import NOT_RELEVANT, Dataset, Variable, Words
from evaluation.variables.kit import (
    MODEL_VERSION,
    Maker,
    Unit,
    Why,
    municipality_code,
    when_null,
)

_MODEL = Maker(Words("Modellens versioner", "The versions of the model"), Why.VERSION)


def _rhythm(name: str, title: Words) -> Variable:
    return _MODEL.value(
        f"{name}_days",
        f"coalesce((adaptation.overrides #>> '{{cadence_days,{name}}}')::integer, "
        f"(version.content #>> '{{cadence_days,{name}}}')::integer)",
        "integer",
        title,
        Unit.LENGTH,
    )


MODEL_VERSIONS = Dataset(
    name=DatasetName.MODEL_VERSIONS,
    title="Modelversioner",
    title_en="Model versions",
    description="En række for hver national version, og for hver kommunes tilpasning, der er eller har været i kraft: den "
    "rytme og det antal trin, forløbene skal læses efter.",
    description_en="A row for each national version, and for each municipality's adaptation that is or was in force: the rhythm "
    "and the number of steps that the journeys are to be read against.",
    source="""FROM (SELECT v.id AS version_id, NULL::bigint AS adaptation_id FROM public.model_versions_modelversion v
        UNION ALL
       SELECT a.version_id, a.id FROM public.model_versions_adaptation a WHERE a.status IN ('in_force', 'retired')) one
  JOIN public.model_versions_modelversion version ON version.id = one.version_id
  LEFT JOIN public.model_versions_adaptation adaptation ON adaptation.id = one.adaptation_id
 WHERE version.status IN ('in_force', 'retired')""",
    variables=(
        _MODEL.value(
            "code",
            "coalesce(adaptation.code, version.code)",
            "string",
            Words("Kode: tilpasningens, ellers versionens", "Code: the adaptation's, or else the version's"),
            pattern="^[A-Za-z0-9.-]{1,40}$",
        ),
        _MODEL.value(
            "model_version",
            "version.code",
            "string",
            Words("Modelversion", "Model version"),
            pattern=MODEL_VERSION,
        ),
        _MODEL.value(
            "model_adaptation",
            "adaptation.code",
            "string",
            Words("Kommunens tilpasning", "The municipality's adaptation"),
            pattern="^[A-Za-z0-9.-]{1,40}$",
            missing=when_null("adaptation.code", NOT_RELEVANT),
        ),
        municipality_code(
            "adaptation.municipality_id", missing=when_null("adaptation.municipality_id", NOT_RELEVANT)
        ),
        _MODEL.value(
            "in_force_from",
            "version.in_force_from",
            "date",
            Words("Versionen gælder fra", "The version applies from"),
        ),
        _rhythm("team_meeting", Words("Dage mellem teammøder", "Days between team meetings")),
        _rhythm("mentalisation_session", Words("Dage mellem samtaler", "Days between sessions")),
        _rhythm("goal_follow_up", Words("Dage mellem opfølgninger", "Days between follow-ups")),
        _MODEL.value(
            "circle_meeting_days",
            "coalesce((adaptation.overrides #>> '{cadence_days,network_meeting}')::integer, "
            "(version.content #>> '{cadence_days,network_meeting}')::integer)",
            "integer",
            Words("Dage mellem netværksmøder", "Days between network meetings"),
            Unit.LENGTH,
        ),
        _MODEL.count(
            "exit_steps",
            "jsonb_array_length(version.content -> 'exit_steps')",
            Words("Trin på udslusningsstigen", "Steps of the exit ladder"),
        ),
        _MODEL.count(
            "changes",
            "coalesce((SELECT count(*) FROM jsonb_each(adaptation.overrides) part, jsonb_path_query(part.value, '$.*')), 0)"
            "::integer",
            Words("Ændringer i tilpasningen", "Changes in the adaptation"),
        ),
    ),
    order=("code",),
    key=("code",),
)
