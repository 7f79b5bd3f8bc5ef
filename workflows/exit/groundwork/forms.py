"""What is typed when the ground of an exit step is laid: short, once, for page and API alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement import clock
from workflows.exit.forms import PlanFields
from workflows.exit.models import SupportKind, VisitKind
from workflows.kernel.forms import DayField, YesNo
from workflows.kernel.strict import StrictForm

_SHORT = forms.Textarea(attrs={"rows": 3})


class GroundworkForm(StrictForm):
    """Base of the forms: a day that must be given is most often today."""

    error_css_class = "fds-error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, DayField) and field.required and not field.future:
                self.initial.setdefault(name, clock.today())


class PlanForm(PlanFields, GroundworkForm):
    """A new version of the exit plan."""


class VisitForm(GroundworkForm):
    """A visit home, and how it was for the child, the parents and staff."""

    held_on = DayField(label=_("Dato"))
    kind = forms.ChoiceField(label=_("Besøg"), choices=VisitKind.choices, widget=forms.RadioSelect)
    accompanied_by = forms.CharField(label=_("Hvem var med?"), max_length=120, required=False)
    child_signals = forms.CharField(label=_("Barnets signaler"), widget=_SHORT)
    staff_view = forms.CharField(label=_("Teamets evaluering"), widget=_SHORT)
    parents_view = forms.CharField(
        label=_("Forældrenes evaluering"),
        widget=_SHORT,
        required=False,
        help_text=_("Uden den tæller besøget ikke som evalueret."),
    )
    incident = YesNo(
        label=_("Skete der noget, teamet skal tale igennem?"),
        help_text=_("Ved ja holder teamet møde inden for modellens frist, og familien går et trin tilbage."),
    )
    incident_text = forms.CharField(label=_("Hvad skete der?"), widget=_SHORT, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("incident") and not cleaned.get("incident_text", "").strip():
            self.add_error("incident_text", _("Skriv, hvad der skete."))
        return cleaned


class SafetyPlanForm(GroundworkForm):
    """The safety plan as it was agreed and signed."""

    dated_on = DayField(label=_("Dateret"))
    worries = forms.CharField(label=_("Hvad er vi bekymrede for?"), widget=_SHORT)
    agreed = forms.CharField(label=_("Hvad er aftalt?"), widget=_SHORT)
    signed_by = forms.CharField(
        label=_("Hvem har skrevet under?"),
        max_length=200,
        help_text=_("Fornavn eller relation, adskilt af komma."),
    )
    night_contact = forms.CharField(
        label=_("Netværksperson på vagt om natten"),
        max_length=80,
        required=False,
        help_text=_("Fornavn eller relation. Kræves før overnatning."),
    )
    night_phone = forms.CharField(label=_("Telefon døgnet rundt"), max_length=30, required=False)
    safety_goal = forms.CharField(
        label=_("Sikkerhedsmålet"),
        widget=_SHORT,
        required=False,
        help_text=_("Hvad der skal kunne ses, når planen ikke længere er nødvendig."),
    )
    network_tasks = forms.CharField(
        label=_("Netværkets opgaver"),
        widget=_SHORT,
        required=False,
        help_text=_("Fornavn eller relation, og hvad de gør."),
    )
    professional_control = forms.CharField(
        label=_("De professionelles kontrol"), widget=_SHORT, required=False
    )
    child_explanation = forms.CharField(
        label=_("Forklaringen til barnet"),
        widget=_SHORT,
        required=False,
        help_text=_("Det, barnet eller en søskende får at vide, i deres egne ord."),
    )


class SafetyReviewForm(GroundworkForm):
    """How the safety plan is lived with, by child and network."""

    held_on = DayField(label=_("Dato"))
    goal_met = YesNo(label=_("Er sikkerhedsmålet nået?"))
    child_feels_safe = YesNo(label=_("Er barnet trygt?"))
    child_signs = forms.CharField(
        label=_("Hvordan kan det mærkes på barnet?"),
        widget=_SHORT,
        help_text=_("For et spædbarn: det, I ser. For en søskende: det, barnet selv siger."),
    )
    network_finds_it_works = YesNo(label=_("Oplever netværket, at planen virker?"))
    network_goes_on = YesNo(label=_("Vil netværket fortsætte?"))
    network_words = forms.CharField(label=_("Hvad siger netværket?"), widget=_SHORT)


class HomeCheckForm(GroundworkForm):
    """What somebody saw in the home."""

    checked_on = DayField(label=_("Hvornår er boligen set?"))
    sleeping_place = YesNo(label=_("Er der et sovested til barnet?"))
    heating = YesNo(label=_("Er der varme?"))
    food = YesNo(label=_("Er der mad og et køkken, der kan bruges?"))
    remark = forms.CharField(label=_("Bemærkning"), widget=_SHORT, required=False)


class SupportForm(GroundworkForm):
    """Who receives the family."""

    kind = forms.ChoiceField(
        label=_("Hvilken støtte?"), choices=SupportKind.choices, widget=forms.RadioSelect
    )
    organisation = forms.CharField(label=_("Sted"), max_length=120)
    contact = forms.CharField(label=_("Kontaktperson"), max_length=120)
    informed_on = DayField(label=_("Hvornår er de informeret?"))
    first_appointment_on = DayField(label=_("Første aftale"), future=True, required=False)
    health_visitor_informed_on = DayField(
        label=_("Hvornår er sundhedsplejersken informeret?"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        informed, first = cleaned.get("informed_on"), cleaned.get("first_appointment_on")
        if informed and first and first < informed:
            self.add_error(
                "first_appointment_on", _("Den første aftale kan ikke ligge, før de er informeret.")
            )
        return cleaned


class PlaceForm(GroundworkForm):
    """Until when the place in the house is kept."""

    kept_until = DayField(label=_("Pladsen holdes til og med"), future=True)
    agreed_with = forms.CharField(label=_("Aftalt med"), max_length=120)


class ChildPlanForm(GroundworkForm):
    """The revision of the child's plan."""

    revised_on = DayField(label=_("Hvornår er planen revideret?"))
    changes = forms.CharField(
        label=_("Hvad er ændret?"),
        widget=_SHORT,
        help_text=_("I hovedtræk. Planen selv ligger i myndighedens sag."),
    )
    parents_took_part = YesNo(label=_("Var forældrene med?"))


class HandoverForm(GroundworkForm):
    """The handover meeting."""

    held_on = DayField(label=_("Dato"))
    received_by = forms.CharField(label=_("Hvem tager imod familien?"), max_length=200)
    parents_present = YesNo(label=_("Var forældrene med?"))
    agreed = forms.CharField(label=_("Hvad er aftalt?"), widget=_SHORT)
