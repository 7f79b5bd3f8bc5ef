"""The page of a week's summary: what was written, a draft made of it, and the signed note."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement import clock
from placement.access.errors import NotAllowed, Refused
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.journal import selectors
from placement.journal.forms import initial_from
from placement.journal.models import Draft
from placement.journal.views import opened_form, saved, token_of
from placement.journal.weekly import (
    Sources,
    Week,
    assembled,
    sign_summary,
    sources_of,
    summary_of,
    weekly_form,
)
from placement.templatetags.words import danish_date, danish_moment

WORDS_SHOWN = 90
FIELD_OF_REFUSAL = {"note-empty": "text", "sources-missing": "sources"}


class WeeklyForm(forms.Form):
    """The text, and the notes that it is made of."""

    text = forms.CharField(
        label=gettext_lazy("Ugens resumé"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy("Udkastet er samlet af ugens notater. Ret det, så det kan læses af andre."),
    )
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Notater, resuméet bygger på"),
        required=False,
        help_text=gettext_lazy("Fjern hakket ved det, du har taget ud af teksten."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Et af notaterne er rettet eller taget tilbage imens. Se listen igen."
            )
        },
    )

    def __init__(self, data: Any = None, *, known: Sources, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["sources"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = _choices(known)
        self.initial.setdefault("text", assembled(known))
        self.initial.setdefault("sources", [value for value, _title in field.choices])


def _choices(known: Sources) -> list[tuple[str, str]]:
    noted = [
        (
            str(note.uuid),
            f"{danish_moment(note.happened_at)} · {note.get_kind_display()} · {note.author}: "
            f"{Truncator(note.text).chars(WORDS_SHOWN)}",
        )
        for note in known.notes
    ]
    viewed = [
        (
            str(view.uuid),
            f"{danish_date(view.obtained_on)} · {_('Barnets perspektiv')} · {view.author}: "
            f"{Truncator(view.text).chars(WORDS_SHOWN)}",
        )
        for view in known.child_views
    ]
    return [*noted, *viewed]


class WeeklySummary(FamilyPage):
    """One week (``?uge=2026-W48``, else the present one): its summary, or the form for it."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        week = self._week(request)
        known = sources_of(family, week)
        draft = selectors.draft_to_resume(self.actor, family, weekly_form(week))
        begun = initial_from(draft.data) if draft else {}
        form = WeeklyForm(known=known, initial=begun)
        return self._page(request, family, week, form, draft=draft)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        week, token = self._week(request), token_of(request)
        form = WeeklyForm(request.POST, known=sources_of(family, week))
        if not form.is_valid():
            return self._page(request, family, week, form, token=token, status=422)
        try:
            note = sign_summary(
                actor=self.actor,
                family=family,
                week=week,
                text=form.cleaned_data["text"],
                sources=[uuid.UUID(value) for value in form.cleaned_data["sources"]],
                now=clock.now(),
                submit_token=token,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            field = FIELD_OF_REFUSAL.get(refused.type)
            if field:
                form.add_error(field, str(refused.message))
            said = None if field else refused
            return self._page(request, family, week, form, token=token, refusal=said, status=refused.status)
        return saved(request, family, note)

    def _week(self, request: HttpRequest) -> Week:
        given = request.GET.get("uge", "")
        week = Week.read(given) if given else Week.of(danish_day(clock.now()))
        if week is None or not clock.is_possible(week.starts, today=clock.today()):
            raise Http404
        return week

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        week: Week,
        form: WeeklyForm,
        *,
        draft: Draft | None = None,
        token: uuid.UUID | None = None,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        here = reverse("weekly-summary", kwargs={"family": family.uuid})
        summary = summary_of(family, week)
        standing = summary if summary and not summary.withdrawn else None
        writing = standing is None or draft is not None or status != 200
        this_week = Week.of(clock.today())
        opened = opened_form(self.actor, family, weekly_form(week), draft=draft, token=token, refusal=refusal)
        context = {
            **opened,
            "week": week,
            "here": f"{here}?uge={week.code}",
            "before_url": f"{here}?uge={week.later(-1).code}",
            "after_url": f"{here}?uge={week.later(1).code}" if week.starts < this_week.starts else "",
            "summary": standing,
            "sources": list(standing.sources.select_related("note__author", "child_view__author"))
            if standing
            else [],
            "correct_url": reverse("note-correct", kwargs={"family": family.uuid, "note": standing.uuid})
            if standing
            else "",
            "form": form if writing else None,
            "empty": not form["sources"].field.choices,  # type: ignore[attr-defined]
        }
        return render(request, "journal/weekly.html", context, status=status)
