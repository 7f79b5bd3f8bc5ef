"""What a baseline and a session take."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.access.no_video import refuse_media
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Person
from placement.families.people import nameless
from placement.meetings.models import SessionKind, SessionOutcome, SessionStatus
from placement.meetings.services import check_participants
from placement.progression.codes import INTEREST_IN_CHILD
from workflows.kernel.checks import next_is_later
from workflows.kernel.forms import DayField, StepForm, at_the_field

_SHORT = forms.Textarea(attrs={"rows": 3})

#: Fields about one parent in a baseline: these and the person's public id.
CAN, FIRST = "can_", "first_"

NO_VIDEO = _("Videoer gemmes aldrig her, heller ikke navnet på filen eller et link. Kun status skrives.")


def people_choices(people: list[Person]) -> list[tuple[str, str]]:
    """The people of a family as a form offers them, but for a child that is not born."""
    return [
        (str(person.uuid), person.name or nameless(person))
        for person in people
        if person.birth_state == BirthState.BORN
    ]


def without_video(form: forms.BaseForm, cleaned: dict[str, Any], *names: str) -> None:
    """No text of the form names a video or links to one: the reason stands at the field."""
    for name in names:
        try:
            at_the_field(partial(refuse_media, cleaned.get(name) or ""))
        except forms.ValidationError as refused:
            form.add_error(name, refused)


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

    def prepare(self) -> None:
        for parent in parents_of(self.situation.once(people_of)):
            for field, label in (
                (CAN, _("Det kan %(name)s")),
                (FIRST, _("Det arbejder vi med hos %(name)s")),
            ):
                self.fields[f"{field}{parent.uuid}"] = forms.CharField(
                    label=label % {"name": parent.name or nameless(parent)},
                    widget=forms.Textarea(attrs={"rows": 2}),
                    max_length=4000,
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        texts = [name for name in self.fields if name.startswith((CAN, FIRST))]
        without_video(self, cleaned, "strengths", "focus", *texts)
        return cleaned


class HoldSession(StepForm):
    """What a session was about, what happened, and where the work goes on."""

    kind = forms.ChoiceField(label=_("Form"), choices=SessionKind.choices, widget=forms.RadioSelect)
    status = forms.ChoiceField(
        label=_("Blev den holdt?"),
        choices=SessionStatus.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=SessionStatus.HELD.value,
    )
    held_on = DayField(label=_("Hvornår?"))
    participants = forms.MultipleChoiceField(
        label=_("Hvem fra familien deltog?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    focus = forms.CharField(label=_("Fokus"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Hvorfor ikke?"),
        max_length=300,
        required=False,
        help_text=_("Kun når samtalen ikke blev holdt."),
    )
    summary = forms.CharField(
        label=_("Hvad skete der?"), widget=_SHORT, max_length=8000, required=False, help_text=NO_VIDEO
    )
    next_on = DayField(label=_("Næste gang"), future=True, required=False)
    next_kind = forms.ChoiceField(
        label=_("Næste gangs form"), choices=[("", _("Ikke aftalt")), *SessionKind.choices], required=False
    )
    outcome = forms.ChoiceField(
        label=_("Hvad fører det til?"), choices=SessionOutcome.choices, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        focus = self.situation.facts.focus
        if focus:
            self.fields["focus"].help_text = focus
        people = self.fields["participants"]
        assert isinstance(people, forms.MultipleChoiceField)
        people.choices = people_choices(self.situation.once(people_of))

    def chosen(self) -> list[Person]:
        """Who took part, of a valid form."""
        by_id = {str(person.uuid): person for person in self.situation.once(people_of)}
        return [by_id[given] for given in self.cleaned_data.get("participants", ()) if given in by_id]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["status"] = cleaned.get("status") or SessionStatus.HELD.value
        held = cleaned["status"] == SessionStatus.HELD
        if held and not cleaned.get("focus", "").strip() and "focus" not in self.errors:
            self.add_error("focus", _("Skriv, hvad samtalen handlede om."))
        if not held and not cleaned.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Skriv, hvorfor samtalen ikke blev holdt."))
        without_video(self, cleaned, "focus", "summary", "reason")
        if held:
            family, kind = self.situation.family, cleaned.get("kind", "")
            try:
                at_the_field(lambda: check_participants(family, kind, self.chosen()))
            except forms.ValidationError as refused:
                self.add_error("participants", refused)
        cleaned["people"] = self.chosen()
        next_is_later(self, cleaned)
        return cleaned


def people_of(family_id: int) -> list[Person]:
    """The family's people in their order: for `Situation.once`."""
    return list(Person.objects.filter(family_id=family_id).order_by("id"))


def parents_of(people: list[Person]) -> list[Person]:
    """The parents among them."""
    return [person for person in people if person.kind == PersonKind.PARENT]
