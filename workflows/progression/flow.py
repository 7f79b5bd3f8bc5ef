"""Follow-up on progression: goals set with the parents, rated at each follow-up, revised; setbacks answered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action
from workflows.kernel.deadlines import (
    agreed_or_rhythm,
    by_clock,
    no_later_than_clock,
    working_days,
)
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.gates import has_exited
from workflows.kernel.models import Element
from workflows.kernel.nodes import HumanStep, If
from workflows.model_versions.clock_rules import Event
from workflows.progression import forms, guards, selectors, services


class ProgressionFlow(FamilyFlow):
    """Opfølgning på progression"""

    element = Element.PROGRESSION

    start = flow.StartHandle(this.begin).Next(this.set_goals)

    # practitioner
    set_goals = (
        HumanStep(
            action=Action.SET_GOALS,
            form=forms.SetGoals,
            write=services.set_goals,
            facts=guards.goal_facts,
            conditions=guards.goal_conditions,
            guard=guards.may_set_goals,
            due=by_clock(Event.PLAN_CHANGED, working_days(Action.SET_GOALS)),
            shows=selectors.setback_brief,
            help=_(
                "Målene skal passe til afgørelsens formål og formuleres med forældrene (barnets lov § 92)."
            ),
        )
        .Annotation(title=_("Sæt mål"))
        .Next(this.follow_up)
    )

    # practitioner
    follow_up = (
        HumanStep(
            action=Action.FOLLOW_UP_GOALS,
            form=forms.FollowUpGoals,
            write=services.follow_up,
            facts=guards.follow_up_facts,
            conditions=guards.follow_up_conditions,
            guard=guards.may_follow_up,
            due=no_later_than_clock(
                Event.FOLLOW_UP_HELD, agreed_or_rhythm(guards.agreed_follow_up, "goal_follow_up")
            ),
            help=_("De fire spørgsmål og begrundelsen for næste opfølgning følger af barnets lov § 95."),
        )
        .Annotation(title=_("Følg op på målene"))
        .Next(this.exited)
    )
    exited = If(has_exited).Annotation(title=_("Flyttet ud?")).Then(this.end).Else(this.setback)
    setback = (
        If(guards.must_answer_setback)
        .Annotation(title=_("Går det tilbage?"))
        .Then(this.answer_setback)
        .Else(this.goals_change)
    )

    # practitioner
    answer_setback = (
        HumanStep(
            action=Action.ANSWER_SETBACK,
            form=forms.AnswerSetback,
            shows=selectors.setback_brief,
            write=services.answer_setback,
            facts=guards.setback_facts,
            guard=guards.may_answer_setback,
            due=by_clock(Event.PLAN_CHANGED, working_days(Action.ANSWER_SETBACK)),
            help=_("Målene går tilbage. Sig, hvad I ændrer, eller hvorfor planen står."),
        )
        .Annotation(title=_("Svar på tilbagegangen"))
        .Next(this.exited)
    )
    goals_change = (
        If(guards.must_revise_goals)
        .Annotation(title=_("Skal målene ændres?"))
        .Then(this.set_goals)
        .Else(this.follow_up)
    )
    end = flow.End().Annotation(title=_("Opfølgningen er afsluttet"))
