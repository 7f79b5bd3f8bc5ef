"""The network map and the agreements: least possible data, whole or not at all, followed up once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from placement import clock
from placement.access.errors import Refused, StaleState
from placement.network import selectors, services
from placement.network.models import NetworkMap
from placement.network.services import Agreed, Placed

AUNT = Placed("Moster", "family", 1, "gives")
NURSE = Placed("Sundhedsplejerske", "professionals", 2, "gives")
FRIEND = Placed("Ven fra skolen", "friends", 3, "takes", strained=True)


def refused(type_of, act, **kwargs):
    with pytest.raises(Refused) as said, transaction.atomic():
        act(**kwargs)
    assert said.value.type == type_of


@pytest.fixture
def drawing(practitioner, family):
    return {
        "actor": practitioner,
        "family": family,
        "drawn_on": clock.today(),
        "moment": "start",
        "people": [AUNT, NURSE, FRIEND],
        "drawn_with_parents": True,
        "now": clock.now(),
    }


def test_support_at_start_and_exit_is_compared(practitioner, family, drawing, at_work):
    with at_work(practitioner):
        drawn = services.draw_map(**drawing)
        assert selectors.last_map(family) == drawn
        assert selectors.change_in_support(family) is None
        services.draw_map(
            **{
                **drawing,
                "moment": "exit",
                "people": [AUNT, Placed("Nabo", "work_neighbourhood", 2, "mutual")],
            }
        )
        assert selectors.change_in_support(family) == (1, 2)


@pytest.mark.parametrize(
    ("change", "type_of"),
    [
        ({"moment": "later"}, "map-moment"),
        ({"people": []}, "map-empty"),
        ({"people": [Placed("", "family", 1, "gives")]}, "person-incomplete"),
        ({"people": [Placed("Moster", "family", 4, "gives")]}, "person-incomplete"),
        ({"people": [AUNT, Placed("Onkel", "abroad", 1, "gives")]}, "person-incomplete"),
    ],
)
def test_a_map_that_says_nothing_is_refused(practitioner, family, drawing, at_work, change, type_of):
    with at_work(practitioner):
        refused(type_of, services.draw_map, **{**drawing, **change})
        assert not NetworkMap.objects.filter(family=family).exists()


def test_no_network_at_all_is_a_finding(practitioner, drawing, at_work):
    with at_work(practitioner):
        drawn = services.draw_map(**{**drawing, "people": [], "remark": "Ingen at nævne"})
        assert not drawn.people.exists()


def test_an_agreement_is_followed_up_once(practitioner, family, at_work):
    today = clock.today()
    base = {"actor": practitioner, "family": family, "made_on": today, "now": clock.now()}
    agreed = Agreed("Passer Bo torsdag aften", "Moster", today + timedelta(days=7))
    with at_work(practitioner):
        refused("agreements-missing", services.make_agreements, agreements=[], **base)
        refused(
            "agreement-incomplete",
            services.make_agreements,
            agreements=[Agreed(" ", "Moster", today)],
            **base,
        )
        late = Agreed("x", "y", today - timedelta(days=1))
        refused("agreement-due-before", services.make_agreements, agreements=[agreed, late], **base)
        (made,) = services.make_agreements(agreements=[agreed], **base)
        assert selectors.agreements_to_follow_up(family) == [made]
        looked_at = {"actor": practitioner, "agreement": made, "kept": False, "now": clock.now()}
        early = today - timedelta(days=1)
        refused("follow-up-before-agreement", services.follow_up_agreement, followed_up_on=early, **looked_at)
        kept = services.follow_up_agreement(followed_up_on=today, comment="Hun var syg", **looked_at)
        assert kept.kept is False
        assert selectors.agreements_to_follow_up(family) == []
        with pytest.raises(StaleState), transaction.atomic():
            services.follow_up_agreement(followed_up_on=today, **looked_at)
