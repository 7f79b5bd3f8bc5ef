"""The request for a release: one form for the page and the API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evaluation.dataset_names import DatasetName
from evaluation.models import Kind


class Text(forms.CharField):
    """A text; JSON that is anything else is an error, not its Python spelling."""

    def to_python(self, value: Any) -> str | None:
        if value is not None and not isinstance(value, str):
            raise ValidationError(_("Skriv en tekst."), code="invalid")
        return super().to_python(value)


class RequestRelease(forms.Form):
    """What is asked for, what it is for, and by which agreement."""

    error_css_class = "fds-error"
    use_required_attribute = True

    kind = forms.ChoiceField(
        label=_("Slags"),
        choices=Kind.choices,
        initial=Kind.T1,
        widget=forms.RadioSelect,
        help_text=_("Kun T1 kan bestilles nu. T2 og T3 kræver kontrollen mod genkendelse."),
    )
    purpose = Text(
        label=_("Formål"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Hvad data skal bruges til. Skriv ingen personoplysninger."),
    )
    agreement = Text(
        label=_("Aftale"),
        max_length=200,
        help_text=_("Den aftale, data udleveres efter, f.eks. dens journalnummer."),
    )
    datasets = forms.MultipleChoiceField(
        label=_("Datasæt"), choices=DatasetName.choices, widget=forms.CheckboxSelectMultiple
    )
