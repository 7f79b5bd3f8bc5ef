"""What the steps of the team leave behind: appointments and meetings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from placement.access.models import Staff
from placement.families import services as families
from placement.meetings import services as meetings
from placement.meetings.models import MeetingKind
from workflows.kernel.steps import Situation
from workflows.team.selectors import team_members

Answer = Mapping[str, Any]


def appoint_team(situation: Situation, answer: Answer) -> None:
    """The team is exactly these people from today."""
    professions = {member["person"]: member["profession"] for member in answer["members"]}
    for grant in team_members(situation.family, situation.today):
        if professions.get(str(grant.user.uuid), grant.profession) != grant.profession:
            # Here as something else from today: that is a new appointment, and the old one stays as it was.
            families.leave(grant=grant, last_day=max(situation.today - timedelta(days=1), grant.starts))
    chosen = Staff.objects.filter(uuid__in=professions).order_by("id")
    families.set_team(
        family=situation.family,
        members=[(staff, professions[str(staff.uuid)]) for staff in chosen],
        by=situation.actor,
        on=situation.today,
    )


def hold_meeting(situation: Situation, answer: Answer) -> None:
    """A team meeting: everybody on the team is invited, and is marked as present or not."""
    meetings.record_meeting(
        actor=situation.actor,
        family=situation.family,
        kind=MeetingKind.TEAM,
        held_on=answer["held_on"],
        attendance=[
            meetings.Invited(
                staff=grant.user,
                profession=grant.profession,
                present=str(grant.user.uuid) in answer["present"],
            )
            for grant in team_members(situation.family, situation.today)
        ],
        parents_present=answer["parents_present"],
        parents_absent_reason=answer["parents_absent_reason"],
        decisions=[
            meetings.Decided(text=row["text"], responsible=row["responsible"], due_on=row["due_on"])
            for row in answer["decisions"]
        ],
        next_on=answer["next_on"],
        outcome=answer["outcome"],
        now=situation.now,
    )
