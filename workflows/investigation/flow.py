"""A need from awareness to conclusion (barnets lov §§ 18-22, before a birth §§ 24-27), and the track beside a pregnancy."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action
from workflows.investigation import deadlines, forms, guards, parallel, selectors, services
from workflows.investigation.models import Investigation, ParallelTrack
from workflows.kernel.deadlines import working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.models import Element
from workflows.kernel.nodes import HumanStep, If, Switch


class InvestigationFlow(FamilyFlow):
    """Screening og undersøgelse"""

    element = Element.INVESTIGATION
    outlives_the_journey = True

    start = flow.StartHandle(this.on_start).Next(this.risk_first)
    risk_first = (
        If(guards.risk_is_missing)
        .Annotation(title=_("Kan der være vold eller en æresrelateret konflikt?"))
        .Then(this.assess_risk)
        .Else(this.screen)
    )

    # authority, before parents or network are involved (barnets lov § 18)
    assess_risk = (
        HumanStep(
            action=Action.ASSESS_RISK,
            form=forms.AssessRisk,
            shows=selectors.investigation_brief,
            write=services.assess_risk,
            due=working_days(Action.ASSESS_RISK),
            help=_("Ingen forældre og intet netværk inddrages, før risikoen er vurderet (barnets lov § 18)."),
        )
        .Annotation(title=_("Vurdér risikoen, før nogen inddrages"))
        .Next(this.screen)
    )

    # authority
    screen = (
        HumanStep(
            action=Action.SCREEN,
            form=forms.Screen,
            shows=selectors.investigation_brief,
            write=services.screen,
            facts=guards.screening_facts,
            conditions=guards.screening_conditions,
            guard=guards.may_screen,
            due=working_days(Action.SCREEN),
            help=_("Ikke mere, en afdækning (§ 19) eller en børnefaglig undersøgelse (§§ 20-22)."),
        )
        .Annotation(title=_("Screen behovet"))
        .Next(this.leads_to)
    )
    leads_to = (
        Switch()
        .way("nothing", this.nothing_more, guards.leads_to_nothing)
        .way("clarification", this.clarify, guards.leads_to_clarification)
        .way("examination", this.examine, guards.leads_to_examination)
        .Annotation(title=_("Hvad fører den til?"))
    )
    nothing_more = flow.End().Annotation(title=_("Ikke behov for mere"))

    # authority (barnets lov § 19)
    clarify = (
        HumanStep(
            action=Action.CLARIFY,
            form=forms.Clarify,
            shows=selectors.investigation_brief,
            write=services.clarify,
            due=working_days(Action.CLARIFY),
        )
        .Annotation(title=_("Afslut afdækningen"))
        .Next(this.goes_on)
    )
    goes_on = (
        If(guards.leads_to_examination)
        .Annotation(title=_("Skal der en undersøgelse til?"))
        .Then(this.examine)
        .Else(this.concluded)
    )

    # authority, within four months of the awareness (barnets lov § 20)
    examine = (
        HumanStep(
            action=Action.EXAMINE,
            form=forms.Examine,
            shows=selectors.investigation_brief,
            write=services.examine,
            due=deadlines.examination,
            help=_(
                "Inden 4 måneder efter kommunen blev opmærksom. Kan det ikke nås, skrives en foreløbig vurdering."
            ),
        )
        .Annotation(title=_("Afslut den børnefaglige undersøgelse"))
        .Next(this.examined)
    )
    examined = (
        If(guards.is_concluded).Annotation(title=_("Afsluttet?")).Then(this.concluded).Else(this.examine)
    )
    concluded = flow.End().Annotation(title=_("Undersøgelsen er afsluttet"))

    def on_start(self, activation: Any, *, investigation: Investigation, **beside: Any) -> Any:
        """Begin the way of one need, on the model version that the family follows."""
        process = self.begin_beside(activation, **beside)
        # Read by the steps that are born in this transaction, before the record is stored with its process.
        process.investigation = investigation
        return process


class ParallelPlanFlow(FamilyFlow):
    """Plan A og plan B før fødslen"""

    element = Element.INVESTIGATION
    outlives_the_journey = True

    start = flow.StartHandle(this.on_start).Next(this.write_plans)

    # authority, together with the parents
    write_plans = (
        HumanStep(
            action=Action.WRITE_PLANS,
            form=forms.WritePlans,
            shows=selectors.track_brief,
            write=parallel.write_plans,
            facts=guards.plan_facts,
            conditions=guards.plan_conditions,
            guard=guards.may_write_plans,
            due=working_days(Action.WRITE_PLANS),
            help=_("Forældrene ser både plan A og plan B fra begyndelsen."),
        )
        .Annotation(title=_("Skriv plan A og plan B, og vis dem til forældrene"))
        .Next(this.settle_at_birth)
    )

    # authority; a decision without consent is the committee's, earliest three months before term (barnets lov § 49)
    settle_at_birth = (
        HumanStep(
            action=Action.SETTLE_AT_BIRTH,
            form=forms.SettleAtBirth,
            shows=selectors.track_brief,
            write=parallel.settle_at_birth,
            facts=guards.birth_facts,
            conditions=guards.birth_conditions,
            guard=guards.may_settle,
            help=_(
                "En afgørelse uden samtykke kan tidligst træffes 3 måneder før termin (barnets lov § 49)."
            ),
        )
        .Annotation(title=_("Afklar, hvad der gælder ved fødslen"))
        .Next(this.settled)
    )
    settled = If(guards.is_settled).Annotation(title=_("Afklaret?")).Then(this.end).Else(this.write_plans)
    end = flow.End().Annotation(title=_("Det er afklaret, hvad der gælder ved fødslen"))

    def on_start(self, activation: Any, *, track: ParallelTrack, **beside: Any) -> Any:
        """Begin the two plans for one unborn child, on the model version that the family follows."""
        process = self.begin_beside(activation, **beside)
        process.parallel_track = track
        return process
