"""A score or an answer that asks somebody to look: the same day, or within some days. It decides nothing by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.roles import Action
from workflows.kernel.deadlines import working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.models import Element
from workflows.kernel.nodes import HumanStep
from workflows.measuring import acting
from workflows.measuring.step_forms import ActOnScore


class ScoreFlow(FamilyFlow):
    """Handling på en score"""

    element = Element.PROGRESSION
    # A person who may harm themselves is not left alone because a journey was broken off.
    outlives_the_journey = True

    start = flow.StartHandle(this.begin_with).Next(this.is_urgent)
    is_urgent = (
        flow.If(acting.is_urgent)
        .Annotation(title=_("Skal der handles i dag?"))
        .Then(this.act_today)
        .Else(this.act_on_score)
    )

    # whoever is near the family; everybody who measures, and the leads
    act_today = (
        HumanStep(
            action=Action.ACT_TODAY,
            form=ActOnScore,
            shows=acting.action_brief,
            write=acting.act,
            due=acting.the_same_day,
            waits_for=acting.near,
            help=_("Et svar kræver, at nogen taler med personen i dag."),
        )
        .Annotation(title=_("Handl i dag på et svar"))
        .Next(this.end)
    )
    act_on_score = (
        HumanStep(
            action=Action.ACT_ON_SCORE,
            form=ActOnScore,
            shows=acting.action_brief,
            write=acting.act,
            due=working_days(Action.ACT_ON_SCORE),
            waits_for=acting.near,
            help=_("En score afgør ingenting. Se på den sammen med familien, og skriv, hvad I gør."),
        )
        .Annotation(title=_("Se på en score"))
        .Next(this.end)
    )
    end = flow.End().Annotation(title=_("Der er handlet på scoren"))

    def begin_with(self, activation, *, family, model_version, adaptation, action):  # type: ignore[no-untyped-def]
        """Begin beside the family's other work, about one action."""
        process = self.begin_beside(
            activation, family=family, model_version=model_version, adaptation=adaptation
        )
        process.data = {acting.ACTION: str(action.uuid)}
        return process
