"""The intervention team: appointed across professions, meeting in the model's rhythm until the exit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action
from workflows.kernel.deadlines import agreed_or_rhythm, working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.gates import has_exited
from workflows.kernel.models import Element
from workflows.kernel.nodes import HumanStep, If
from workflows.team import forms, guards, services
from workflows.team.agenda import DECISION, agenda_brief


class TeamFlow(FamilyFlow):
    """Indsatsteam"""

    element = Element.TEAM

    start = flow.StartHandle(this.begin).Next(this.appoint_team)

    # team lead
    appoint_team = (
        HumanStep(
            action=Action.APPOINT_TEAM,
            form=forms.AppointTeam,
            write=services.appoint_team,
            facts=guards.team_facts,
            guard=guards.may_appoint,
            due=working_days(Action.APPOINT_TEAM),
            help=_("De udpegede kan se familien fra i dag. Den, der ikke længere er på teamet, kan ikke."),
        )
        .Annotation(title=_("Udpeg indsatsteam"))
        .Next(this.hold_meeting)
    )

    # practitioner or team lead
    hold_meeting = (
        HumanStep(
            action=Action.HOLD_TEAM_MEETING,
            form=forms.HoldTeamMeeting,
            write=services.hold_meeting,
            facts=guards.team_facts,
            conditions=guards.meeting_conditions,
            guard=guards.may_hold_meeting,
            shows=agenda_brief,
            due=agreed_or_rhythm(guards.agreed_meeting, "team_meeting"),
        )
        .Annotation(title=_("Hold teammøde"))
        .Next(this.exited)
    )
    exited = If(has_exited).Annotation(title=_("Flyttet ud?")).Then(this.end).Else(this.team_changes)
    team_changes = (
        If(guards.must_change_team)
        .Annotation(title=_("Skal teamet ændres?"))
        .Then(this.appoint_team)
        .Else(this.hold_meeting)
    )
    end = flow.End().Annotation(title=_("Teamets arbejde er afsluttet"))


class ActionPointFlow(FamilyFlow):
    """Det, et møde besluttede"""

    element = Element.TEAM

    start = flow.StartHandle(this.begin_with).Next(this.do_action_point)

    # whom the meeting named; their deputy, and the leads, may do it too
    do_action_point = (
        HumanStep(
            action=Action.DO_ACTION_POINT,
            form=forms.DoActionPoint,
            shows=services.action_point_brief,
            write=services.do_action_point,
            due=guards.action_point_due,
            named=guards.action_point_person,
        )
        .Annotation(title=_("Gør det, mødet besluttede"))
        .Next(this.end)
    )
    end = flow.End().Annotation(title=_("Der er fulgt op på beslutningen"))

    def begin_with(self, activation, *, parent, decision):  # type: ignore[no-untyped-def]
        """Begin beside the family's other work, about one decision of a meeting."""
        process = self.begin(activation, parent=parent)
        process.data = {DECISION: str(decision.uuid)}
        return process
