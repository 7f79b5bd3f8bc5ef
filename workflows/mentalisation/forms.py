"""What a baseline and a session take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.meetings.models import SessionKind, SessionOutcome
from placement.progression.codes import INTEREST_IN_CHILD
from workflows.kernel.checks import next_is_later
from workflows.kernel.forms import DayField, StepForm

_SHORT = forms.Textarea(attrs={"rows": 3})


class TakeBaseline(StepForm):
    """Where the parents stand: what they can already, and what to work on first."""

    taken_on = DayField(label=_("Dato"))
    strengths = forms.CharField(label=_("Det kan forældrene allerede"), widget=_SHORT, max_length=4000)
    focus = forms.CharField(label=_("Det arbejder vi med først"), widget=_SHORT, max_length=4000)
    score = forms.TypedChoiceField(
        label=INTEREST_IN_CHILD.title,  # type: ignore[arg-type]
        choices=[(n, str(n)) for n in range(int(INTEREST_IN_CHILD.low), int(INTEREST_IN_CHILD.high) + 1)],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "scale"}),
        required=False,
        help_text=_("Kan springes over. Højere betyder mere interesse."),
    )


class HoldSession(StepForm):
    """What a session was about, what happened, and where the work goes on."""

    kind = forms.ChoiceField(label=_("Form"), choices=SessionKind.choices, widget=forms.RadioSelect)
    held_on = DayField(label=_("Hvornår?"))
    focus = forms.CharField(label=_("Fokus"), max_length=200)
    summary = forms.CharField(label=_("Hvad skete der?"), widget=_SHORT, max_length=8000, required=False)
    next_on = DayField(label=_("Næste gang"), future=True, required=False)
    outcome = forms.ChoiceField(
        label=_("Hvad fører det til?"), choices=SessionOutcome.choices, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        focus = self.situation.facts.focus
        if focus:
            self.fields["focus"].help_text = focus

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        next_is_later(self, cleaned)
        return cleaned
