"""Every guard over facts alone: facts and answer in, a part of the reason (or None) out. No database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from workflows.conference import guards as conference
from workflows.journey import guards as journey
from workflows.mentalisation import guards as mentalisation
from workflows.network import guards as network
from workflows.progression import guards as progression
from workflows.team import guards as team

DAY = date(2026, 3, 2)

DECISION = journey.DecisionFacts(
    custody_holders=2,
    consents_standing=2,
    latest_child_view_on=DAY,
    decision=1,
    purpose="Tryghed",
    expected_weeks=20,
)
START = journey.StartFacts(
    custody_holders=1, consents_standing=1, child_views=1, approved_decision=1, decided_on=DAY
)
CUSTODY = journey.ConsentFacts(custody_holders=1)
TEAM = team.TeamFacts(
    required=("familiebehandler", "sundhedsplejerske"),
    members=(("a", "familiebehandler"), ("b", "sundhedsplejerske")),
    exited=False,
)
ALONE = replace(TEAM, members=(("a", "familiebehandler"),))
SESSION = mentalisation.SessionFacts(baseline=1, taken_on=DAY, focus="Ro")
GOALS = progression.GoalFacts(decision=1, purpose="Tryghed", active=("g1", "g2"))
FIRST_GOALS = replace(GOALS, active=())
SETBACK = progression.SetbackFacts(follow_up="f1", held_on=DAY)
FOLLOW_UP = progression.FollowUpFacts(active=("g1",), latest_on=None)
MEETING = network.MeetingFacts(map=1, drawn_on=DAY, people=2, known=(("Mormor", "m1", ""),))
CONFERENCE = conference.MeetingFacts(barred="", invited=("m1",))
FAMILY_PLAN = conference.PlanFacts(
    meeting=1, held_on=DAY, private_time=True, lines=2, changes_exit_plan=False
)
AGREEMENT = network.AgreementFacts(meeting=1, held_on=DAY, open=("a1",), exited=False)

YES: dict[str, Any] = {"approved": True}
NO: dict[str, Any] = {"approved": False}
NOTHING: dict[str, Any] = {}
WITH_VIEW = {"child_view_text": "Søger moderens blik"}


def members(*professions: str) -> dict[str, Any]:
    return {"members": [{"person": str(n), "profession": p} for n, p in enumerate(professions)]}


def team_meeting(*present: str, outcome: str = "next_meeting") -> dict[str, Any]:
    return {"present": list(present), "outcome": outcome}


def goals(*replaced: str, closed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"goals": [{"replaces": goal} for goal in replaced], "closed": list(closed)}


def network_meeting(*came: bool, parents: bool) -> dict[str, Any]:
    return {"parents_present": parents, "people": [{"label": "Mormor", "came": yes} for yes in came]}


def agreements(new: int, **kept: bool | None) -> dict[str, Any]:
    return {"agreements": [{}] * new, **{f"kept_{name}": value for name, value in kept.items()}}


Guard = Callable[[Any, Mapping[str, Any]], str | None]
Row = tuple[Guard, Any, Mapping[str, Any], str | None]

JOURNEY: list[Row] = [
    (journey.may_obtain_consent, CUSTODY, NOTHING, None),
    (journey.may_obtain_consent, replace(CUSTODY, custody_holders=0), NOTHING, "Personer i familien"),
    (journey.may_request_decision, DECISION, NOTHING, None),
    (journey.may_request_decision, replace(DECISION, consents_standing=1), NOTHING, "Samtykket"),
    (
        journey.may_request_decision,
        replace(DECISION, custody_holders=0, consents_standing=0),
        NOTHING,
        "Samtykket",
    ),
    (
        journey.may_request_decision,
        replace(DECISION, latest_child_view_on=None),
        NOTHING,
        "Barnets perspektiv",
    ),
    (journey.may_request_decision, replace(DECISION, latest_child_view_on=None), WITH_VIEW, None),
    (journey.may_request_decision, replace(DECISION, consents_standing=0), WITH_VIEW, "Samtykket"),
    (journey.may_approve_decision, DECISION, YES, None),
    (journey.may_approve_decision, replace(DECISION, consents_standing=0), YES, "Samtykket"),
    (journey.may_approve_decision, replace(DECISION, latest_child_view_on=None), YES, "Barnets perspektiv"),
    (journey.may_approve_decision, replace(DECISION, consents_standing=0), NO, None),
    (journey.may_start, START, NOTHING, None),
    (journey.may_start, replace(START, consents_standing=0), NOTHING, "Samtykket"),
    (journey.may_start, replace(START, child_views=0), NOTHING, "Barnets perspektiv"),
    (journey.may_start, replace(START, approved_decision=None, decided_on=None), NOTHING, "ingen godkendt"),
]

ELEMENTS: list[Row] = [
    (team.may_appoint, ALONE, members("familiebehandler", "sundhedsplejerske"), None),
    (team.may_appoint, ALONE, members("familiebehandler", "psykolog"), "sundhedsplejerske"),
    (team.may_appoint, TEAM, members("psykolog"), "familiebehandler, sundhedsplejerske"),
    (team.may_appoint, replace(TEAM, required=()), members("psykolog"), None),
    (team.may_hold_meeting, TEAM, team_meeting("a", "b"), None),
    (team.may_hold_meeting, TEAM, team_meeting("a"), "mindst 2"),
    (team.may_hold_meeting, TEAM, team_meeting(outcome="change_team"), "mindst 2"),
    (team.may_hold_meeting, ALONE, team_meeting("a", "c"), "sundhedsplejerske"),
    (team.may_hold_meeting, ALONE, team_meeting("a", "c", outcome="change_team"), None),
    (team.may_hold_meeting, replace(ALONE, exited=True), team_meeting("a", "c"), None),
    (mentalisation.may_hold_session, SESSION, NOTHING, None),
    (
        mentalisation.may_hold_session,
        replace(SESSION, baseline=None, taken_on=None),
        NOTHING,
        "Udgangspunktet mangler",
    ),
    (progression.may_set_goals, FIRST_GOALS, goals(""), None),
    (progression.may_set_goals, FIRST_GOALS, {"goals": []}, "mindst ét mål"),
    (progression.may_set_goals, replace(FIRST_GOALS, purpose="", decision=None), goals(""), "formål"),
    (progression.may_set_goals, GOALS, goals(), None),
    (progression.may_set_goals, GOALS, goals(closed=("g1",)), None),
    (progression.may_set_goals, GOALS, goals(closed=("g1", "g2")), "mindst ét mål"),
    (progression.may_set_goals, GOALS, goals("", closed=("g1", "g2")), None),
    (progression.may_set_goals, GOALS, goals("g1", closed=("g2",)), None),
    (progression.may_set_goals, replace(GOALS, after_setback=True), goals(), "skulle ændres"),
    (progression.may_set_goals, replace(GOALS, after_setback=True), goals(""), None),
    (progression.may_set_goals, replace(GOALS, after_setback=True), goals("g1"), None),
    (progression.may_set_goals, replace(GOALS, after_setback=True), goals(closed=("g1",)), None),
    (progression.may_answer_setback, SETBACK, NOTHING, None),
    (progression.may_answer_setback, replace(SETBACK, follow_up=None), NOTHING, "mangler svar"),
    (progression.may_follow_up, FOLLOW_UP, NOTHING, None),
    (progression.may_follow_up, replace(FOLLOW_UP, active=()), NOTHING, "ingen mål"),
    (network.may_hold_meeting, MEETING, network_meeting(True, False, parents=False), None),
    (network.may_hold_meeting, MEETING, network_meeting(parents=True), None),
    (network.may_hold_meeting, MEETING, network_meeting(False, parents=False), "hvem der kom"),
    (
        network.may_hold_meeting,
        replace(MEETING, map=None),
        network_meeting(True, parents=True),
        "Netværkskortet",
    ),
    (
        network.may_hold_meeting,
        replace(MEETING, known=(("Mormor", "m1", "Mormor er ikke sikkerhedstjekket."),)),
        network_meeting(False, parents=True),
        "ikke sikkerhedstjekket",
    ),
    (
        network.may_hold_meeting,
        replace(MEETING, known=()),
        network_meeting(True, parents=True),
        "står ikke i familiens netværk",
    ),
    (
        network.may_hold_meeting,
        replace(MEETING, known=(("Mormor", "m1", ""), ("Mormor", "m2", ""))),
        network_meeting(True, parents=True),
        "Flere i netværket hedder",
    ),
    (conference.may_hold, CONFERENCE, {"has_plan": True, "private_time": True}, None),
    (conference.may_hold, CONFERENCE, {"has_plan": False, "private_time": False, "came": []}, None),
    (conference.may_hold, CONFERENCE, {"has_plan": True, "private_time": False}, "alene uden fagpersoner"),
    (
        conference.may_hold,
        replace(CONFERENCE, barred="Ikke endnu."),
        {"has_plan": True, "private_time": True},
        "Ikke endnu",
    ),
    (
        conference.may_hold,
        replace(CONFERENCE, invited=()),
        {"has_plan": True, "private_time": True},
        "Ingen fra netværket er inviteret",
    ),
    (conference.may_approve, FAMILY_PLAN, {"approved": True}, None),
    (conference.may_approve, replace(FAMILY_PLAN, lines=0), {"approved": True}, "Planen er tom"),
    (conference.may_approve, replace(FAMILY_PLAN, private_time=False), {"approved": True}, "ikke tid alene"),
    (conference.may_approve, replace(FAMILY_PLAN, lines=0), {"approved": False}, None),
    (network.may_make_agreement, AGREEMENT, agreements(1, a1=True), None),
    (network.may_make_agreement, AGREEMENT, agreements(0, a1=None), None),
    (network.may_make_agreement, AGREEMENT, agreements(0, a1=True), "mindst én aftale"),
    (network.may_make_agreement, AGREEMENT, agreements(0, a1=False), "mindst én aftale"),
    (network.may_make_agreement, replace(AGREEMENT, open=()), agreements(0), "mindst én aftale"),
    (network.may_make_agreement, replace(AGREEMENT, open=(), exited=True), agreements(0), None),
    (network.may_make_agreement, replace(AGREEMENT, meeting=None), agreements(1), "netværksmøde"),
]


@pytest.mark.parametrize(("guard", "facts", "answer", "expected"), [*JOURNEY, *ELEMENTS])
def test_a_guard_gives_its_reason(
    guard: Guard, facts: Any, answer: Mapping[str, Any], expected: str | None
) -> None:
    with translation.override("da"):
        reason = guard(facts, answer)
    if expected is None:
        assert reason is None
    else:
        assert reason is not None
        assert expected in reason


def test_every_guard_is_in_the_tables() -> None:
    tested = {guard for guard, *_rest in [*JOURNEY, *ELEMENTS]}
    for module in (journey, team, mentalisation, progression, network, conference):
        guards = {value for name, value in vars(module).items() if name.startswith("may_")}
        assert guards <= tested


@pytest.mark.parametrize(
    ("required", "present", "missing"),
    [
        ((), ("psykolog",), ()),
        (("a", "b"), ("b", "a", "c"), ()),
        (("a", "b"), (), ("a", "b")),
        (("a", "b"), ("b", "b"), ("a",)),
    ],
)
def test_missing_professions_keep_the_models_order(
    required: tuple[str, ...], present: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert team.missing_professions(required, present) == missing


def test_the_facts_of_each_gate_can_be_shown_with_their_evidence() -> None:
    """A condition that is met shows its evidence or title; one that is not says what is missing."""
    shown = [
        *journey.consent_conditions(CUSTODY),
        *journey.decision_conditions(DECISION),
        *journey.start_conditions(START),
        *team.meeting_conditions(ALONE),
        *mentalisation.session_conditions(SESSION),
        *progression.goal_conditions(GOALS),
        *progression.follow_up_conditions(FOLLOW_UP),
        *network.meeting_conditions(MEETING),
        *network.agreement_conditions(AGREEMENT),
    ]
    for condition in shown:
        assert str(condition.title)
        assert str(condition.reason)
        assert condition.code == condition.code.lower()
    assert [c.code for c in shown if not c.met] == ["team-complete"]
