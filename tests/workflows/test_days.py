"""No step happens before what it follows from: at the field, in the API, in the service and in the database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from placement import clock
from placement.access.errors import Refused
from placement.families.models import Family
from tests import story
from tests.cast import browser
from tests.walking import ByApi, Page, Walker, as_form
from tests.watching import nothing_written
from workflows.exit.selectors import latest_step
from workflows.exit.services import check_carried_out_on
from workflows.journey import services as journey

Looking = psycopg.Connection[Any]
IN_THE_HOUSE: list[story.Act] = [*story.TO_THE_HOUSE, *story.TEAM[:1]]
TO_CARRY_OUT: list[story.Act] = [*IN_THE_HOUSE, ("exit.plan_exit", {}), *story.ladder_step()[:2]]
TO_THE_END: list[story.Act] = [
    *IN_THE_HOUSE,
    ("exit.plan_exit", {}),
    *story.ladder_step() * 3,
    *story.ladder_step(authority=True) * 2,
    ("team.hold_meeting", {}),
    ("mentalisation.take_baseline", {}),
    ("mentalisation.hold_session", {}),
    ("progression.set_goals", {}),
    ("progression.follow_up", {}),
    *story.NETWORK[:3],
]


def fresh(walker: Walker) -> Family:
    family: Family = Family.objects.unscoped(reason="a test").get(uuid=walker.family_uuid)
    return family


def refused(walker: Walker, looking: Looking, step: str, field: str, day: date, words: str) -> None:
    """The step with ``field`` on ``day`` is refused at the field, on the page and in the API."""
    walker.now += timedelta(days=2)
    with clock.standing_at(walker.now), nothing_written(looking):
        task = walker.task(step)
        actor = walker.company.for_task(task)
        data = walker.usual(task, actor, **{field: day.isoformat()})
        response = walker.client(actor).post(f"/api/v1/tasks/{task.uuid}/complete/", data, format="json")
        assert response.status_code == 422, response.content.decode()
        assert words in response.json()["errors"][field][0]
        person = browser(actor)
        page = Page(person.get(f"/opgaver/{task.uuid}/").content.decode())
        response = person.post(f"/opgaver/{task.uuid}/", page.fill_in(as_form(data)))
        assert response.status_code == 422
        assert words in Page(response.content.decode()).text


def refusal_of(walker: Walker, check: Any) -> str:
    with (
        walker.company.actor("teamlead").acting(),
        transaction.atomic(),
        pytest.raises(Refused) as refusal,
    ):
        check()
    return refusal.value.type


def test_a_step_is_not_carried_out_before_it_was_approved_or_the_family_moved_in(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk(TO_CARRY_OUT)
    approved_on = clock.danish_day(walker.now)
    refused(
        walker, looking, "exit.carry_out_step", "carried_out_on", approved_on - timedelta(days=1), "godkendt"
    )
    refused(walker, looking, "exit.carry_out_step", "carried_out_on", date(2026, 1, 2), "flyttede ind")

    def check(day: date) -> None:
        step = latest_step(fresh(walker))
        assert step is not None
        check_carried_out_on(step, day)

    assert refusal_of(walker, lambda: check(approved_on - timedelta(days=1))) == "before-approval"
    assert refusal_of(walker, lambda: check(date(2026, 1, 2))) == "before-moving-in"
    walker.act("exit.carry_out_step", carried_out_on=approved_on.isoformat())
    with pytest.raises(psycopg.errors.CheckViolation, match="exit_step_carried_out_after_request"):
        looking.execute("UPDATE flow_exit_exitstep SET carried_out_on = '2026-01-01'")


def test_the_intervention_does_not_start_before_its_decision_nor_the_stay_before_the_start(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk(story.TO_THE_HOUSE[:6])
    before = clock.danish_day(walker.now) - timedelta(days=1)
    refused(walker, looking, "journey.start_intervention", "started_on", before, "Afgørelsen er truffet")
    assert refusal_of(walker, lambda: journey.check_started_on(fresh(walker), before)) == "before-decision"
    walker.act("journey.start_intervention")
    before = clock.danish_day(walker.now) - timedelta(days=1)
    refused(walker, looking, "journey.move_in", "moved_in_on", before, "før indsatsens start")
    assert refusal_of(walker, lambda: journey.check_moved_in_on(fresh(walker), before)) == "before-start"


def test_a_journey_is_not_closed_before_moving_out_nor_followed_up_before_closing(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk(TO_THE_END)
    with walker.company.actor("teamlead").acting(), transaction.atomic():
        moved_out_on = fresh(walker).moved_out_on
    assert moved_out_on is not None
    before = moved_out_on - timedelta(days=1)
    refused(walker, looking, "journey.close_journey", "closed_on", before, "flyttede ud")
    assert refusal_of(walker, lambda: journey.check_closed_on(fresh(walker), before)) == "before-moving-out"
    walker.act("journey.close_journey")
    closed_on = clock.danish_day(walker.now)
    before = closed_on - timedelta(days=1)
    refused(walker, looking, "journey.follow_up_contact", "held_on", before, "Forløbet er afsluttet")
    assert refusal_of(walker, lambda: journey.check_contact_on(fresh(walker), before)) == "before-closing"
    for column, other, name in (
        ("moved_out_on", "moved_in_on", "out"),
        ("moved_in_on", "moved_out_on", "in"),
    ):
        with pytest.raises(psycopg.errors.CheckViolation, match=f"family_closes_after_moving_{name}"):
            looking.execute(f"UPDATE families_family SET {other} = NULL, {column} = closed_on + 1")
