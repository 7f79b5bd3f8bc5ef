"""The journey: from the enquiry to the last follow-up contact, with the five core elements as child flows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action
from workflows.exit.flow import ExitFlow
from workflows.journey import forms, guards, selectors, services
from workflows.journey.moves.consent import ConsentWithdrawnFlow  # noqa: F401  a second flow of this app
from workflows.kernel.deadlines import working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.models import Element
from workflows.kernel.nodes import ChildFlow, HumanStep, If
from workflows.mentalisation.flow import MentalisationFlow
from workflows.network.flow import NetworkFlow
from workflows.progression.flow import ProgressionFlow
from workflows.team.flow import TeamFlow


class JourneyFlow(FamilyFlow):
    """Forløbet"""

    element = Element.JOURNEY

    start = flow.StartHandle(this.on_start).Next(this.assess_target_group)

    # caseworker
    assess_target_group = (
        HumanStep(
            action=Action.ASSESS_TARGET_GROUP,
            form=forms.AssessTargetGroup,
            shows=selectors.enquiry_brief,
            write=services.assess_target_group,
            due=working_days(Action.ASSESS_TARGET_GROUP),
            help=_("Den, der vurderer henvendelsen, bliver familiens rådgiver."),
        )
        .Annotation(title=_("Vurdér målgruppen"))
        .Next(this.in_target_group)
    )
    in_target_group = (
        If(guards.is_in_target_group)
        .Annotation(title=_("I målgruppen?"))
        .Then(this.obtain_consent)
        .Else(this.declined)
    )
    declined = flow.End().Annotation(title=_("Ikke i målgruppen"))

    # caseworker
    obtain_consent = (
        HumanStep(
            action=Action.OBTAIN_CONSENT,
            form=forms.ObtainConsent,
            write=services.obtain_consent,
            facts=guards.consent_facts,
            conditions=guards.consent_conditions,
            guard=guards.may_obtain_consent,
            due=working_days(Action.OBTAIN_CONSENT),
            help=_("Hver forælder med forældremyndighed samtykker (barnets lov § 32, stk. 2)."),
        )
        .Annotation(title=_("Indhent samtykke"))
        .Next(this.request_decision)
    )

    # caseworker
    request_decision = (
        HumanStep(
            action=Action.REQUEST_DECISION,
            form=forms.RequestDecision,
            shows=selectors.rejection_brief,
            write=services.request_decision,
            facts=guards.decision_facts,
            conditions=guards.decision_conditions,
            guard=guards.may_request_decision,
            due=working_days(Action.REQUEST_DECISION),
            help=_("Afgørelsen skal sige formål og forventet varighed (barnets lov § 32, stk. 3)."),
        )
        .Annotation(title=_("Bed om afgørelse"))
        .Next(this.approve_decision)
    )

    # authority lead, who did not ask
    approve_decision = (
        HumanStep(
            action=Action.APPROVE_DECISION,
            form=forms.ApproveDecision,
            shows=selectors.decision_brief,
            write=services.approve_decision,
            facts=guards.decision_facts,
            conditions=guards.approval_conditions,
            guard=guards.may_approve_decision,
            differs_from="request_decision",
            due=working_days(Action.APPROVE_DECISION),
        )
        .Annotation(title=_("Tag stilling til afgørelsen"))
        .Next(this.decision_approved)
    )
    decision_approved = (
        If(guards.is_decision_approved)
        .Annotation(title=_("Godkendt?"))
        .Then(this.start_intervention)
        .Else(this.request_decision)
    )

    # caseworker
    start_intervention = (
        HumanStep(
            action=Action.START_INTERVENTION,
            form=forms.StartIntervention,
            write=services.start_intervention,
            facts=guards.start_facts,
            conditions=guards.start_conditions,
            guard=guards.may_start,
            due=working_days(Action.START_INTERVENTION),
            help=_("Datoen er VIVEs «dato for opstart i indsatsen». Indflytningen har sin egen dato."),
        )
        .Annotation(title=_("Start indsatsen"))
        .Next(this.move_in)
    )

    # the site
    move_in = (
        HumanStep(
            action=Action.MOVE_IN,
            form=forms.MoveIn,
            write=services.move_in,
            facts=guards.start_facts,
            conditions=guards.start_conditions,
            guard=guards.may_start,
            due=working_days(Action.MOVE_IN),
        )
        .Annotation(title=_("Registrér indflytning"))
        .Next(this.elements)
    )

    elements = (
        flow.Split()
        .Annotation(title=_("De fem kerneelementer"))
        .Next(this.team)
        .Next(this.mentalisation)
        .Next(this.progression)
        .Next(this.network)
        .Next(this.exit)
    )
    team = ChildFlow(lambda: TeamFlow).Annotation(title=_("Indsatsteam")).Next(this.elements_done)
    mentalisation = (
        ChildFlow(lambda: MentalisationFlow).Annotation(title=_("Mentalisering")).Next(this.elements_done)
    )
    progression = (
        ChildFlow(lambda: ProgressionFlow).Annotation(title=_("Progression")).Next(this.elements_done)
    )
    network = ChildFlow(lambda: NetworkFlow).Annotation(title=_("Netværk")).Next(this.elements_done)
    exit = ChildFlow(lambda: ExitFlow).Annotation(title=_("Udslusning")).Next(this.elements_done)
    elements_done = flow.Join().Annotation(title=_("Alle fem er afsluttet")).Next(this.close_journey)

    # caseworker
    close_journey = (
        HumanStep(
            action=Action.CLOSE_JOURNEY,
            form=forms.CloseJourney,
            write=services.close_journey,
            due=working_days(Action.CLOSE_JOURNEY),
            help=_("Begge udfald er resultater: at familien bor sammen, og at barnet er anbragt."),
        )
        .Annotation(title=_("Afslut forløbet"))
        .Next(this.follow_up_contact)
    )

    # caseworker
    follow_up_contact = (
        HumanStep(
            action=Action.FOLLOW_UP_CONTACT,
            form=forms.FollowUpContactForm,
            write=services.record_contact,
            due=guards.next_contact_due,
        )
        .Annotation(title=_("Opfølgende kontakt"))
        .Next(this.more_contacts)
    )
    more_contacts = (
        If(guards.has_more_contacts)
        .Annotation(title=_("Flere kontakter?"))
        .Then(this.follow_up_contact)
        .Else(this.end)
    )
    end = flow.End().Annotation(title=_("Forløbet er slut"))

    def on_start(self, activation, *, family, model_version, adaptation=None):  # type: ignore[no-untyped-def]
        """Begin the journey of a registered family on a model version, as its municipality has adapted it."""
        return self.begin_beside(
            activation, family=family, model_version=model_version, adaptation=adaptation
        )
