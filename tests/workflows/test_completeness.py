"""What is there at a site: counted for those who lead it, family by family, with small numbers as they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from placement import clock
from placement.families.models import Family, Person
from placement.families.stays import begin_pause
from tests.cast import Cast, api, browser
from tests.scene import PARENT, Scene
from tests.walking import Page
from workflows.journey.completeness import SiteCompleteness, completeness
from workflows.measuring.services import Given, record_administration

#: The day on which these tests stand.
TODAY = datetime.now(UTC) - timedelta(days=200)
#: WHO-5, asked of the family's parent.
WELL = Given(answers=dict.fromkeys(range(1, 6), 4))


def family_in_the_house(days: int) -> Scene:
    """A family that moved into the house of Greve about so many days ago; the scene stands at the same day for all."""
    scene = Scene("greve", now=TODAY - timedelta(days=days + 3))
    scene.settle()
    assert scene.now < TODAY
    scene.now = TODAY
    return scene


def measure(scene: Scene, given: Given, *, days_ago: int = 0) -> None:
    actor = scene.company.actor("practitioner")
    with clock.standing_at(scene.now - timedelta(days=days_ago)), actor.acting(), transaction.atomic():
        record_administration(
            actor=actor, family=scene.family, instrument="who-5",
            person=Person.objects.get(family=scene.family, kind="parent"), answered_on=clock.today(),
            respondent="parent", given=given, now=clock.now(),
        )  # fmt: skip


def seen(actor: Any, now: Any) -> list[SiteCompleteness]:
    with clock.standing_at(now), actor.acting(), transaction.atomic():
        return completeness(actor)


def who5(site: SiteCompleteness, point: str = "start") -> tuple[dict[str, int], dict[str, int]]:
    [line] = [line for key, line in site.measurements.items() if (key[0], key[2]) == (point, "who-5")]
    return dict(line.counts), dict(line.reasons)


def test_each_family_is_counted_where_it_stands(cast: Cast) -> None:
    in_time, late, silent, declined, postponed = (family_in_the_house(40) for _n in range(5))
    measure(in_time, WELL, days_ago=20)
    measure(late, WELL)
    measure(declined, Given(missing_reason="declined"))
    measure(postponed, Given(missing_reason="not_asked"))
    fresh = family_in_the_house(3)
    now = max(scene.now for scene in (in_time, late, silent, declined, postponed, fresh))
    [site] = seen(cast.greve.teamlead, now)
    assert (site.families, site.here) == (6, 6)
    assert who5(site) == (
        {"in_time": 1, "late": 1, "missing": 1, "with_reason": 2, "not_yet": 1},
        {"declined": 1, "not_asked": 1},
    )
    assert who5(site, "three-months") == ({"not_yet": 6}, {})


def test_who_is_away_or_has_broken_off_is_told_with_that_reason(cast: Cast) -> None:
    scene = family_in_the_house(40)
    with clock.standing_at(scene.now), cast.greve.caseworker.acting(), transaction.atomic():
        begin_pause(
            actor=cast.greve.caseworker, family=Family.objects.get(pk=scene.family.pk),
            paused_on=clock.today(), reason="hospital", text="", now=scene.now,
        )  # fmt: skip
    [site] = seen(cast.greve.teamlead, scene.now)
    assert who5(site) == ({"with_reason": 1}, {"paused": 1})
    assert site.gaps == []


def test_a_core_element_is_late_with_the_step_that_is_over_its_deadline(cast: Cast) -> None:
    scene = family_in_the_house(2)
    [site] = seen(cast.greve.teamlead, scene.now)
    assert {element: dict(line.counts) for element, line in site.elements.items()} == {
        "team": {"in_time": 1}, "mentalisation": {"not_yet": 1}, "progression": {"not_yet": 1},
        "network": {"not_yet": 1}, "exit": {"not_yet": 1},
    }  # fmt: skip
    [site] = seen(cast.greve.teamlead, scene.now + timedelta(days=60))
    assert site.elements["mentalisation"].counts == {"missing": 1}
    assert sum(site.elements["mentalisation"].steps.values()) == 1
    [gap] = site.gaps
    assert gap.family.pk == scene.family.pk and gap.missing


def test_nobody_counts_families_they_do_not_lead(cast: Cast) -> None:
    scene = family_in_the_house(10)
    assert seen(cast.greve.teamlead, scene.now) and seen(cast.greve.authoritylead, scene.now)
    for stranger in (cast.randers.teamlead, cast.greve.practitioner, cast.greve.caseworker, cast.evaluator):
        assert seen(stranger, scene.now) == []
    for name in ("/fuldstaendighed/", "/api/v1/completeness/"):
        asked = api if "/api/" in name else browser
        for stranger in (cast.greve.practitioner, cast.greve.caseworker, cast.evaluator):
            assert asked(stranger).get(name).status_code == 403


def test_it_takes_as_many_queries_however_many_families(cast: Cast) -> None:
    def queries(now: Any) -> int:
        lead = cast.greve.authoritylead
        with (
            clock.standing_at(now),
            lead.acting(),
            transaction.atomic(),
            CaptureQueriesContext(connection) as asked,
        ):
            completeness(lead)
        return len(asked)

    first = family_in_the_house(40)
    few = queries(first.now)
    for _n in range(4):
        measure(family_in_the_house(40), WELL)
    assert queries(first.now) == few
    assert few <= 9


def test_the_page_names_who_lacks_something_and_each_named_is_a_look(
    cast: Cast, looking: psycopg.Connection[Any]
) -> None:
    lacking, fresh = family_in_the_house(40), family_in_the_house(2)
    with clock.standing_at(max(lacking.now, fresh.now)):
        html = browser(cast.greve.teamlead).get("/fuldstaendighed/").content.decode()
        told = api(cast.greve.teamlead).get("/api/v1/completeness/")
    assert str(lacking.family.uuid) in html and str(fresh.family.uuid) not in html
    text = Page(html).text
    assert "Kerneelementerne, som de gennemføres" in text and "Mål sat med forældrene til tiden" in text
    assert "2 familier. 2 bor her nu." in text and "Ved indflytning: EPDS, KPCS, OSSS-3, PRFQ, WHO-5" in text
    looks = looking.execute(
        "SELECT family_id, route FROM trail_read WHERE route LIKE '%completeness' ORDER BY id"
    ).fetchall()
    assert looks == [(lacking.family.pk, "completeness"), (lacking.family.pk, "api-completeness")]
    assert PARENT not in told.content.decode() and PARENT.split()[0] not in told.content.decode()


def test_the_api_counts_as_the_page_does(cast: Cast) -> None:
    scene = family_in_the_house(40)
    measure(scene, Given(missing_reason="declined"))
    with clock.standing_at(scene.now):
        [site] = api(cast.greve.teamlead).get("/api/v1/completeness/").json()["results"]
    [line] = [one for one in site["measurements"] if (one["point"], one["instrument"]) == ("start", "who-5")]
    assert line == {
        "point": "start", "title": "Ved indflytning", "instrument": "who-5", "families": 1, "in_time": 0,
        "late": 0, "missing": 0, "with_reason": 1, "not_yet": 0, "reasons": {"declined": 1},
    }  # fmt: skip
    told = {one["indicator"]: one for one in site["fidelity"]}
    assert {one["element"] for one in site["fidelity"]} == {
        "team", "mentalisation", "progression", "network", "exit",
    }  # fmt: skip
    # The house is 40 days old to the family: one period of team meetings is over, nothing of the exit has come.
    assert (told["team_meetings"]["expected"], told["team_meetings"]["families"]) == (1, 1)
    assert (told["goals_in_time"]["expected"], told["goals_in_time"]["done"]) == (1, 0)
    assert (told["contacts_made"]["families"], told["contacts_made"]["silent"]) == (0, 1)
    assert [one["element"] for one in site["elements"]] == [
        "team", "mentalisation", "progression", "network", "exit",
    ]  # fmt: skip
    [gap] = site["gaps"]
    assert gap["id"] == str(scene.family.uuid) and gap["asked"] >= 5 and gap["missing"]


def test_leads_find_it_from_their_day_and_from_deadlines_and_waiting(cast: Cast) -> None:
    for where in ("/min-dag/", "/frister/", "/ventetid/"):
        assert "/fuldstaendighed/" in browser(cast.greve.teamlead).get(where).content.decode()
    for where in ("/min-dag/", "/frister/"):
        assert "/fuldstaendighed/" not in browser(cast.greve.practitioner).get(where).content.decode()
