"""Two maps compared by people and not by names, and the pictures of map and genogram."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.db import transaction

from placement import clock, network_chart
from placement.access.errors import Refused
from placement.network import genogram, people, services
from placement.network.comparing import compare, map_sentence, sentence
from placement.network.genogram import Relative, Tie
from placement.network.models import NetworkMember, NetworkPerson
from placement.network.selectors import last_map
from placement.network.services import Placed

SECTORS = {
    "family": "Familie",
    "friends": "Venner",
    "professionals": "Fagpersoner",
    "work_neighbourhood": "Arbejde, skole og nabolag",
}


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
        "drawn_with_parents": True,
        "now": clock.now(),
    }


def test_people_are_matched_by_their_record_and_never_by_their_name(practitioner, family, drawing, at_work):
    with at_work(practitioner):
        services.draw_map(
            **drawing,
            moment="start",
            people=[
                Placed("Anna", "family", 3, "takes"),
                Placed("Nabo", "work_neighbourhood", 2, "gives"),
                Placed("Onkel", "family", 1, "gives", strained=True),
            ],
        )
        start = last_map(family, "start")
        who = {one.label: str(one.member.uuid) for one in start.people.all()}
        services.draw_map(
            **drawing,
            moment="exit",
            people=[
                # The same person called otherwise, nearer; another one of the same name; and one as before.
                Placed("Mors veninde Anna", "friends", 1, "mutual", member=who["Anna"]),
                Placed("Anna", "professionals", 2, "gives"),
                Placed("Nabo", "work_neighbourhood", 2, "gives", member=who["Nabo"]),
            ],
        )
        found = compare(last_map(family, "start"), last_map(family, "exit"))
        assert [one.label for one in found.nearer] == ["Mors veninde Anna"]
        assert [one.label for one in found.came] == ["Anna"]
        assert [one.label for one in found.left] == ["Onkel"]
        assert [one.label for one in found.as_before] == ["Nabo"]
        assert found.farther == found.unmatched == ()
        # The outcome: supportive private people; the professional does not count.
        assert found.support == (2, 2)
        assert sentence(found) == (
            "Lige mange private giver støtte: 2 før, 2 nu. Kommet til: Anna. Ikke med mere: Onkel. "
            "Rykket nærmere: Mors veninde Anna."
        )
        assert NetworkMember.objects.filter(family=family).count() == 4


def test_a_map_from_before_people_had_records_says_that_it_cannot_be_compared(
    practitioner, family, drawing, at_work
):
    with at_work(practitioner):
        services.draw_map(**drawing, moment="start", people=[Placed("Mormor", "family", 1, "gives")])
        NetworkPerson.objects.filter(map__family=family).update(member=None)
        place = last_map(family).people.get()
        services.draw_map(**drawing, moment="exit", people=[Placed("Mormor", "family", 1, "gives")])
        found = compare(last_map(family, "start"), last_map(family, "exit"))
        assert [one.label for one in found.unmatched] == ["Mormor"]
        assert "kan ikke sammenlignes" in sentence(found)
        known = people.known_as(actor=practitioner, family=family, place=place, now=clock.now())
        assert NetworkPerson.objects.get(pk=place.pk).member == known


@pytest.mark.parametrize(
    ("members", "type_of"),
    [
        (["00000000-0000-4000-8000-000000000000"], "person-unknown"),
        (["ikke et id"], "person-unknown"),
        (["first", "first"], "person-twice"),
    ],
)
def test_a_record_of_nobody_here_or_twice_is_refused(
    practitioner, family, drawing, at_work, members, type_of
):
    with at_work(practitioner):
        services.draw_map(**drawing, moment="start", people=[Placed("Mormor", "family", 1, "gives")])
        first = str(NetworkMember.objects.get(family=family).uuid)
        placed = [
            Placed(f"P{number}", "family", 1, "gives", member=first if key == "first" else key)
            for number, key in enumerate(members)
        ]
        refused(type_of, services.draw_map, **drawing, moment="again", people=placed)


def test_the_picture_says_everything_without_colour():
    marks = [
        network_chart.Mark(1, "Mormor <b>", "family", 1, "gives"),
        network_chart.Mark(2, "Farbror", "family", 3, "takes", strained=True),
        network_chart.Mark(3, "Nabo", "work_neighbourhood", 2, "mutual", new=True),
    ]
    drawn = str(
        network_chart.network_map(marks, SECTORS, title="Kort", sentence="Tre på kortet.", prefix="n")
    )
    assert "<b>" not in drawn and "style=" not in drawn
    svg = ET.fromstring(drawn)
    words = ["".join(text.itertext()) for text in svg.iter() if text.tag.endswith("text")]
    assert {*SECTORS.values()} <= set(words)
    assert "Mormor <b> · giver støtte" in words
    assert "Farbror · får støtte, anspændt" in words
    assert "Nabo · begge veje, ny" in words
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == "n-title n-desc"
    dashed = [line for line in svg.iter() if line.get("stroke-dasharray")]
    assert len(dashed) == 1, "strain is a broken line"
    heads = [shape for shape in svg.iter() if shape.tag.endswith("polygon")]
    assert len(heads) == 4, "one arrowhead for one way, two for both"


def test_marks_of_a_crowded_ring_do_not_cover_each_other():
    from itertools import combinations
    from math import dist

    marks = [
        network_chart.Mark(ring * 10 + number, f"P{number}", "family", ring, "gives")
        for ring in (1, 2, 3)
        for number in range(2 + ring)
    ]
    places = network_chart._places(marks)
    assert min(dist(one, other) for one, other in combinations(places.values(), 2)) >= 22
    assert all(13 <= x <= 327 and 13 <= y <= 327 for x, y in places.values())


def test_an_empty_map_is_a_picture_too():
    assert "Ingen på kortet" in network_chart.network_map([], SECTORS, title="Kort", sentence="Ingen.")


def test_a_genogram_is_whole_or_refused(practitioner, family, at_work):
    base = {"actor": practitioner, "family": family, "drawn_on": clock.today(), "now": clock.now()}
    kin = [Relative("Mormor", 2, "yes"), Relative("Mor", 3), Relative("Barnet", 4, "no")]
    with at_work(practitioner):
        for ties, type_of in (
            ([Tie("Mormor", "Morfar", "couple")], "genogram-relation"),
            ([Tie("Mor", "Mor", "siblings")], "genogram-relation"),
            ([Tie("Barnet", "Mor", "parent_child")], "genogram-generations"),
            ([Tie("Mormor", "Mor", "parent_child")] * 2, "genogram-relation-twice"),
        ):
            refused(type_of, genogram.draw_genogram, **base, people=kin, ties=ties)
        refused("genogram-empty", genogram.draw_genogram, **base, people=[], ties=[])
        refused("genogram-label-twice", genogram.draw_genogram, **base, people=[kin[0], kin[0]], ties=[])
        drawn = genogram.draw_genogram(
            **base,
            people=kin,
            ties=[Tie("Mormor", "Mor", "parent_child", broken=True), Tie("Mor", "Barnet", "parent_child")],
        )
        assert genogram.last_genogram(family) == drawn
        assert [tie.broken for tie in drawn.relations.all()] == [True, False]


def test_one_map_is_told_in_a_sentence(practitioner, family, drawing, at_work):
    with at_work(practitioner):
        services.draw_map(
            **drawing,
            moment="start",
            people=[
                Placed("Mormor", "family", 1, "gives"),
                Placed("Far", "family", 2, "takes", strained=True),
            ],
        )
        assert map_sentence(last_map(family)) == (
            "2 personer på kortet. 1 private giver støtte. Tæt på: Mormor. Anspændt: Far."
        )
