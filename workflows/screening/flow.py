"""A notification of concern: assessed within a day, anew by somebody not earlier involved, followed up, closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action
from workflows.kernel.deadlines import working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.models import Element
from workflows.kernel.nodes import HumanStep, If
from workflows.screening import deadlines, forms, guards, selectors, services


class ConcernFlow(FamilyFlow):
    """Underretning"""

    element = Element.SCREENING

    start = flow.StartHandle(this.on_start).Next(this.received)
    received = (
        flow.Split()
        .Annotation(title=_("Modtaget"))
        .Next(this.assess_concern)
        .Next(this.send_receipt, case=guards.has_notifier)
    )

    # authority, within a day (barnets lov § 133)
    assess_concern = (
        HumanStep(
            action=Action.ASSESS_CONCERN,
            form=forms.AssessConcern,
            shows=selectors.concern_brief,
            write=services.assess_concern,
            due=deadlines.assessment,
            help=_("Vurderes inden 24 timer, også i weekender: har barnet brug for hjælp nu?"),
        )
        .Annotation(title=_("Vurdér underretningen"))
        .Next(this.supported)
    )
    supported = (
        If(guards.needs_second)
        .Annotation(title=_("Får barnet allerede støtte?"))
        .Then(this.appoint_second)
        .Else(this.needs_follow_up)
    )

    # authority: somebody who was not earlier involved (barnets lov § 137)
    appoint_second = (
        HumanStep(
            action=Action.APPOINT_SECOND,
            form=forms.AppointSecond,
            shows=selectors.assessment_brief,
            write=services.appoint_second,
            due=working_days(Action.APPOINT_SECOND),
            help=_("Sagen vurderes igen af mindst én, der ikke har været inde i den (barnets lov § 137)."),
        )
        .Annotation(title=_("Udpeg en ny vurderer"))
        .Next(this.second_assessment)
    )
    second_assessment = (
        HumanStep(
            action=Action.SECOND_ASSESSMENT,
            form=forms.SecondAssessment,
            shows=selectors.assessment_brief,
            write=services.second_assessment,
            facts=guards.second_facts,
            conditions=guards.second_conditions,
            guard=guards.may_assess_anew,
            differs_from="assess_concern",
            due=working_days(Action.SECOND_ASSESSMENT),
            help=_("Foretages af en, der ikke har været inde i sagen (barnets lov § 137)."),
        )
        .Annotation(title=_("Ny vurdering af underretningen"))
        .Next(this.second_done)
    )
    second_done = (
        If(guards.is_assessed_anew)
        .Annotation(title=_("Vurderet på ny?"))
        .Then(this.needs_follow_up)
        .Else(this.appoint_second)
    )

    needs_follow_up = (
        If(guards.needs_follow_up)
        .Annotation(title=_("Skal den følges op?"))
        .Then(this.close_concern)
        .Else(this.settled)
    )
    # authority
    close_concern = (
        HumanStep(
            action=Action.CLOSE_CONCERN,
            form=forms.CloseConcern,
            shows=selectors.assessment_brief,
            write=services.close_concern,
            due=working_days(Action.CLOSE_CONCERN),
            help=_("Underretningen er åben, og udslusningstrin venter, til opfølgningen er afsluttet."),
        )
        .Annotation(title=_("Afslut opfølgningen"))
        .Next(this.settled)
    )

    # authority, within six working days (barnets lov § 138)
    send_receipt = (
        HumanStep(
            action=Action.SEND_RECEIPT,
            form=forms.SendReceipt,
            shows=selectors.receipt_brief,
            write=services.send_receipt,
            due=deadlines.receipt,
        )
        .Annotation(title=_("Send kvittering til underretteren"))
        .Next(this.settled)
    )

    settled = flow.Join().Annotation(title=_("Alt er gjort")).Next(this.end)
    end = flow.End().Annotation(title=_("Underretningen er afsluttet"))

    def on_start(self, activation, *, family, model_version, adaptation, concern):  # type: ignore[no-untyped-def]
        """Begin the way of one notification, on the model version that the family follows."""
        process = self.begin_beside(
            activation, family=family, model_version=model_version, adaptation=adaptation
        )
        # Read by the steps that are born in this transaction, before the notification is stored with its process.
        process.concern = concern
        return process
