"""What the cast has learnt, who has stood in for whom, and what follows a team meeting. All of it is invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from demo.walk import Company
from placement import clock
from placement.access.roles import Role
from placement.families.models import Family
from placement.families.substitutes import appoint_substitute
from placement.instruments import catalogue
from placement.meetings.minutes import give_minutes, parties
from placement.meetings.models import MeetingKind
from placement.meetings.selectors import last_meeting
from placement.staffing.models import TrainingRecord
from placement.staffing.services import appoint_deputy, record_training
from workflows.model_versions.services import version_in_force

#: Certificates are put on file by who leads the holder; everything else each writes down themselves.
LEADS = {"healthvisitor": "authoritylead"}

#: (who, what, days ago, with whom): some of it holds, some ends soon, some has ended.
TRAINING = (
    ("practitioner", "mentalisation-basic", 500, "Center for Mentalisering"),
    ("practitioner", "mentalisation-supervision", 12, "Ekstern supervisor"),
    ("practitioner", "infant-first-aid", 700, "Beredskabet"),
    ("teamlead", "mentalisation-supervision", 50, "Ekstern supervisor"),
    ("teamlead", "concern-duty", 200, "Kommunen"),
    ("teamlead2", "mentalisation-basic", 900, "Center for Mentalisering"),
    ("caseworker", "concern-duty", 90, "Kommunen"),
    ("healthvisitor", "adbb", 250, "Københavns Universitet"),
)


def train_the_cast(company: Company, now: datetime) -> None:
    """Courses and supervision, each written down on its day; and a deputy last summer, long over. Once."""
    with company.actor("teamlead").acting(), transaction.atomic():
        if TrainingRecord.objects.exists():
            return
    for part, code, days_ago, provider in TRAINING:
        at = now - timedelta(days=days_ago)
        with clock.standing_at(at):
            certificate = code in catalogue.certificates()
            actor = company.actor(LEADS[part] if certificate else part)
            with actor.acting(), transaction.atomic():
                kind = version_in_force(clock.danish_day(at)).model.staff.training(code)
                held_on = clock.danish_day(at)
                record_training(
                    actor=actor,
                    staff=company.actor(part).staff,
                    kind=kind.code,
                    title=kind.title,
                    held_on=held_on,
                    valid_until=kind.valid_until(held_on),
                    provider=provider,
                    certificate=certificate,
                    now=at,
                )
    at = now - timedelta(days=130)
    with clock.standing_at(at):
        lead, deputy = company.actor("teamlead"), company.actor("teamlead2")
        with lead.acting(), transaction.atomic():
            appoint_deputy(
                actor=lead,
                deputy=deputy.staff,
                stands_in_for=lead.staff,
                role=Role.TEAM_LEAD,
                starts=clock.danish_day(at),
                ends=clock.danish_day(at) + timedelta(days=20),
                reason="Sommerferie",
                longest_days=42,
                now=at,
            )


def substitute(company: Company, family: Family, now: datetime) -> None:
    """The second team lead takes the practitioner's place for two weeks."""
    with clock.standing_at(now):
        lead, day = company.actor("teamlead"), clock.danish_day(now)
        with lead.acting(), transaction.atomic():
            appoint_substitute(
                family=family,
                member=company.actor("practitioner").staff,
                staff=company.actor("teamlead2").staff,
                by=lead,
                starts=day,
                ends=day + timedelta(days=13),
                today=day,
            )


def hand_out_minutes(company: Company, family: Family, now: datetime) -> None:
    """The first of the parties is given the minutes of the team meeting that was just written down."""
    with clock.standing_at(now):
        actor, day = company.actor("practitioner"), clock.danish_day(now)
        with actor.acting(), transaction.atomic():
            meeting = last_meeting(family, MeetingKind.TEAM)
            people = parties(family, day)
            if meeting is not None and people:
                give_minutes(
                    actor=actor, meeting=meeting, person=people[0], given_on=day, how="paper", now=now
                )
