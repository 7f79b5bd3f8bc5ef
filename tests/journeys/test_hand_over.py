"""A task is given to a named colleague, stands first on their day, and may still be done by whoever may."""

from __future__ import annotations

import pytest

from placement import clock
from tests.cast import browser
from tests.moving import Moving
from tests.scene import Scene
from tests.walking import Page
from tests.watching import nothing_written


@pytest.fixture
def moving(house):
    made = Moving(Scene("greve"))
    made.scene.settle()
    return made


def uuid_of(moving, part):
    return str(moving.actor(part).staff.uuid)


def day(moving, part):
    with clock.standing_at(moving.scene.now):
        return Page(browser(moving.actor(part)).get("/min-dag/").content.decode()).text


def test_a_task_given_to_a_colleague_stands_as_theirs_on_their_day(moving):
    task = moving.task("take_baseline")
    done = moving.by_page(
        "teamlead",
        "hand-over",
        task=str(task.uuid),
        to=uuid_of(moving, "practitioner"),
        note="Du kender mor bedst.",
    )
    assert done.status_code == 302
    assert "Givet til dig (1)" in day(moving, "practitioner")
    others = day(moving, "teamlead2")
    assert "Givet til dig" not in others and f"givet til {moving.actor('practitioner').staff}" in others
    assert "Du kender mor bedst." in moving.history()
    # Whoever may do it still may: the second team lead does.
    scene = moving.scene
    assert moving.task("take_baseline").owner_id == moving.actor("practitioner").staff_id
    scene.take(moving.task("take_baseline"))
    assert "hold_session" in moving.open_steps()


def test_a_task_is_taken_back_by_page_and_by_api(moving):
    task, practitioner = moving.task("take_baseline"), uuid_of(moving, "practitioner")
    for by in (moving.by_page, moving.by_api):
        moving.made("teamlead", "hand-over", task=str(task.uuid), to=practitioner)
        assert by("practitioner", "take-back", task=str(task.uuid)).status_code in (201, 302)
        assert moving.task("take_baseline").owner_id is None
    assert "Overdragelse slut" in moving.history()


def test_a_task_goes_to_nobody_who_may_not_do_it(moving, looking):
    task = str(moving.task("take_baseline").uuid)
    practitioner = uuid_of(moving, "practitioner")
    with nothing_written(looking):
        moving.refused(
            "teamlead", "hand-over", "cannot-take-task", task=task, to=uuid_of(moving, "authoritylead")
        )
        moving.refused("teamlead", "hand-over", "invalid", task=task, to=uuid_of(moving, "oncall"))
        moving.refused("teamlead", "take-back", "invalid", task=task)
        moving.refused("caseworker", "hand-over", "invalid", task=task, to=practitioner)
    moving.made("teamlead", "hand-over", task=task, to=practitioner)
    with nothing_written(looking):
        moving.refused("teamlead", "hand-over", "already-theirs", task=task, to=practitioner)


def test_an_approval_is_never_handed_to_the_one_who_asked(moving, looking):
    scene = moving.scene
    scene.take(moving.task("plan_exit"))
    scene.take_as("teamlead", "request_step", why_now="Ro i huset.", planned_from=str(moving.today))
    approval = str(moving.task("approve_step").uuid)
    with nothing_written(looking):
        moving.refused(
            "teamlead2", "hand-over", "cannot-take-task", task=approval, to=uuid_of(moving, "teamlead")
        )
    moving.made("authoritylead", "hand-over", task=approval, to=uuid_of(moving, "teamlead2"))
    assert "Givet til dig (1)" in day(moving, "teamlead2")
