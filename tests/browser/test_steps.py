"""Steps of the work on a phone: an approval with the facts behind it, four eyes, a form with rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from demo.ground import lay_ground
from placement import clock
from placement.families.models import Consent
from tests.browser.conftest import Room
from tests.cast import Cast
from tests.scene import Scene

Count = Callable[..., int]


@pytest.fixture(scope="module")
def asked_by_practitioner(cast: Cast) -> Scene:
    scene = Scene("greve")
    scene.settle()
    task = scene.go_on_to("request_step")
    # The browser asks and decides today: what the step rests on is of today too.
    lay_ground(scene.company.actor("practitioner"), task, now=clock.now())
    return scene


@pytest.fixture(scope="module")
def asked_by_teamlead(cast: Cast) -> Scene:
    scene = Scene("greve")
    scene.settle()
    scene.go_on_to("request_step")
    scene.take_as(
        "teamlead", "request_step", why_now="De beder selv om det.", planned_from=scene.now.date().isoformat()
    )
    return scene


def _card(page: Page, scene: Scene, title: str) -> Any:
    """The task's card on Min dag."""
    return page.get_by_role("listitem").filter(has_text=scene.family.number).get_by_role("link", name=title)


def test_one_asks_for_a_step_and_another_approves_it_on_the_phone(
    room: Room, cast: Cast, asked_by_practitioner: Scene, looking: psycopg.Connection[Any]
) -> None:
    scene = asked_by_practitioner
    later = f"{clock.today() + timedelta(days=30):%d.%m.%Y}"
    asking = room.open(cast.greve.practitioner)
    asking.goto(f"/familier/{scene.family.uuid}/")
    asking.get_by_role("link", name="Bed om næste udslusningstrin").first.tap()
    asking.get_by_label("Hvorfor er familien klar nu?").fill("Aftenrutinen har holdt i tre uger.")
    asking.get_by_label("Fra hvornår?").fill(later)
    asking.get_by_role("button", name="Gem").tap()
    expect(asking.get_by_role("status")).to_contain_text("Gemt: Bed om næste udslusningstrin")

    deciding = room.open(cast.greve.teamlead2)
    deciding.goto("/min-dag/")
    waiting = deciding.get_by_role("region", name="Venter på din afgørelse")
    expect(waiting).to_contain_text("Ønsket af Sofie Lind")
    _card(deciding, scene, "Godkend udslusningstrin").tap()
    asked = deciding.get_by_role("region", name="Det, du tager stilling til")
    expect(asked).to_contain_text("Aftenrutinen har holdt i tre uger.")
    expect(asked).to_contain_text("Sofie Lind")
    conditions = deciding.get_by_role("region", name="Betingelser").get_by_role("listitem")
    expect(conditions).not_to_have_count(0)
    for condition in conditions.all():
        expect(condition).to_contain_text("Opfyldt")
        assert len(condition.inner_text().splitlines()) >= 2
    expect(deciding.get_by_text("1 af 1 samtykker gælder")).to_be_visible()
    deciding.get_by_role("group", name="Godkender du trinnet?").get_by_text("Ja", exact=True).tap()
    deciding.get_by_role("button", name="Gem").tap()
    expect(deciding.get_by_role("status")).to_contain_text("Gemt: Godkend udslusningstrin")
    decided = looking.execute(
        "SELECT asker.username, decider.username, decision.approved FROM flow_exit_exitstepdecision decision "
        "JOIN flow_exit_exitstep step ON step.id = decision.step_id "
        "JOIN access_staff asker ON asker.id = step.requested_by_id "
        "JOIN access_staff decider ON decider.id = decision.decided_by_id WHERE step.family_id = %s",
        [scene.family.pk],
    ).fetchall()
    assert decided == [("greve.practitioner", "greve.teamlead2", True)]


def test_nobody_is_offered_to_approve_their_own_request(
    room: Room, cast: Cast, asked_by_teamlead: Scene
) -> None:
    scene = asked_by_teamlead
    task = scene.open_task("approve_step")
    own = room.open(cast.greve.teamlead)
    own.goto("/min-dag/")
    expect(_card(own, scene, "Godkend udslusningstrin")).to_have_count(0)
    own.goto(f"/familier/{scene.family.uuid}/")
    expect(own.get_by_text("Godkend udslusningstrin").first).to_be_visible()
    expect(own.get_by_role("link", name="Godkend udslusningstrin")).to_have_count(0)
    room.expect(403)
    own.goto(f"/opgaver/{task.uuid}/")
    expect(own.get_by_role("main")).to_contain_text("Du har selv bedt om det. En anden skal tage stilling.")

    other = room.open(cast.greve.teamlead2)
    other.goto("/min-dag/")
    expect(_card(other, scene, "Godkend udslusningstrin")).to_have_count(1)


def test_a_missing_consent_is_shown_and_closes_the_gate(
    room: Room, cast: Cast, asked_by_teamlead: Scene, looking: psycopg.Connection[Any]
) -> None:
    room.expect(422)
    scene = asked_by_teamlead
    table = Consent._meta.db_table
    page = room.open(cast.greve.teamlead2)
    page.goto(f"/opgaver/{scene.open_task('approve_step').uuid}/")
    withdraw = f"UPDATE {table} SET withdrawn_on = %s WHERE family_id = %s"
    # Past the trail, which asks for whoever writes.
    looking.execute("SET session_replication_role = replica")
    looking.execute(withdraw, [scene.now.date(), scene.family.pk])
    try:
        page.reload()
        consent = (
            page.get_by_role("region", name="Betingelser")
            .get_by_role("listitem")
            .filter(has_text="Samtykket")
        )
        expect(consent).to_contain_text("Mangler")
        page.get_by_role("group", name="Godkender du trinnet?").get_by_text("Ja", exact=True).tap()
        page.get_by_role("button", name="Gem").tap()
        refusal = page.get_by_role("alert")
        expect(refusal).to_be_focused()
        expect(refusal).to_contain_text("amtykke")
        expect(page.get_by_role("group", name="Godkender du trinnet?").get_by_label("Ja")).to_be_checked()
    finally:
        looking.execute(withdraw, [None, scene.family.pk])
        looking.execute("RESET session_replication_role")


def test_a_rejection_without_a_reason_leads_to_the_field(
    room: Room, cast: Cast, asked_by_teamlead: Scene
) -> None:
    room.expect(422)
    page = room.open(cast.greve.teamlead2)
    page.goto(f"/opgaver/{asked_by_teamlead.open_task('approve_step').uuid}/")
    page.get_by_role("group", name="Godkender du trinnet?").get_by_text("Nej", exact=True).tap()
    page.get_by_role("button", name="Gem").tap()
    page.get_by_role("alert").get_by_role("link", name="Skriv, hvorfor trinnet afvises").tap()
    expect(page.get_by_label("Begrundelse")).to_be_focused()


def test_goals_are_written_in_rows_and_one_more(
    room: Room, cast: Cast, asked_by_practitioner: Scene, count: Count
) -> None:
    scene = asked_by_practitioner
    page = room.open(cast.greve.practitioner)
    page.goto(f"/opgaver/{scene.open_task('set_goals').uuid}/")
    page.get_by_role("button", name="Tilføj en mere").tap()
    for number, title in ((1, "Putte barnet roligt"), (3, "Bede om hjælp i tide")):
        row = page.get_by_role("group", name=f"Mål {number}", exact=True)
        row.get_by_label("Mål", exact=False).first.fill(title)
        for level in (
            "−2: meget mindre end",
            "−1: mindre end",
            "0: som",
            "+1: mere end",
            "+2: meget mere end",
        ):
            row.get_by_label(f"{level} forventet").fill("Sker de fleste dage")
        row.get_by_label("Hvor står I i dag?").select_option("-1")
    together = page.get_by_role("group", name="Hvem har været med")
    for person in together.get_by_role("checkbox").all():
        person.check()
    page.get_by_role("button", name="Gem").tap()
    expect(page.get_by_role("status")).to_contain_text("Gemt: Sæt mål")
    assert count("progression_goal", family_id=scene.family.pk) == 2
    expect(page.get_by_role("link", name="Følg op på målene").first).to_be_visible()


def test_two_empty_rows_are_shown_until_more_are_asked_for(
    room: Room, cast: Cast, asked_by_practitioner: Scene
) -> None:
    """So that the rest of the form is not far down on a phone."""
    page = room.open(cast.greve.practitioner)
    (meeting,) = (
        task
        for task in asked_by_practitioner.open_tasks()
        if (task.element, task.flow_task.name) == ("team", "hold_meeting")
    )
    page.goto(f"/opgaver/{meeting.uuid}/")
    rows = page.get_by_role("group", name="Beslutning ")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Tilføj en mere").tap()
    expect(rows).to_have_count(3)
    expect(rows.last.get_by_label("Beslutning").first).to_be_focused()
