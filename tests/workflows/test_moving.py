"""A family is moved to another version by a lead who has read what it changes, and never to one not in force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from tests.cast import Cast, api, browser
from tests.scene import Scene
from tests.versions import NEXT, approved, imported
from tests.walking import Page
from tests.watching import nothing_written
from tests.workflows.test_adaptations import decided, drafted
from workflows.journey.history import history
from workflows.journey.moving import Preview, move_family, preview
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Clock, Process, Task
from workflows.kernel.steps import model_of
from workflows.model_versions import services
from workflows.model_versions.clock_rules import Event
from workflows.model_versions.models import ModelVersion, VersionMove

#: Another rhythm, another deadline of a step, another length of a clock.
CHANGED = (
    NEXT.replace('"flow_network.map_network" = 20', '"flow_network.map_network" = 10', 1)
    .replace('"goals_set"\ndays = 28\nwarn_before = 7', '"goals_set"\ndays = 21\nwarn_before = 5', 1)
    .replace("months_after_closing = [1, 3, 6, 12]", "months_after_closing = [1, 3, 6]")
)


def version(code: str = "2026-2") -> ModelVersion:
    return ModelVersion.objects.get(code=code)


def read(scene: Scene, code: str = "2026-2", *, part: str = "teamlead") -> Preview:
    with scene.company.actor(part).acting(), transaction.atomic():
        found = preview(family=scene.family, version=version(code), now=scene.now)
        assert found.model is not None and found.facts_version
        return found


def move(scene: Scene, code: str = "2026-2", *, part: str = "teamlead", **given: Any) -> VersionMove:
    actor = scene.company.actor(part)
    asked = {"reason": "Teamet og forældrene ønsker det.", "facts_version": "0" * 16} | given
    with actor.acting():
        return move_family(actor=actor, family=scene.family, version=version(code), now=scene.now, **asked)


def due(scene: Scene, name: str) -> date:
    found = scene.open_task(name).due
    assert found is not None
    return found


def followed(scene: Scene) -> set[str]:
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        runs = Process.objects.select_related("model_version", "adaptation").filter(family=scene.family)
        return {run.adaptation.code if run.adaptation else run.model_version.code for run in runs}


@pytest.fixture
def settled(versions: None, cast: Cast) -> Scene:
    """A family that lives in the house with its team."""
    scene = Scene("greve")
    scene.settle()
    return scene


def test_what_is_read_is_what_happens(settled: Scene) -> None:
    with settled.company.actor("teamlead").acting(), transaction.atomic():
        clocks.happened(family=settled.family, event=Event.MOVED_IN, at=settled.now)
        ends = dict(Clock.objects.filter(family=settled.family).values_list("rule", "due_at"))
    meeting, mapping, goals = (
        due(settled, "hold_meeting"),
        due(settled, "map_network"),
        due(settled, "set_goals"),
    )
    approved(CHANGED)
    seen = read(settled)
    assert {(d.path, d.before, d.after) for d in seen.model} >= {
        ("cadence_days.team_meeting", "28", "21"),
        ("contacts.months_after_closing", "1, 3, 6, 12", "1, 3, 6"),
    }
    moved = move(settled, facts_version=seen.facts_version)
    assert followed(settled) == {"2026-2"}
    assert due(settled, "hold_meeting") == meeting - timedelta(days=7)
    assert due(settled, "map_network") < mapping and due(settled, "set_goals") == goals
    with settled.company.actor("teamlead").acting(), transaction.atomic():
        after = {c.rule: c for c in Clock.objects.filter(family=settled.family)}
        assert after["goals-with-parents"].due_at == ends["goals-with-parents"] - timedelta(days=7)
        warn = after["goals-with-parents"].warn_at
        assert warn is not None and after["goals-with-parents"].due_at - warn == timedelta(days=5)
        assert after["team-named"].due_at == ends["team-named"]
        told = next(e.told for e in history(settled.family).entries if e.kind == "version_move")
    assert told.text == "Teamet og forældrene ønsker det." and "fra 2026-1 til 2026-2" in told.lines[0][1]
    assert {c["title"] for c in moved.changes} >= {"cadence_days.team_meeting"}
    settled.take(settled.open_task("hold_meeting"))
    settled.go_on_to("request_step")
    assert followed(settled) == {"2026-2"}


def test_a_deadline_put_off_by_hand_stays_put_off(settled: Scene) -> None:
    meeting, task = due(settled, "hold_meeting"), settled.open_task("hold_meeting")
    with settled.company.actor("teamlead").acting(), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(due=meeting + timedelta(days=30))
    approved()
    move(settled, facts_version=read(settled).facts_version)
    assert due(settled, "hold_meeting") == meeting + timedelta(days=23)


@pytest.mark.parametrize("state", ["a draft", "retired", "of tomorrow"])
def test_nobody_is_moved_to_a_version_that_is_not_in_force(
    settled: Scene, looking: psycopg.Connection[Any], state: str
) -> None:
    if state == "a draft":
        imported()
    elif state == "retired":
        approved()
        services.retire_version(code="2026-2", using="owner")
    else:
        tomorrow = clock.danish_day(settled.now) + timedelta(days=1)
        approved(NEXT.replace("in_force_from = 2024-02-01", f"in_force_from = {tomorrow:%Y-%m-%d}"))
    with nothing_written(looking), pytest.raises(Refused) as refused:
        move(settled)
    assert refused.value.type == "version-not-in-force"
    assert followed(settled) == {"2026-1"}


def test_an_exit_step_that_the_version_does_not_know_holds_the_family_back(settled: Scene) -> None:
    settled.go_on_to("approve_step")
    approved(NEXT.replace('code = "U1"', 'code = "V1"'))
    with pytest.raises(Refused) as refused:
        read(settled)
    assert refused.value.type == "ladder-does-not-fit" and "U1" in str(refused.value.message)


def test_moving_asks_for_a_reason_and_for_what_was_read(settled: Scene) -> None:
    approved()
    for given, kind in (
        ({"reason": " "}, "reason-missing"),
        ({"facts_version": ""}, "facts-version-missing"),
    ):
        with pytest.raises(Refused) as refused:
            move(settled, **given)
        assert refused.value.type == kind
    seen = read(settled)
    settled.take(settled.open_task("hold_meeting"))
    settled.take(settled.open_task("map_network"))
    with pytest.raises(StaleState) as stale:
        move(settled, facts_version=seen.facts_version)
    assert stale.value.type == "stale-facts"
    for part in ("practitioner", "caseworker"):
        with pytest.raises(NotAllowed):
            move(settled, part=part, facts_version=read(settled).facts_version)
    move(settled, part="authoritylead", facts_version=read(settled).facts_version)
    with pytest.raises(Refused) as same:
        move(settled)
    assert same.value.type == "same-version"


def test_a_family_can_be_moved_to_its_own_versions_adaptation(settled: Scene, cast: Cast) -> None:
    decided(cast.greve.authoritylead, drafted(cast.greve.teamlead))
    move(settled, "2026-1", facts_version=read(settled, "2026-1").facts_version)
    assert followed(settled) == {"2026-1-253-1"}
    with settled.company.actor("teamlead").acting(), transaction.atomic():
        assert {
            model_of(r).cadence_days["team_meeting"] for r in Process.objects.filter(family=settled.family)
        } == {21}


def test_two_versions_live_side_by_side_and_a_retired_one_lives_on(settled: Scene) -> None:
    approved()
    second = Scene("greve")
    services.retire_version(code="2026-1", using="owner")
    try:
        second.settle()
        for scene, days in ((settled, 28), (second, 21)):
            born = scene.open_task("hold_meeting").created
            assert due(scene, "hold_meeting") == clock.danish_day(born) + timedelta(days=days)
        settled.go_on_to("request_step")
        assert followed(settled) == {"2026-1"} and followed(second) == {"2026-2"}
    finally:
        ModelVersion.objects.using("owner").filter(code="2026-1").update(status="in_force")


def test_a_journey_that_has_ended_stays_where_it_was(versions: None, cast: Cast) -> None:
    scene = Scene("greve")
    scene.take_as(
        "caseworker", "assess_target_group", in_target_group="false", traits=["network"], assessment="Nej."
    )
    approved()
    with pytest.raises(Refused) as refused:
        read(scene, part="authoritylead")
    assert refused.value.type == "journey-over"


def test_the_page_shows_what_changes_and_takes_the_confirmation(settled: Scene, cast: Cast) -> None:
    approved(CHANGED)
    here = f"/familier/{settled.family.uuid}/model/"
    lead = browser(cast.greve.teamlead)
    assert f"{here}?version=2026-2" in Page(lead.get(here).content.decode()).links
    page = Page(lead.get(f"{here}?version=2026-2").content.decode())
    assert "Rytmer: dage mellem to gange: Teammøde 28 21" in page.text
    sent = {
        "version": "2026-2",
        "facts_version": page.hidden["facts_version"],
        "reason": "Aftalt med forældrene.",
    }
    assert lead.post(here, sent | {"reason": ""}).status_code == 422
    assert lead.post(here, sent | {"version": "2019-1"}).status_code == 422
    assert lead.post(here, sent | {"facts_version": "0000"}).status_code == 409
    assert followed(settled) == {"2026-1"}
    assert lead.post(here, sent).status_code == 302
    assert followed(settled) == {"2026-2"}
    told = Page(lead.get(f"/familier/{settled.family.uuid}/historik/").content.decode())
    assert "Flyttet til en anden modelversion" in told.text and "Aftalt med forældrene." in told.text


def test_the_api_does_the_same(settled: Scene, cast: Cast) -> None:
    approved()
    here = f"/api/v1/families/{settled.family.uuid}/model/"
    program = api(cast.greve.teamlead)
    (target,) = program.get(here).json()["targets"]
    assert {"title": "cadence_days.team_meeting", "before": "28", "after": "21"} in target["changes"]
    imported(NEXT.replace('code = "2026-2"', 'code = "2026-3"'))
    asked = {"version": "2026-2", "facts_version": target["facts_version"], "reason": "Aftalt."}
    draft = program.post(here, asked | {"version": "2026-3"}, format="json")
    assert (draft.status_code, draft.json()["type"].rsplit(":", 1)[-1]) == (422, "version-not-in-force")
    done = program.post(here, asked, format="json")
    assert (done.status_code, done.json()["version"]) == (201, "2026-2")
    assert program.get(here).json()["version"] == "2026-2"
