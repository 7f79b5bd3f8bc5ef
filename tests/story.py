"""One family's whole journey, told act by act: who would do it does it, by pages or by the API.

Each element's loop is walked at least twice and its way back is taken once, so that every edge of every graph
is on the way (a test compares them), except the one family that is not in the target group.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from demo.answers import decision_for
from placement.families.models import Family

#: A step ("element.node"), and what is answered otherwise than the cast usually does: a value, or what makes it of
#: the family and the day.
Act = tuple[str, dict[str, Any]]

REJECTED: dict[str, Any] = {
    "approved": False,
    "reason": "Grundlaget skal handle mere om barnet. Skriv det klarere.",
}


def ladder_step(result: str = "proceed", *, authority: bool = False) -> list[Act]:
    """One round of the exit ladder, with the authority's decision where it is asked for."""
    return [
        ("exit.request_step", {}),
        *([("exit.authorise_step", {})] if authority else []),
        ("exit.approve_step", {}),
        ("exit.carry_out_step", {}),
        ("exit.evaluate_step", {"result": result}),
    ]


#: An approved step that came to nothing.
NOT_CARRIED_OUT: dict[str, Any] = {
    "carried_out": False,
    "reason": "Barnet blev sygt om morgenen, og familien blev i huset.",
}

#: From the enquiry to the day the family moves in; the decision is first rejected, then approved.
TO_THE_HOUSE: list[Act] = [
    ("journey.assess_target_group", {}),
    ("journey.obtain_consent", {}),
    ("journey.request_decision", {}),
    ("journey.approve_decision", REJECTED),
    ("journey.request_decision", {}),
    ("journey.approve_decision", {}),
    ("journey.start_intervention", {}),
    ("journey.move_in", {}),
]


def for_the_practitioner(family: Family, on: date) -> list[dict[str, Any]]:
    """What a meeting decided that becomes the practitioner's task."""
    decisions: list[dict[str, Any]] = decision_for("practitioner", family, on)["decisions"]
    return decisions


TEAM: list[Act] = [
    ("team.appoint_team", {}),
    ("team.hold_meeting", {"decisions": for_the_practitioner}),
    ("team.do_action_point", {}),
    ("team.hold_meeting", {"outcome": "change_team"}),
    ("team.appoint_team", {}),
    ("team.hold_meeting", {"parents_present": False, "parents_absent_reason": "Barnet var sygt."}),
]
MENTALISATION: list[Act] = [
    ("mentalisation.take_baseline", {}),
    ("mentalisation.hold_session", {}),
    ("mentalisation.hold_session", {"outcome": "renew_baseline"}),
    ("mentalisation.take_baseline", {}),
    ("mentalisation.hold_session", {}),
]
PROGRESSION: list[Act] = [
    ("progression.set_goals", {}),
    ("progression.follow_up", {}),
    ("progression.follow_up", {"outcome": "revise_goals"}),
    ("progression.set_goals", {}),
    ("progression.follow_up", {}),
    ("progression.follow_up", {"every_goal": -2}),
    ("progression.answer_setback", {"choice": "change_goals", "reason": "Målet er for stort lige nu."}),
    ("progression.set_goals", {}),
]
NETWORK: list[Act] = [
    ("network.map_network", {}),
    ("network.hold_meeting", {}),
    ("network.make_agreement", {}),
    ("network.hold_meeting", {"outcome": "redraw_map"}),
    ("network.make_agreement", {}),
    ("network.map_network", {"moment": "again"}),
    ("network.hold_meeting", {}),
    ("network.make_agreement", {}),
]
#: The ladder U1 to U5: a step rejected, one not carried out, one back, one repeated, and the authority's no before its yes.
EXIT: list[Act] = [
    ("exit.plan_exit", {}),
    *ladder_step(),
    ("exit.request_step", {}),
    ("exit.approve_step", REJECTED),
    ("exit.request_step", {}),
    ("exit.approve_step", {}),
    ("exit.carry_out_step", NOT_CARRIED_OUT),
    *ladder_step("back"),
    *ladder_step("repeat"),
    *ladder_step(),
    *ladder_step(),
    *ladder_step(),
    ("exit.request_step", {}),
    ("exit.authorise_step", REJECTED),
    *ladder_step(authority=True),
    *ladder_step(authority=True),
]
LAST_ROUNDS: list[Act] = [
    ("team.hold_meeting", {}),
    ("mentalisation.hold_session", {}),
    ("progression.follow_up", {}),
    ("network.hold_meeting", {}),
    ("network.make_agreement", {}),
]
TO_THE_LAST_CONTACT: list[Act] = [
    ("journey.close_journey", {}),
    *[("journey.follow_up_contact", {})] * 4,
]


def _interleaved(*elements: list[Act]) -> list[Act]:
    """The elements run side by side: one act of each in turn."""
    longest = max(len(acts) for acts in elements)
    return [acts[turn] for turn in range(longest) for acts in elements if turn < len(acts)]


WHOLE_JOURNEY: list[Act] = [
    *TO_THE_HOUSE,
    *_interleaved(TEAM, MENTALISATION, PROGRESSION, NETWORK),
    *EXIT,
    *LAST_ROUNDS,
    *TO_THE_LAST_CONTACT,
]

NOT_IN_THE_TARGET_GROUP: list[Act] = [
    (
        "journey.assess_target_group",
        {"in_target_group": False, "assessment": "Familien har støtte nok hjemme."},
    )
]
