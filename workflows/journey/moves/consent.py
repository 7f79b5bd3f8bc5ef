"""A consent taken back asks the caseworker, the same day, whether the child is safe and what happens now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement.access.errors import StaleState
from placement.access.roles import Action
from placement.families.models import Consent, Person, Phase
from placement.families.services import withdraw_consent
from workflows.decisions.services.plans import begin_track, track_waits
from workflows.journey.moves.models import RiskAssessment
from workflows.kernel.deadlines import working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.forms import StepForm, YesNo
from workflows.kernel.models import Element, Process
from workflows.kernel.nodes import HumanStep
from workflows.kernel.steps import Situation


class AssessWithdrawal(StepForm):
    """Is the child safe today, and what happens now."""

    child_safe = YesNo(label=_("Er barnet i sikkerhed i dag?"))
    next_step = forms.ChoiceField(
        label=_("Hvad sker der nu?"),
        choices=RiskAssessment._meta.get_field("next_step").choices,  # type: ignore[arg-type]
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Vurdering"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Er barnet ikke i sikkerhed: skriv, hvad der er gjort, og hvem der er ringet til."),
    )


def _consent(process: Process) -> Consent:
    return Consent.objects.select_related("person").get(family=process.family, pk=process.data["consent"])


def withdrawal_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """Who took their consent back, and when."""
    consent = _consent(situation.process)
    said = gettext("%(who)s, %(day)s") % {"who": consent.person, "day": f"{consent.withdrawn_on:%d.%m.%Y}"}
    return [(gettext("Samtykket er trukket tilbage"), said)]


def assess_withdrawal(situation: Situation, answer: Mapping[str, Any]) -> None:
    """The caseworker's word on it. Raises StaleState when it has been given."""
    consent = _consent(situation.process)
    if RiskAssessment.objects.filter(consent=consent).exists():
        raise StaleState(_("Risikoen er allerede vurderet. Genindlæs siden."))
    RiskAssessment.objects.create(
        municipality_id=situation.family.municipality_id,
        family=situation.family,
        consent=consent,
        child_safe=answer["child_safe"],
        next_step=answer["next_step"],
        text=answer["text"].strip(),
        assessed_by=situation.actor.staff,
        assessed_at=situation.now,
    )
    # The day's question is answered; what it becomes (a new consent, an end, another track) is a step of its own.
    if situation.family.phase not in (Phase.CLOSED, Phase.DECLINED) and not track_waits(situation.family):
        begin_track(family=situation.family, consent=consent)


class ConsentWithdrawnFlow(FamilyFlow):
    """Samtykket er trukket tilbage"""

    element = Element.JOURNEY
    outlives_the_journey = True

    start = flow.StartHandle(this.withdrawn).Next(this.assess_withdrawal)

    # caseworker, or the authority lead in their place
    assess_withdrawal = (
        HumanStep(
            action=Action.ASSESS_WITHDRAWAL,
            form=AssessWithdrawal,
            shows=withdrawal_brief,
            write=assess_withdrawal,
            due=working_days(Action.ASSESS_WITHDRAWAL),
            help=_("Løses samme dag: intet, der kræver samtykke, kan gå videre imens."),
        )
        .Annotation(title=_("Vurdér risikoen: samtykket er trukket tilbage"))
        .Next(this.assessed)
    )
    assessed = flow.End().Annotation(title=_("Risikoen er vurderet"))

    def withdrawn(self, activation: Any, *, parent: Process, consent: Consent) -> Process:
        """Begin beside the journey, on its model version."""
        process = self.begin(activation, parent=parent)
        process.data = {"consent": consent.pk}
        return process


@transaction.atomic
def take_back_consent(*, person: Person, on: date) -> Consent:
    """The consent is taken back, and while the journey runs the caseworker has a task the same day.

    Raises what `withdraw_consent` raises.
    """
    from workflows.journey.services import journey_of

    consent = withdraw_consent(person=person, on=on)
    journey = journey_of(person.family)
    if journey is not None and person.family.phase not in (Phase.CLOSED, Phase.DECLINED):
        # Hung on the journey's first step, which has long been done: nothing waits for it, and it outlives the
        # journey when that is broken off.
        first = journey.task_set.order_by("id").first()
        ConsentWithdrawnFlow.start.run(_parent_task=first, parent=journey, consent=consent)
    return consent
