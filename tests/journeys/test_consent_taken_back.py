"""A parent takes their consent back: the same day the caseworker says whether the child is safe."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from placement import clock
from placement.families.models import Person
from tests.cast import browser
from tests.moving import Moving
from tests.scene import Scene
from workflows.journey.services import journey_of
from workflows.kernel.models import Task


@pytest.fixture
def moving(house):
    made = Moving(Scene("greve"))
    made.scene.settle()
    return made


def take_back(moving):
    moving.later(hours=1)
    with clock.standing_at(moving.scene.now):
        caseworker = moving.actor("caseworker")
        with caseworker.acting(), transaction.atomic():
            person = str(Person.objects.get(family=moving.scene.family, custody_holder=True).uuid)
        done = browser(caseworker).post(
            f"/familier/{moving.scene.family.uuid}/samtykke/",
            {
                "submit_token": uuid4(),
                "person": person,
                "what": "withdrawn",
                "on": f"{moving.today:%d.%m.%Y}",
                "how": "",
            },
        )
    assert done.status_code == 302


def test_the_caseworker_has_a_task_the_same_day_and_the_journey_stays_the_journey(moving):
    steps = moving.open_steps()
    with moving.actor("authoritylead").acting(), transaction.atomic():
        journey = journey_of(moving.scene.family)
    take_back(moving)
    task = moving.task("assess_withdrawal")
    assert task.due == moving.today and task.role == "caseworker"
    assert moving.open_steps() == sorted([*steps, "assess_withdrawal"])
    with moving.actor("authoritylead").acting(), transaction.atomic():
        assert journey_of(moving.scene.family) == journey
    # Broken off the same day, the question stands: whether the child is safe does not fall away.
    moving.made(
        "caseworker", "withdraw", ended_on=str(moving.today), reason="consent", initiator="family", planned=False,
        text="Mor tog hjem med barnet.",
    )  # fmt: skip
    assert moving.open_steps() == ["assess_withdrawal"]
    done_by = moving.scene.take(moving.task("assess_withdrawal"))
    assert done_by.staff_id == moving.actor("caseworker").staff_id
    assert moving.open_steps() == []
    history = moving.history()
    assert "Risikovurdering" in history and "Barnet er trygt i huset" in history
    with moving.actor("authoritylead").acting(), transaction.atomic():
        assert not Task.objects.open().filter(family=moving.scene.family).exists()
