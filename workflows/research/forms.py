"""What is typed about VIVE's chosen families: short, once, for page and API alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Person
from placement.families.people import nameless
from placement.research import codes
from placement.research.codes import ResearchActivity, ResearchAnswer
from placement.research.selectors import asked_people
from workflows.kernel.forms import DayField
from workflows.kernel.strict import StrictForm
from workflows.research.standing import Standing

#: The fields that ask about one activity: this and its code.
ACTIVITY = "activity_"

_ACTIVITIES = [("", _("Vælg")), *ResearchActivity.choices]


class ResearchForm(StrictForm):
    """Base of the forms: they know where the family stands."""

    error_css_class = "fds-error"

    def __init__(self, data: Any = None, *, standing: Standing, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.standing = standing
        self.people = {str(person.uuid): person for person in standing.people}
        for name, field in self.fields.items():
            if isinstance(field, DayField) and field.required:
                self.initial.setdefault(name, clock.today())
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on the family are set here."""

    def chosen(self, name: str) -> Person | None:
        """The person that a field of a valid form names; None when it names nobody."""
        return self.people.get(self.cleaned_data.get(name) or "")

    def _offer(self, name: str, people: list[Person]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        offered = [(str(person.uuid), person.name or nameless(person)) for person in people]
        # Nobody is chosen beforehand where there are several.
        field.choices = [("", _("Vælg")), *offered] if len(offered) != 1 else offered


class AnswersForm(ResearchForm):
    """What one parent says to each activity, by itself; what nobody was asked about is left open."""

    person = forms.ChoiceField(label=_("Hvem svarer?"))
    answered_on = DayField(label=_("Hvornår?"))
    how = forms.ChoiceField(label=_("Hvordan?"), choices=codes.How.choices, widget=forms.RadioSelect)
    informed_about = forms.CharField(
        label=_("Hvad er personen oplyst om?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_(
            "At det er frivilligt for hver aktivitet, kan trækkes tilbage når som helst, og ikke har betydning for hjælpen."
        ),
    )

    def prepare(self) -> None:
        self._offer("person", asked_people(self.standing.people))
        for activity in ResearchActivity:
            self.fields[f"{ACTIVITY}{activity.value}"] = forms.ChoiceField(
                label=activity.label,
                choices=[("", _("Ikke spurgt nu")), *ResearchAnswer.choices],
                widget=forms.RadioSelect,
                required=False,
            )

    def answers(self) -> dict[str, str]:
        """By activity, what was said; those that were not asked about are left out."""
        given = {
            activity.value: self.cleaned_data.get(f"{ACTIVITY}{activity.value}", "")
            for activity in ResearchActivity
        }
        return {activity: answer for activity, answer in given.items() if answer}


class WithdrawForm(ResearchForm):
    """One parent takes back their yes to one activity."""

    person = forms.ChoiceField(label=_("Hvem trækker sit samtykke tilbage?"))
    activity = forms.ChoiceField(label=_("Til hvilken aktivitet?"), choices=_ACTIVITIES)
    on = DayField(label=_("Hvornår?"))

    def prepare(self) -> None:
        self._offer("person", asked_people(self.standing.people))


class OutcomeForm(ResearchForm):
    """What became of one activity: the status and a day, never what was said or seen."""

    activity = forms.ChoiceField(label=_("Hvilken aktivitet?"), choices=_ACTIVITIES)
    status = forms.ChoiceField(
        label=_("Hvad er der sket?"), choices=codes.ResearchStatus.choices, widget=forms.RadioSelect
    )
    happened_on = DayField(label=_("Hvornår?"))
    child = forms.ChoiceField(label=_("Hvilket barn?"), required=False, help_text=_("Kun ved en video."))
    reference = forms.CharField(
        label=_("Henvisning"),
        max_length=80,
        required=False,
        help_text=_(
            "Et nummer eller ord, VIVE kender. Ikke en fil, ikke et link: videoen sendes til VIVE, ikke hertil."
        ),
    )
    reason = forms.CharField(
        label=_("Hvorfor?"),
        max_length=300,
        required=False,
        help_text=_("Når noget ikke er gennemført, eller når det, der stod, rettes."),
    )

    def prepare(self) -> None:
        children = [
            one
            for one in self.standing.people
            if one.kind == PersonKind.CHILD and one.birth_state == BirthState.BORN
        ]
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)
        offered = [(str(one.uuid), one.name or nameless(one)) for one in children]
        field.choices = [("", _("Intet barn")), *offered]
        if len(offered) == 1:
            self.initial.setdefault("child", offered[0][0])


class ChooseForm(ResearchForm):
    """Give the family a place among the chosen."""

    why = forms.CharField(
        label=_("Hvorfor netop denne familie?"),
        max_length=300,
        required=False,
        help_text=_("VIVE ønsker variation mellem familierne."),
    )
    confirmed = forms.BooleanField(label=_("Vi vælger familien til VIVEs evaluering"))


class EndForm(ResearchForm):
    """The family leaves the chosen ones."""

    reason = forms.ChoiceField(
        label=_("Hvorfor?"), choices=codes.EndOfSelection.choices, widget=forms.RadioSelect
    )
    on = DayField(label=_("Fra hvilken dag?"))
