"""Gradual exit: a plan, then one step of the ladder at a time, each asked for, decided, carried out, evaluated."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action
from workflows.exit import briefs, forms, guards, services
from workflows.kernel.deadlines import rhythm, working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.models import Element
from workflows.kernel.nodes import HumanStep, If


class ExitFlow(FamilyFlow):
    """Gradvis udslusning"""

    element = Element.EXIT

    start = flow.StartHandle(this.begin).Next(this.plan_exit)

    # practitioner; U0, laid when the goals are first followed up
    plan_exit = (
        HumanStep(
            action=Action.PLAN_EXIT,
            form=forms.PlanExit,
            write=services.plan_exit,
            due=rhythm("goal_follow_up"),
        )
        .Annotation(title=_("Læg udslusningsplan"))
        .Next(this.request_step)
    )

    # practitioner or caseworker
    request_step = (
        HumanStep(
            action=Action.REQUEST_EXIT_STEP,
            form=forms.RequestStep,
            shows=briefs.request_brief,
            write=services.request_step,
            facts=guards.request_facts,
            conditions=guards.request_conditions,
            guard=guards.may_request,
            due=working_days(Action.REQUEST_EXIT_STEP),
        )
        .Annotation(title=_("Bed om næste udslusningstrin"))
        .Next(this.needs_authority)
    )
    needs_authority = (
        If(guards.needs_authority)
        .Annotation(title=_("Kræver det myndigheden?"))
        .Then(this.authorise_step)
        .Else(this.approve_step)
    )

    # authority lead, who did not ask
    authorise_step = (
        HumanStep(
            action=Action.AUTHORISE_EXIT_STEP,
            form=forms.AuthorityDecide,
            shows=briefs.step_brief,
            write=services.authorise_step,
            facts=guards.authorise_facts,
            conditions=guards.step_conditions,
            guard=guards.may_authorise,
            differs_from="request_step",
            due=working_days(Action.AUTHORISE_EXIT_STEP),
        )
        .Annotation(title=_("Myndighedens afgørelse om trinnet"))
        .Next(this.authorised)
    )
    authorised = (
        If(guards.is_authorised)
        .Annotation(title=_("Godkendt af myndigheden?"))
        .Then(this.approve_step)
        .Else(this.request_step)
    )

    # team lead, who did not ask
    approve_step = (
        HumanStep(
            action=Action.APPROVE_EXIT_STEP,
            form=forms.Decide,
            shows=briefs.step_brief,
            write=services.approve_step,
            facts=guards.step_facts,
            conditions=guards.step_conditions,
            guard=guards.may_approve,
            differs_from="request_step",
            due=working_days(Action.APPROVE_EXIT_STEP),
        )
        .Annotation(title=_("Godkend udslusningstrin"))
        .Next(this.approved)
    )
    approved = (
        If(guards.is_approved)
        .Annotation(title=_("Godkendt?"))
        .Then(this.carry_out_step)
        .Else(this.request_step)
    )

    # practitioner
    carry_out_step = (
        HumanStep(
            action=Action.CARRY_OUT_EXIT_STEP,
            form=forms.CarryOut,
            shows=briefs.step_brief,
            write=services.carry_out_step,
            facts=guards.carry_out_facts,
            conditions=guards.carry_out_conditions,
            guard=guards.may_carry_out,
            due=working_days(Action.CARRY_OUT_EXIT_STEP),
        )
        .Annotation(title=_("Gennemfør udslusningstrin"))
        .Next(this.carried_out)
    )
    carried_out = (
        If(guards.is_carried_out)
        .Annotation(title=_("Gennemført?"))
        .Then(this.evaluate_step)
        .Else(this.request_step)
    )

    # practitioner
    evaluate_step = (
        HumanStep(
            action=Action.EVALUATE_EXIT_STEP,
            form=forms.EvaluateStep,
            shows=briefs.step_brief,
            write=services.evaluate_step,
            facts=guards.evaluate_facts,
            conditions=guards.evaluate_conditions,
            guard=guards.may_evaluate,
            due=working_days(Action.EVALUATE_EXIT_STEP),
        )
        .Annotation(title=_("Evaluér udslusningstrin"))
        .Next(this.finished)
    )
    finished = (
        If(guards.is_finished).Annotation(title=_("Flyttet ud?")).Then(this.end).Else(this.request_step)
    )
    end = flow.End().Annotation(title=_("Udslusningen er afsluttet"))
