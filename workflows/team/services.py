"""What the steps of the team leave behind: appointments, meetings, and what became of their decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from placement.access.errors import Refused
from placement.access.models import Staff
from placement.families import services as families
from placement.meetings import minutes
from placement.meetings import services as meetings
from placement.meetings.models import Meeting, MeetingKind
from placement.templatetags.words import danish_date
from workflows.kernel.clocks import services as clocks
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event
from workflows.team.agenda import agenda
from workflows.team.guards import decision_of
from workflows.team.selectors import Seat, missing_now, seats, team_members, team_on

Answer = Mapping[str, Any]


def appoint_team(situation: Situation, answer: Answer) -> None:
    """The team is exactly these people from today."""
    professions = {member["person"]: member["profession"] for member in answer["members"]}
    for grant in team_members(situation.family, situation.today):
        if grant.stands_in_for_id is not None:
            continue
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
    required = situation.model.required_professions
    if not missing_now(situation.family, required, situation.today):
        clocks.happened(family=situation.family, event=Event.TEAM_NAMED, at=situation.now)


def who_can_have_been_there(situation: Situation) -> list[Seat]:
    """Whom a meeting that is written down today may list: the team since the last round, and its deputies."""
    model = situation.model
    rhythm = timedelta(days=model.cadence_days[model.meeting_type("team").cadence])
    return seats(situation.family, situation.today - rhythm, situation.today)


def check_present(situation: Situation, present: Collection[str], held_on: date) -> None:
    """Nobody was at a meeting before they came to the team. Raises Refused (``attendance-before-appointment``)."""
    for seat in who_can_have_been_there(situation):
        if str(seat.staff.uuid) in present and seat.from_day > held_on:
            raise Refused(
                _("%(name)s kom først på teamet %(day)s. Ret datoen, eller fjern krydset.")
                % {"name": seat.staff, "day": f"{seat.from_day:%d.%m.%Y}"},
                type="attendance-before-appointment",
            )


def hold_meeting(situation: Situation, answer: Answer) -> None:
    """A team meeting: who was on the team that day was invited, and is marked as present or not.

    What was on the agenda is kept with it; what a colleague is to do becomes their task.
    """
    family, kind = situation.family, situation.model.meeting_type("team")
    invited = _invited(situation, answer["present"], answer["held_on"])
    people = {str(grant.user.uuid): grant.user for grant in team_members(family, situation.today)}
    meeting = meetings.record_meeting(
        actor=situation.actor,
        family=family,
        kind=MeetingKind.TEAM,
        held_on=answer["held_on"],
        attendance=invited,
        parents_present=answer.get("parents_present", False),
        parents_absent_reason=answer.get("parents_absent_reason", _("Mødet holdes uden forældrene.")),
        minutes=answer["minutes"],
        decisions=[
            meetings.Decided(
                text=row["text"],
                responsible=row["responsible"],
                due_on=row["due_on"],
                person=people.get(row["person"]),
            )
            for row in answer["decisions"]
        ],
        next_on=answer["next_on"],
        outcome=answer["outcome"],
        agenda=[line.item for line in agenda(family, without=situation.task)],
        missing=kind.missing({one.profession for one in invited if one.present}),
        now=situation.now,
    )
    clocks.happened(family=family, event=Event.TEAM_MEETING_HELD, at=situation.now)
    _begin_action_points(situation, meeting)


def _invited(situation: Situation, present: Collection[str], held_on: date) -> list[meetings.Invited]:
    check_present(situation, present, held_on)
    on_the_day = {grant.user_id for grant in team_on(situation.family, held_on)}
    return [
        meetings.Invited(staff=seat.staff, profession=seat.profession, present=there)
        for seat in who_can_have_been_there(situation)
        if (there := str(seat.staff.uuid) in present) or seat.staff.pk in on_the_day
    ]


def _begin_action_points(situation: Situation, meeting: Meeting) -> None:
    from workflows.team.flow import ActionPointFlow

    for decision in meeting.decisions.filter(person__isnull=False):
        ActionPointFlow.start.run(parent=situation.process, decision=decision)


def do_action_point(situation: Situation, answer: Answer) -> None:
    """What became of the decision."""
    minutes.close_decision(
        actor=situation.actor,
        decision=decision_of(situation.process),
        done=answer["done"],
        reason=answer["reason"],
        now=situation.now,
    )


def action_point_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What the meeting decided, when, and who was to do it."""
    decision = decision_of(situation.process)
    return [
        (_("Beslutning"), decision.text),
        (_("Besluttet på mødet"), danish_date(decision.meeting.held_on)),
        (_("Opgave for"), str(decision.person or "")),
    ]
