"""Two families whose stories differ by one act: their rows differ where that act is told, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evaluation.conftest import Story

#: Where the two families may always differ: who they are.
WHO = {"family_id", "step_id", "municipality_code"}


def walked(slug: str, code: int, act: dict[str, Any]) -> Story:
    """A family from the enquiry past its first exit step, with ``act`` in place of the usual answer."""
    story = Story(slug, code)
    while story.step(**act) != "move_in":
        continue
    for node in ("plan_exit", "request_step", "approve_step"):
        story.step(node, **act)
    if "approve_step" not in act:
        story.step("carry_out_step", **act)
        story.step("evaluate_step", **act)
    return story


@pytest.mark.parametrize(
    ("act", "dataset", "columns"),
    [
        ({"start_intervention": {"home_before": "institution"}}, "registration", {"home_before"}),
        (
            {"assess_target_group": {"traits": ["violence"]}},
            "registration",
            {"trait_violence", "trait_network"},
        ),
        ({"evaluate_step": {"result": "back"}}, "exit_steps", {"result"}),
        (
            {"approve_step": {"approved": False, "reason": "Ikke endnu"}},
            "exit_steps",
            {
                "approved",
                "carried_out_day",
                "carried_out_day_missing",
                "evaluated_day",
                "evaluated_day_missing",
                "result",
                "result_missing",
            },
        ),
    ],
    ids=["home", "traits", "step back", "rejected"],
)
def test_one_act_changes_its_own_columns_only(
    cast: Any, built: Any, tables: Any, act: dict[str, Any], dataset: str, columns: set[str]
) -> None:
    walked("greve", 253, {})
    walked("randers", 730, act)
    files = tables(built())
    rows = {row["municipality_code"]: row for row in files["registration"]}
    family_of = {code: row["family_id"] for code, row in rows.items()}
    changed = {}
    for name in ("registration", "exit_steps"):
        (usual,) = [row for row in files[name] if row["family_id"] == family_of["253"]]
        (other,) = [row for row in files[name] if row["family_id"] == family_of["730"]]
        changed[name] = {column for column in usual if column not in WHO and usual[column] != other[column]}
    assert changed.pop(dataset) == columns
    assert not any(changed.values())


def test_goals_and_setbacks_are_counted_as_they_were_lived(cast: Any, built: Any, tables: Any) -> None:
    """One family answers its setback with another plan, the other says why the plan stands."""
    for slug, code, choice in (("greve", 253, "change_plan"), ("randers", 730, "stand")):
        story = Story(slug, code)
        while story.step(set_goals={}) != "move_in":
            continue
        story.step("set_goals")
        story.step("follow_up", follow_up={"every_goal": -2})
        story.step("answer_setback", answer_setback={"choice": choice})
    rows = {row["municipality_code"]: row for row in tables(built())["registration"]}
    assert [rows[code]["setbacks"] for code in ("253", "730")] == ["1", "1"]
    assert [rows[code]["setbacks_plan_changed"] for code in ("253", "730")] == ["1", "0"]
    assert all(int(row["goals_week"]) >= 0 for row in rows.values())
