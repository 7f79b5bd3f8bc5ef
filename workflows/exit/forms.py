"""What each step of the exit takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.families.models import ChildView
from placement.families.people import child_choices
from workflows.exit.models import ExitPlan, StepResult
from workflows.exit.selectors import latest_step, next_rung
from workflows.exit.services import check_carried_out_on
from workflows.kernel.forms import DayField, StepForm, YesNo, at_the_field

_SHORT = forms.Textarea(attrs={"rows": 3})


class PlanExit(StepForm):
    """Where to, what home is like, who receives the family."""

    destination = forms.ChoiceField(
        label=_("Hvor skal familien hen?"),
        choices=ExitPlan._meta.get_field("destination").choices,  # type: ignore[arg-type]
        widget=forms.RadioSelect,
    )
    home_situation = forms.CharField(label=_("Boligen"), widget=_SHORT, required=False)
    receiving_support = forms.CharField(label=_("Støtte efter udflytning"), widget=_SHORT, required=False)
    contact_person = forms.CharField(label=_("Gennemgående kontaktperson"), max_length=120, required=False)


class RequestStep(StepForm):
    """Ask for the next rung; which one follows from the step before."""

    why_now = forms.CharField(label=_("Hvorfor er familien klar nu?"), widget=_SHORT)
    planned_from = DayField(label=_("Fra hvornår?"), future=True)

    def prepare(self) -> None:
        rung = next_rung(self.situation.family, self.situation.model)
        if rung is not None:
            self.fields["why_now"].help_text = f"{rung.code}: {rung.title}. {rung.content}"


class Decide(StepForm):
    """Approve, or reject with a reason."""

    approved = YesNo(label=_("Godkender du trinnet?"))
    reason = forms.CharField(
        label=_("Begrundelse"),
        widget=_SHORT,
        required=False,
        help_text=_("Skal dog skrives, når du afviser."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("approved") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvorfor trinnet afvises."))
        return cleaned


class AuthorityDecide(Decide):
    """The authority's decision always says why."""

    reason = forms.CharField(label=_("Begrundelse"), widget=_SHORT)


class CarryOut(StepForm):
    """The step was carried out on a day, or was not, with the reason."""

    carried_out = YesNo(
        label=_("Blev trinnet gennemført?"), help_text=_("Ved nej kan der bedes om det samme trin igen.")
    )
    carried_out_on = DayField(label=_("Hvornår blev trinnet gennemført?"), required=False)
    accompanied_by = forms.CharField(label=_("Hvem var med?"), max_length=120, required=False)
    reason = forms.CharField(
        label=_("Hvorfor blev det ikke gennemført?"),
        widget=_SHORT,
        required=False,
        help_text=_("Skal dog skrives, når trinnet ikke blev gennemført."),
    )

    def prepare(self) -> None:
        self.initial.setdefault("carried_out_on", self.situation.today)

    def clean_carried_out_on(self) -> Any:
        day = self.cleaned_data["carried_out_on"]
        step = latest_step(self.situation.family)
        if day is not None and step is not None and self.cleaned_data.get("carried_out"):
            at_the_field(lambda: check_carried_out_on(step, day))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        done = cleaned.get("carried_out")
        if done is True and not cleaned.get("carried_out_on") and "carried_out_on" not in self.errors:
            self.add_error("carried_out_on", _("Skriv, hvornår trinnet blev gennemført."))
        if done is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvorfor trinnet ikke blev gennemført."))
        return cleaned


class EvaluateStep(StepForm):
    """What the team, the parents and the child made of it, and where it leads."""

    staff_view = forms.CharField(label=_("Teamets evaluering"), widget=_SHORT)
    parents_view = forms.CharField(label=_("Forældrenes evaluering"), widget=_SHORT)
    child = forms.ChoiceField(label=_("Barn"))
    child_view_source = forms.ChoiceField(
        label=_("Hvordan er barnets perspektiv indhentet?"),
        choices=ChildView._meta.get_field("source").choices,  # type: ignore[arg-type]
        widget=forms.RadioSelect,
    )
    child_view_text = forms.CharField(
        label=_("Barnets perspektiv"), widget=_SHORT, help_text=_("For et spædbarn: hvad I har iagttaget.")
    )
    result = forms.ChoiceField(
        label=_("Hvad fører det til?"), choices=StepResult.choices, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = child_choices(self.situation.family)
