"""The correction of a note, and what happens when another version came while it was written: nothing is lost."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.journal import selectors, services
from placement.journal.codes import NoteKind
from placement.journal.forms import CorrectionForm, initial_from
from placement.journal.merging import Merge, content_of, merge
from placement.journal.models import Draft, Note
from placement.journal.views import as_uuid, found_note, opened_form, saved, token_of, written
from placement.progression.codes import Element

MINE, THEIRS, NEW = "mine", "theirs", "new"


class CorrectNote(FamilyPage):
    """A new version of a note, with the reason; the earlier ones stay to be read."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    def get(self, request: HttpRequest, family: Family, note: uuid.UUID) -> HttpResponseBase:
        found = found_note(family, note)
        latest = selectors.latest_version(found)
        draft = selectors.draft_to_resume(self.actor, family, services.correction_form(found))
        if latest != found and draft is None:
            return redirect("note-correct", family=family.uuid, note=latest.uuid)
        if latest != found and draft is not None and not latest.withdrawn:
            form = CorrectionForm(MultiValueDict(draft.data), actor=self.actor, note=found)
            return self._conflict(request, found, latest, form, draft=draft)
        begun = {"initial": initial_from(draft.data)} if draft else {}
        return self._page(request, found, CorrectionForm(actor=self.actor, note=found, **begun), draft=draft)

    def post(self, request: HttpRequest, family: Family, note: uuid.UUID) -> HttpResponseBase:
        found = found_note(family, note)
        form = CorrectionForm(request.POST, actor=self.actor, note=found)
        if "latest" in request.POST:
            return self._resolve(request, family, found, form)
        token = token_of(request)
        if not form.is_valid():
            return self._page(request, found, form, token=token, status=422)
        try:
            corrected = services.correct_note(
                actor=self.actor, note=found, submit_token=token, now=clock.now(), **_values(found, form)
            )
        except (NotAllowed, StaleState) as refused:
            latest = selectors.latest_version(found)
            if isinstance(refused, NotAllowed) or latest == found or latest.withdrawn:
                # It is another's note, or none to correct: the text must not be lost with the answer.
                return self._page(request, found, form, refusal=refused, status=refused.status)
            return self._conflict(request, found, latest, form, token=token, status=409)
        except Refused as refused:
            form.refuse(refused)
            return self._page(request, found, form, token=token, status=refused.status)
        return saved(request, family, corrected)

    def _resolve(
        self, request: HttpRequest, family: Family, found: Note, form: CorrectionForm
    ) -> HttpResponseBase:
        """The answer to a conflict, written as the version after the one that came in between."""
        latest, token = selectors.latest_version(found), token_of(request)
        if latest == found or latest.withdrawn:
            return self._page(request, found, form, token=token, status=409)
        joined = _joined(found, latest, form)
        answers = AnswerForm(request.POST, joined=joined)
        read = as_uuid(request.POST["latest"])
        if read != latest.uuid or not answers.is_valid() or not form.is_valid():
            status = 409 if read != latest.uuid else 422
            answered = answers if status == 422 else None
            return self._conflict(request, found, latest, form, token=token, answers=answered, status=status)
        values = {**joined.values, **answers.chosen(content_of(latest))}
        try:
            corrected = services.correct_note(
                actor=self.actor, note=latest, opened_on=found, submit_token=token, now=clock.now(),
                reason=form.cleaned_data["reason"], **values,
            )  # fmt: skip
        except (NotAllowed, StaleState) as refused:
            newest = selectors.latest_version(latest)
            return self._conflict(
                request, found, newest, form, token=token, refusal=refused, status=refused.status
            )
        except Refused as refused:
            form.refuse(refused)
            return self._conflict(request, found, latest, form, token=token, answers=answers, status=422)
        return saved(request, family, corrected)

    def _conflict(
        self,
        request: HttpRequest,
        found: Note,
        latest: Note,
        form: CorrectionForm,
        *,
        draft: Draft | None = None,
        token: uuid.UUID | None = None,
        answers: AnswerForm | None = None,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        form.is_valid()  # what is right of it, is read also when the reason is missing
        joined = _joined(found, latest, form)
        theirs = content_of(latest)
        answers = answers or AnswerForm(joined=joined)
        name = services.correction_form(found)
        context = {
            **opened_form(self.actor, found.family, name, draft=draft, token=token, refusal=refusal),
            "form": form,
            "answers": answers,
            "latest": latest,
            "asked": [
                {
                    "title": _title(field, form),
                    "mine": _words(field, joined.values[field], form),
                    "theirs": _words(field, theirs[field], form),
                    "field": answers[f"keep_{field}"],
                    "new": answers["new_text"] if field == "text" else None,
                }
                for field in joined.both
            ],
            "told": [
                {"title": _title(field, form), "theirs": _words(field, theirs[field], form)}
                for field in joined.theirs
            ],
            "mine": _hidden(form),
        }
        return render(request, "journal/conflict.html", context, status=status)

    def _page(
        self,
        request: HttpRequest,
        note: Note,
        form: CorrectionForm,
        *,
        draft: Draft | None = None,
        token: uuid.UUID | None = None,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        name = services.correction_form(note)
        opened = opened_form(self.actor, note.family, name, draft=draft, token=token, refusal=refusal)
        context = {
            **opened,
            "form": form,
            "closed": note.withdrawn and not form.is_bound,
            "versions": selectors.versions(note),
            "sources": list(note.sources.select_related("note__author", "child_view__author")),
        }
        return render(request, "journal/correct.html", context, status=status)


class AnswerForm(forms.Form):
    """For each field that both changed: whose stands. A text may also be written anew."""

    def __init__(self, data: Any = None, *, joined: Merge, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.joined = joined
        for name in joined.both:
            choices = [(MINE, gettext_lazy("Mit")), (THEIRS, gettext_lazy("Den andens"))]
            if name == "text":
                choices.append((NEW, gettext_lazy("En ny tekst")))
                self.fields["new_text"] = forms.CharField(
                    label=gettext_lazy("Ny tekst"),
                    required=False,
                    max_length=20_000,
                    initial=joined.values["text"],
                    widget=forms.Textarea(attrs={"rows": 8}),
                )
            self.fields[f"keep_{name}"] = forms.ChoiceField(
                label=gettext_lazy("Hvad skal stå?"),
                choices=choices,
                widget=forms.RadioSelect(attrs={"class": "tiles"}),
            )

    def chosen(self, theirs: dict[str, Any]) -> dict[str, Any]:
        """The answers as values."""
        found: dict[str, Any] = {}
        for name in self.joined.both:
            answer = self.cleaned_data[f"keep_{name}"]
            if answer == THEIRS:
                found[name] = theirs[name]
            elif answer == NEW:
                found[name] = self.cleaned_data["new_text"]
        return found


def _values(note: Note, form: CorrectionForm) -> dict[str, Any]:
    """What the form says; a summary keeps its kind."""
    return {"kind": note.kind, **written(form)}


def _joined(found: Note, latest: Note, form: CorrectionForm) -> Merge:
    """The three-way join: the version that was opened, what was typed, the version that came in between."""
    form.is_valid()
    base = content_of(found)
    said = {name: form.cleaned_data[name] for name in base if name in form.cleaned_data}
    mine = base | {
        name: sorted(value) if isinstance(value, list) else value.strip() if isinstance(value, str) else value
        for name, value in said.items()
    }
    return merge(base, mine, content_of(latest))


def _title(name: str, form: CorrectionForm) -> str:
    return str(form.fields[name].label) if name in form.fields else name


def _words(name: str, value: Any, form: CorrectionForm) -> str:
    """A field's value as somebody reads it."""
    if name in ("situations", "themes"):
        titles = {word.code: word.title for word in form.words}
        return ", ".join(titles.get(code, code) for code in value) or "–"
    if name == "kind":
        return str(NoteKind(value).label)
    if name == "element" and value:
        return str(Element(value).label)
    if isinstance(value, Decimal):
        return f"{value:.0f}"
    return str(value or "–")


def _hidden(form: CorrectionForm) -> list[tuple[str, str]]:
    """What was typed, carried along unseen so that the draft keeps it; the reason stands in its field."""
    typed = form.data.lists() if isinstance(form.data, MultiValueDict) else []
    return [
        (name, value)
        for name, values in typed
        if name in form.fields and name != "reason"
        for value in (values if isinstance(values, list) else [values])
    ]
