"""Who may do what: one table, role × action, read by pages, API, flows and the permission tests alike.

Every human step of every flow names one action below as its permission; a step that names another one is
refused when the flow class is made. Which *families* a role reaches is `Family.objects.visible_to`.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """The roles of the house. Values are stored and appear in the API; they never change."""

    CASEWORKER = "caseworker"
    AUTHORITY_LEAD = "authoritylead"
    PRACTITIONER = "practitioner"
    TEAM_LEAD = "teamlead"
    HEALTH_VISITOR = "healthvisitor"
    ON_CALL = "oncall"
    PRIVACY_OFFICER = "privacy"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "admin"


ROLE_TITLES: dict[Role, Promise] = {
    Role.CASEWORKER: _("Rådgiver"),
    Role.AUTHORITY_LEAD: _("Myndighedsleder"),
    Role.PRACTITIONER: _("Behandler"),
    Role.TEAM_LEAD: _("Teamleder"),
    Role.HEALTH_VISITOR: _("Sundhedsplejerske"),
    Role.ON_CALL: _("Døgnvagt"),
    Role.PRIVACY_OFFICER: _("Databeskyttelsesrådgiver"),
    Role.EVALUATOR: _("Evaluator (VIVE)"),
    Role.ADMINISTRATOR: _("Administrator"),
}

NATIONAL_ROLES = frozenset({Role.EVALUATOR, Role.ADMINISTRATOR})


class Action(StrEnum):
    """Everything that is guarded by role. `flow_x.node` names the human step of that flow."""

    SEE_FAMILIES = "families.see"
    REGISTER_ENQUIRY = "families.register_enquiry"
    ADMINISTER_PEOPLE = "access.administer"
    WRITE_NOTE = "journal.write_note"
    EDIT_LOG_WORDS = "journal.edit_words"
    DECIDE_PARENTS_READING = "journal.decide_parents_reading"
    RECORD_MEASUREMENT = "progression.record_measurement"
    RECORD_CHILD_VIEW = "families.record_child_view"
    RECORD_PEOPLE = "families.record_people"
    RECORD_CONSENT = "families.record_consent"
    APPOINT_CASEWORKER = "families.appoint_caseworker"
    SEE_READ_HISTORY = "access.see_read_history"
    HAND_OVER_TASK = "kernel.hand_over"
    SEE_WAITING = "kernel.see_waiting"
    SEE_COMPLETENESS = "kernel.see_completeness"
    PAUSE_JOURNEY = "flow_journey.pause"
    CORRECT_STEP = "flow_journey.correct_step"
    WITHDRAW_JOURNEY = "flow_journey.withdraw"
    REOPEN_JOURNEY = "flow_journey.reopen"
    RECORD_PATH = "families.record_path"
    CHANGE_SITE = "families.change_site"

    ASSESS_TARGET_GROUP = "flow_journey.assess_target_group"
    OBTAIN_CONSENT = "flow_journey.obtain_consent"
    REQUEST_DECISION = "flow_journey.request_decision"
    APPROVE_DECISION = "flow_journey.approve_decision"
    START_INTERVENTION = "flow_journey.start_intervention"
    MOVE_IN = "flow_journey.move_in"
    CLOSE_JOURNEY = "flow_journey.close_journey"
    FOLLOW_UP_CONTACT = "flow_journey.follow_up_contact"
    ASSESS_WITHDRAWAL = "flow_journey.assess_withdrawal"

    APPOINT_TEAM = "flow_team.appoint_team"
    HOLD_TEAM_MEETING = "flow_team.hold_meeting"
    DO_ACTION_POINT = "flow_team.do_action_point"
    GIVE_MINUTES = "meetings.give_minutes"

    TAKE_BASELINE = "flow_mentalisation.take_baseline"
    HOLD_SESSION = "flow_mentalisation.hold_session"
    FORMULATE_FOCUS = "meetings.formulate_focus"
    CHOOSE_FOR_RESEARCH = "research.choose_family"
    RECORD_RESEARCH = "research.record"

    SET_GOALS = "flow_progression.set_goals"
    FOLLOW_UP_GOALS = "flow_progression.follow_up"
    ANSWER_SETBACK = "flow_progression.answer_setback"

    ACT_TODAY = "flow_measuring.act_today"
    ACT_ON_SCORE = "flow_measuring.act_on_score"

    MAP_NETWORK = "flow_network.map_network"
    HOLD_NETWORK_MEETING = "flow_network.hold_meeting"
    MAKE_AGREEMENT = "flow_network.make_agreement"
    WORK_WITH_NETWORK = "network.work"

    ASK_CONFERENCE = "conference.ask"
    APPOINT_COORDINATOR = "flow_conference.appoint_coordinator"
    PREPARE_CONFERENCE = "flow_conference.prepare"
    HOLD_CONFERENCE = "flow_conference.hold_conference"
    APPROVE_FAMILY_PLAN = "flow_conference.approve_plan"
    CHANGE_EXIT_PLAN = "flow_conference.change_exit_plan"
    FOLLOW_UP_CONFERENCE = "flow_conference.follow_up"

    PLAN_EXIT = "flow_exit.plan_exit"
    REQUEST_EXIT_STEP = "flow_exit.request_step"
    AUTHORISE_EXIT_STEP = "flow_exit.authorise_step"
    APPROVE_EXIT_STEP = "flow_exit.approve_step"
    CARRY_OUT_EXIT_STEP = "flow_exit.carry_out_step"
    EVALUATE_EXIT_STEP = "flow_exit.evaluate_step"
    LAY_EXIT_GROUND = "exit.lay_ground"

    APPOINT_DEPUTY = "staffing.appoint_deputy"
    RECORD_TRAINING = "staffing.record_training"
    REGISTER_TIME = "costs.register_time"
    SEE_COSTS = "costs.see"
    ADMINISTER_COSTS = "costs.administer"
    RECEIVE_CONCERN = "screening.receive_concern"
    ASSESS_CONCERN = "flow_screening.assess_concern"
    APPOINT_SECOND = "flow_screening.appoint_second"
    SECOND_ASSESSMENT = "flow_screening.second_assessment"
    CLOSE_CONCERN = "flow_screening.close_concern"
    SEND_RECEIPT = "flow_screening.send_receipt"

    BEGIN_INVESTIGATION = "investigation.begin"
    CORRECT_AWARENESS = "investigation.correct_awareness"
    ASSESS_RISK = "flow_investigation.assess_risk"
    SCREEN = "flow_investigation.screen"
    CLARIFY = "flow_investigation.clarify"
    EXAMINE = "flow_investigation.examine"
    WRITE_PLANS = "flow_investigation.write_plans"
    SETTLE_AT_BIRTH = "flow_investigation.settle_at_birth"
    EXPLAIN_LATE = "kernel.explain_late"
    SEE_KEPT = "kernel.see_kept"
    READ_DECISIONS = "decisions.read"
    RECORD_CASE_PERSON = "decisions.record_case_person"
    WAIVE_CHILD_VIEW = "decisions.waive_child_view"
    HEAR_PARTY = "decisions.hear_party"
    CLOSE_HEARING = "flow_decisions.close_hearing"
    WRITE_LETTERS = "flow_decisions.write_letters"
    APPROVE_LETTERS = "flow_decisions.approve_letters"
    SEND_LETTERS = "flow_decisions.send_letters"
    WRITE_LETTER_TEMPLATE = "decisions.write_template"
    RECEIVE_COMPLAINT = "decisions.receive_complaint"
    REASSESS_COMPLAINT = "flow_decisions.reassess_complaint"
    SEND_TO_BOARD = "flow_decisions.send_to_board"
    RECORD_BOARD_OUTCOME = "flow_decisions.record_board_outcome"
    SETTLE_PLAN = "flow_decisions.settle_plan"
    MAKE_PLAN = "flow_decisions.make_plan"
    SETTLE_TRACK = "flow_decisions.settle_track"
    #: After a complaint that changed the decision.
    DECIDE_ANEW = "flow_decisions.decide_anew"
    APPROVE_ANEW = "flow_decisions.approve_anew"
    RECEIVE_ACCESS_REQUEST = "decisions.receive_access_request"
    ANSWER_ACCESS = "flow_decisions.answer_access"

    USE_RELEASES = "evaluation.use_releases"
    SEE_RELEASES = "evaluation.see_releases"
    REVIEW_RELEASE = "evaluation.review"
    APPROVE_RELEASE = "evaluation.approve"
    REFUSE_RELEASE = "evaluation.refuse"

    SEE_MODEL = "model.see"
    DRAFT_ADAPTATION = "model.draft_adaptation"
    DECIDE_ADAPTATION = "model.decide_adaptation"
    MOVE_FAMILY = "model.move_family"
    WRITE_ORGANISATION = "model.write_organisation"
    ASSESS_SITE = "model.assess_site"


#: What everybody does who works with families, for themselves or as a member of a team.
_OWN_WORK = frozenset(
    {Action.DO_ACTION_POINT, Action.APPOINT_DEPUTY, Action.RECORD_TRAINING, Action.REGISTER_TIME}
)

#: What the intervention costs: leads see it, say which weeks are counted, and set what an hour and a night are reckoned at.
_COSTS = frozenset({Action.SEE_COSTS, Action.ADMINISTER_COSTS})

#: What whoever measures does about a score; the leads who do not measure may do it too, so that none waits.
_ON_SCORES = frozenset({Action.ACT_TODAY, Action.ACT_ON_SCORE})

#: What the authority does with a notification of concern.
_CONCERN_WORK = frozenset(
    {
        Action.RECEIVE_CONCERN,
        Action.ASSESS_CONCERN,
        Action.APPOINT_SECOND,
        Action.SECOND_ASSESSMENT,
        Action.CLOSE_CONCERN,
        Action.SEND_RECEIPT,
    }
)

#: What the authority does with a need it became aware of: screening, examination, the track beside a pregnancy.
_INVESTIGATION_WORK = frozenset(
    {
        Action.BEGIN_INVESTIGATION,
        Action.CORRECT_AWARENESS,
        Action.ASSESS_RISK,
        Action.SCREEN,
        Action.CLARIFY,
        Action.EXAMINE,
        Action.WRITE_PLANS,
        Action.SETTLE_AT_BIRTH,
    }
)

#: What the authority does around a decision; its letters are approved, and complaints re-assessed, by a lead.
_DECISION_WORK = frozenset(
    {
        Action.READ_DECISIONS,
        Action.RECORD_CASE_PERSON,
        Action.WAIVE_CHILD_VIEW,
        Action.HEAR_PARTY,
        Action.CLOSE_HEARING,
        Action.WRITE_LETTERS,
        Action.SEND_LETTERS,
        Action.RECEIVE_COMPLAINT,
        Action.SEND_TO_BOARD,
        Action.RECORD_BOARD_OUTCOME,
        Action.SETTLE_PLAN,
        Action.MAKE_PLAN,
        Action.SETTLE_TRACK,
        Action.DECIDE_ANEW,
        Action.RECEIVE_ACCESS_REQUEST,
        Action.ANSWER_ACCESS,
    }
)
#: The network's people, their safety and what they agreed to: everybody who works with a family's network, and the
#: authority, which answers for whom it involves.
_ON_NETWORK = frozenset({Action.WORK_WITH_NETWORK, Action.ASK_CONFERENCE, Action.FOLLOW_UP_CONFERENCE})

_SITE_WORK = (
    _OWN_WORK
    | _ON_SCORES
    | _ON_NETWORK
    | frozenset(
        {
            Action.SEE_MODEL,
            Action.SEE_FAMILIES,
            Action.WRITE_NOTE,
            Action.RECORD_MEASUREMENT,
            Action.RECORD_CHILD_VIEW,
            Action.RECORD_PEOPLE,
            Action.MOVE_IN,
            Action.HOLD_TEAM_MEETING,
            Action.GIVE_MINUTES,
            Action.TAKE_BASELINE,
            Action.HOLD_SESSION,
            Action.FORMULATE_FOCUS,
            Action.RECORD_RESEARCH,
            Action.SET_GOALS,
            Action.FOLLOW_UP_GOALS,
            Action.ANSWER_SETBACK,
            Action.MAP_NETWORK,
            Action.HOLD_NETWORK_MEETING,
            Action.MAKE_AGREEMENT,
            Action.CHANGE_EXIT_PLAN,
            Action.PLAN_EXIT,
            Action.REQUEST_EXIT_STEP,
            Action.CARRY_OUT_EXIT_STEP,
            Action.EVALUATE_EXIT_STEP,
            Action.LAY_EXIT_GROUND,
            Action.RECEIVE_CONCERN,
            Action.HAND_OVER_TASK,
            Action.PAUSE_JOURNEY,
            Action.CORRECT_STEP,
            Action.EXPLAIN_LATE,
        }
    )
)

#: The authority moves a whole journey: breaks it off, opens it again, places somebody, chooses another house.
_MOVES_OF_THE_AUTHORITY = frozenset(
    {
        Action.HAND_OVER_TASK,
        Action.PAUSE_JOURNEY,
        Action.CORRECT_STEP,
        Action.WITHDRAW_JOURNEY,
        Action.REOPEN_JOURNEY,
        Action.RECORD_PATH,
        Action.CHANGE_SITE,
        Action.ASSESS_WITHDRAWAL,
    }
)

ROLE_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.CASEWORKER: _OWN_WORK
    | _ON_SCORES
    | _ON_NETWORK
    | {Action.APPOINT_COORDINATOR, Action.APPROVE_FAMILY_PLAN, Action.CHANGE_EXIT_PLAN}
    # As coordinator of a conference, in a family whose case is somebody else's.
    | {Action.PREPARE_CONFERENCE, Action.HOLD_CONFERENCE}
    | frozenset(
        {
            Action.SEE_MODEL,
            Action.SEE_FAMILIES,
            Action.REGISTER_ENQUIRY,
            Action.WRITE_NOTE,
            Action.RECORD_MEASUREMENT,
            Action.RECORD_CHILD_VIEW,
            Action.RECORD_PEOPLE,
            Action.RECORD_CONSENT,
            Action.ASSESS_TARGET_GROUP,
            Action.OBTAIN_CONSENT,
            Action.REQUEST_DECISION,
            Action.START_INTERVENTION,
            Action.REQUEST_EXIT_STEP,
            Action.LAY_EXIT_GROUND,
            Action.CLOSE_JOURNEY,
            Action.FOLLOW_UP_CONTACT,
            Action.GIVE_MINUTES,
            Action.EXPLAIN_LATE,
            Action.RECORD_RESEARCH,
        }
    )
    | _CONCERN_WORK
    | _INVESTIGATION_WORK
    | _DECISION_WORK
    | _MOVES_OF_THE_AUTHORITY,
    Role.AUTHORITY_LEAD: _OWN_WORK
    | _ON_SCORES
    | _ON_NETWORK
    | {Action.APPOINT_COORDINATOR, Action.APPROVE_FAMILY_PLAN}
    | frozenset(
        {
            Action.SEE_FAMILIES,
            Action.REGISTER_ENQUIRY,
            Action.WRITE_NOTE,
            Action.RECORD_CHILD_VIEW,
            Action.RECORD_PEOPLE,
            Action.RECORD_CONSENT,
            Action.APPOINT_CASEWORKER,
            Action.APPROVE_DECISION,
            Action.AUTHORISE_EXIT_STEP,
            Action.SEE_READ_HISTORY,
            Action.SEE_WAITING,
            Action.SEE_COMPLETENESS,
            Action.SEE_MODEL,
            Action.DRAFT_ADAPTATION,
            Action.DECIDE_ADAPTATION,
            Action.EDIT_LOG_WORDS,
            Action.DECIDE_PARENTS_READING,
            Action.MOVE_FAMILY,
            Action.WRITE_ORGANISATION,
            Action.EXPLAIN_LATE,
            Action.SEE_KEPT,
            Action.CHOOSE_FOR_RESEARCH,
            Action.RECORD_RESEARCH,
            # The municipality answers for its families: its lead says whether they may be in a release.
            Action.SEE_RELEASES,
            Action.APPROVE_RELEASE,
            Action.REFUSE_RELEASE,
        }
    )
    | _CONCERN_WORK
    | _INVESTIGATION_WORK
    | _DECISION_WORK
    | _COSTS
    | {
        Action.APPROVE_LETTERS,
        Action.REASSESS_COMPLAINT,
        Action.APPROVE_ANEW,
        Action.WRITE_LETTER_TEMPLATE,
    }
    | _MOVES_OF_THE_AUTHORITY,
    Role.PRACTITIONER: _SITE_WORK,
    # A team lead may do the work of the site, and decides on it; never on their own request (four eyes).
    Role.TEAM_LEAD: _SITE_WORK
    | _COSTS
    | {Action.APPOINT_TEAM, Action.APPROVE_EXIT_STEP, Action.SEE_READ_HISTORY, Action.SEE_WAITING}
    | {Action.DRAFT_ADAPTATION, Action.MOVE_FAMILY, Action.WRITE_ORGANISATION, Action.ASSESS_SITE}
    | {Action.EDIT_LOG_WORDS, Action.SEE_COMPLETENESS, Action.SEE_KEPT, Action.CHOOSE_FOR_RESEARCH},
    Role.HEALTH_VISITOR: _OWN_WORK
    | _ON_SCORES
    | frozenset(
        {
            Action.SEE_MODEL,
            Action.SEE_FAMILIES,
            Action.REGISTER_ENQUIRY,
            Action.WRITE_NOTE,
            Action.RECORD_MEASUREMENT,
            Action.RECORD_CHILD_VIEW,
            Action.RECORD_PEOPLE,
            Action.RECEIVE_CONCERN,
        }
    ),
    Role.ON_CALL: frozenset(),
    Role.PRIVACY_OFFICER: frozenset(
        {Action.SEE_RELEASES, Action.REVIEW_RELEASE, Action.REFUSE_RELEASE},
    ),
    Role.EVALUATOR: frozenset({Action.USE_RELEASES, Action.SEE_RELEASES}),
    Role.ADMINISTRATOR: frozenset({Action.ADMINISTER_PEOPLE}),
}


#: Steps that are one named person's: theirs, their deputy's, and those of who leads the family's work.
PERSONAL = frozenset({Action.DO_ACTION_POINT, Action.PREPARE_CONFERENCE, Action.HOLD_CONFERENCE})
LEADS = frozenset({Role.AUTHORITY_LEAD, Role.TEAM_LEAD})


def actions_of(roles: frozenset[Role]) -> frozenset[Action]:
    """Every action that at least one of ``roles`` carries."""
    return frozenset().union(*(ROLE_ACTIONS[role] for role in roles)) if roles else frozenset()


def roles_with(action: Action) -> tuple[Role, ...]:
    """The roles that carry ``action``, in the order of the table (the first is whom a task waits for)."""
    return tuple(role for role, actions in ROLE_ACTIONS.items() if action in actions)
