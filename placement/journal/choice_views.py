"""What a municipality chooses for its log: its words, what parents may read, and how that looks for one family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement import clock
from placement.access.errors import Refused
from placement.access.pages import RolePage
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.journal import selectors
from placement.journal.codes import NoteKind, WordList
from placement.journal.parents import decide_parents_reading, not_for_parents, reading_rules
from placement.journal.standard import Word
from placement.journal.views import family_line
from placement.journal.words import TITLE_LENGTH, words_of, write_word

#: So many of a family's newest notes are looked through for the parents' page.
NOTES_SHOWN = 100

FIELD_OF_REFUSAL = {
    "word-list": "list",
    "word-title": "title",
    "word-template": "text",
    "note-kind": "kind",
    "never-for-parents": "allowed",
    "reason-missing": "reason",
}


class WordForm(forms.Form):
    """One word of the log: a new one, or another wording of the one in ``code``."""

    code = forms.CharField(required=False, widget=forms.HiddenInput)
    list = forms.ChoiceField(label=gettext_lazy("Liste"), choices=WordList.choices)
    title = forms.CharField(label=gettext_lazy("Navn"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(
        label=gettext_lazy("Hvad bliver notatet?"),
        choices=lambda: [("", "–"), *NoteKind.written_choices()],
        required=False,
        help_text=gettext_lazy("Kun for en skabelon."),
    )
    text = forms.CharField(
        label=gettext_lazy("Skabelonens tekst"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Kun for en skabelon: en overskrift på hver linje."),
    )
    retired = forms.BooleanField(label=gettext_lazy("Brug det ikke mere"), required=False)


class ReadingForm(forms.Form):
    """Whether parents may read one kind of note from now on."""

    kind = forms.ChoiceField(label=gettext_lazy("Notattype"), choices=NoteKind.choices)
    allowed = forms.TypedChoiceField(
        label=gettext_lazy("Må forældrene læse den?"),
        choices=[("yes", gettext_lazy("Ja")), ("no", gettext_lazy("Nej"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "tiles"}),
    )
    reason = forms.CharField(label=gettext_lazy("Hvorfor?"), max_length=500)


def _refuse(form: forms.Form, refused: Refused) -> None:
    """Put a refusal of the services beside the field it is about."""
    field = FIELD_OF_REFUSAL.get(refused.type)
    form.add_error(field if field in form.fields else None, str(refused.message))


class Words(RolePage):
    """The log's words; ``?ret=list:code`` says which one is written otherwise."""

    read_action = Action.WRITE_NOTE
    write_action = Action.EDIT_LOG_WORDS

    def get(self, request: HttpRequest) -> HttpResponseBase:
        words = words_of(self.municipality_id)
        if not self.actor.may(Action.EDIT_LOG_WORDS):
            return self._page(request, words, None)
        wanted = request.GET.get("ret", "")
        found = next((word for word in words if f"{word.list}:{word.code}" == wanted), None)
        names = ("list", "code", "title", "text", "kind", "retired")
        initial = {name: getattr(found, name) for name in names} if found else {}
        return self._page(request, words, WordForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = WordForm(request.POST)
        if form.is_valid():
            try:
                write_word(actor=self.actor, now=clock.now(), **form.cleaned_data)
            except Refused as refused:
                _refuse(form, refused)
            else:
                messages.success(request, _("Det er gemt. Notater, der er skrevet, står, som de er."))
                return redirect("log-words")
        return self._page(request, words_of(self.municipality_id), form, status=422)

    def _page(
        self, request: HttpRequest, words: list[Word], form: WordForm | None, *, status: int = 200
    ) -> HttpResponse:
        here = reverse("log-words")
        context = {
            "lists": [
                {
                    "title": str(of.label),
                    "words": [
                        {
                            "word": word,
                            "kind": str(NoteKind(word.kind).label) if word.kind else "",
                            "url": f"{here}?ret={of.value}:{word.code}#write" if form is not None else "",
                        }
                        for word in words
                        if word.list == of
                    ],
                }
                for of in WordList
            ],
            "form": form,
            "writing": str(form["title"].value() or "") if form is not None and form["code"].value() else "",
            "here": here,
        }
        return render(request, "journal/words.html", context, status=status)


class Reading(RolePage):
    """What parents may read of the log, kind by kind, and the decision on it."""

    read_action = Action.WRITE_NOTE
    write_action = Action.DECIDE_PARENTS_READING

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, ReadingForm() if self.actor.may(Action.DECIDE_PARENTS_READING) else None)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = ReadingForm(request.POST)
        if form.is_valid():
            try:
                decide_parents_reading(actor=self.actor, now=clock.now(), **form.cleaned_data)
            except Refused as refused:
                _refuse(form, refused)
            else:
                messages.success(request, _("Det er besluttet og gælder fra nu af."))
                return redirect("parents-reading")
        return self._page(request, form, status=422)

    def _page(self, request: HttpRequest, form: ReadingForm | None, *, status: int = 200) -> HttpResponse:
        rules = reading_rules(self.municipality_id)
        decisions = selectors.reading_decisions(self.municipality_id)
        context = {
            "kinds": [
                {
                    "title": str(kind.label),
                    "allowed": rules.at(kind),
                    "never": kind == NoteKind.DRAFT,
                    "decision": decisions.get(kind.value),
                }
                for kind in NoteKind
            ],
            "form": form,
            "here": reverse("parents-reading"),
        }
        return render(request, "journal/parents_reading.html", context, status=status)


class ParentsView(FamilyPage):
    """One family's log as its parents may read it, and why the rest is not theirs to read. Nobody of them logs in yet."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        rules = reading_rules(family.municipality_id)
        shown: list[dict[str, Any]] = []
        kept_back: dict[str, int] = {}
        for note in selectors.notes_with_sources(family)[:NOTES_SHOWN]:
            why = not_for_parents(note, rules)
            if why is None:
                shown.append(
                    {
                        "at": note.happened_at,
                        "kind": note.get_kind_display(),
                        "text": note.text,
                        "who": str(note.author),
                        "score": None,
                        "draft": False,
                        "corrected": note.version > 1,
                    }
                )
            else:
                said = f"{note.get_kind_display()}: {why}"
                kept_back[said] = kept_back.get(said, 0) + 1
        context = {
            **family_line(family),
            "events": shown,
            "kept_back": [{"why": why, "count": count} for why, count in kept_back.items()],
            "rules_url": reverse("parents-reading") if self.actor.may(Action.WRITE_NOTE) else "",
        }
        return render(request, "journal/parents_view.html", context)
