"""The deadlines of the measurement points: they run from the stay, end with the last answer, and tell in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from placement import clock
from placement.clock import DENMARK
from tests.scene import Scene
from tests.workflows.test_sweep import clock_of, swept, told
from workflows.kernel.models import Clock, StopReason
from workflows.measuring.points import WAITING, due_list
from workflows.measuring.services import Given, record_administration


@pytest.fixture
def scene(house: None) -> Scene:
    """A family that has just moved in, with its team."""
    scene = Scene("greve")
    scene.settle()
    return scene


def running(scene: Scene) -> set[str]:
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        found = Clock.objects.running().filter(family=scene.family, rule__startswith="measure-")
        return set(found.values_list("rule", flat=True))


def day_of(scene: Scene, name: str) -> date:
    """A day of the family's stay, as it stands by now."""
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        scene.family.refresh_from_db()
    day = getattr(scene.family, name)
    assert isinstance(day, date)
    return day


def answer(scene: Scene, *, but: int = 0, part: str = "practitioner", reason: str = "declined") -> int:
    """Say of all that waits, but for the last ``but``, that the family said no; how many were said."""
    actor = scene.company.actor(part)
    with clock.standing_at(scene.now), actor.acting(), transaction.atomic():
        scene.family.refresh_from_db()
        waiting = [one for one in due_list(scene.family) if one.state in WAITING]
        for one in waiting[: len(waiting) - but]:
            record_administration(
                actor=actor, family=scene.family, instrument=one.definition.id, person=one.person,
                answered_on=clock.today(), respondent="parent", given=Given(missing_reason=reason), now=scene.now,
            )  # fmt: skip
    return len(waiting) - but


def test_they_run_from_the_day_the_family_moved_in(scene: Scene) -> None:
    assert running(scene) == {"measure-start", "measure-three-months"}
    start, later = clock_of(scene, "measure-start"), clock_of(scene, "measure-three-months")
    moved_in = day_of(scene, "moved_in_on")
    assert (start.due_on, later.due_on) == (moved_in + timedelta(days=28), moved_in + timedelta(days=104))
    assert start.warn_at is not None
    # The end of the day a week before.
    assert start.warn_at.astimezone(DENMARK).date() == moved_in + timedelta(days=22)
    assert start.title == "Målinger: Ved indflytning" and "Modellens målepunkter" in start.source


def test_whoever_measures_is_reminded_and_the_lead_hears_of_what_was_not_done(scene: Scene) -> None:
    start = clock_of(scene, "measure-start")
    assert start.warn_at is not None
    swept(start.warn_at - timedelta(seconds=1))
    assert told(scene, "measure-start") == {}
    swept(start.warn_at)
    assert told(scene, "measure-start") == {"warned": {"greve.practitioner"}}
    swept(start.due_at)
    assert told(scene, "measure-start")["escalated"] == {"greve.teamlead", "greve.teamlead2"}


def test_it_ends_with_the_last_answer_and_not_before(scene: Scene) -> None:
    assert answer(scene, but=1) > 1
    assert "measure-start" in running(scene)
    # "Not asked" is no answer that holds.
    assert answer(scene, reason="not_asked") == 1
    assert "measure-start" in running(scene)
    assert answer(scene) == 1
    assert running(scene) == {"measure-three-months"}
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        assert Clock.objects.get(family=scene.family, rule="measure-start").stop_reason == StopReason.DONE
    swept(scene.now + timedelta(days=60))
    assert told(scene, "measure-start") == {}


def test_the_one_half_a_year_after_the_move_outlives_the_closing(house: None) -> None:
    scene = Scene("greve")
    scene.go_on(lambda task: task.flow_task.name == "follow_up_contact")
    moved_out = day_of(scene, "moved_out_on")
    assert running(scene) == {"measure-exit", "measure-half-year"}
    half = clock_of(scene, "measure-half-year")
    # Counted from the day the family left, not from the day somebody wrote it.
    assert half.due_on == moved_out + timedelta(days=196)
    assert half.warn_at is not None
    swept(half.warn_at)
    assert told(scene, "measure-half-year") == {"warned": {"greve.caseworker"}}
    scene.now = half.warn_at
    assert answer(scene, part="caseworker") > 1
    # What was not measured when the family left is not waited for any more: the next point has begun.
    assert running(scene) == set()
