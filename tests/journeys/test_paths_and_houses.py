"""A sibling goes another way while the family goes on; the family changes house, and the old one stops seeing it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from placement.access.models import Site
from placement.families.models import FamilyGrant, Person
from tests.moving import Moving
from tests.neighbours import ELSEWHERE, another_unit_and_site, remove_elsewhere
from tests.scene import CHILD, Scene
from tests.watching import nothing_written


@pytest.fixture
def moving(house):
    made = Moving(Scene("greve"))
    made.scene.settle()
    return made


@pytest.fixture
def elsewhere(house: None, looking: psycopg.Connection[Any], superuser_url: str) -> Iterator[int]:
    """Another site, led by the second team lead and by nobody of the first."""
    _unit, site = another_unit_and_site(looking, 253)
    looking.execute(
        "UPDATE access_staffmembership SET site_id = %s WHERE staff_id = "
        "(SELECT id FROM access_staff WHERE username = 'greve.teamlead2') RETURNING site_id",
        [site],
    )
    yield site
    looking.execute(
        "UPDATE access_staffmembership m SET site_id = (SELECT min(id) FROM access_site WHERE municipality_id = 253) "
        "WHERE staff_id = (SELECT id FROM access_staff WHERE username = 'greve.teamlead2')"
    )
    looking.execute("SET session_replication_role = replica")
    looking.execute("DELETE FROM families_sitechange")
    looking.execute("UPDATE families_family SET site_id = NULL WHERE site_id = %s", [site])
    looking.execute("SET session_replication_role = origin")
    remove_elsewhere(superuser_url)


def test_a_child_is_placed_elsewhere_and_comes_back_while_the_family_goes_on(moving, looking):
    with moving.actor("authoritylead").acting(), transaction.atomic():
        child = str(Person.objects.get(family=moving.scene.family, kind="child").uuid)
    steps, first = moving.open_steps(), moving.today
    path = {"person": child, "where": "foster", "legal_basis": "Barnets lov § 47"}
    done = moving.by_page("caseworker", "path", **path, begins_on=str(first), text="Et roligt sted imens.")
    assert done.status_code == 302
    assert moving.open_steps() == steps and moving.family().phase == "moved_in"
    assert "Plejefamilie" in moving.look("practitioner")
    with nothing_written(looking):
        moving.refused("caseworker", "path", "path-the-same", **path, begins_on=str(moving.today))
        before = str(first - timedelta(days=1))
        moving.refused(
            "caseworker", "path", "path-before-last", person=child, where="relatives", begins_on=before
        )
        moving.refused("practitioner", "path", "not-allowed", **path, begins_on=str(moving.today))
        moving.refused("caseworker", "path", "invalid", **path | {"where": "the moon"}, begins_on=str(first))
    moving.later(days=30)
    moving.made("caseworker", "path", person=child, where="with_family", begins_on=str(moving.today))
    assert "Plejefamilie" not in moving.look("practitioner")
    history = moving.history()
    assert "En persons egen vej" in history and CHILD in history and "Barnets lov § 47" in history
    rows = looking.execute("SELECT begins_on, ends_on FROM families_personpath ORDER BY id").fetchall()
    assert rows == [(first, moving.today), (moving.today, None)]


def test_after_a_change_of_site_the_new_house_sees_the_family_and_the_old_one_does_not(
    moving, elsewhere, looking
):
    moving.later(days=5)
    baseline = str(moving.task("take_baseline").uuid)
    moving.made("teamlead", "hand-over", task=baseline, to=str(moving.actor("practitioner").staff.uuid))
    assert moving.sees("teamlead") and moving.sees("practitioner") and not moving.sees("teamlead2")
    with moving.actor("authoritylead").acting(), transaction.atomic():
        new = str(Site.objects.get(name=ELSEWHERE).uuid)
        old = str(moving.family().site.uuid)
    room = moving.family().room
    with nothing_written(looking):
        moving.refused(
            "caseworker",
            "site",
            "site-the-same",
            site=old,
            room=room,
            moved_on=str(moving.today),
            reason="Nej.",
        )
        moving.refused("teamlead", "site", "not-allowed", site=new, moved_on=str(moving.today), reason="Nej.")
        moving.refused(
            "caseworker", "site", "site-before-start", site=new, moved_on="2020-01-01", reason="For tidligt."
        )
    done = moving.by_page(
        "caseworker",
        "site",
        site=new,
        room="2. sal",
        moved_on=str(moving.today),
        reason="Tættere på netværket.",
    )
    assert done.status_code == 302
    assert moving.sees("teamlead2") and moving.sees("caseworker")
    assert not moving.sees("teamlead") and not moving.sees("practitioner")
    assert "appoint_team" in moving.open_steps() and "hold_meeting" not in moving.open_steps()
    assert moving.task("take_baseline").owner_id is None
    with moving.actor("authoritylead").acting(), transaction.atomic():
        left = FamilyGrant.objects.filter(
            content_object=moving.scene.family, function="team", ends__isnull=False
        )
        assert {grant.ends for grant in left} == {moving.today - timedelta(days=1)}
    assert "Skiftet sted" in moving.history() and "Tættere på netværket." in moving.history()


def test_another_room_of_the_same_house_changes_nobody(moving):
    steps = moving.open_steps()
    site = str(moving.family().site.uuid)
    moving.made("caseworker", "site", site=site, room="7", moved_on=str(moving.today), reason="Mere plads.")
    assert moving.family().room == "7" and moving.open_steps() == steps and moving.sees("practitioner")
