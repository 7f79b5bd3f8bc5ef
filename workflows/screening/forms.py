"""What a notification of concern takes, and each of its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.clock import today
from placement.families.models import Family, Person
from placement.families.people import child_choices
from workflows.kernel.forms import DayField, MomentField, StepForm, YesNo, at_the_field
from workflows.kernel.strict import StrictForm
from workflows.screening.codes import ConcernOutcome, Notifier
from workflows.screening.selectors import second_candidates
from workflows.screening.services import check_assessed_at, check_receipt_on

_SHORT = forms.Textarea(attrs={"rows": 3})
_VIOLENCE = _("Kan der være vold eller en æresrelateret konflikt?")


class ConcernForm(StrictForm):
    """Register a notification: when, from whom by their relation to the child, what, how urgent."""

    received_at = MomentField(
        label=_("Hvornår er underretningen modtaget?"),
        help_text=_("De 24 timer til vurderingen regnes herfra."),
    )
    notifier = forms.ChoiceField(
        label=_("Hvem underretter?"),
        choices=[("", _("Vælg")), *Notifier.choices],
        help_text=_("Skriv ikke navne på private. Journalen har dem."),
    )
    what = forms.CharField(
        label=_("Hvad handler underretningen om?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Læses kun af myndigheden og familiens team."),
    )
    children = forms.MultipleChoiceField(
        label=_("Hvilke børn?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Ingen valgt: alle familiens børn, eller det fremgår ikke."),
    )
    acute = YesNo(label=_("Kan barnet være i fare lige nu?"))
    violence_possible = YesNo(
        label=_VIOLENCE,
        help_text=_("Ved ja tales der ikke med forældrene om underretningen, før risikoen er vurderet."),
    )

    def __init__(self, data: Any = None, *, family: Family, now: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        offered = {key: title for key, title in child_choices(family) if key}
        self.children_by_id = {
            str(child.uuid): child for child in Person.objects.filter(family=family, uuid__in=offered)
        }
        field = self.fields["children"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(offered.items())
        if now is not None:
            self.initial.setdefault("received_at", now)

    def chosen_children(self) -> list[Person]:
        """The children that were chosen, of a valid form."""
        return [self.children_by_id[key] for key in self.cleaned_data["children"]]


class _Assessment(StepForm):
    """The fields of an assessment."""

    outcome = forms.ChoiceField(
        label=_("Hvad fører det til?"), choices=ConcernOutcome.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(label=_("Begrundelse"), widget=_SHORT)
    violence_possible = YesNo(label=_VIOLENCE)
    safety_risk = forms.CharField(
        label=_("Risikoen for barnets sikkerhed"),
        widget=_SHORT,
        required=False,
        help_text=_(
            "Skal skrives, før forældrene kontaktes, når der kan være vold eller æresrelateret konflikt."
        ),
    )
    parents_may_be_told = YesNo(label=_("Må forældrene kontaktes om underretningen nu?"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        told = cleaned.get("violence_possible") and cleaned.get("parents_may_be_told")
        if told and not cleaned.get("safety_risk", "").strip():
            self.add_error(
                "safety_risk", _("Skriv risikoen for barnets sikkerhed, før forældrene kontaktes.")
            )
        return cleaned


class AssessConcern(_Assessment):
    """The assessment within a day."""

    assessed_at = MomentField(label=_("Hvornår er underretningen vurderet?"))

    field_order = ("assessed_at",)

    def prepare(self) -> None:
        # A yes is carried over; a no is an answer of its own, by whoever assesses.
        if self.situation.process.concern.violence_possible:
            self.initial.setdefault("violence_possible", True)

    def clean_assessed_at(self) -> Any:
        moment = self.cleaned_data["assessed_at"]
        if moment is not None:
            concern = self.situation.process.concern
            at_the_field(lambda: check_assessed_at(concern, moment, self.situation.now))
        return moment


class AppointSecond(StepForm):
    """Somebody who was not earlier involved."""

    person = forms.ChoiceField(
        label=_("Hvem vurderer på ny?"),
        help_text=_("Her står kun rådgivere og ledere, der ikke har været inde i sagen."),
    )

    def prepare(self) -> None:
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        candidates = second_candidates(self.situation.process.concern, self.situation.today)
        field.choices = [(str(staff.uuid), str(staff)) for staff in candidates]
        if not candidates:
            field.help_text = _(
                "Ingen rådgiver eller leder i kommunen er uden for sagen. Få en udefra oprettet som rådgiver."
            )


class SecondAssessment(_Assessment):
    """The assessment anew, or handing it back."""

    able = YesNo(
        label=_("Foretager du den nye vurdering?"),
        help_text=_("Ved nej går den tilbage, så en anden kan udpeges."),
    )

    field_order = ("able",)

    def prepare(self) -> None:
        for name, field in self.fields.items():
            field.required = name == "able"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("able"):
            for name in ("outcome", "reasons", "violence_possible", "parents_may_be_told"):
                if cleaned.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned


class CloseConcern(StepForm):
    """Why the follow-up has come to its end; the day is that on which it is written."""

    reason = forms.CharField(label=_("Hvorfor er opfølgningen slut?"), widget=_SHORT)


class SendReceipt(StepForm):
    """The receipt has been sent."""

    sent_on = DayField(label=_("Hvornår er kvitteringen sendt?"))

    def clean_sent_on(self) -> Any:
        day = self.cleaned_data["sent_on"]
        if day is not None and day <= today():
            concern = self.situation.process.concern
            at_the_field(lambda: check_receipt_on(concern, day))
        return day
