"""The page of a family's mentalising work: where the parents stand, the focus, the sessions, and how it is done."""

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
from placement.access.no_video import refuse_files
from placement.access.roles import Action
from placement.families.models import Family, Person
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.meetings.focus import formulate_focus, standing_focus
from placement.meetings.models import FocusFormulation
from workflows.kernel.forms import DayField
from workflows.kernel.once import opened_token, submit_once
from workflows.kernel.strict import StrictForm
from workflows.mentalisation.forms import NO_VIDEO, people_choices, people_of, without_video
from workflows.mentalisation.picture import mentalisation_picture


class MentalisationPage(FamilyPage):
    """What a team lead reads: sessions per month, the focus, PRFQ at its points, and who holds the sessions."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "focus_url": reverse("focus-formulation", kwargs={"family": family.uuid})
            if self.actor.may(Action.FORMULATE_FOCUS)
            else "",
            **mentalisation_picture(family),
        }
        return render(request, "mentalisation/family.html", context)


class FocusForm(StrictForm):
    """Word the focus with the parents, or word it anew; begun from the version that stands."""

    error_css_class = "fds-error"

    made_on = DayField(label=gettext_lazy("Dato"))
    together_with = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem var med?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Fokus formuleres sammen med forældrene: mindst én af dem er med."),
    )
    understand = forms.CharField(
        label=gettext_lazy("Hvad prøver vi at forstå?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=NO_VIDEO,
    )
    parents_words = forms.CharField(
        label=gettext_lazy("Med forældrenes egne ord"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor formuleres det på ny?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, family: Family, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.standing: FocusFormulation | None = standing_focus(family)
        people = people_of(family.pk)
        self.people: dict[str, Person] = {str(person.uuid): person for person in people}
        field = self.fields["together_with"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = people_choices(people)
        self.initial.setdefault("made_on", clock.today())
        if self.standing is not None:
            self.fields["reason"].required = True
            for name in ("understand", "parents_words"):
                self.initial[name] = getattr(self.standing, name)
            self.initial["replaces"] = self.standing.version
        elif not self.is_bound:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        without_video(self, cleaned, "understand", "parents_words", "reason")
        return cleaned

    def wording(self) -> dict[str, Any]:
        """What `formulate_focus` takes, of a valid form."""
        cleaned = self.cleaned_data
        return {
            "made_on": cleaned["made_on"],
            "understand": cleaned["understand"],
            "parents_words": cleaned["parents_words"],
            "together_with": [self.people[given] for given in cleaned["together_with"]],
            "reason": cleaned.get("reason", ""),
            "replaces": cleaned.get("replaces") or 0,
        }


class FocusPage(FamilyPage):
    """Write a version of the focus."""

    read_action = Action.FORMULATE_FOCUS
    write_action = Action.FORMULATE_FOCUS

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return self._page(request, family, FocusForm(family=family))

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = FocusForm(request.POST, family=family)
        if not form.is_valid():
            return self._page(request, family, form, status=422)
        _done, refused = submit_once(
            request, "focus", family.uuid, produce=lambda: self._word(request, family, form)
        )
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Fokus er gemt."))
        return redirect("family-mentalisation", family=family.uuid)

    def _word(self, request: HttpRequest, family: Family, form: FocusForm) -> dict[str, Any]:
        refuse_files(request.FILES)
        made = formulate_focus(actor=self.actor, family=family, now=clock.now(), **form.wording())
        return {"focus": str(made.uuid)}

    def _page(
        self, request: HttpRequest, family: Family, form: FocusForm, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        context = {
            "task": {
                "title": _("Formulér fokus på ny") if form.standing else _("Formulér fokus"),
                "family_title": family_title(family),
                "family_url": reverse("family-mentalisation", kwargs={"family": family.uuid}),
                "element": "mentalisation",
                "due": None,
                "description": _("Sammen med forældrene. Det, der stod før, bliver stående og kan læses."),
            },
            "form": form,
            "submit_token": opened_token(request),
            "facts_version": "",
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/task.html", context, status=status)
