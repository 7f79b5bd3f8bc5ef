"""Somebody of several roles does with a family only what the roles do by which they see that family."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from placement import clock
from placement.access.actor import Actor, actor_for
from placement.access.errors import NotAllowed
from placement.access.roles import Action, Role
from placement.families.models import Family
from tests.cast import Cast, api, browser
from tests.neighbours import positions, remove_elsewhere
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task

Looking = psycopg.Connection[Any]


@pytest.fixture
def places(cast: Cast, looking: Looking, superuser_url: str) -> Iterator[dict[str, Any]]:
    yield positions(cast, looking)
    remove_elsewhere(superuser_url)


def also(looking: Looking, actor: Actor, role: Role, **where: int) -> Actor:
    """The same person with one more role from today."""
    row: dict[str, Any] = {
        "staff_id": actor.staff_id, "municipality_id": 253, "role": role.value, "profession": "",
        "starts": clock.today(), **where,
    }  # fmt: skip
    looking.execute(
        f"INSERT INTO access_staffmembership ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
        list(row.values()),
    )
    both = actor_for(actor.staff, 253)
    assert both is not None and role in both.roles
    return both


def waiting(looking: Looking, place: Any, action: Action) -> uuid.UUID:
    """Let the family's open task wait for ``action`` instead."""
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "UPDATE kernel_task SET owner_permission = %s WHERE uuid = %s", [action.value, place.task]
    )
    looking.execute("SET session_replication_role = origin")
    return place.task  # type: ignore[no-any-return]


def listed(actor: Actor) -> set[uuid.UUID]:
    with actor.acting(), transaction.atomic():
        return set(Task.objects.waiting_for(actor).values_list("uuid", flat=True))


@pytest.fixture
def lead_elsewhere(places: dict[str, Any], cast: Cast, looking: Looking) -> Actor:
    """A practitioner on the team at home, who leads the other site."""
    found = looking.execute(
        "SELECT site_id FROM families_family WHERE id = %s", [places["somebody else's"].key]
    )
    (site,) = found.fetchone() or (0,)
    return also(looking, cast.greve.practitioner, Role.TEAM_LEAD, site_id=site)


def test_a_lead_elsewhere_does_not_decide_here(
    places: dict[str, Any], looking: Looking, lead_elsewhere: Actor
) -> None:
    here = waiting(looking, places["on the team"], Action.APPROVE_EXIT_STEP)
    there = waiting(looking, places["somebody else's"], Action.APPROVE_EXIT_STEP)
    assert listed(lead_elsewhere) == {there}
    assert api(lead_elsewhere).get(f"/api/v1/tasks/{here}/").status_code == 403
    assert browser(lead_elsewhere).get(f"/opgaver/{here}/").status_code == 403
    assert api(lead_elsewhere).get(f"/api/v1/tasks/{there}/").status_code == 200
    with lead_elsewhere.acting(), pytest.raises(NotAllowed):
        complete_task(actor=lead_elsewhere, task_uuid=here, data={}, now=clock.now())
    assert {line["id"] for line in api(lead_elsewhere).get("/api/v1/tasks/").json()["results"]} == {
        str(there)
    }


def test_the_work_of_both_roles_waits_from_both_places(
    places: dict[str, Any], looking: Looking, lead_elsewhere: Actor
) -> None:
    here = waiting(looking, places["on the team"], Action.SET_GOALS)
    there = waiting(looking, places["somebody else's"], Action.SET_GOALS)
    assert listed(lead_elsewhere) == {here, there}


def test_pages_and_endpoints_ask_the_same(places: dict[str, Any], lead_elsewhere: Actor) -> None:
    here, there = places["on the team"].family, places["somebody else's"].family
    person, program = browser(lead_elsewhere), api(lead_elsewhere)
    for family, status in ((here, 403), (there, 200)):
        assert person.get(f"/familier/{family}/").status_code == 200
        assert person.get(f"/familier/{family}/hvem-har-set/").status_code == status
        assert program.get(f"/api/v1/families/{family}/access-log/").status_code == status
    reads = f"/familier/{here}/hvem-har-set/"
    assert reads not in person.get(f"/familier/{here}/").content.decode()


def test_permissions_ask_the_same(places: dict[str, Any], lead_elsewhere: Actor) -> None:
    with lead_elsewhere.acting(), transaction.atomic():
        of = {name: Family.objects.get(pk=places[name].key) for name in ("on the team", "somebody else's")}
        action = Action.APPROVE_EXIT_STEP.value
        assert not lead_elsewhere.staff.has_perm(action, of["on the team"])
        assert lead_elsewhere.staff.has_perm(action, of["somebody else's"])


def test_an_appointment_as_caseworker_serves_no_practitioner(
    places: dict[str, Any], cast: Cast, looking: Looking
) -> None:
    """A caseworker of a family who helps out in a team elsewhere does not do the site's work in their own case."""
    both = also(looking, cast.greve.caseworker, Role.PRACTITIONER)
    place = places["on the team"]
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "UPDATE families_familygrant SET function = 'caseworker' WHERE content_object_id = %s AND user_id = %s",
        [place.key, both.staff_id],
    )
    looking.execute("SET session_replication_role = origin")
    task = waiting(looking, place, Action.HOLD_SESSION)
    assert task not in listed(both)
    assert api(both).get(f"/api/v1/tasks/{task}/").status_code == 403
    waiting(looking, place, Action.REQUEST_DECISION)
    assert task in listed(both)


def test_the_worklist_of_several_roles_is_one_query(
    places: dict[str, Any], lead_elsewhere: Actor, cast: Cast
) -> None:
    for actor in (lead_elsewhere, cast.greve.caseworker):
        with actor.acting(), transaction.atomic(), CaptureQueriesContext(connection) as queries:
            list(Task.objects.waiting_for(actor).as_lines())
        assert len([q for q in queries if "kernel_task" in q["sql"]]) == 1


def test_one_role_narrows_to_itself(cast: Cast) -> None:
    lead = cast.greve.teamlead
    assert lead.narrowed([Role.TEAM_LEAD, Role.ON_CALL]) is lead
    assert not lead.narrowed([Role.ON_CALL]).roles and not lead.narrowed([Role.ON_CALL]).posts
