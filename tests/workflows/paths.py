"""Every path of every flow as a table: who answers what in which order, and the nodes that the work then passes.

A line's answers are steps of the flow with what is answered otherwise than the cast usually does. Its nodes are
chains: one, and one more for each branch of a split. Chains begin with the flow's start or the first step answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from placement.families.models import Family
from tests.story import NOT_CARRIED_OUT, REJECTED, for_the_practitioner

Edge = tuple[str, str]


@dataclass(frozen=True)
class Path:
    """One line of the table. ``begun``: how a flow begins that no step of another begins (see test_paths)."""

    flow: str
    name: str
    answers: tuple[tuple[str, dict[str, Any]], ...]
    chains: tuple[str, ...]
    begun: str = ""
    begun_with: tuple[tuple[str, Any], ...] = ()

    @property
    def edges(self) -> list[Edge]:
        """From which node to which, as often as it is passed."""
        return sorted(edge for chain in self.chains for edge in pairwise(chain.split()))

    def __str__(self) -> str:
        return f"{self.flow.removesuffix('Flow')}: {self.name}"


def path(flow: str, name: str, answers: Any, *chains: str, begun: str = "", **begun_with: Any) -> Path:
    """A line; an answer that is the cast's usual one is the step's name alone."""
    told = tuple(one if isinstance(one, tuple) else (one, {}) for one in answers)
    return Path(flow, name, told, chains, begun, tuple(begun_with.items()))


def round_of(result: str, *, authority: bool = False) -> list[Any]:
    """One round of the ladder."""
    asked = ["request_step", *(["authorise_step"] if authority else []), "approve_step", "carry_out_step"]
    return [*asked, ("evaluate_step", {"result": result})]


SITE_DECIDES = "request_step needs_authority approve_step approved"
AUTHORITY_TOO = "request_step needs_authority authorise_step authorised approve_step approved"
#: An EPDS that asks nobody for anything; answers as printed, where seven items count from the other end.
CALM = {1: 0, 2: 0, 4: 0, **dict.fromkeys((3, 5, 6, 7, 8, 9, 10), 3)}
DONE = "carry_out_step carried_out evaluate_step finished"


def first_child(family: Family, on: date) -> list[str]:
    """The id of the family's child."""
    return [str(family.people.get(kind="child").uuid)]


#: Apart from any journey that goes on.
DECLINED = [
    path(
        "JourneyFlow",
        "not in the target group",
        [
            (
                "assess_target_group",
                {"in_target_group": False, "assessment": "Familien har støtte nok hjemme."},
            )
        ],
        "start assess_target_group in_target_group declined",
    )
]

#: A family that has no support yet when somebody is worried, and takes its consent back later.
WORRIED = [
    path(
        "ConcernFlow",
        "from nobody known, no support yet, nothing found",
        [("assess_concern", {"outcome": "no_concern"})],
        "start received assess_concern supported needs_follow_up settled end",
        begun="concern",
        notifier="anonymous",
    ),
    path(
        "ConcernFlow",
        "from a relative, followed up, and the receipt sent last",
        ["assess_concern", "close_concern", "send_receipt"],
        "start received assess_concern supported needs_follow_up close_concern settled end",
        "received send_receipt settled",
        begun="concern",
    ),
    path(
        "JourneyFlow",
        "in the target group, with consent",
        ["assess_target_group", "obtain_consent"],
        "start assess_target_group in_target_group obtain_consent request_decision",
    ),
    path(
        "ConsentWithdrawnFlow",
        "a consent is taken back",
        ["assess_withdrawal"],
        "start assess_withdrawal assessed",
        begun="consent taken back",
    ),
    path("TrackFlow", "and nobody consents again", ["settle_track"], "start settle_track goes_on"),
]

#: A family whose stay is decided on, about which two find nothing.
SUPPORTED = [
    path(
        "JourneyFlow",
        "the decision is approved at once",
        ["assess_target_group", "obtain_consent", "request_decision", "approve_decision"],
        "start assess_target_group in_target_group obtain_consent request_decision approve_decision "
        "decision_approved start_intervention",
    ),
    path(
        "ConcernFlow",
        "with support already: two found nothing",
        [
            ("assess_concern", {"outcome": "no_concern"}),
            "appoint_second",
            ("second_assessment", {"outcome": "no_concern"}),
            "send_receipt",
        ],
        "start received assess_concern supported appoint_second second_assessment second_done needs_follow_up "
        "settled end",
        "received send_receipt settled",
        begun="concern",
    ),
    path("HearingFlow", "a party answers", ["close_hearing"], "start close_hearing heard", begun="hearing"),
    path(
        "LetterFlow",
        "the letters are first rejected, then sent",
        [
            "write_letters",
            ("approve_letters", {"approved": False, "reason": "Skriv begrundelsen klarere."}),
            "write_letters",
            "approve_letters",
            "send_letters",
        ],
        "start write_letters approve_letters letters_approved write_letters approve_letters letters_approved "
        "send_letters told",
        begun="letters",
    ),
    path(
        "ComplaintFlow",
        "met in full",
        [("reassess_complaint", {"outcome": "changed"})],
        "start looked_at reassess_complaint met_in_full settled",
        begun="complaint",
    ),
    path(
        "RedecisionFlow",
        "asked for, rejected, asked for again and approved",
        ["decide_anew", ("approve_anew", {"approved": False}), "decide_anew", "approve_anew"],
        "start decide_anew asks_for_approval approve_anew approved_anew decide_anew asks_for_approval approve_anew "
        "approved_anew decided_anew",
        begun="changed",
    ),
    path(
        "RedecisionFlow",
        "nothing is decided anew",
        [("decide_anew", {"outcome": "none"})],
        "start decide_anew asks_for_approval settled",
        begun="changed",
    ),
    path("AccessFlow", "answered", ["answer_access"], "start answer_access answered", begun="access"),
    path(
        "ComplaintFlow",
        "upheld, and sent on",
        ["reassess_complaint", "send_to_board", "record_board_outcome"],
        "start looked_at reassess_complaint met_in_full send_to_board record_board_outcome settled",
        begun="complaint",
    ),
    path(
        "ComplaintFlow",
        "too late, and sent on at once",
        ["send_to_board", "record_board_outcome"],
        "start looked_at send_to_board record_board_outcome settled",
        begun="late complaint",
    ),
    path(
        "PlanFlow",
        "no plan, with a reason",
        [("settle_plan", {"makes_plan": False})],
        "start asks_whether settle_plan makes_plan no_plan",
        begun="plan",
    ),
    path(
        "TrackFlow",
        "a child is placed, and the others stay",
        [
            (
                "settle_track",
                {"track": "placed", "children": first_child, "where": "foster", "goes_on": True},
            )
        ],
        "start settle_track goes_on",
        begun="track",
    ),
    path("PlanFlow", "mandatory for the placed child", ["make_plan"], "start asks_whether make_plan planned"),
]

_PRELIMINARY = {
    "concluded": False,
    "preliminary": "Barnet ser ud til at trives.",
    "why_late": "Udtalelsen fra sygehuset mangler.",
    "expected_on": lambda family, on: (on + timedelta(days=60)).isoformat(),
}

#: A need that is screened and examined every way, and two plans beside a pregnancy.
EXAMINED = [
    path(
        "InvestigationFlow",
        "screened, and nothing more",
        [("screen", {"track": "nothing"})],
        "start risk_first screen leads_to nothing_more",
        begun="investigation",
    ),
    path(
        "InvestigationFlow",
        "violence is possible: the risk first, then an afdækning",
        ["assess_risk", ("screen", {"track": "clarification"}), "clarify"],
        "start risk_first assess_risk screen leads_to clarify goes_on concluded",
        begun="investigation",
        violence_possible=True,
    ),
    path(
        "InvestigationFlow",
        "an afdækning that becomes an examination",
        [("screen", {"track": "clarification"}), ("clarify", {"goes_on": True}), "examine"],
        "start risk_first screen leads_to clarify goes_on examine examined concluded",
        begun="investigation",
    ),
    path(
        "InvestigationFlow",
        "an examination that takes longer than four months",
        ["screen", ("examine", _PRELIMINARY), "examine"],
        "start risk_first screen leads_to examine examined examine examined concluded",
        begun="investigation",
    ),
    path(
        "ParallelPlanFlow",
        "the plans are written twice, and plan A holds",
        ["write_plans", ("settle_at_birth", {"outcome": "rewrite"}), "write_plans", "settle_at_birth"],
        "start write_plans settle_at_birth settled write_plans settle_at_birth settled end",
        begun="two plans",
    ),
]

#: A family from the enquiry to the last contact.
WHOLE = [
    path(
        "JourneyFlow",
        "the decision is first rejected, then approved",
        [
            "assess_target_group",
            "obtain_consent",
            "request_decision",
            ("approve_decision", REJECTED),
            "request_decision",
            "approve_decision",
        ],
        "start assess_target_group in_target_group obtain_consent request_decision approve_decision "
        "decision_approved request_decision approve_decision decision_approved start_intervention",
    ),
    path(
        "PlanFlow",
        "a plan is made",
        ["settle_plan", "make_plan"],
        "start asks_whether settle_plan makes_plan make_plan planned",
        begun="plan",
    ),
    path(
        "JourneyFlow",
        "into the house, where the five elements begin",
        ["start_intervention", "move_in"],
        "start_intervention move_in elements team",
        "elements mentalisation",
        "elements progression",
        "elements network",
        "elements exit",
    ),
    path(
        "TeamFlow",
        "the team stays, then changes",
        [
            "appoint_team",
            ("hold_meeting", {"decisions": for_the_practitioner}),
            ("hold_meeting", {"outcome": "change_team"}),
            "appoint_team",
        ],
        "start appoint_team hold_meeting exited team_changes hold_meeting exited team_changes appoint_team "
        "hold_meeting",
    ),
    path(
        "ActionPointFlow",
        "what the meeting decided is done",
        ["do_action_point"],
        "start do_action_point end",
    ),
    path(
        "MentalisationFlow",
        "a session after a session, then the baseline anew",
        ["take_baseline", "hold_session", ("hold_session", {"outcome": "renew_baseline"}), "take_baseline"],
        "start take_baseline hold_session exited baseline_renewed hold_session exited baseline_renewed "
        "take_baseline hold_session",
    ),
    path(
        "ScoreFlow",
        "an answer that asks for somebody the same day",
        ["act_today"],
        "start is_urgent act_today end",
        begun="an EPDS",
        answered=CALM | {10: 2},
    ),
    path(
        "ScoreFlow",
        "a score beyond its cut-off is looked at within some days",
        ["act_on_score"],
        "start is_urgent act_on_score end",
        begun="an EPDS",
        answered=CALM | dict.fromkeys((3, 5, 6, 7, 8, 9), 0),
    ),
    path(
        "ProgressionFlow",
        "the goals stay, then change",
        ["set_goals", "follow_up", ("follow_up", {"outcome": "revise_goals"}), "set_goals"],
        "start set_goals follow_up exited setback goals_change follow_up exited setback goals_change set_goals "
        "follow_up",
    ),
    path(
        "ProgressionFlow",
        "a setback is answered by the plan, and the goals stay",
        ["follow_up", ("follow_up", {"every_goal": -2}), "answer_setback"],
        "follow_up exited setback goals_change follow_up exited setback answer_setback exited setback "
        "goals_change follow_up",
    ),
    path(
        "ProgressionFlow",
        "a setback is answered by other goals",
        [
            "follow_up",
            ("follow_up", {"every_goal": -2}),
            ("answer_setback", {"choice": "change_goals", "reason": "Målet er for stort lige nu."}),
            "set_goals",
        ],
        "follow_up exited setback goals_change follow_up exited setback answer_setback exited setback "
        "goals_change set_goals follow_up",
    ),
    path(
        "NetworkFlow",
        "a meeting after a meeting, then the map anew",
        [
            "map_network",
            "hold_meeting",
            "make_agreement",
            ("hold_meeting", {"outcome": "redraw_map"}),
            "make_agreement",
            ("map_network", {"moment": "again"}),
        ],
        "start map_network hold_meeting make_agreement exited map_changes hold_meeting make_agreement exited "
        "map_changes map_network hold_meeting",
    ),
    path(
        "ExitFlow",
        "rejected, approved and not carried out, asked for again",
        [
            "plan_exit",
            "request_step",
            ("approve_step", REJECTED),
            "request_step",
            "approve_step",
            ("carry_out_step", NOT_CARRIED_OUT),
            *round_of("proceed"),
        ],
        f"start plan_exit {SITE_DECIDES} {SITE_DECIDES} carry_out_step carried_out {SITE_DECIDES} {DONE} "
        "request_step",
    ),
    path(
        "ExitFlow",
        "a step back, the same step again, and on",
        [*round_of("back"), *round_of("repeat"), *round_of("proceed"), *round_of("proceed")],
        f"{SITE_DECIDES} {DONE} " * 4 + "request_step",
    ),
    path(
        "ExitFlow",
        "the last rung that the site decides alone",
        round_of("proceed"),
        f"{SITE_DECIDES} {DONE} request_step",
    ),
    path(
        "ExitFlow",
        "the authority says no, then yes, and the team lead no, then both yes",
        [
            "request_step",
            ("authorise_step", REJECTED),
            "request_step",
            "authorise_step",
            ("approve_step", REJECTED),
            *round_of("proceed", authority=True),
        ],
        f"request_step needs_authority authorise_step authorised {AUTHORITY_TOO} {AUTHORITY_TOO} {DONE} "
        "request_step",
    ),
    path(
        "ExitFlow",
        "back from trial living, where the authority was asked, to where it was not",
        [*round_of("back", authority=True), *round_of("proceed", authority=True)],
        f"{AUTHORITY_TOO} {DONE} " * 2 + "request_step",
    ),
    path(
        "ExitFlow",
        "moving out",
        round_of("proceed", authority=True),
        f"{AUTHORITY_TOO} {DONE} end",
    ),
    path(
        "ConcernFlow",
        "with support already: handed back, assessed by another, followed up",
        [
            "send_receipt",
            "assess_concern",
            "appoint_second",
            ("second_assessment", {"able": False}),
            "appoint_second",
            "second_assessment",
            "close_concern",
        ],
        "start received assess_concern supported appoint_second second_assessment second_done appoint_second "
        "second_assessment second_done needs_follow_up close_concern settled end",
        "received send_receipt settled",
        begun="concern",
    ),
    path("TeamFlow", "the last meeting", ["hold_meeting"], "hold_meeting exited end"),
    path("MentalisationFlow", "the last session", ["hold_session"], "hold_session exited end"),
    path("ProgressionFlow", "the last follow-up", ["follow_up"], "follow_up exited end"),
    path(
        "NetworkFlow",
        "the last meeting and its agreements",
        ["hold_meeting", "make_agreement"],
        "hold_meeting make_agreement exited end",
    ),
    path(
        "JourneyFlow",
        "the elements meet, the journey closes, four contacts",
        ["close_journey", *["follow_up_contact"] * 4],
        "team elements_done close_journey" + " follow_up_contact more_contacts" * 4 + " end",
        "mentalisation elements_done",
        "progression elements_done",
        "network elements_done",
        "exit elements_done",
    ),
]

#: Families whose network makes a plan; each is called together by somebody who has not been in the case.
CONFERRED = [
    [
        path(
            "ConferenceFlow",
            "the plan is sent back, then followed and written into the exit plan",
            [
                "appoint_coordinator",
                "prepare",
                "hold_conference",
                ("approve_plan", REJECTED),
                "hold_conference",
                "approve_plan",
                "change_exit_plan",
                "follow_up",
            ],
            "start appoint_coordinator prepare hold_conference has_plan approve_plan approved hold_conference "
            "has_plan approve_plan approved changes_exit change_exit_plan follow_up end",
            begun="conference",
        )
    ],
    [
        path(
            "ConferenceFlow",
            "a plan that leaves the exit as it is",
            [
                "appoint_coordinator",
                "prepare",
                ("hold_conference", {"changes_exit_plan": False}),
                "approve_plan",
                "follow_up",
            ],
            "start appoint_coordinator prepare hold_conference has_plan approve_plan approved changes_exit "
            "follow_up end",
            begun="conference",
        )
    ],
    [
        path(
            "ConferenceFlow",
            "no plan",
            [
                "appoint_coordinator",
                "prepare",
                (
                    "hold_conference",
                    {"has_plan": False, "without_plan": "Familien vil tale sammen først.", "lines": []},
                ),
            ],
            "start appoint_coordinator prepare hold_conference has_plan without_plan",
            begun="conference",
        )
    ],
]

TO_THEM = "start build is_built report hear answered"
READY = f"{TO_THEM} publish keep how_it_ended"
#: What becomes of a release, told by how it ends (`Walk.releases`); and one municipality's word on it, beside another
#: that has not looked yet.
RELEASES = [
    path(
        "ReleaseFlow", "everybody says yes, and its time runs out", ["build"], f"{READY} end", begun="expires"
    ),
    path("ReleaseFlow", "taken back when it was ready", ["build"], f"{READY} withdrawn", begun="taken back"),
    path("ReleaseFlow", "taken back before", ["build"], f"{TO_THEM} withdrawn", begun="taken back early"),
    path(
        "ReleaseFlow",
        "its agreement ends before all have said yes",
        ["build"],
        f"{TO_THEM} over",
        begun="agreement ends",
    ),
    path("ReleaseFlow", "nobody says yes", ["build"], f"{TO_THEM} refused", begun="refused"),
    path(
        "ReleaseFlow",
        "one says no and is left out",
        ["build"],
        f"{TO_THEM} again build is_built report hear answered publish keep",
        begun="one says no",
    ),
    path(
        "ReleaseFlow",
        "it could not be built",
        ["build"],
        "start build is_built gave_up failed",
        begun="fails",
    ),
    path(
        "ReleaseFlow",
        "taken back before it was built",
        ["build"],
        "start build is_built gave_up withdrawn",
        begun="taken back unbuilt",
    ),
    path(
        "ReleaseApprovalFlow",
        "the municipality says yes",
        ["review", "approve"],
        "start review is_reviewed approve is_approved approved",
        "start review",
        begun="yes",
    ),
    path(
        "ReleaseApprovalFlow",
        "its lead says no",
        ["review", "approve"],
        "start review is_reviewed approve is_approved refused",
        "start review",
        begun="no of the lead",
    ),
    path(
        "ReleaseApprovalFlow",
        "its privacy officer says no",
        ["review"],
        "start review is_reviewed refused",
        "start review",
        begun="no of the officer",
    ),
]

#: What is examined is about the family that somebody is worried about.
FAMILIES = [DECLINED, [*WORRIED, *EXAMINED], SUPPORTED, WHOLE, *CONFERRED]
TABLE = [*(line for lines in FAMILIES for line in lines), *RELEASES]


def resolved(otherwise: dict[str, Any], family: Family, on: date) -> dict[str, Any]:
    """An answer in which what depends on the family has been asked of it."""
    return {name: said(family, on) if callable(said) else said for name, said in otherwise.items()}
