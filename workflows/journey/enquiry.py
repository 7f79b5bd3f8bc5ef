"""The enquiry: what is known when somebody worries about a family, from a page or the API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.families import codes
from workflows.kernel.forms import DayField, RowsField
from workflows.kernel.strict import StrictForm


class ParentRow(forms.Form):
    """One parent."""

    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    cpr = forms.CharField(
        label=_("CPR-nummer"),
        max_length=11,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    born_on = DayField(
        label=_("Fødselsdato"), required=False, help_text=_("Kun hvis CPR-nummeret ikke kendes. Kan stå tom.")
    )
    custody_holder = forms.BooleanField(label=_("Har forældremyndighed"), required=False)
    education = forms.ChoiceField(
        label=_("Uddannelse"), choices=[("", _("Ved ikke")), *codes.Education.choices], required=False
    )
    employment = forms.ChoiceField(
        label=_("Arbejdsmarked"), choices=[("", _("Ved ikke")), *codes.Employment.choices], required=False
    )


class ChildRow(forms.Form):
    """One child of the journey, born or expected."""

    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    due_on = DayField(
        label=_("Termin"), required=False, future=True, help_text=_("Hvis barnet ikke er født.")
    )
    born_on = DayField(label=_("Fødselsdato"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("due_on") and not cleaned.get("born_on"):
            raise forms.ValidationError(_("Skriv fødselsdato, eller termin hvis barnet ikke er født."))
        return cleaned


class SiblingRow(forms.Form):
    """One older sibling."""

    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    born_on = DayField(label=_("Fødselsdato"))


class EnquiryForm(StrictForm):
    """Register an enquiry: what is known now, and no more."""

    source = forms.ChoiceField(
        label=_("Hvem henvender sig?"), choices=[("", _("Vælg")), *codes.EnquirySource.choices]
    )
    enquiry_text = forms.CharField(
        label=_("Hvad handler henvendelsen om?"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    parents = RowsField(ParentRow, legend=_("Forælder"), label=_("Forældre"), rows=2, at_least=1)
    children = RowsField(
        ChildRow, legend=_("Barn"), label=_("Barnet eller de ventede børn"), rows=2, at_least=1
    )
    siblings = RowsField(SiblingRow, legend=_("Ældre søskende"), label=_("Ældre søskende"), rows=2)
    traits = forms.MultipleChoiceField(
        label=_("Udfordringsbillede"),
        choices=codes.TargetGroupTrait.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def people(self) -> list[dict[str, Any]]:
        """The people as `begin_journey` takes them."""
        cleaned = self.cleaned_data
        return [
            *({"kind": codes.PersonKind.PARENT, **row} for row in cleaned["parents"]),
            *({"kind": codes.PersonKind.CHILD, **row} for row in cleaned["children"]),
            *({"kind": codes.PersonKind.SIBLING, **row} for row in cleaned["siblings"]),
        ]
