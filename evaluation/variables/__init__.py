"""What leaves the house for evaluation: every variable, where it comes from, and why it may be missing.

One table feeds three places that must never disagree: the views of the evaluation schema
(`evaluation.schema`), the CSV files and their `datapackage.json` (`evaluation.formats`). The words here are
the codebook, always Danish.

No name, CPR, birthday, place or free text is a variable. Ids are pseudonyms, days count from the start of the
intervention, and a code is let through only if it stands on its list: a column that the forms hold to a list
could still be given a sentence by another way in, and then says ``not_on_list`` instead.
"""

from evaluation.variables.exit_steps import EXIT_STEPS
from evaluation.variables.kit import MISSING_REASONS, Dataset, Variable, refuse_third_parties
from evaluation.variables.measurements import MEASUREMENTS
from evaluation.variables.registration import REGISTRATION

__all__ = [
    "DATASETS",
    "EXIT_STEPS",
    "MEASUREMENTS",
    "MISSING_REASONS",
    "READ_COLUMNS",
    "READ_REFERENCE",
    "REGISTRATION",
    "Dataset",
    "Variable",
]

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
    "kernel_process": ("id", "uuid", "family_id", "flow_class", "model_version_id", "adaptation_id", "created"),
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
for _table in READ_COLUMNS:
    refuse_third_parties("read grant", _table)

#: Reference data that no family stands in, and that therefore is under no row security.
READ_REFERENCE: dict[str, tuple[str, ...]] = {"model_versions_modelversion": ("id", "code", "content")}
