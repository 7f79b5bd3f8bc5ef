"""What each step around a decision takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused
from placement.families.codes import Whereabouts
from placement.families.models import Person
from workflows.decisions.codes import Anew, BoardOutcome, Channel, Insight, Reassessed, Track
from workflows.decisions.selectors import children_of, concerned, name_of
from workflows.decisions.services.complaints import check_board_on, check_sent_on, complaint_of
from workflows.decisions.services.insight import access_of, check_given_on
from workflows.decisions.services.letters import (
    HOW,
    LETTER,
    RECEIVED,
    SENT,
    check_sent,
    check_words,
    decision_of,
    drafts,
    letters_to,
)
from workflows.decisions.services.parties import check_answer, hearing_of
from workflows.decisions.services.plans import check_made_on
from workflows.kernel.forms import DayField, StepForm, YesNo, at_the_field

_TEXT = forms.Textarea(attrs={"rows": 4})
#: Ways of a letter; a talk is none.
LETTER_CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.TALK]


def _ask(form: forms.Form, name: str, check: Callable[..., None], *about: Any) -> None:
    """Run a service's check over a form's answer, so that its refusal stands at the field ``name``."""
    try:
        check(*about)
    except Refused as refused:
        form.add_error(name, forms.ValidationError(str(refused.message), code=refused.type))


class CloseHearing(StepForm):
    """The party's answer, or none."""

    answered = YesNo(label=_("Har parten svaret?"))
    answered_on = DayField(label=_("Hvornår kom svaret?"), required=False)
    answer = forms.CharField(
        label=_("Partens svar"), widget=_TEXT, required=False, help_text=_("Med partens egne ord.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answered") and "answered_on" not in self.errors:
            hearing = hearing_of(self.situation.process)
            said = (hearing, cleaned.get("answered_on"), cleaned.get("answer", ""), self.situation.now)
            missing = not cleaned.get("answer", "").strip()
            _ask(self, "answer" if missing else "answered_on", check_answer, *said)
        return cleaned


class WriteLetters(StepForm):
    """One letter for each party."""

    def prepare(self) -> None:
        self.parties = drafts(decision_of(self.situation.process))
        for party, text in self.parties.items():
            name = f"{LETTER}{party.uuid}"
            self.fields[name] = forms.CharField(
                label=_("Brev til %(name)s") % {"name": name_of(party)},
                widget=forms.Textarea(attrs={"rows": 18}),
            )
            self.initial.setdefault(name, text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for party in self.parties:
            name = f"{LETTER}{party.uuid}"
            if name in cleaned:
                _ask(self, name, check_words, party, cleaned[name])
        return cleaned


class ApproveLetters(StepForm):
    """Approve them, or say what is to be changed."""

    approved = YesNo(label=_("Godkender du brevene?"))
    reason = forms.CharField(
        label=_("Hvad skal ændres?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Skal skrives, når du ikke godkender."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("approved") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvad der skal ændres i brevene."))
        return cleaned


class SendLetters(StepForm):
    """How and when each letter was sent, and when the party had it."""

    def prepare(self) -> None:
        self.letters = list(letters_to(decision_of(self.situation.process)))
        for letter in self.letters:
            key, name = letter.party.uuid, {"name": name_of(letter.party)}
            self.fields[f"{HOW}{key}"] = forms.ChoiceField(
                label=_("Hvordan sendes brevet til %(name)s?") % name,
                choices=LETTER_CHANNELS,
                widget=forms.RadioSelect,
            )
            self.fields[f"{SENT}{key}"] = DayField(label=_("Hvornår er brevet til %(name)s sendt?") % name)
            self.fields[f"{RECEIVED}{key}"] = DayField(
                label=_("Hvornår har %(name)s fået brevet?") % name,
                required=False,
                help_text=_("Kan også skrives senere. Klagefristen regnes herfra."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for letter in self.letters:
            name = f"{SENT}{letter.party.uuid}"
            day = cleaned.get(name)
            if day is not None:
                _ask(self, name, check_sent, letter, day, self.situation.now)
        return cleaned


class ReassessComplaint(StepForm):
    """The municipality's own look."""

    outcome = forms.ChoiceField(
        label=_("Hvad fører det til?"), choices=Reassessed.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Begrundelse"), widget=_TEXT)


class SendToBoard(StepForm):
    """The day it was sent on."""

    sent_on = DayField(label=_("Hvornår er klagen sendt til Ankestyrelsen?"))

    def clean_sent_on(self) -> Any:
        day = self.cleaned_data["sent_on"]
        at_the_field(lambda: check_sent_on(complaint_of(self.situation.process), day, self.situation.now))
        return day


class RecordBoardOutcome(StepForm):
    """What Ankestyrelsen decided."""

    decided_on = DayField(label=_("Hvornår har Ankestyrelsen afgjort klagen?"))
    outcome = forms.ChoiceField(
        label=_("Ankestyrelsens afgørelse"), choices=BoardOutcome.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Hvad betyder den for sagen?"), widget=_TEXT, required=False)

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        at_the_field(lambda: check_board_on(complaint_of(self.situation.process), day))
        return day


class DecideAnew(StepForm):
    """What follows of a decision that was changed: a new one with its purpose and duration, or none."""

    outcome = forms.ChoiceField(
        label=_("Hvad følger der af det?"), choices=Anew.choices, widget=forms.RadioSelect
    )
    purpose = forms.CharField(label=_("Formål med opholdet"), widget=_TEXT, required=False)
    expected_weeks = forms.IntegerField(
        label=_("Forventet varighed i uger"), min_value=1, max_value=104, required=False
    )
    text = forms.CharField(label=_("Begrundelse"), widget=_TEXT)

    def prepare(self) -> None:
        changed = complaint_of(self.situation.process).letter.decision
        self.initial.setdefault("purpose", changed.purpose)
        self.initial.setdefault("expected_weeks", changed.expected_weeks)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == Anew.NEW:
            for name in ("purpose", "expected_weeks"):
                if cleaned.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("Skal udfyldes, når der træffes en ny afgørelse."))
        return cleaned


class ApproveAnew(StepForm):
    """Approve the new decision, or say why not."""

    approved = YesNo(label=_("Godkender du den nye afgørelse?"))
    reason = forms.CharField(
        label=_("Begrundelse"), widget=_TEXT, help_text=_("Står i partens brev, når afgørelsen godkendes.")
    )


class AnswerAccess(StepForm):
    """What the party was given to see, and why not all of it."""

    outcome = forms.ChoiceField(
        label=_("Hvad har parten fået?"), choices=Insight.choices, widget=forms.RadioSelect
    )
    given_on = DayField(label=_("Hvornår er anmodningen besvaret?"))
    how = forms.ChoiceField(label=_("Hvordan?"), choices=LETTER_CHANNELS, widget=forms.RadioSelect)
    legal_basis = forms.CharField(
        label=_("Efter hvilken bestemmelse er noget undtaget?"),
        max_length=120,
        required=False,
        help_text=_("Forvaltningsloven §§ 12-15 b, som vi læser dem."),
    )
    reason = forms.CharField(
        label=_("Hvad er undtaget og hvorfor?"),
        widget=_TEXT,
        required=False,
        help_text=_("Skal skrives ved delvis aktindsigt og ved afslag. Parten får klagevejledning med."),
    )

    def clean_given_on(self) -> Any:
        day = self.cleaned_data["given_on"]
        at_the_field(lambda: check_given_on(access_of(self.situation.process), day, self.situation.now))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") in (Insight.PARTLY, Insight.REFUSED):
            for name in ("legal_basis", "reason"):
                if not cleaned.get(name, "").strip() and name not in self.errors:
                    self.add_error(
                        name, _("Skriv, hvad der er undtaget, hvorfor og efter hvilken bestemmelse.")
                    )
        return cleaned


class SettlePlan(StepForm):
    """Whether a plan is made, and why."""

    makes_plan = YesNo(label=_("Laves der en plan for barnet?"))
    reason = forms.CharField(label=_("Begrundelse"), widget=_TEXT)

    def prepare(self) -> None:
        self.initial.setdefault("makes_plan", True)


class MakePlan(StepForm):
    """The day of the plan, whom it is for, and with whom it was made."""

    made_on = DayField(label=_("Hvornår er planen lavet?"))
    children = forms.MultipleChoiceField(
        label=_("Hvilke børn gælder planen?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Søskende kan have én fælles plan (barnets lov § 91)."),
    )
    made_with = forms.CharField(
        label=_("Hvem er den lavet sammen med?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Barnet og forældrene så vidt muligt; ellers hvorfor ikke (barnets lov § 92)."),
    )

    def prepare(self) -> None:
        _offer(self, "children", children_of(self.situation.family))

    def clean_made_on(self) -> Any:
        day = self.cleaned_data["made_on"]
        at_the_field(lambda: check_made_on(self.situation.process, day, self.situation.now))
        return day


def _offer(form: forms.Form, name: str, children: list[Person]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = [(str(child.uuid), name_of(child)) for child in children]


class SettleTrack(StepForm):
    """How the family goes on."""

    track = forms.ChoiceField(
        label=_("Hvordan går det videre?"), choices=Track.choices, widget=forms.RadioSelect
    )
    decided_on = DayField(label=_("Fra hvilken dag?"))
    text = forms.CharField(label=_("Hvorfor?"), widget=_TEXT)
    legal_basis = forms.CharField(
        label=_("Hjemmel"),
        max_length=60,
        required=False,
        help_text=_("Ved støtte uden samtykke og anbringelse: den præcise bestemmelse."),
    )
    children = forms.MultipleChoiceField(
        label=_("Ved anbringelse: hvilke børn?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    where = forms.ChoiceField(
        label=_("Ved anbringelse: hvor skal barnet bo?"),
        choices=[
            ("", _("Vælg")),
            *(one for one in Whereabouts.choices if one[0] in (Whereabouts.FOSTER, Whereabouts.INSTITUTION)),
        ],
        required=False,
    )
    goes_on = YesNo(label=_("Ved anbringelse: fortsætter opholdet for de andre i familien?"), required=False)

    def prepare(self) -> None:
        _offer(self, "children", concerned(self.situation.family))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("track") == Track.PLACED:
            for name in ("children", "where", "goes_on"):
                if cleaned.get(name) in (None, "", []) and name not in self.errors:
                    self.add_error(name, _("Skal udfyldes ved en anbringelse."))
        return cleaned
