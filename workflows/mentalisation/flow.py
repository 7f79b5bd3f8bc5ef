"""The mentalisation-based approach: where the parents stand, then sessions in the model's rhythm."""

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
from workflows.mentalisation import forms, guards, services


class MentalisationFlow(FamilyFlow):
    """Mentaliseringsbaseret tilgang"""

    element = Element.MENTALISATION

    start = flow.StartHandle(this.begin).Next(this.take_baseline)

    # practitioner
    take_baseline = (
        HumanStep(
            action=Action.TAKE_BASELINE,
            form=forms.TakeBaseline,
            write=services.take_baseline,
            due=working_days(Action.TAKE_BASELINE),
        )
        .Annotation(title=_("Find udgangspunktet for mentalisering"))
        .Next(this.hold_session)
    )

    # practitioner
    hold_session = (
        HumanStep(
            action=Action.HOLD_SESSION,
            form=forms.HoldSession,
            write=services.hold_session,
            facts=guards.session_facts,
            conditions=guards.session_conditions,
            guard=guards.may_hold_session,
            due=agreed_or_rhythm(guards.agreed_session, "mentalisation_session"),
        )
        .Annotation(title=_("Hold mentaliserende samtale"))
        .Next(this.exited)
    )
    exited = If(has_exited).Annotation(title=_("Flyttet ud?")).Then(this.end).Else(this.baseline_renewed)
    baseline_renewed = (
        If(guards.must_renew_baseline)
        .Annotation(title=_("Skal udgangspunktet laves om?"))
        .Then(this.take_baseline)
        .Else(this.hold_session)
    )
    end = flow.End().Annotation(title=_("Det mentaliserende arbejde er afsluttet"))
