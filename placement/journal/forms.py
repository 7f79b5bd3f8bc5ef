"""The quick log's form and the form of a correction. What may be written is the services' business."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.roles import Action
from placement.families.models import Family
from placement.journal.codes import NoteKind, WordList
from placement.journal.models import Note
from placement.journal.services import score_of
from placement.journal.standard import Word
from placement.journal.words import as_titles, offered, words_of
from placement.progression.codes import DAILY_LOG, Element
from placement.progression.selectors import last_daily_score

WRITTEN_MOMENT = "%d.%m.%Y %H.%M"

#: Which field a refusal of the services belongs beside.
FIELD_OF_REFUSAL = {
    "note-kind": "kind",
    "note-empty": "text",
    "note-in-future": "happened_at",
    "day-impossible": "happened_at",
    "unknown-element": "element",
    "element-missing": "element",
    "outside-scale": "score",
    "score-removed": "score",
    "reason-missing": "reason",
    "before-birth": "happened_at",
    "unknown-tag": "situations",
}

#: Fields in which more than one thing is chosen; a draft keeps all of them.
SEVERAL = frozenset({"situations", "themes", "sources"})


def _scores() -> list[tuple[str, str | Promise]]:
    return [*((str(n), str(n)) for n in range(int(DAILY_LOG.low), int(DAILY_LOG.high) + 1)), ("", _("Ingen"))]


def _elements() -> list[tuple[str, str | Promise]]:
    return [("", _("Ikke et bestemt")), *Element.choices]


def _usual_element(family: Family) -> str:
    """What a score is about when nothing is chosen: the same as the family's last one."""
    last = last_daily_score(family)
    return last.element if last else Element.PROGRESSION.value


class LogForm(forms.Form):
    """Kind, perhaps a score, text; tags, core element and moment only when they are wanted.

    In this order kind and score stand on a phone's first screen, with the button below them.
    """

    kind = forms.ChoiceField(
        label=_("Hvad er det?"),
        choices=NoteKind.written_choices,
        widget=forms.RadioSelect(attrs={"class": "tiles"}),
    )
    score = forms.TypedChoiceField(
        label=_("Hvordan går det i dag?"),
        choices=_scores,
        required=False,
        coerce=Decimal,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "scale"}),
    )
    text = forms.CharField(
        label=_("Tekst"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    situations = forms.MultipleChoiceField(
        label=_("Situation"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "tags"}),
        error_messages={"invalid_choice": _("Vælg fra listen.")},
    )
    themes = forms.MultipleChoiceField(
        label=_("Tema"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "tags"}),
        error_messages={"invalid_choice": _("Vælg fra listen.")},
    )
    element = forms.ChoiceField(
        label=_("Kerneelement"),
        choices=_elements,
        required=False,
    )
    happened_at = forms.DateTimeField(
        label=_("Hvornår skete det?"),
        required=False,
        input_formats=[WRITTEN_MOMENT, "%d.%m.%Y %H:%M", "%d.%m.%Y kl. %H.%M"],
        help_text=_(
            "Lad feltet stå tomt, hvis det er nu. Ellers dag og klokkeslæt, for eksempel 24.12.2026 14.30."
        ),
        error_messages={"invalid": _("Skriv dag og klokkeslæt, for eksempel 24.12.2026 14.30.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("dd.mm.åååå tt.mm")}),
    )

    def __init__(
        self, data: Any = None, *, actor: Actor, family: Family, note: Note | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.words = words_of(family.municipality_id)
        for name, of in (("situations", WordList.SITUATION), ("themes", WordList.THEME)):
            kept = getattr(note, name) if note else []
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = as_titles(offered(self.words, of, keep=kept))
        # Three taps must be enough: what is meant most often is meant until something else is chosen. The score is
        # never chosen beforehand.
        self.initial.setdefault("kind", NoteKind.OBSERVATION.value)
        self.usual_element = _usual_element(family)
        if actor.may(Action.RECORD_MEASUREMENT):
            usual = str(Element(self.usual_element).label)
            self.fields["score"].help_text = _score_help(family, usual)
            self.fields["element"].help_text = _("En score uden valg her gælder %(element)s.") % {
                "element": usual
            }
        else:
            del self.fields["score"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("score") is not None and not cleaned.get("element"):
            cleaned["element"] = self.usual_element
        return cleaned

    @property
    def templates(self) -> list[Word]:
        """The templates that can be put into the text."""
        return offered(self.words, WordList.TEMPLATE)

    @property
    def more_said(self) -> bool:
        """Whether something stands among what is folded away."""
        folded = ("situations", "themes", "element", "happened_at")
        return any(self[name].value() or self[name].errors for name in folded if name in self.fields)

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the services beside the field it is about."""
        field = FIELD_OF_REFUSAL.get(refused.type)
        self.add_error(field if field in self.fields else None, str(refused.message))


class CorrectionForm(LogForm):
    """A note as it should have been, and why."""

    reason = forms.CharField(label=_("Hvorfor retter du?"), max_length=500)

    def __init__(self, data: Any = None, *, actor: Actor, note: Note, **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial_of(note))
        super().__init__(data, actor=actor, family=note.family, note=note, **kwargs)
        del self.fields["happened_at"]
        if note.kind == NoteKind.WEEKLY:
            # A summary is its text; what it is made of stands beside it.
            for name in ("kind", "score", "element", "situations", "themes"):
                self.fields.pop(name, None)
            self.fields["text"].widget.attrs["rows"] = 18


def initial_of(note: Note) -> dict[str, Any]:
    """The correction form's values before anything is changed."""
    score = score_of(note)
    return {
        "kind": note.kind,
        "element": note.element,
        "score": "" if score is None else str(int(score)),
        "text": note.text,
        "situations": note.situations,
        "themes": note.themes,
    }


def draft_of(data: Any) -> dict[str, list[str]]:
    """What of a posted form is kept as a draft: the fields, without its tokens."""
    tokens = {"csrfmiddlewaretoken", "submit_token", "template"}
    return {name: values for name, values in data.lists() if name not in tokens}


def initial_from(draft: dict[str, list[str]]) -> dict[str, Any]:
    """A kept draft as the values a form starts with."""
    return {
        name: values if name in SEVERAL else values[-1]
        for name, values in draft.items()
        if isinstance(values, list) and values
    }


def _score_help(family: Family, element: str) -> str:
    """What the numbers mean, which core element they are about, and the family's last one (of the same element)."""
    meaning = _("0 er det sværeste, 10 er det bedste. Gælder: %(element)s.") % {"element": element}
    last = last_daily_score(family)
    if last is None or last.score is None:
        return str(meaning)
    before = _("Sidst: %(score)s, %(day)s.") % {
        "score": f"{last.score:.0f}",
        "day": date_format(last.measured_on, "SHORT_DATE_FORMAT"),
    }
    return f"{meaning} {before}"
