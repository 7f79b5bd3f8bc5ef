"""What people begin or put right themselves, below «Flere handlinger»: a screening, a judgement of the risk, and so on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from placement.families.models import Family
from placement.templatetags.words import danish_date
from workflows.investigation import parallel, services
from workflows.investigation.forms import SHORT, VIOLENCE, ask_for_protection, risk_fields
from workflows.investigation.models import Investigation
from workflows.investigation.selectors import about_whom, awaited
from workflows.journey.moves.base import Before, MoveForm
from workflows.kernel.clocks import explaining
from workflows.kernel.forms import DayField, YesNo
from workflows.kernel.models import Clock, LateKind

Cleaned = dict[str, Any]


def _unborn(family: Family) -> list[tuple[str, str]]:
    return [(str(child.uuid), about_whom(child)) for child in awaited(family)]


class BeginInvestigationForm(MoveForm):
    """When the municipality became aware, of what, and whether violence is possible."""

    aware_on = DayField(
        label=_("Hvornår blev kommunen opmærksom?"),
        help_text=_(
            "Den dag, en medarbejder i kommunen blev opmærksom på behovet, også når det skrives senere. Fører "
            "screeningen til en undersøgelse, løber de 4 måneder herfra."
        ),
    )
    why = forms.CharField(label=_("Hvad blev kommunen opmærksom på?"), widget=SHORT)
    child = forms.ChoiceField(
        label=_("Handler det om kommende forældre?"),
        required=False,
        help_text=_("Vælg det ventede barn. Ellers handler det om familiens børn."),
    )
    violence_possible = YesNo(
        label=VIOLENCE,
        help_text=_("Ved ja vurderes risikoen, før forældre eller netværk inddrages (barnets lov § 18)."),
    )

    def prepare(self) -> None:
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nej, om familiens børn")), *_unborn(self.before.family)]


def begin_investigation(before: Before, cleaned: Cleaned) -> Any:
    """Begin a screening; see `services.begin_investigation`."""
    child = cleaned.pop("child")
    return services.begin_investigation(
        actor=before.actor,
        family=before.family,
        child=awaited(before.family).get(uuid=child) if child else None,
        now=before.now,
        **cleaned,
    )


class JudgeRiskForm(MoveForm):
    """The risk, whenever somebody becomes aware of it."""

    def prepare(self) -> None:
        self.fields |= risk_fields()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_for_protection(self, cleaned)
        return cleaned


def judge_risk(before: Before, cleaned: Cleaned) -> Any:
    """Judge the risk; see `services.judge_risk`."""
    return services.judge_risk(actor=before.actor, family=before.family, now=before.now, **cleaned)


class CorrectAwarenessForm(MoveForm):
    """Another day of awareness, and why."""

    investigation = forms.ChoiceField(label=_("Hvilken screening eller undersøgelse?"))
    aware_on = DayField(label=_("Hvornår blev kommunen opmærksom?"))
    reason = forms.CharField(
        label=_("Hvorfor rettes datoen?"),
        widget=SHORT,
        help_text=_("Fristen flyttes synligt: den gamle dag, den nye og grunden bliver stående."),
    )

    def prepare(self) -> None:
        self.offer("investigation", _correctable(self.before.family))


def _correctable(family: Family) -> list[tuple[str, str]]:
    found = Investigation.objects.filter(family=family).select_related("child")
    words = gettext("%(whom)s, opmærksom %(day)s")
    return [
        (str(one.uuid), words % {"whom": about_whom(one.child), "day": danish_date(one.aware_on)})
        for one in found
    ]


def correct_awareness(before: Before, cleaned: Cleaned) -> Any:
    """Put the day of awareness right; see `services.correct_awareness`."""
    found = (
        Investigation.objects.select_for_update(of=("self",), no_key=True)
        .filter(family=before.family, uuid=cleaned.pop("investigation"))
        .first()
    )
    if found is None:
        raise Http404
    return services.correct_awareness(actor=before.actor, investigation=found, now=before.now, **cleaned)


def nothing_to_correct(before: Before) -> str | None:
    """Why no day of awareness can be put right now; None when one can."""
    return (
        None
        if _correctable(before.family)
        else gettext("Der er ingen screening eller undersøgelse at rette.")
    )


class ParallelTrackForm(MoveForm):
    """For which unborn child, and why two plans."""

    child = forms.ChoiceField(label=_("Hvilket barn?"))
    why = forms.CharField(label=_("Hvorfor lægges der to planer?"), widget=SHORT)

    def prepare(self) -> None:
        self.offer("child", _unborn(self.before.family))


def begin_parallel_track(before: Before, cleaned: Cleaned) -> Any:
    """Begin plan A and plan B; see `parallel.begin_parallel_track`."""
    child = awaited(before.family).filter(uuid=cleaned["child"]).first()
    if child is None:
        raise Http404
    return parallel.begin_parallel_track(
        actor=before.actor, family=before.family, child=child, why=cleaned["why"], now=before.now
    )


class ExplainLateForm(MoveForm):
    """Which deadline, and why it was not kept."""

    clock = forms.ChoiceField(label=_("Hvilken frist?"))
    kind = forms.ChoiceField(
        label=_("Hvorfor blev den overskredet?"), choices=LateKind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Forklaring"),
        widget=SHORT,
        help_text=_("Skrives én gang og læses af dem, der kan se familien. Kommunen tæller kun grunden."),
    )

    def prepare(self) -> None:
        late = explaining.to_explain(self.before.family, self.before.now)
        self.offer("clock", [(str(one.uuid), f"{one.title}, {danish_date(one.due_on)}") for one in late])


def explain_late(before: Before, cleaned: Cleaned) -> Any:
    """Say why a deadline was not kept; see `explaining.explain`."""
    clock = Clock.objects.filter(family=before.family, uuid=cleaned["clock"]).first()
    if clock is None:
        raise Http404
    return explaining.explain(
        actor=before.actor, clock=clock, kind=cleaned["kind"], text=cleaned["text"], now=before.now
    )


def nothing_late(before: Before) -> str | None:
    """Why nothing can be explained now; None when a deadline waits for it."""
    waits = explaining.to_explain(before.family, before.now).exists()
    return None if waits else gettext("Ingen af lovens frister er overskredet uden forklaring.")
