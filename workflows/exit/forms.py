"""What each step of the exit takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.families.models import ChildView
from placement.families.people import child_choices
from workflows.exit import guards
from workflows.exit.models import DESTINATIONS, BackReason, Residence, StepResult
from workflows.exit.selectors import step_before
from workflows.exit.services import check_carried_out_on
from workflows.kernel.forms import DayField, StepForm, YesNo, at_the_field
from workflows.kernel.strict import StrictForm
from workflows.model_versions.exit_ladder import ConditionCode

_SHORT = forms.Textarea(attrs={"rows": 3})


class PlanFields(StrictForm):
    """Where to, or else; what home is like, who receives the family."""

    destination = forms.ChoiceField(
        label=_("Hvor skal familien hen?"), choices=DESTINATIONS, widget=forms.RadioSelect
    )
    alternative = forms.ChoiceField(
        label=_("Og hvis ikke?"),
        choices=DESTINATIONS,
        widget=forms.RadioSelect,
        help_text=_("Begge veje er synlige for forældrene fra begyndelsen."),
    )
    shown_to_parents_on = DayField(label=_("Hvornår er planen gennemgået med forældrene?"))
    residence = forms.ChoiceField(
        label=_("Er boligen afklaret?"), choices=Residence.choices, widget=forms.RadioSelect
    )
    residence_task = forms.CharField(label=_("Hvis ikke: hvem gør hvad?"), max_length=200, required=False)
    residence_by = DayField(label=_("Inden hvornår?"), future=True, required=False)
    home_situation = forms.CharField(label=_("Boligen"), widget=_SHORT, required=False)
    receiving_support = forms.CharField(label=_("Støtte efter udflytning"), widget=_SHORT, required=False)
    contact_person = forms.CharField(label=_("Gennemgående kontaktperson"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("alternative") and cleaned.get("alternative") == cleaned.get("destination"):
            self.add_error("alternative", _("Vælg en anden vej end den første."))
        if cleaned.get("residence") == Residence.OPEN:
            if not cleaned.get("residence_task", "").strip():
                self.add_error("residence_task", _("Skriv, hvem der gør hvad ved boligen."))
            if not cleaned.get("residence_by") and "residence_by" not in self.errors:
                self.add_error("residence_by", _("Skriv, inden hvornår."))
        return cleaned


class PlanExit(PlanFields, StepForm):
    """The exit plan, U0."""


class RequestStep(StepForm):
    """Ask for the next rung; which one follows from the step before."""

    why_now = forms.CharField(label=_("Hvorfor er familien klar nu?"), widget=_SHORT)
    planned_from = DayField(label=_("Fra hvornår?"), future=True)
    planned_until = DayField(label=_("Til og med hvornår?"), future=True)

    def prepare(self) -> None:
        facts: guards.RequestFacts = self.situation.facts
        self.longest_days = facts.longest_days
        if facts.longest_days is None:
            del self.fields["planned_until"]
        if facts.ground is not None:
            rung = self.situation.model.rung(facts.next_code)
            self.fields["why_now"].help_text = f"{rung.code}: {rung.title}. {rung.content}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("planned_from"), cleaned.get("planned_until")
        if begins and ends and self.longest_days is not None:
            if ends < begins:
                self.add_error("planned_until", _("Trinnet kan ikke slutte, før det er begyndt."))
            elif (ends - begins).days > self.longest_days:
                self.add_error(
                    "planned_until",
                    _("Trinnet varer højst %(days)d dage.") % {"days": self.longest_days},
                )
        return cleaned


class Decide(StepForm):
    """Approve, with named exceptions where the model allows them, or reject with a reason."""

    approved = YesNo(label=_("Godkender du trinnet?"))
    reason = forms.CharField(
        label=_("Begrundelse"),
        widget=_SHORT,
        required=False,
        help_text=_("Skal dog skrives, når du afviser."),
    )

    def prepare(self) -> None:
        for condition in guards.excepted(self.situation.facts):
            self.fields[f"{guards.EXCEPT}{condition.code}"] = forms.CharField(
                label=_("Undtagelse: %(condition)s") % {"condition": condition.title},
                widget=_SHORT,
                required=False,
                help_text=_("Betingelsen mangler. Skriv hvorfor, hvis trinnet godkendes alligevel."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("approved") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvorfor trinnet afvises."))
        return cleaned


class AuthorityDecide(Decide):
    """The authority's decision always says why; on a move, from which day it takes over."""

    reason = forms.CharField(label=_("Begrundelse"), widget=_SHORT)
    effective_from = DayField(
        label=_("Hvornår gælder afgørelsen fra?"),
        future=True,
        required=False,
        help_text=_("Den dag, familien flytter."),
    )
    legal_basis = forms.CharField(
        label=_("Hjemmel for den nye afgørelse"),
        max_length=60,
        required=False,
        help_text=_("For eksempel barnets lov § 32, stk. 1, nr. 2."),
    )

    def prepare(self) -> None:
        super().prepare()
        step = step_before(self.situation)
        rung = self.situation.model.rung(step.code) if step else None
        self.move_day = None
        if step is not None and rung is not None and rung.asks_for(ConditionCode.DECISION_FROM_MOVE_DAY):
            self.move_day = step.planned_from
            self.initial.setdefault("effective_from", self.move_day)
        else:
            del self.fields["effective_from"], self.fields["legal_basis"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.move_day is not None and cleaned.get("approved") and "effective_from" not in self.errors:
            if cleaned.get("effective_from") != self.move_day:
                self.add_error(
                    "effective_from",
                    _("Afgørelsen skal gælde fra flyttedagen, %(day)s.")
                    % {"day": f"{self.move_day:%d.%m.%Y}"},
                )
            if not cleaned.get("legal_basis", "").strip():
                self.add_error("legal_basis", _("Skriv, hvad den nye afgørelse hviler på."))
        return cleaned


class CarryOut(StepForm):
    """The step was carried out on a day, or was not, with the reason."""

    carried_out = YesNo(
        label=_("Blev trinnet gennemført?"),
        help_text=_(
            "Ved nej kan der bedes om det samme trin igen. Sådan tages en forkert godkendelse tilbage."
        ),
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
        step = step_before(self.situation)
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
    back_reason = forms.ChoiceField(
        label=_("Hvis et trin tilbage: hvorfor?"),
        choices=[("", _("Vælg")), *BackReason.choices],
        required=False,
    )
    child_needs = forms.CharField(
        label=_("Hvis et trin tilbage: hvad har barnet brug for nu?"), widget=_SHORT, required=False
    )

    def prepare(self) -> None:
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = child_choices(self.situation.family)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("result") == StepResult.BACK:
            if not cleaned.get("back_reason") and "back_reason" not in self.errors:
                self.add_error("back_reason", _("Vælg, hvorfor familien går et trin tilbage."))
            if not cleaned.get("child_needs", "").strip():
                self.add_error("child_needs", _("Skriv, hvad barnet har brug for nu."))
        return cleaned
