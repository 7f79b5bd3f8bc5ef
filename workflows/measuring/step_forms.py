"""What acting on a score takes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.kernel.forms import StepForm
from workflows.measuring.models import ActionTaken


class ActOnScore(StepForm):
    """What was done about a score."""

    taken = forms.ChoiceField(
        label=_("Hvad er gjort?"), choices=ActionTaken.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Hvordan, og hvad er aftalt?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
