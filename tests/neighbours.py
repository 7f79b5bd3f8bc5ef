"""Families in every position towards the cast: on the team, off it, ended yesterday, not begun, elsewhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from django.db import transaction

from placement import clock
from placement.access.actor import Actor
from placement.access.models import Site, Unit
from placement.families import services
from placement.families.models import ChildView, Decision, Family, FamilyGrant, GrantFunction
from placement.journal.services import write_note
from placement.meetings.models import MeetingKind
from placement.meetings.services import Invited, record_meeting
from tests.cast import Cast, Town
from workflows.decisions.models import DecisionLetter
from workflows.journey.services import begin_journey
from workflows.kernel.models import Task
from workflows.measuring.models import Administration

ELSEWHERE = "Et andet sted"


@dataclass(frozen=True)
class Position:
    """One family with an open task, a note and a child; ``name`` says how the cast stands to it."""

    name: str
    key: int
    family: uuid.UUID
    task: uuid.UUID
    task_action: str
    excluded: int | None
    note: uuid.UUID
    meeting: uuid.UUID
    administration: uuid.UUID
    letter: uuid.UUID
    child: uuid.UUID


def another_unit_and_site(looking: psycopg.Connection[Any], code: int) -> tuple[int, int]:
    """A second unit and site in the municipality; `remove_elsewhere` takes them away again."""
    found = []
    looking.execute("SET session_replication_role = replica")
    for table, further in (("access_unit", {}), ("access_site", {"places": 4})):
        row = {"uuid": str(uuid.uuid4()), "municipality_id": code, "name": ELSEWHERE, **further}
        columns = ", ".join(row)
        made = looking.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(row))}) RETURNING id",
            list(row.values()),
        ).fetchone()
        assert made is not None
        found.append(int(made[0]))
    looking.execute("SET session_replication_role = origin")
    return found[0], found[1]


def remove_elsewhere(superuser_url: str) -> None:
    """Take the second unit and site away."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in ("access_unit", "access_site"):
            connection.execute(f"DELETE FROM {table} WHERE name = %s", [ELSEWHERE])


def positions(cast: Cast, looking: psycopg.Connection[Any]) -> dict[str, Position]:
    """Every position in Greve, and one family on its team in Randers."""
    greve = cast.greve
    unit, site = another_unit_and_site(looking, greve.code)
    today = clock.today()
    long_ago, yesterday, tomorrow = (today + timedelta(days=days) for days in (-30, -1, 1))
    made = {
        "on the team": _family(greve, greve.caseworker, team_from=long_ago),
        "ended yesterday": _family(greve, greve.caseworker, team_from=long_ago, team_to=yesterday),
        "starts tomorrow": _family(greve, greve.caseworker, team_from=tomorrow),
        "somebody else's": _family(
            greve, greve.authoritylead, team_from=long_ago, team=("teamlead2",), unit=unit, site=site
        ),
        "an enquiry": _family(greve, greve.caseworker),
        "an enquiry of another unit": _family(greve, greve.authoritylead, unit=unit),
        "referred": _family(greve, greve.healthvisitor),
        "of another municipality": _family(cast.randers, cast.randers.caseworker, team_from=long_ago),
    }
    return {
        name: _described(name, cast.randers if name == "of another municipality" else greve, family)
        for name, family in made.items()
    }


def _family(
    town: Town,
    registrar: Actor,
    *,
    team_from: Any = None,
    team_to: Any = None,
    team: tuple[str, ...] = ("caseworker", "practitioner", "healthvisitor"),
    unit: int | None = None,
    site: int | None = None,
) -> Family:
    now = clock.now()
    with registrar.acting(), transaction.atomic():
        family = begin_journey(
            actor=registrar,
            source="casework",
            enquiry_text="",
            traits=["network"],
            people=[
                {"kind": "parent", "name": "Ursula", "born_on": date(1999, 3, 12), "custody_holder": True},
                {"kind": "child", "name": "Egil", "born_on": clock.today() - timedelta(days=50)},
            ],
            now=now,
            unit=Unit.objects.get(pk=unit) if unit else None,
        )
        if team_from is not None:
            family.site_id = site or Site.objects.exclude(name=ELSEWHERE).get().pk
            family.save(update_fields=["site"])
            for part in team:
                grant = services.appoint(
                    family=family,
                    staff=getattr(town, part).staff,
                    function=GrantFunction.TEAM,
                    by=registrar,
                    on=clock.today(),
                )
                FamilyGrant.objects.filter(pk=grant.pk).update(starts=team_from, ends=team_to)
        write_note(actor=registrar, family=family, kind="observation", text="Et notat.", now=now)
        record_meeting(
            actor=registrar, family=family, kind=MeetingKind.TEAM, held_on=clock.today(),
            attendance=[Invited(staff=registrar.staff)], parents_present=True, now=now,
        )  # fmt: skip
        Administration.objects.create(
            municipality_id=family.municipality_id, family=family, person=family.people.get(kind="parent"),
            instrument="kpcs", instrument_version="1", answered_on=clock.today(), respondent="parent",
            missing_reason="declined", recorded_by=registrar.staff, recorded_at=now,
        )  # fmt: skip
        _letter(town, family, now)
    return family


def _letter(town: Town, family: Family, now: Any) -> None:
    """A letter on a decision that has lapsed: it is there to be read, and opens nothing."""
    mine = {"municipality_id": family.municipality_id, "family": family}
    view = ChildView.objects.create(
        **mine, child=family.people.get(kind="child"), obtained_on=clock.today(), source="observed", text="Ser.",
        author=town.caseworker.staff,
    )  # fmt: skip
    decision = Decision.objects.create(
        **mine, purpose="Ro", expected_weeks=20, child_view=view, requested_by=town.caseworker.staff,
        approved=True, decided_by=town.authoritylead.staff, decided_at=now, lapsed_at=now,
    )  # fmt: skip
    DecisionLetter.objects.create(
        **mine, decision=decision, party=family.people.get(kind="parent"), text="Et brev.",
        written_by=town.caseworker.staff,
    )  # fmt: skip


def _described(name: str, town: Town, family: Family) -> Position:
    with town.authoritylead.acting(), transaction.atomic():
        task = Task.objects.open().get(family=family)
        return Position(
            name=name,
            key=family.pk,
            family=family.uuid,
            task=task.uuid,
            task_action=task.owner_permission,
            excluded=task.excluded_id,
            note=family.notes.get().uuid,
            meeting=family.meetings.get().uuid,
            administration=family.administrations.get().uuid,
            letter=family.decision_letters.get().uuid,
            child=family.people.get(kind="child").uuid,
        )
