"""What a family group conference takes, from the question to the follow-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.network.people import standings
from workflows.conference.models import Conference
from workflows.conference.selectors import coordinators, guests
from workflows.exit.forms import PlanFields
from workflows.exit.selectors import latest_plan
from workflows.kernel.forms import DayField, RowsField, StepForm, YesNo
from workflows.kernel.strict import StrictForm
from workflows.network.safety import known_of, reasons_of

_SHORT = forms.Textarea(attrs={"rows": 3})


class ConferenceForm(StrictForm):
    """Ask for a conference: the question, and the parents' yes to it."""

    question = forms.CharField(
        label=_("Hvilket spørgsmål skal familien og netværket svare på?"),
        widget=_SHORT,
        help_text=_("Ét spørgsmål, i ord, som alle i familien forstår."),
    )
    consented_on = DayField(label=_("Hvornår har forældrene sagt ja?"))
    consented_how = forms.ChoiceField(
        label=_("Hvordan?"),
        choices=Conference._meta.get_field("consented_how").choices or [],
        widget=forms.RadioSelect,
    )


class AppointCoordinator(StepForm):
    """Somebody who is not involved in the case."""

    person = forms.ChoiceField(
        label=_("Hvem er koordinator?"),
        help_text=_("Her står kun rådgivere, der ikke har været inde i sagen."),
    )

    def prepare(self) -> None:
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        able = coordinators(self.situation.family, self.situation.today)
        field.choices = [(str(staff.uuid), str(staff)) for staff in able]
        if not able:
            field.help_text = _(
                "Ingen rådgiver i kommunen er uden for sagen. Få en udefra oprettet som rådgiver."
            )


class PrepareConference(StepForm):
    """Who is invited, and when it is."""

    planned_on = DayField(label=_("Hvornår holdes rådslagningen?"), future=True)
    people = forms.MultipleChoiceField(
        label=_("Hvem fra netværket er inviteret?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Kun dem, der er sikkerhedstjekket og selv har sagt ja til at blive kontaktet, kan vælges."
        ),
    )

    def prepare(self) -> None:
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        known = known_of(self.situation.family)
        found = standings(self.situation.family)
        reasons = reasons_of(found, known)
        # All of them, so that whoever is sent all the same is refused with the reason and the rule.
        field.choices = [
            (key, one.member.label if not reasons[key] else f"{one.member.label} – {reasons[key]}")
            for one in found
            for key in [str(one.member.uuid)]
        ]


class PlanLineRow(forms.Form):
    """One line of the family's plan."""

    who = forms.CharField(label=_("Hvem?"), max_length=80, help_text=_("Fornavn eller relation"))
    what = forms.CharField(label=_("Hvad?"), max_length=1000)
    by_on = DayField(label=_("Inden"), future=True)


class HoldConference(StepForm):
    """Information, the family alone, the plan."""

    held_on = DayField(label=_("Hvornår blev rådslagningen holdt?"))
    came = forms.MultipleChoiceField(
        label=_("Hvem fra netværket kom?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    information = forms.CharField(
        label=_("Hvad fik familien at vide, før den var alene?"),
        widget=_SHORT,
        help_text=_("Bekymringen, hvad planen skal kunne, og hvad der ikke er til forhandling."),
    )
    private_time = YesNo(label=_("Var familien og netværket alene, uden fagpersoner, mens de lagde planen?"))
    has_plan = YesNo(label=_("Kom familien med en plan?"))
    without_plan = forms.CharField(label=_("Hvis ikke: hvorfor?"), widget=_SHORT, required=False)
    lines = RowsField(PlanLineRow, rows=3, legend=_("Linje"), label=_("Familiens plan"), required=False)
    changes_exit_plan = YesNo(label=_("Ændrer planen udslusningsplanen?"), required=False)

    def prepare(self) -> None:
        field = self.fields["came"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(one.member.uuid), one.member.label) for one in guests(self.situation.process.conference)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("has_plan") is False:
            if not cleaned.get("without_plan", "").strip():
                self.add_error("without_plan", _("Skriv, hvorfor der ikke blev lagt en plan."))
            cleaned["lines"], cleaned["changes_exit_plan"] = [], False
        elif cleaned.get("has_plan"):
            if not cleaned.get("lines") and "lines" not in self.errors:
                self.add_error("lines", _("Skriv mindst én linje: hvem gør hvad og inden hvornår."))
            if cleaned.get("changes_exit_plan") is None and "changes_exit_plan" not in self.errors:
                self.add_error("changes_exit_plan", _("Svar på, om planen ændrer udslusningsplanen."))
            held = cleaned.get("held_on")
            if held and any(line["by_on"] < held for line in cleaned.get("lines") or []):
                self.add_error("lines", _("En linje kan ikke have frist før mødet. Ret datoen."))
        return cleaned


class ApprovePlan(StepForm):
    """The authority follows the plan when it is safe for the child, or says why not."""

    approved = YesNo(label=_("Er planen sikker for barnet, så den kan følges?"))
    reason = forms.CharField(
        label=_("Begrundelse"),
        widget=_SHORT,
        help_text=_("Ved nej: hvad der skal være anderledes, i ord, familien kan bruge."),
    )


class ChangeExitPlan(PlanFields, StepForm):
    """The exit plan as it is with the family's plan written in; begun from the one that stands."""

    def prepare(self) -> None:
        standing = latest_plan(self.situation.family)
        if standing is None:
            return
        for name in PlanFields.base_fields:
            value = getattr(standing, name)
            # When it was shown to the parents is said of one version only.
            if name != "shown_to_parents_on" and value not in (None, ""):
                self.initial.setdefault(name, value)


class FollowUpPlan(StepForm):
    """Is the plan followed, and does it work."""

    held_on = DayField(label=_("Hvornår er planen fulgt op?"))
    works = YesNo(label=_("Virker planen?"))
    text = forms.CharField(
        label=_("Hvordan går det?"),
        widget=_SHORT,
        help_text=_("Hvad familie og netværk selv siger, og hvad barnet viser."),
    )
