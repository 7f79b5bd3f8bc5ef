"""What leaves the house for evaluation: every variable, where it comes from, and why it may be missing.

One table feeds everything that must never disagree: the views of the evaluation schema (`evaluation.schema`),
what is read from them (`evaluation.extract`), disclosure control, and the files with their codebooks
(`evaluation.formats`). Each variable says its sort, unit, words in Danish and English, code table, where in the
system it is written, why it may be missing and why it is collected; without one of these the product does not start.
A field that no declaration names cannot leave.

No name, CPR, birthday, place or free text is a variable. Ids are pseudonyms, days count from the start of the
intervention, and a code is let through only if it stands on its list: a column that the forms hold to a list
could still be given a sentence by another way in, and then says ``not_on_list`` instead.
"""

from evaluation.variables.circle import NETWORK
from evaluation.variables.costs import RATES, TIME_COSTS
from evaluation.variables.declared import (
    MISSING_REASONS,
    MISSING_REASONS_EN,
    Dataset,
    Sort,
    Variable,
    refuse_incomplete,
)
from evaluation.variables.exit_steps import EXIT_STEPS
from evaluation.variables.families import FAMILIES
from evaluation.variables.fidelity import FIDELITY
from evaluation.variables.goals import FOLLOW_UPS, GOALS
from evaluation.variables.measurements import MEASUREMENTS
from evaluation.variables.meetings import MEETINGS, SESSIONS
from evaluation.variables.model_versions import MODEL_VERSIONS
from evaluation.variables.organisation import SELF_ASSESSMENTS, TRAINING
from evaluation.variables.outcomes import CONTACTS, OUTCOMES
from evaluation.variables.people import CHILDREN, PARENTS
from evaluation.variables.refusing import refuse_third_parties
from evaluation.variables.registration import REGISTRATION
from evaluation.variables.stays import STAYS

__all__ = [
    "DATASETS",
    "EXIT_STEPS",
    "FAMILIES",
    "FIDELITY",
    "MEASUREMENTS",
    "MISSING_REASONS",
    "MISSING_REASONS_EN",
    "READ_COLUMNS",
    "READ_REFERENCE",
    "REGISTRATION",
    "Dataset",
    "Sort",
    "Variable",
]

#: Each whole, or the product does not start.
DATASETS: dict[str, Dataset] = {
    d.name.value: refuse_incomplete(d)
    for d in (
        REGISTRATION, FAMILIES, CHILDREN, PARENTS, STAYS, MEASUREMENTS, GOALS, FOLLOW_UPS, FIDELITY, MEETINGS, SESSIONS,
        NETWORK, EXIT_STEPS, OUTCOMES, CONTACTS, TIME_COSTS, RATES, TRAINING, SELF_ASSESSMENTS, MODEL_VERSIONS,
    )
}  # fmt: skip

#: The only columns of the case tables that the views' owner may read.
READ_COLUMNS: dict[str, tuple[str, ...]] = {
    "access_site": ("id", "uuid"),
    "costs_hourlyrate": ("id", "uuid", "rates_id", "profession", "amount"),
    "costs_nightrate": ("id", "uuid", "rates_id", "site_id", "amount", "occupancy"),
    "costs_othercost": (
        "id", "municipality_id", "family_id", "day", "kind", "amount", "category", "stage", "withdrawn_at",
    ),
    "costs_timeentry": (
        "id", "municipality_id", "week_id", "family_id", "element", "activity", "stage", "category", "quarters", "replaced_at",
    ),
    "costs_timeweek": ("id", "monday", "profession", "sent_at"),
    "costs_yearofrates": ("id", "municipality_id", "year", "price_year", "withdrawn_at"),
    "families_childview": ("id", "child_id"),
    "families_consent": ("id", "family_id", "given_on"),
    "families_decision": ("id", "family_id", "approved", "decided_at", "expected_weeks"),
    "families_family": (
        "id", "uuid", "municipality_id", "started_on", "moved_in_on", "moved_out_on", "closed_on", "phase",
        "outcome", "traits", "receives_other_support", "home_before", "home_language", "source", "enquired_at",
    ),
    "families_familygrant": ("id", "content_object_id", "function", "profession", "starts", "ends"),
    "families_pause": ("id", "family_id", "paused_on", "resumed_on"),
    "families_person": (
        "id", "uuid", "family_id", "kind", "birth_state", "born_on", "due_on", "custody_holder", "education", "employment",
    ),
    "families_personpath": ("id", "person_id", "where", "begins_on", "ends_on"),
    "families_sitechange": ("id", "family_id"),
    "kernel_process": ("id", "uuid", "family_id", "flow_class", "model_version_id", "adaptation_id", "created"),
    "meetings_decisionoutcome": ("id", "decision_id", "done"),
    "meetings_meeting": (
        "id", "uuid", "family_id", "kind", "held_on", "next_on", "parents_present", "outcome", "missing",
    ),
    "meetings_meetingdecision": ("id", "meeting_id"),
    "meetings_session": ("id", "uuid", "family_id", "kind", "status", "held_on", "outcome", "untrained"),
    "meetings_sessionparticipant": ("id", "session_id", "person_id"),
    "model_versions_adaptation": ("id", "code", "municipality_id", "version_id", "status", "overrides"),
    "model_versions_selfassessment": ("id", "municipality_id", "site_id", "year"),
    "model_versions_selfassessmentline": ("id", "uuid", "assessment_id", "key", "level"),
    "model_versions_versionmove": ("id", "family_id", "from_version_id", "from_adaptation_id", "moved_at"),
    "progression_goal": (
        "id", "uuid", "family_id", "set_on", "closed_on", "weight", "baseline", "formulated_with_parents", "replaces_id",
    ),
    "progression_goalparticipant": ("id", "goal_id"),
    "progression_goalrating": ("id", "goal_id", "follow_up_id", "score"),
    "progression_followup": (
        "id", "uuid", "family_id", "held_on", "next_on", "adjust", "investigate", "plan", "trend", "t_before", "t_now",
        "outcome",
    ),
    "progression_setbackanswer": ("id", "follow_up_id", "choice", "answered_at"),
    "progression_measurement": (
        "id", "uuid", "family_id", "person_id", "element", "instrument", "instrument_version", "score",
        "scale_min", "scale_max", "missing_reason", "measured_on", "respondent", "replaces_id",
    ),
    "staffing_trainingrecord": ("id", "municipality_id", "staff_id", "kind", "held_on", "certificate"),
    "flow_exit_exitplan": ("id", "family_id", "destination", "alternative", "made_on"),
    "flow_exit_exitrecord": ("id", "family_id", "planned", "initiator", "child_lives"),
    "flow_exit_exitstep": (
        "id", "uuid", "family_id", "code", "attempt", "requested_at", "carried_out_on", "abandoned_at",
        "evaluated_at", "result",
    ),
    "flow_exit_exitstepdecision": ("step_id", "approved", "decided_at"),
    "flow_exit_authorityword": ("step_id", "approved", "decided_at"),
    "flow_exit_exitexception": ("step_id",),
    "flow_exit_receivingsupport": ("id", "family_id", "informed_on"),
    "flow_journey_earlierjourney": (
        "id", "family_id", "process_id", "moved_in_on", "moved_out_on", "closed_on", "outcome",
    ),
    "flow_journey_followupcontact": (
        "id", "uuid", "family_id", "journey_id", "months", "held_on", "reached", "lives_together", "corrected_at",
    ),
    "flow_journey_withdrawal": ("id", "family_id", "reason", "initiator", "planned", "ended_on"),
    "flow_measuring_administration": (
        "id", "family_id", "instrument", "answered_on", "missing_reason", "replaces_id",
    ),
    "flow_screening_concern": ("id", "family_id"),
}  # fmt: skip
for _table in READ_COLUMNS:
    refuse_third_parties("read grant", _table)

#: Reference data that no family stands in, and that therefore is under no row security.
READ_REFERENCE: dict[str, tuple[str, ...]] = {
    "model_versions_modelversion": ("id", "code", "content", "in_force_from", "status"),
}
