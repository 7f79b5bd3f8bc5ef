"""A child is born in the house, a twin comes as a surprise, and a pregnancy is lost without one more reminder."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from placement import clock
from placement.families.models import Person
from tests.cast import browser
from tests.moving import Moving
from tests.scene import Scene
from tests.walking import Page
from tests.watching import nothing_written
from workflows.kernel.jobs import remind_municipality
from workflows.kernel.models import Clock, StopReason
from workflows.model_versions.clock_rules import Event


@pytest.fixture
def moving(house):
    """A family that awaits a child and has none."""
    made = Moving(Scene("greve"))
    with clock.standing_at(made.scene.now), made.actor("caseworker").acting(), transaction.atomic():
        child = Person.objects.get(family=made.scene.family, kind="child")
        child.birth_state, child.born_on, child.name = "expected", None, ""
        child.due_on = made.today + timedelta(days=60)
        child.save()
    return made


def people(moving):
    with moving.actor("authoritylead").acting(), transaction.atomic():
        return list(Person.objects.filter(family=moving.scene.family, kind="child").order_by("id"))


def test_a_child_and_its_twin_are_born_during_the_stay_and_the_work_goes_on(moving):
    moving.scene.settle()
    moving.tell(Event.MOVED_IN)
    steps, due = moving.open_steps(), moving.clocks()["goals-with-parents"].due_at
    (first,) = people(moving)
    moving.later(days=50)
    moving.made("practitioner", "birth", child=str(first.uuid), born_on=str(moving.today), name="Alma")
    moving.made("practitioner", "add-child", born_on=str(moving.today), name="Viggo")
    born = people(moving)
    assert [(child.name, child.birth_state) for child in born] == [("Alma", "born"), ("Viggo", "born")]
    assert moving.open_steps() == steps and moving.clocks()["goals-with-parents"].due_at == due
    assert "Viggo" in moving.look("practitioner")


def test_after_a_lost_pregnancy_nothing_asks_about_it_again(moving, looking):
    moving.scene.settle()
    moving.tell(Event.MOVED_IN)
    (child,) = people(moving)
    with nothing_written(looking):
        moving.refused("practitioner", "loss", "nobody-to-go-on-for", child=str(child.uuid), goes_on=True)
    moving.later(hours=1)
    before = moving.clocks()
    running = {rule for rule, c in before.items() if c.stopped_at is None}
    assert running
    with clock.standing_at(moving.scene.now):
        client = browser(moving.actor("practitioner"))
        address = f"/familier/{moving.scene.family.uuid}/personer/"
        assert "fortsætter forløbet" not in client.get(address).content.decode(), "nobody to go on for"
        done = client.post(
            address, {"submit_token": uuid4(), "form": "birth", "child": str(child.uuid), "what": "lost"}
        )
    assert done.status_code == 302
    family = moving.family()
    assert (family.phase, family.outcome) == ("closed", "pregnancy_lost")
    assert moving.open_steps() == []
    after = moving.clocks()
    assert {after[rule].stop_reason for rule in running} == {StopReason.PREGNANCY_LOST}
    assert {rule for rule, c in after.items() if c.stop_reason == StopReason.PREGNANCY_LOST} == running
    moving.later(days=200)
    with clock.standing_at(moving.scene.now), moving.actor("authoritylead").acting(), transaction.atomic():
        assert remind_municipality() == 0
        assert not Clock.objects.running().filter(family=family).exists()
    for part in ("caseworker", "teamlead"):
        with clock.standing_at(moving.scene.now):
            day = Page(browser(moving.actor(part)).get("/min-dag/").content.decode()).text
        assert family.number not in day
    assert "Graviditeten er ophørt" in moving.history()


def test_with_another_child_it_is_asked_whether_the_journey_goes_on(moving, looking):
    moving.scene.settle()
    moving.tell(Event.MOVED_IN)
    (child,) = people(moving)
    moving.made("practitioner", "add-child", due_on=str(moving.today + timedelta(days=60)))
    steps = moving.open_steps()
    with nothing_written(looking):
        moving.refused("practitioner", "loss", "goes-on-unsaid", child=str(child.uuid))
    moving.made("practitioner", "loss", child=str(child.uuid), goes_on=True)
    assert moving.open_steps() == steps and moving.family().phase == "moved_in"
    other = people(moving)[1]
    with nothing_written(looking):
        moving.refused("practitioner", "birth", "invalid", child=str(child.uuid), born_on=str(moving.today))
    moving.made("practitioner", "birth", child=str(other.uuid), born_on=str(moving.today))
    assert [p.birth_state for p in people(moving)] == ["lost", "born"]
