"""A family has one caseworker, also when two leads appoint at the same moment."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from placement import clock
from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.models import Staff
from placement.families.models import Family, FamilyGrant, GrantFunction
from placement.families.services import appoint, change_caseworker
from tests.cast import Cast
from workflows.journey.services import begin_journey


@pytest.fixture
def family(cast: Cast) -> Family:
    with cast.greve.authoritylead.acting():
        return begin_journey(
            actor=cast.greve.authoritylead,
            source="casework",
            enquiry_text="",
            traits=[],
            people=[{"kind": "parent", "name": "Sara", "born_on": date(1999, 3, 1), "custody_holder": True}],
            now=clock.now(),
        )


@pytest.fixture
def two(cast: Cast, looking: Any) -> list[Staff]:
    """Two caseworkers: the one of the cast, and a practitioner who is one from today."""
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, profession, starts) "
        "VALUES (%s, 253, 'caseworker', '', %s)",
        [cast.greve.practitioner.staff_id, clock.today()],
    )
    return [cast.greve.caseworker.staff, cast.greve.practitioner.staff]


def test_two_leads_at_the_same_moment_leave_one(
    cast: Cast, family: Family, two: list[Staff], looking: Any
) -> None:
    lead: Actor = cast.greve.authoritylead
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def run(staff: Staff) -> None:
        try:
            with lead.acting(), transaction.atomic():
                start.wait()
                change_caseworker(family=family, staff=staff, by=lead, on=clock.today())
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    for _round in range(3):
        threads = [threading.Thread(target=run, args=[staff]) for staff in two]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        still = looking.execute(
            "SELECT count(*) FROM families_familygrant WHERE ends IS NULL AND function = 'caseworker'"
        ).fetchone()
        assert still == (1,)


def test_a_second_one_is_refused_by_the_service_and_by_the_database(
    cast: Cast, family: Family, two: list[Staff]
) -> None:
    lead = cast.greve.authoritylead
    with lead.acting(), transaction.atomic():
        first = change_caseworker(family=family, staff=two[0], by=lead, on=clock.today())
        with pytest.raises(Refused) as refused:
            appoint(family=family, staff=two[1], function=GrantFunction.CASEWORKER, by=lead, on=clock.today())
        assert refused.value.type == "caseworker-already"
        with pytest.raises(IntegrityError, match="grant_one_caseworker"), transaction.atomic():
            FamilyGrant.objects.create(
                municipality_id=family.municipality_id,
                content_object=family,
                user=two[1],
                function=GrantFunction.CASEWORKER,
                permission=first.permission,
                granted_by=lead.staff,
            )
