"""A family group conference: the family and its network make the plan themselves, called together from outside the case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action, Role
from workflows.conference import forms, guards, selectors, services
from workflows.kernel.deadlines import by_clock, working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.models import Element, Process
from workflows.kernel.nodes import HumanStep, If
from workflows.model_versions.clock_rules import Event


class ConferenceFlow(FamilyFlow):
    """Familierådslagning"""

    element = Element.NETWORK

    start = flow.StartHandle(this.on_start).Next(this.appoint_coordinator)

    # authority
    appoint_coordinator = (
        HumanStep(
            action=Action.APPOINT_COORDINATOR,
            form=forms.AppointCoordinator,
            shows=selectors.asked_brief,
            write=services.appoint_coordinator,
            due=working_days(Action.APPOINT_COORDINATOR),
            help=_("En, der ikke har været inde i sagen, kalder sammen. Så er mødet familiens."),
        )
        .Annotation(title=_("Udpeg en koordinator"))
        .Next(this.prepare)
    )
    # the coordinator
    prepare = (
        HumanStep(
            action=Action.PREPARE_CONFERENCE,
            form=forms.PrepareConference,
            shows=selectors.asked_brief,
            write=services.prepare,
            named=services.coordinator_of,
            due=working_days(Action.PREPARE_CONFERENCE),
            help=_("Ingen inviteres, før sikkerheden er tjekket og personen selv har sagt ja."),
        )
        .Annotation(title=_("Forbered rådslagningen"))
        .Next(this.hold_conference)
    )
    # the coordinator
    hold_conference = (
        HumanStep(
            action=Action.HOLD_CONFERENCE,
            form=forms.HoldConference,
            shows=selectors.invited_brief,
            write=services.hold_conference,
            facts=guards.meeting_facts,
            conditions=guards.meeting_conditions,
            guard=guards.may_hold,
            named=services.coordinator_of,
            due=working_days(Action.HOLD_CONFERENCE),
            help=_("Først information, så familiens egen tid uden fagpersoner, så planen."),
        )
        .Annotation(title=_("Hold familierådslagning"))
        .Next(this.has_plan)
    )
    has_plan = (
        If(guards.has_plan)
        .Annotation(title=_("Kom familien med en plan?"))
        .Then(this.approve_plan)
        .Else(this.without_plan)
    )
    # authority, who did not call it together
    approve_plan = (
        HumanStep(
            action=Action.APPROVE_FAMILY_PLAN,
            form=forms.ApprovePlan,
            shows=selectors.plan_brief,
            write=services.approve_plan,
            facts=guards.plan_facts,
            conditions=guards.plan_conditions,
            guard=guards.may_approve,
            differs_from="hold_conference",
            due=working_days(Action.APPROVE_FAMILY_PLAN),
            help=_("Planen følges, hvis den er sikker for barnet. Ellers får familien grunden."),
        )
        .Annotation(title=_("Svar på familiens plan"))
        .Next(this.approved)
    )
    approved = (
        If(guards.is_approved)
        .Annotation(title=_("Godkendt?"))
        .Then(this.changes_exit)
        .Else(this.hold_conference)
    )
    changes_exit = (
        If(guards.changes_exit)
        .Annotation(title=_("Ændrer den udslusningsplanen?"))
        .Then(this.change_exit_plan)
        .Else(this.follow_up)
    )
    # practitioner
    change_exit_plan = (
        HumanStep(
            action=Action.CHANGE_EXIT_PLAN,
            form=forms.ChangeExitPlan,
            shows=selectors.plan_brief,
            write=services.change_exit_plan,
            due=working_days(Action.CHANGE_EXIT_PLAN),
            waits_for=lambda process: Role.PRACTITIONER,
            help=_("Udslusningstrin venter, til familiens plan er skrevet ind."),
        )
        .Annotation(title=_("Skriv familiens plan ind i udslusningsplanen"))
        .Next(this.follow_up)
    )
    # authority or the site, about three months later
    follow_up = (
        HumanStep(
            action=Action.FOLLOW_UP_CONFERENCE,
            form=forms.FollowUpPlan,
            shows=selectors.plan_brief,
            write=services.follow_up,
            due=by_clock(Event.FAMILY_PLAN_FOLLOWED_UP, lambda process: None),
        )
        .Annotation(title=_("Følg familiens plan op"))
        .Next(this.end)
    )
    without_plan = flow.End().Annotation(title=_("Familien lagde ingen plan"))
    end = flow.End().Annotation(title=_("Rådslagningen er afsluttet"))

    def on_start(
        self, activation: Any, *, family: Any, model_version: Any, adaptation: Any, conference: Any
    ) -> Process:
        """Begin beside the journey, on the model version that the family follows."""
        return self.begin_beside(
            activation, family=family, model_version=model_version, adaptation=adaptation
        )
