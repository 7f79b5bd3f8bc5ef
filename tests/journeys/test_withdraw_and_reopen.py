"""A journey is broken off with everything that hangs on it, and the same family begins anew within the year."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from placement.access.errors import GateClosed
from placement.families.models import Decision, FamilyGrant
from tests.moving import Moving
from tests.scene import Scene
from tests.watching import nothing_written
from workflows.exit.selectors import latest_plan, latest_step
from workflows.journey.guards import next_contact_months
from workflows.journey.services import journey_of
from workflows.kernel.models import Process, StopReason
from workflows.model_versions.clock_rules import Event


@pytest.fixture
def moving(house):
    return Moving(Scene("greve"))


def withdrawal(moving, **otherwise):
    return {
        "ended_on": str(moving.today),
        "reason": "child_placed",
        "initiator": "together",
        "planned": True,
        "text": "Barnet flytter til en plejefamilie, som forældrene kender.",
        "child_lives": "Plejefamilie",
        "support_after": "Samvær hver uge.",
        "family_view": "Det var det rigtige.",
    } | otherwise


def test_a_family_leaves_the_house_and_everything_that_hung_on_the_journey_ends(moving, looking):
    scene = moving.scene
    scene.go_on_to("approve_step")
    moving.tell(Event.MOVED_IN)
    moving.tell(Event.CONCERN_RECEIVED)
    moving.made("practitioner", "pause", paused_on=str(moving.today), reason="hospital")
    assert moving.sees("practitioner")
    # The day that was written, even when the move itself is made some hours later and so after midnight.
    last = moving.today
    assert moving.by_page("caseworker", "withdraw", **withdrawal(moving)).status_code == 302
    family = moving.family()
    assert (family.phase, family.outcome, family.closed_on) == ("closed", "child_placed", last)
    assert family.moved_out_on == last and family.family_view_of_outcome == "Det var det rigtige."
    assert moving.open_steps() == []
    with moving.actor("authoritylead").acting(), transaction.atomic():
        assert not Process.objects.filter(family=family, finished__isnull=True).exists()
        team = FamilyGrant.objects.filter(content_object=family, function="team")
        assert {grant.ends for grant in team} == {last}
    clocks = moving.clocks()
    assert clocks["team-named"].stop_reason == StopReason.WITHDRAWN
    assert clocks["concern-assessment"].stopped_at is None, "a concern is assessed whoever stays"
    moving.later(days=1)
    assert not moving.sees("practitioner") and moving.sees("caseworker")
    history = moving.history()
    assert "Forløbet er afbrudt" in history and "som forældrene kender" in history
    with nothing_written(looking):
        moving.refused("caseworker", "withdraw", "journey-ended", **withdrawal(moving))


def test_a_journey_ends_before_anybody_has_moved(moving, looking):
    scene = moving.scene
    scene.go_on_to("approve_decision")
    with nothing_written(looking):
        before = str(moving.today - timedelta(days=9))
        moving.refused("authoritylead", "withdraw", "end-before-stay", **withdrawal(moving, ended_on=before))
        moving.refused("authoritylead", "withdraw", "invalid", **withdrawal(moving, text=""))
        moving.refused("authoritylead", "withdraw", "invalid", **withdrawal(moving, ended_on="2099-01-01"))
        moving.refused("practitioner", "withdraw", "not-found", **withdrawal(moving))
    moving.made("authoritylead", "withdraw", **withdrawal(moving, reason="moved_away"))
    family = moving.family()
    assert (family.phase, family.outcome, family.moved_out_on) == ("closed", "moved_away", None)
    assert moving.open_steps() == []


def test_the_same_family_begins_anew_and_nothing_old_opens_a_gate(moving, looking):
    scene = moving.scene
    scene.go_on_to("request_step", code=None)
    scene.take(moving.task("request_step"))
    with nothing_written(looking):
        moving.refused("caseworker", "reopen", "journey-running", reason="For tidligt.")
    moving.made("caseworker", "withdraw", **withdrawal(moving, reason="consent"))
    moving.later(days=40)
    with nothing_written(looking):
        moving.refused("caseworker", "reopen", "invalid", reason="")
    assert (
        moving.by_page("caseworker", "reopen", reason="Forældrene ønsker opholdet igen.").status_code == 302
    )
    family = moving.family()
    assert (family.phase, family.site, family.closed_on, family.outcome) == ("enquiry", None, None, "")
    assert moving.open_steps() == ["assess_target_group"]
    assert not moving.sees("teamlead")
    history = moving.history()
    assert "Åbnet igen som nyt forløb" in history and "Familien har selv afsluttet" in history

    scene.go_on_to("request_decision")
    with nothing_written(looking), pytest.raises(GateClosed, match="Barnets perspektiv"):
        scene.take_as(
            "caseworker", "request_decision", purpose="Ro.", expected_weeks=20, child="", child_view_text=""
        )
    scene.go_on_to("plan_exit")
    with moving.actor("authoritylead").acting(), transaction.atomic():
        assert Decision.objects.filter(family=family).count() == 2
        assert Decision.objects.standing().filter(family=family).count() == 1
        now = moving.family()
        assert latest_plan(now) is None and latest_step(now) is None
    due = moving.task("hold_meeting").due if "hold_meeting" in moving.open_steps() else None
    assert due is None or due > moving.today, "no meeting is overdue since before the family came back"
    scene.go_on_to("approve_step", code="U1")
    assert "U1" in moving.history()


def test_a_journey_that_ended_long_ago_is_not_opened_again(moving, looking):
    scene = moving.scene
    scene.take_as("caseworker", "assess_target_group", in_target_group=False, traits=[], assessment="Nej.")
    moving.later(days=366)
    with nothing_written(looking):
        moving.refused("caseworker", "reopen", "reopening-too-late", reason="En ny tid.")


def test_a_declined_enquiry_is_opened_again_and_a_closed_one_keeps_its_contacts(moving):
    scene = moving.scene
    scene.take_as("caseworker", "assess_target_group", in_target_group=False, traits=[], assessment="Nej.")
    moving.made("caseworker", "reopen", reason="Der er nye oplysninger.")
    scene.go_on(lambda task: task.flow_task.name == "follow_up_contact")
    scene.take(moving.task("follow_up_contact"))
    moving.made("authoritylead", "reopen", reason="De har brug for huset igen.")
    assert moving.open_steps() == ["assess_target_group"]
    assert "Kontakt efter 1 måneder" in moving.history()
    with moving.actor("authoritylead").acting(), transaction.atomic():
        journey = journey_of(moving.family())
        assert journey is not None and next_contact_months(journey) == 1, (
            "the new journey has its own contacts"
        )
