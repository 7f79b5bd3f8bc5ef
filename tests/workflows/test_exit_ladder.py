"""The exit ladder as data: what a version may say of its rungs, and what is refused with which words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from workflows.model_versions.content import NATIONAL, parse, read_file
from workflows.model_versions.exit_ladder import ALWAYS, NEVER_EXCEPTED, ConditionCode, parse_ladder

BASIC = [{"code": code.value} for code in sorted(ALWAYS)]


def rung(**otherwise: Any) -> dict[str, Any]:
    plain = {
        "code": "U1",
        "title": "Besøg",
        "content": "Hjemme.",
        "needs_authority": False,
        "conditions": BASIC,
    }
    return plain | otherwise


def test_the_national_version_has_conditions_on_every_rung() -> None:
    model = parse(read_file(NATIONAL / "2026-1.toml"))
    assert [r.code for r in model.exit_ladder] == ["U1", "U2", "U3", "U4", "U5"]
    asked = {r.code: {rule.code for rule in r.conditions} for r in model.exit_ladder}
    assert all(
        codes >= ALWAYS | {ConditionCode.NO_OPEN_CONCERN, ConditionCode.SAFETY_PLAN}
        for codes in asked.values()
    )
    assert asked["U5"] >= {ConditionCode.DECISION_FROM_MOVE_DAY, ConditionCode.HANDOVER_HELD}
    excepted = {rule.code for r in model.exit_ladder for rule in r.conditions if rule.may_except}
    assert excepted and not excepted & NEVER_EXCEPTED


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "needs steps"),
        ([rung(), rung()], "each with its own code"),
        ([rung(conditions=[])], "'U1' has no conditions"),
        ([{k: v for k, v in rung().items() if k != "conditions"}], "'U1' has no conditions"),
        ([{k: v for k, v in rung().items() if k != "title"}], "'U1' lacks 'title'"),
        ([rung(conditions=[*BASIC, {"code": "moon-phase"}])], "no condition is called 'moon-phase'"),
        ([rung(conditions=[*BASIC, {"code": "consent"}])], "two conditions are called 'consent'"),
        ([rung(conditions=BASIC[1:])], f"must ask for '{BASIC[0]['code']}'"),
        ([rung(conditions=[*BASIC, {"code": "home-checked", "weeks": 2}])], "takes no 'weeks'"),
        ([rung(conditions=[*BASIC, {"code": "home-checked", "days": -1}])], "whole and not below zero"),
        ([rung(conditions=[*BASIC, {"code": "home-checked", "days": "90"}])], "whole and not below zero"),
        ([rung(conditions=[*BASIC, {"code": "authority"}])], "go together"),
        ([rung(needs_authority=True)], "go together"),
        ([rung(conditions=[*BASIC, {"code": "decision-from-move-day"}])], "needs the authority"),
        ([rung(longest_days=0)], "longest_days counts from one"),
        (
            [rung(conditions=[*BASIC, {"code": "no-open-concern", "may_except": True}])],
            "nobody may make an exception from 'no-open-concern'",
        ),
    ],
)
def test_a_ladder_that_contradicts_itself_is_refused_with_the_reason(
    rows: list[dict[str, Any]], words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        parse_ladder(rows)


def test_a_condition_may_stand_twice_under_its_own_names() -> None:
    twice = [
        {"code": "home-checked", "days": 7},
        {"code": "home-checked", "name": "home-seen-lately", "days": 90},
    ]
    (parsed,) = parse_ladder([rung(conditions=[*BASIC, *twice])])
    assert [(r.name, r.number("days")) for r in parsed.conditions[-2:]] == [
        ("home-checked", 7),
        ("home-seen-lately", 90),
    ]
