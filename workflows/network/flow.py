"""The network: drawn on a map, met, and asked for something each time, until the family has left."""

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
from workflows.network import forms, guards, services


class NetworkFlow(FamilyFlow):
    """Netværk"""

    element = Element.NETWORK

    start = flow.StartHandle(this.begin).Next(this.map_network)

    # practitioner
    map_network = (
        HumanStep(
            action=Action.MAP_NETWORK,
            form=forms.MapNetwork,
            write=services.map_network,
            due=working_days(Action.MAP_NETWORK),
            help=_("Skriv kun fornavn eller relation. De er ikke part i sagen."),
        )
        .Annotation(title=_("Tegn netværkskort"))
        .Next(this.hold_meeting)
    )

    # practitioner
    hold_meeting = (
        HumanStep(
            action=Action.HOLD_NETWORK_MEETING,
            form=forms.HoldNetworkMeeting,
            write=services.hold_meeting,
            facts=guards.meeting_facts,
            conditions=guards.meeting_conditions,
            guard=guards.may_hold_meeting,
            due=agreed_or_rhythm(guards.agreed_meeting, "network_meeting"),
            help=_("Aftalerne skrives i næste trin. Du står selv som deltager."),
        )
        .Annotation(title=_("Hold netværksmøde"))
        .Next(this.make_agreement)
    )

    # practitioner
    make_agreement = (
        HumanStep(
            action=Action.MAKE_AGREEMENT,
            form=forms.MakeAgreement,
            write=services.make_agreement,
            facts=guards.agreement_facts,
            conditions=guards.agreement_conditions,
            guard=guards.may_make_agreement,
            due=working_days(Action.MAKE_AGREEMENT),
        )
        .Annotation(title=_("Skriv aftaler med netværket"))
        .Next(this.exited)
    )
    exited = If(has_exited).Annotation(title=_("Flyttet ud?")).Then(this.end).Else(this.map_changes)
    map_changes = (
        If(guards.must_redraw_map)
        .Annotation(title=_("Skal kortet tegnes om?"))
        .Then(this.map_network)
        .Else(this.hold_meeting)
    )
    end = flow.End().Annotation(title=_("Netværksarbejdet er afsluttet"))
