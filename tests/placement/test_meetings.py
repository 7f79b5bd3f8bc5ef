"""Meetings, sessions and the baseline: what must be there, and that nothing is written when it is not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from placement import clock
from placement.access.errors import Refused
from placement.meetings import selectors, services
from placement.meetings.models import Meeting, MeetingKind
from placement.meetings.services import Decided, Invited
from placement.progression.models import Measurement


def refused(type_of, act, **kwargs):
    with pytest.raises(Refused) as said, transaction.atomic():
        act(**kwargs)
    assert said.value.type == type_of


@pytest.fixture
def meeting(practitioner, family):
    return {
        "actor": practitioner,
        "family": family,
        "kind": MeetingKind.TEAM,
        "held_on": clock.today(),
        "attendance": [
            Invited(staff=practitioner.staff, profession="familiebehandler"),
            Invited(label="Moster", present=False),
        ],
        "decisions": [Decided("Ringe til jordemoderen", "Sofie", clock.today() + timedelta(days=3))],
        "parents_present": True,
        "next_on": clock.today() + timedelta(days=28),
        "now": clock.now(),
    }


def test_a_meeting_keeps_who_was_there_and_what_was_decided(practitioner, family, meeting, at_work):
    with at_work(practitioner):
        held = services.record_meeting(**meeting)
        assert selectors.last_meeting(family, MeetingKind.TEAM) == held
        assert selectors.last_meeting(family, MeetingKind.NETWORK) is None
        found = selectors.last_meeting(family, MeetingKind.TEAM)
        assert found is not None
        assert [(a.label, a.present) for a in found.attendance.all()] == [("", True), ("Moster", False)]
        assert [d.text for d in found.decisions.all()] == ["Ringe til jordemoderen"]


@pytest.mark.parametrize(
    ("change", "type_of"),
    [
        ({"kind": "coffee"}, "meeting-kind"),
        ({"held_on": timedelta(days=1)}, "meeting-in-future"),
        ({"attendance": []}, "attendance-empty"),
        ({"attendance": [Invited(label="Moster", present=False)]}, "attendance-empty"),
        ({"attendance": [Invited(label="Moster"), Invited(label=" ")]}, "attendance-nameless"),
        ({"parents_present": False}, "absence-unexplained"),
        ({"next_on": timedelta(days=0)}, "next-not-later"),
        ({"decisions": [Decided(" ")]}, "decision-empty"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_whole(practitioner, family, meeting, at_work, change, type_of):
    change = {k: clock.today() + v if isinstance(v, timedelta) else v for k, v in change.items()}
    with at_work(practitioner):
        refused(type_of, services.record_meeting, **{**meeting, **change})
        assert not Meeting.objects.filter(family=family).exists()


def test_nobody_sits_there_twice_or_from_another_municipality(cast, practitioner, meeting, at_work):
    me = Invited(staff=practitioner.staff)
    with at_work(practitioner):
        refused("attendance-twice", services.record_meeting, **{**meeting, "attendance": [me, me]})
        foreign = Invited(staff=cast.randers.practitioner.staff)
        refused("not-staff-here", services.record_meeting, **{**meeting, "attendance": [me, foreign]})


def test_a_network_meeting_has_somebody_of_the_network(practitioner, meeting, at_work):
    alone = {
        **meeting,
        "kind": MeetingKind.NETWORK,
        "parents_present": False,
        "parents_absent_reason": "Syge",
        "attendance": [Invited(staff=practitioner.staff)],
    }
    with at_work(practitioner):
        refused("network-absent", services.record_meeting, **alone)
    # A program that forgets to invite her is refused by the database when it is done.
    with pytest.raises(IntegrityError, match="uninvited"), at_work(practitioner):
        held = services.record_meeting(**{**alone, "attendance": [Invited(label="Mormor")]})
        assert held.kind == MeetingKind.NETWORK


def test_a_session_has_a_focus_and_lies_in_the_past(practitioner, family, at_work):
    session = {
        "actor": practitioner,
        "family": family,
        "kind": "video_feedback",
        "held_on": clock.today(),
        "focus": "Bos signaler",
        "now": clock.now(),
    }
    with at_work(practitioner):
        for change, type_of in (
            ({"kind": "lecture"}, "session-kind"),
            ({"held_on": clock.today() + timedelta(days=1)}, "session-in-future"),
            ({"focus": ""}, "focus-missing"),
            ({"next_on": clock.today()}, "next-not-later"),
        ):
            refused(type_of, services.record_session, **{**session, **change})
        assert selectors.last_session(family) is None
        held = services.record_session(**session)
        assert selectors.last_session(family) == held


def test_the_score_of_a_baseline_is_a_measurement_like_any_other(practitioner, family, at_work):
    baseline = {
        "actor": practitioner,
        "family": family,
        "taken_on": clock.today(),
        "strengths": "Ser hvornår han er træt",
        "focus": "At vente på hans svar",
        "now": clock.now(),
    }
    with at_work(practitioner):
        refused("baseline-incomplete", services.record_baseline, **{**baseline, "focus": " "})
        refused("outside-scale", services.record_baseline, **baseline, score=Decimal(8))
        assert selectors.standing_baseline(family) is None
        taken = services.record_baseline(**baseline, score=Decimal(4))
        assert selectors.standing_baseline(family) == taken
        assert Measurement.objects.get(family=family, element="mentalisation").score == 4
