"""What each act around a decision asks: the page's form, the API's schema, and the check of both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.families.people import child_choices
from placement.templatetags.words import danish_date
from workflows.decisions.codes import CaseRole, Channel
from workflows.decisions.models import CasePerson, DecisionLetter
from workflows.decisions.selectors import model_for, name_of, parties_of
from workflows.journey.moves.base import MoveForm
from workflows.kernel.forms import DayField, YesNo

_TEXT = forms.Textarea(attrs={"rows": 4})
_SHORT = forms.Textarea(attrs={"rows": 2})


def _parties(form: MoveForm) -> list[tuple[str, str]]:
    before = form.before
    years = model_for(before.family).decisions.party_from_years
    found = parties_of(before.family, before.today, from_years=years)
    return [(str(party.uuid), name_of(party)) for party in found]


class CasePersonForm(MoveForm):
    """A party's supporter or representative."""

    party = forms.ChoiceField(label=_("For hvilken part?"))
    role = forms.ChoiceField(label=_("Som hvad?"), choices=CaseRole.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Navn"), max_length=120)
    born_on = DayField(
        label=_("Fødselsdato"), required=False, help_text=_("Kun for en bisidder (barnets lov § 6).")
    )
    scope = forms.CharField(label=_("Hvad er personen med til?"), widget=_SHORT)
    starts = DayField(label=_("Fra"))
    ends = DayField(label=_("Til og med"), required=False, future=True)
    confidentiality_on = DayField(
        label=_("Hvornår er tavshedspligten erklæret?"),
        required=False,
        help_text=_("En bisidder har tavshedspligt (barnets lov § 6)."),
    )

    def prepare(self) -> None:
        self.offer("party", _parties(self))


class EndCasePersonForm(MoveForm):
    """Whose last day in the case it is."""

    case_person = forms.ChoiceField(label=_("Hvem?"))
    ends = DayField(label=_("Sidste dag"))

    def prepare(self) -> None:
        found = CasePerson.objects.filter(family=self.before.family).exclude(ends__lt=self.before.today)
        self.offer(
            "case_person", [(str(one.uuid), f"{one.name} ({one.get_role_display()})") for one in found]
        )


class WaiveViewForm(MoveForm):
    """Why a child is not asked, and what is known of its view another way."""

    child = forms.ChoiceField(label=_("Hvilket barn?"))
    reason = forms.CharField(
        label=_("Hvorfor er barnet ikke spurgt?"),
        widget=_SHORT,
        help_text=_("Kun i helt særlige tilfælde (barnets lov § 5, stk. 4)."),
    )
    obtained_on = DayField(label=_("Hvornår er perspektivet indhentet?"))
    text = forms.CharField(
        label=_("Barnets perspektiv, indhentet på anden vis"),
        widget=_TEXT,
        help_text=_("Skriv også, hvem der kender barnet og har fortalt det."),
    )

    def prepare(self) -> None:
        self.offer("child", [choice for choice in child_choices(self.before.family) if choice[0]])


class _OfParties(MoveForm):
    parties = forms.MultipleChoiceField(label=_("Hvilke parter?"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        field = self.fields["parties"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = _parties(self)


class HearForm(_OfParties):
    """Facts that a party does not know, and until when they may answer."""

    facts = forms.CharField(
        label=_("Hvilke oplysninger høres parten om?"),
        widget=_TEXT,
        help_text=_("Oplysninger til ugunst for parten, som parten ikke kender (forvaltningsloven § 19)."),
    )
    how = forms.ChoiceField(label=_("Hvordan?"), choices=Channel.choices, widget=forms.RadioSelect)
    sent_on = DayField(label=_("Hvornår er høringen sendt?"))
    deadline_on = DayField(
        label=_("Svarfrist"), future=True, help_text=_("Loven siger ingen dage: sæt en frist, parten kan nå.")
    )

    def prepare(self) -> None:
        super().prepare()
        # A deadline is somebody's own choice: today is none.
        self.initial["deadline_on"] = None


class HearingNotNeededForm(_OfParties):
    """Why a party need not be heard."""

    reason = forms.CharField(
        label=_("Hvorfor er partshøring ikke nødvendig?"),
        widget=_TEXT,
        help_text=_("For eksempel: parten kender alle oplysningerne, eller ingen af dem er til ugunst."),
    )


class TrackForm(MoveForm):
    """What makes somebody look at how the family goes on."""

    why = forms.CharField(
        label=_("Hvad er anledningen?"),
        widget=_SHORT,
        help_text=_("Hvordan det går videre, skrives i opgaven."),
    )


class BeginForm(MoveForm):
    """Nothing to say: the step that opens asks."""


def _offer_speaking(form: MoveForm) -> None:
    """Who speaks for a party, or nobody."""
    field = form.fields["by"]
    assert isinstance(field, forms.ChoiceField)
    speaking = CasePerson.objects.filter(family=form.before.family).select_related("party")
    field.choices = [
        ("", _("Ingen")),
        *((str(one.uuid), f"{one.name} ({name_of(one.party)})") for one in speaking),
    ]


def _letter_title(letter: DecisionLetter) -> str:
    return str(
        _("%(name)s, sendt %(day)s") % {"name": name_of(letter.party), "day": danish_date(letter.sent_on)}
    )


def _sent(form: MoveForm) -> Any:
    return DecisionLetter.objects.filter(family=form.before.family, sent_on__isnull=False).select_related(
        "party"
    )


class ReceivedForm(MoveForm):
    """When a party had their letter."""

    letter = forms.ChoiceField(label=_("Hvilket brev?"))
    received_on = DayField(label=_("Hvornår har parten fået brevet?"))

    def prepare(self) -> None:
        waiting = _sent(self).filter(received_on__isnull=True)
        self.offer("letter", [(str(one.uuid), _letter_title(one)) for one in waiting])


class ComplaintForm(MoveForm):
    """Who complains of which decision, and what of it."""

    letter = forms.ChoiceField(label=_("Hvem klager?"), help_text=_("Parten, og brevet om afgørelsen."))
    received_on = DayField(label=_("Hvornår er klagen modtaget?"))
    text = forms.CharField(
        label=_("Hvad klages der over?"), widget=_TEXT, help_text=_("En klage kan også siges. Skriv den ned.")
    )
    by = forms.ChoiceField(label=_("Ved bisidder eller partsrepræsentant"), required=False)
    late_accepted = YesNo(
        label=_("Er den for sen: behandler I den alligevel?"),
        required=False,
        help_text=_("Ved nej sendes den direkte til Ankestyrelsen, som tager stilling til fristen."),
    )
    late_reason = forms.CharField(label=_("Hvorfor, eller hvorfor ikke?"), widget=_SHORT, required=False)

    def prepare(self) -> None:
        self.offer("letter", [(str(one.uuid), _letter_title(one)) for one in _sent(self)])
        _offer_speaking(self)


class AccessForm(MoveForm):
    """Which party wants to see what of the case."""

    party = forms.ChoiceField(label=_("Hvilken part?"))
    received_on = DayField(label=_("Hvornår er anmodningen modtaget?"))
    scope = forms.CharField(
        label=_("Hvad vil parten se?"), widget=_SHORT, help_text=_("Hele sagen, eller hvad af den.")
    )
    by = forms.ChoiceField(label=_("Ved bisidder eller partsrepræsentant"), required=False)

    def prepare(self) -> None:
        self.offer("party", _parties(self))
        _offer_speaking(self)


class LetterTemplateForm(forms.Form):
    """The municipality's words for a letter."""

    text = forms.CharField(label=_("Tekst"), widget=forms.Textarea(attrs={"rows": 24}))
