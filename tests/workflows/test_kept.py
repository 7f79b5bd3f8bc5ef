"""The law's deadlines of a municipality: kept, late and why; names only of families one sees, and few questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
from django.db import transaction

from bench.timing import counted
from placement import clock
from placement.clock import danish_day
from tests.cast import Cast, api, browser
from tests.scene import PARENT, Scene
from tests.walking import Page
from workflows.kernel.clocks import explaining
from workflows.kernel.clocks.kept import Rule, kept, late_of_mine
from workflows.kernel.models import Clock, LateKind

SAID = "Sekretæren var syg, og ingen så brevet."


def late_concern(scene: Scene) -> Clock:
    """A notification that was assessed a day too late."""
    received = scene.now - timedelta(hours=50)
    scene.receive_concern(received_at=received)
    scene.take(scene.open_task("assess_concern"))
    with scene._standing(), scene.company.actor("caseworker").acting(), transaction.atomic():
        return Clock.objects.get(family=scene.family, rule="concern-assessment")


def explain(scene: Scene, late: Clock) -> None:
    actor = scene.company.actor("caseworker")
    with scene._standing(), actor.acting(), transaction.atomic():
        explaining.explain(actor=actor, clock=late, kind=LateKind.WORKLOAD, text=SAID, now=scene.now)


def counted_by(actor: Any, late: Clock, now: Any) -> dict[str, Rule]:
    year = danish_day(late.due_at).year
    with clock.standing_at(now), actor.acting(), transaction.atomic():
        return {rule.code: rule for rule in kept(actor.municipality_id, year=year, now=now)}


def test_it_is_counted_by_rule_and_quarter_with_the_reasons(cast: Cast) -> None:
    scene = Scene("greve")
    late = late_concern(scene)
    in_time = Scene("greve")
    in_time.receive_concern()
    in_time.take(in_time.open_task("assess_concern"))
    rule = counted_by(cast.greve.authoritylead, late, scene.now)["concern-assessment"]
    assert (rule.year.late, rule.year.unexplained) == (1, 1) and "§ 133" in rule.source
    assert sum(one.kept for one in rule.quarters.values()) == 1
    explain(scene, late)
    rule = counted_by(cast.greve.authoritylead, late, scene.now)["concern-assessment"]
    assert (rule.year.late, rule.year.unexplained, rule.reasons) == (1, 0, {"workload": 1})
    assert counted_by(cast.randers.authoritylead, late, scene.now) == {}, (
        "another municipality's are not counted"
    )


def test_a_name_is_shown_to_those_who_see_the_family_alone_and_is_a_look(
    cast: Cast, looking: psycopg.Connection[Any]
) -> None:
    scene = Scene("greve")
    late = late_concern(scene)
    explain(scene, late)
    address = f"/lovens-frister/?aar={danish_day(late.due_at).year}"
    with clock.standing_at(scene.now):
        lead = browser(cast.greve.authoritylead).get(address).content.decode()
        # The site's lead counts the municipality too, and sees no family that is not at the site.
        other = browser(cast.greve.teamlead).get(address).content.decode()
    assert scene.family.number in lead and SAID in lead
    name = PARENT.split()[0]
    assert "Travlhed eller fravær hos os: 1" in Page(other).text
    for secret in (scene.family.number, SAID, name, str(scene.family.uuid)):
        assert secret not in other
    looks = looking.execute("SELECT staff_id, family_id FROM trail_read WHERE route = 'kept'").fetchall()
    assert looks == [(cast.greve.authoritylead.staff_id, scene.family.pk)]


def test_the_api_tells_the_same_numbers_and_no_family(cast: Cast) -> None:
    scene = Scene("greve")
    late = late_concern(scene)
    with clock.standing_at(scene.now):
        answer = api(cast.greve.authoritylead).get(
            f"/api/v1/clocks/kept/?year={danish_day(late.due_at).year}"
        )
        assert api(cast.greve.practitioner).get("/api/v1/clocks/kept/").status_code == 403
    told = {rule["rule"]: rule for rule in answer.json()["results"]}
    assert told["concern-assessment"]["year"] | {"running": 0} == {
        "kept": 0, "late": 1, "unexplained": 1, "running": 0,
    }  # fmt: skip
    assert scene.family.number not in answer.content.decode()


def test_the_page_is_for_those_who_lead(cast: Cast) -> None:
    assert browser(cast.greve.practitioner).get("/lovens-frister/").status_code == 403
    empty = browser(cast.odense.authoritylead).get("/lovens-frister/?aar=x1")
    assert empty.status_code == 200 and "Ingen af lovens frister" in empty.content.decode()


def test_it_asks_as_often_whatever_there_is(cast: Cast) -> None:
    lead = cast.greve.authoritylead
    asked = []
    for _turn in range(2):
        scene = Scene("greve")
        late = late_concern(scene)
        explain(scene, late)
        year = danish_day(late.due_at).year
        with clock.standing_at(scene.now), lead.acting(), transaction.atomic(), counted() as statements:
            kept(lead.municipality_id, year=year, now=scene.now)
            late_of_mine(lead, year=year, now=scene.now)
        asked.append(len(statements))
    assert asked == [4, 4], "two for the numbers; the late ones, and their families' people"
