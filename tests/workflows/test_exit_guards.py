"""The exit's guards over facts alone: what each condition asks for, and what may be excepted. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from workflows.exit import conditions as ladder
from workflows.exit import guards as exiting
from workflows.exit.conditions import Ground, closing, laid, received, standing
from workflows.exit.guards import (
    CarryOutFacts,
    EvaluateFacts,
    RequestFacts,
    StepFacts,
    may_approve,
    may_authorise,
    may_carry_out,
    may_evaluate,
    may_request,
)
from workflows.model_versions.exit_ladder import PARAMETERS, ConditionCode, ConditionRule

DAY = date(2026, 3, 2)
LATER = DAY + timedelta(days=14)
YES, NO, NOTHING = {"approved": True}, {"approved": False}, dict[str, Any]()

REVIEW = closing.Review(DAY, True, True, True, True, goals=2, goals_as_expected=1)
#: Facts that meet every condition, by reader.
MET: dict[str, Any] = {
    "plan": standing.Plan(1, DAY, "clear"),
    "consents": standing.Consents(1, 1),
    "previous": standing.Previous("U1", True, DAY),
    "concern": standing.Concern(False, None),
    "authority": standing.Word(True, DAY, DAY),
    "visits": laid.Visits("U1", 2, 2, DAY),
    "safety_plan": laid.Safety(1, DAY, "Forældrene", True),
    "home_check": laid.Home(DAY, True),
    "receiving_support": received.Support("Familieværkstedet", DAY, DAY, DAY),
    "place_kept": received.Place(LATER),
    "agreements": received.Agreements(((DAY, True),)),
    "child_plan": received.ChildPlan(DAY),
    "handover": received.Handover(DAY),
    "safety_review": REVIEW,
}


def rule(code: ConditionCode, *, may_except: bool = False, **numbers: int) -> ConditionRule:
    return ConditionRule(code, code.value, PARAMETERS.get(code, {}) | numbers, may_except)


def ground(*codes: ConditionCode, except_from: ConditionCode | None = None, **facts: Any) -> Ground:
    """A ground of all conditions (or of ``codes``), met but for the ``facts`` that are given."""
    return Ground(
        rules=tuple(rule(code, may_except=code is except_from) for code in codes or tuple(ConditionCode)),
        today=DAY,
        planned_from=DAY,
        planned_until=LATER,
        facts=MET | facts,
    )


def step(**facts: Any) -> StepFacts:
    return StepFacts(step=2, code="U2", attempt=1, ground=ground(**facts))


#: Facts that leave one condition unmet, and words of the reason.
UNMET: list[tuple[ConditionCode, dict[str, Any], str]] = [
    (ConditionCode.EXIT_PLAN, {"plan": standing.Plan(None)}, "Udslusningsplanen"),
    (ConditionCode.RESIDENCE, {"plan": standing.Plan(1, DAY, "")}, "Boligen"),
    (ConditionCode.CONSENT, {"consents": standing.Consents(0, 1)}, "Samtykket"),
    (ConditionCode.CONSENT, {"consents": standing.Consents(0, 0)}, "Samtykket"),
    (
        ConditionCode.PREVIOUS_EVALUATED,
        {"previous": standing.Previous("U1", False, None)},
        "U1 er ikke evalueret",
    ),
    (ConditionCode.CHILD_VIEW, {"previous": standing.Previous("U1", True, None)}, "Barnets perspektiv"),
    (ConditionCode.CHILD_VIEW, {"previous": standing.Previous("", True, None)}, "Barnets perspektiv"),
    (ConditionCode.NO_OPEN_CONCERN, {"concern": standing.Concern(True, None)}, "ikke afsluttet"),
    (
        ConditionCode.NO_OPEN_CONCERN,
        {"concern": standing.Concern(False, DAY - timedelta(days=13))},
        "Vent til 03.03.2026",
    ),
    (ConditionCode.SAFETY_PLAN, {"safety_plan": laid.Safety(None)}, "Sikkerhedsplanen"),
    (
        ConditionCode.SAFETY_PLAN,
        {"safety_plan": laid.Safety(1, DAY - timedelta(days=181), "Mor", True)},
        "Sikkerhedsplanen",
    ),
    (ConditionCode.VISITS_EVALUATED, {"visits": laid.Visits("U1", 3, 1, DAY)}, "2 besøg"),
    (
        ConditionCode.AGREEMENTS_KEPT,
        {"agreements": received.Agreements(((DAY, False), (DAY, True)))},
        "netværket",
    ),
    (ConditionCode.NIGHT_CONTACT, {"safety_plan": laid.Safety(1, DAY, "Mor", False)}, "om natten"),
    (ConditionCode.HOME_CHECKED, {"home_check": laid.Home(None)}, "Boligen"),
    (ConditionCode.HOME_CHECKED, {"home_check": laid.Home(DAY, False, ("heating",))}, "Boligen"),
    (ConditionCode.RECEIVING_SUPPORT, {"receiving_support": received.Support("")}, "kontaktpersonen"),
    (
        ConditionCode.HEALTH_VISITOR_INFORMED,
        {"receiving_support": received.Support("F", DAY, DAY)},
        "undhedsplejersken",
    ),
    (
        ConditionCode.FIRST_APPOINTMENT,
        {"receiving_support": received.Support("F", DAY, None, DAY)},
        "første gang",
    ),
    (ConditionCode.PLACE_KEPT, {"place_kept": received.Place(None)}, "Pladsen"),
    (
        ConditionCode.PLACE_KEPT,
        {"place_kept": received.Place(LATER - timedelta(days=1))},
        "mindst til 16.03.2026",
    ),
    (ConditionCode.AUTHORITY, {"authority": standing.Word(None, None, None)}, "myndighedens"),
    (ConditionCode.AUTHORITY, {"authority": standing.Word(False, DAY, None)}, "myndighedens"),
    (ConditionCode.DECISION_FROM_MOVE_DAY, {"authority": standing.Word(True, DAY, LATER)}, "flyttedagen"),
    (ConditionCode.CHILD_PLAN_REVISED, {"child_plan": received.ChildPlan(None)}, "inden for 60 dage"),
    (
        ConditionCode.CHILD_PLAN_REVISED,
        {"child_plan": received.ChildPlan(DAY - timedelta(days=61))},
        "Barnets plan er ikke revideret",
    ),
    (ConditionCode.HANDOVER_HELD, {"handover": received.Handover(None)}, "verleveringsmødet"),
    (
        ConditionCode.EXIT_PLAN,
        {"plan": standing.Plan(1, DAY, "clear", overtaken_on=DAY)},
        "Familierådslagningens plan",
    ),
    (ConditionCode.GOALS_MET, {"safety_review": replace(REVIEW, goal_met=False)}, "er målet nået"),
    (
        ConditionCode.GOALS_MET,
        {"safety_review": replace(REVIEW, held_on=DAY - timedelta(days=61))},
        "60 dage gammel",
    ),
    (
        ConditionCode.CHILD_FEELS_SAFE,
        {"safety_review": replace(REVIEW, child_feels_safe=False)},
        "hvordan er det for barnet",
    ),
    (
        ConditionCode.NETWORK_CARRIES_PLAN,
        {"safety_review": replace(REVIEW, network_finds_it_works=False)},
        "med netværket",
    ),
    (
        ConditionCode.NETWORK_CARRIES_PLAN,
        {"safety_review": replace(REVIEW, network_goes_on=False)},
        "med netværket",
    ),
]


@pytest.mark.parametrize(("code", "facts", "words"), UNMET)
def test_a_condition_that_is_not_met_closes_the_gate_with_its_reason(
    code: ConditionCode, facts: dict[str, Any], words: str
) -> None:
    with translation.override("da"):
        reason = may_approve(replace(step(), ground=ground(code, **facts)), YES)
        assert reason is not None and words in reason
        assert may_approve(replace(step(), ground=ground(code)), YES) is None


def test_every_kind_of_condition_is_in_the_table_and_in_the_registry() -> None:
    assert {code for code, *_rest in UNMET} == set(ConditionCode) == set(ladder.KINDS)
    assert set(PARAMETERS) <= set(ConditionCode)


def test_the_agreements_of_long_ago_do_not_count_and_none_is_enough_unless_the_model_asks_for_some() -> None:
    old = received.Agreements(((DAY - timedelta(days=200), False),))
    unmet = ground(ConditionCode.AGREEMENTS_KEPT, agreements=old)
    (condition,) = ladder.check(unmet)
    assert condition.met
    asked = replace(unmet, rules=(rule(ConditionCode.AGREEMENTS_KEPT, at_least=1),))
    (condition,) = ladder.check(asked)
    assert not condition.met


def test_an_exception_is_made_by_name_with_a_reason_and_only_where_the_model_allows_it() -> None:
    code = ConditionCode.HANDOVER_HELD
    missing = {"handover": received.Handover(None)}
    allowed = replace(step(), ground=ground(except_from=code, **missing))
    named = YES | {"except_handover-held": "Mødet holdes i morgen."}
    for guard in (may_approve, may_authorise):
        assert guard(allowed, YES) is not None
        assert guard(allowed, YES | {"except_handover-held": "  "}) is not None
        assert guard(allowed, YES | {"except_home-checked": "En anden."}) is not None
        assert guard(allowed, named) is None
        assert guard(step(**missing), named) is not None, "the model does not allow it"
    assert [c.code for c in exiting.excepted(allowed)] == ["handover-held"]
    assert exiting.excepted(step(**missing)) == []


def test_what_has_changed_since_the_request_is_said_of_each_condition() -> None:
    before = ladder.noted(ground(home_check=laid.Home(None)))
    with translation.override("da"):
        shown = exiting.step_conditions(replace(step(), at_request=tuple(before)))
    changed = {condition.code: str(condition.change) for condition in shown if condition.change}
    assert list(changed) == ["home-checked"]
    assert "manglede" in changed["home-checked"]
    with translation.override("en"):
        same = exiting.step_conditions(replace(step(), at_request=tuple(ladder.noted(ground()))))
    assert not any(condition.change for condition in same), "another language is no change"


REQUEST = RequestFacts("U2", None, ground())
APPROVED = CarryOutFacts(2, "U2", True, ground(*(c for c, kind in ladder.KINDS.items() if kind.at_carry_out)))
NO_CONSENT = replace(APPROVED, ground=ground(ConditionCode.CONSENT, consents=standing.Consents(0, 1)))
NO_PLACE = replace(APPROVED, ground=ground(ConditionCode.PLACE_KEPT, place_kept=received.Place(None)))
DONE = EvaluateFacts(2, "U2", DAY)
NOT_DONE = {"carried_out": False}


@pytest.mark.parametrize(
    ("guard", "facts", "answer", "expected"),
    [
        (may_request, REQUEST, NOTHING, None),
        (
            may_request,
            replace(REQUEST, ground=ground(plan=standing.Plan(None))),
            NOTHING,
            "Udslusningsplanen",
        ),
        (
            may_request,
            replace(REQUEST, ground=ground(consents=standing.Consents(0, 1))),
            NOTHING,
            "Samtykket",
        ),
        (may_request, replace(REQUEST, ground=ground(handover=received.Handover(None))), NOTHING, None),
        (may_request, RequestFacts("", None, None), NOTHING, "intet næste trin"),
        (may_approve, step(consents=standing.Consents(0, 1)), NO, None),
        (may_authorise, step(consents=standing.Consents(0, 1)), NO, None),
        (may_carry_out, APPROVED, NOTHING, None),
        (may_carry_out, replace(APPROVED, approved=None), NOTHING, "ikke godkendt"),
        (may_carry_out, replace(APPROVED, approved=False), NOTHING, "ikke godkendt"),
        (may_carry_out, NO_CONSENT, NOTHING, "Samtykket"),
        (may_carry_out, NO_CONSENT, NOT_DONE, None),
        (may_carry_out, NO_PLACE, NOTHING, "Pladsen"),
        (may_carry_out, replace(NO_PLACE, excepted=("place-kept",)), NOTHING, None),
        (may_evaluate, DONE, NOTHING, None),
        (may_evaluate, replace(DONE, carried_out_on=None), NOTHING, "ikke gennemført"),
        (may_evaluate, replace(DONE, incident=True), {"result": "proceed"}, "et trin tilbage"),
        (may_evaluate, replace(DONE, incident=True), {"result": "repeat"}, "et trin tilbage"),
        (may_evaluate, replace(DONE, incident=True), {"result": "back"}, None),
    ],
)
def test_a_guard_gives_its_reason(
    guard: Any, facts: Any, answer: Mapping[str, Any], expected: str | None
) -> None:
    with translation.override("da"):
        reason = guard(facts, answer)
    assert (reason is None) if expected is None else (reason is not None and expected in reason)


def test_what_protects_the_child_must_still_be_met_on_the_day() -> None:
    on_the_day = {code for code, kind in ladder.KINDS.items() if kind.at_carry_out}
    assert on_the_day >= {ConditionCode.CONSENT, ConditionCode.NO_OPEN_CONCERN, ConditionCode.AUTHORITY}


def test_each_condition_has_words_for_its_title_and_its_reason() -> None:
    shown = [*exiting.request_conditions(REQUEST), *exiting.step_conditions(step())]
    assert all(str(c.title) and str(c.reason) and c.code == c.code.lower() and c.met for c in shown)
