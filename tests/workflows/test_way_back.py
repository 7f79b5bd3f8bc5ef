"""An approved step that was not carried out, and what is shown of every no and of the step before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.urls import reverse

from placement import clock
from tests import story
from tests.cast import browser
from tests.walking import ByApi, Page, Walker, all_of
from tests.watching import changed, nothing_written

Looking = psycopg.Connection[Any]
TO_THE_LADDER: list[story.Act] = [*story.TO_THE_HOUSE, *story.TEAM[:1], ("exit.plan_exit", {})]


def page_of(walker: Walker, step: str) -> str:
    with clock.standing_at(walker.now):
        task = walker.task(step)
        response = browser(walker.company.for_task(task)).get(reverse("task", args=[task.uuid]))
    assert response.status_code == 200
    return Page(response.content.decode()).text


def steps_of(walker: Walker) -> list[dict[str, Any]]:
    with clock.standing_at(walker.now):
        program = walker.client(walker.company.actor("practitioner"))
        return all_of(program, f"/api/v1/families/{walker.family_uuid}/exit-steps/")


def test_a_step_that_was_not_carried_out_is_kept_with_its_reason_and_asked_for_again(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk([*TO_THE_LADDER, *story.ladder_step()[:2]])
    walker.now += timedelta(days=2)
    with clock.standing_at(walker.now), nothing_written(looking):
        task = walker.task("exit.carry_out_step")
        actor = walker.company.for_task(task)
        for wrong, field in (({"carried_out": False}, "reason"), ({"carried_out_on": ""}, "carried_out_on")):
            data = walker.usual(task, actor, **wrong)
            response = walker.client(actor).post(f"/api/v1/tasks/{task.uuid}/complete/", data, format="json")
            assert response.status_code == 422
            assert list(response.json()["errors"]) == [field]

    with changed(looking, "families_consent", f"family_id = {walker.family.pk}", withdrawn_on="2026-12-31"):
        walker.act("exit.carry_out_step", **story.NOT_CARRIED_OUT)
    (step,) = steps_of(walker)
    assert step["abandoned_reason"] == story.NOT_CARRIED_OUT["reason"]
    assert step["abandoned_at"] is not None
    assert (step["carried_out_on"], step["result"]) == (None, "")
    assert story.NOT_CARRIED_OUT["reason"] in page_of(walker, "exit.request_step")

    walker.walk(story.ladder_step())
    again, first = steps_of(walker)
    assert (again["code"], again["attempt"], again["result"]) == (first["code"], 2, "proceed")
    for broken in ("abandoned_reason = ''", "carried_out_on = '2027-01-01'", "abandoned_by_id = NULL"):
        with pytest.raises(psycopg.errors.CheckViolation, match="exit_step_abandoned"):
            looking.execute(f"UPDATE flow_exit_exitstep SET {broken} WHERE abandoned_at IS NOT NULL")


def test_a_consent_taken_back_is_said_on_the_familys_page(house: None, looking: Looking) -> None:
    walker = ByApi().walk(TO_THE_LADDER)
    address = reverse("family", args=[walker.family_uuid])
    with clock.standing_at(walker.now):
        practitioner = browser(walker.company.actor("practitioner"))
        assert "trukket" not in Page(practitioner.get(address).content.decode()).text
        mother = "id = (SELECT min(id) FROM families_consent)"
        with changed(looking, "families_consent", mother, withdrawn_on="2026-12-31"):
            shown = Page(practitioner.get(address).content.decode()).text
        assert "Filippa Prøvedal har trukket sit samtykke tilbage 31.12.2026" in shown


def test_a_rejection_is_read_by_the_one_who_asks_again(house: None, looking: Looking) -> None:
    walker = ByApi().walk(story.TO_THE_HOUSE[:4])
    assert story.REJECTED["reason"] in page_of(walker, "journey.request_decision")
    walker.walk(story.TO_THE_HOUSE[4:]).walk([*story.TEAM[:1], ("exit.plan_exit", {})])
    assert "Afvist" not in page_of(walker, "exit.request_step")
    walker.walk([("exit.request_step", {}), ("exit.approve_step", story.REJECTED)])
    shown = page_of(walker, "exit.request_step")
    assert "Afvist af teamlederen" in shown and story.REJECTED["reason"] in shown
    walker.walk(story.ladder_step() * 3)
    assert "Afvist" not in page_of(walker, "exit.request_step")
    walker.walk([("exit.request_step", {}), ("exit.authorise_step", story.REJECTED)])
    shown = page_of(walker, "exit.request_step")
    assert "Afvist af myndigheden" in shown and story.REJECTED["reason"] in shown
    assert steps_of(walker)[0]["authority_reason"] == story.REJECTED["reason"]
    assert steps_of(walker)[0]["authority_approved"] is False


def test_what_was_written_of_the_step_before_stands_where_the_next_is_decided(
    house: None, looking: Looking
) -> None:
    told = {"staff_view": "Det gik godt.", "parents_view": "Vi var trygge.", "child_view_text": "Sov roligt."}
    acts: list[story.Act] = [
        (step, told if step == "exit.evaluate_step" else {}) for step, _usual in story.ladder_step()
    ]
    walker = ByApi().walk([*TO_THE_LADDER, *story.ladder_step() * 2, *acts, ("exit.request_step", {})])
    for step in ("exit.authorise_step", "exit.approve_step"):
        shown = page_of(walker, step)
        for words in (*told.values(), "Videre til næste trin"):
            assert words in shown
        walker.act(step)
