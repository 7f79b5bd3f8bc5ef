"""Where families wait: counted for those who lead, of the families they lead, with small numbers as they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from placement import clock
from tests.cast import Cast, browser
from tests.scene import Scene
from tests.walking import Page
from workflows.kernel.waiting import StepWait, waits


def seen(actor: Any, now: Any) -> dict[str, StepWait]:
    with clock.standing_at(now), actor.acting(), transaction.atomic():
        return {step.title: step for step in waits(actor, now=now)}


def test_a_lead_sees_how_many_wait_and_for_how_long(cast: Cast) -> None:
    first, second = Scene("greve"), Scene("greve")
    second.now = first.now + timedelta(days=4)
    for scene in (first, second):
        scene.go_on_to("plan_exit")
    now = second.now + timedelta(days=30)
    [planned] = [
        step for title, step in seen(cast.greve.teamlead, now).items() if title == "Læg udslusningsplan"
    ]
    assert (
        len(planned.waited) == 2
        and planned.waited[0] >= 30
        and planned.waited[1] - planned.waited[0] in (4, 5)
    )
    assert planned.longest_family == first.family.pk
    assert seen(cast.greve.teamlead, now)["Udpeg indsatsteam"].late == 2
    assert next(iter(seen(cast.greve.teamlead, now).values())).longest == max(
        step.longest for step in seen(cast.greve.teamlead, now).values()
    )
    passed = seen(cast.greve.authoritylead, now)["Registrér indflytning"]
    assert len(passed.took) == 2 and not passed.waited
    assert "Registrér indflytning" not in seen(cast.greve.authoritylead, now + timedelta(days=90))


def test_nobody_counts_families_they_do_not_lead(cast: Cast) -> None:
    scene = Scene("greve")
    scene.go_on_to("plan_exit")
    assert seen(cast.greve.teamlead, scene.now)
    for stranger in (
        cast.randers.teamlead,
        cast.greve.caseworker,
        cast.greve.practitioner,
    ):
        assert seen(stranger, scene.now) == {}


def test_each_family_named_is_a_look_and_no_other(cast: Cast, looking: psycopg.Connection[Any]) -> None:
    first, second = Scene("greve"), Scene("greve")
    first.go_on_to("plan_exit")
    second.now = first.now + timedelta(days=9)
    second.go_on_to("plan_exit")
    with clock.standing_at(second.now + timedelta(days=20)):
        shown = browser(cast.greve.teamlead).get("/ventetid/").content.decode()
    assert f"/familier/{first.family.uuid}/" in shown and f"/familier/{second.family.uuid}/" not in shown
    assert "2 over frist" in Page(shown).text
    looks = looking.execute("SELECT family_id FROM trail_read WHERE route = 'waiting'").fetchall()
    assert looks == [(first.family.pk,)]


def test_the_page_is_for_leads(cast: Cast) -> None:
    assert browser(cast.greve.practitioner).get("/ventetid/").status_code == 403
    empty = browser(cast.odense.authoritylead).get("/ventetid/")
    assert empty.status_code == 200 and "venter lige nu" in empty.content.decode()


def test_it_asks_twice_however_many_wait(cast: Cast) -> None:
    scene = Scene("greve")
    scene.go_on_to("plan_exit")
    Scene("greve")
    lead = cast.greve.authoritylead
    with lead.acting(), transaction.atomic(), CaptureQueriesContext(connection) as queries:
        waits(lead, now=scene.now)
    assert len(queries) == 2
