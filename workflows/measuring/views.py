"""The pages of a family's measurements: what is due, one instrument's form, and what one answer scored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.instruments import catalogue
from placement.instruments.definition import Definition, Entry
from placement.journal.models import Draft
from placement.journal.selectors import draft_to_resume
from placement.journal.services import take_draft
from placement.journal.views import draft_url
from workflows.kernel import drafts
from workflows.kernel.once import opened_token, submit_once
from workflows.measuring.forms import MeasureForm
from workflows.measuring.models import Administration
from workflows.measuring.own_answers.picture import asked_lines
from workflows.measuring.picture import administration_of, due_lines, instruments_for, made_lines, told
from workflows.measuring.services import Correction, record_administration


class MeasurementsPage(FamilyPage):
    """What is due, what can be measured with, and what has been answered, newest first."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        may = self.actor.may(Action.RECORD_MEASUREMENT)
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "due": due_lines(family, may=may),
            "instruments": instruments_for(family) if may else [],
            "made": made_lines(family),
            "asked": asked_lines(family, may=may),
            "reports_url": reverse("self-reports", kwargs={"family": family.uuid}),
        }
        return render(request, "measuring/measurements.html", context)


class AdministrationPage(FamilyPage):
    """One use of an instrument: its scores, what they ask for, and every answer."""

    def get(self, request: HttpRequest, family: Family, administration: UUID) -> HttpResponseBase:
        made = administration_of(family, administration)
        context = {
            "family_title": family_title(family),
            "back_url": reverse("measurements", kwargs={"family": family.uuid}),
            "made": told(self.actor, made),
        }
        return render(request, "measuring/administration.html", context)


class MeasurePage(FamilyPage):
    """Write down what was answered on one instrument; what is typed is kept while it is typed."""

    read_action = Action.RECORD_MEASUREMENT
    write_action = Action.RECORD_MEASUREMENT

    def get(self, request: HttpRequest, family: Family, instrument: str) -> HttpResponseBase:
        definition = definition_or_404(instrument)
        form = MeasureForm(definition=definition, family=family)
        draft = draft_to_resume(self.actor, family, self.form_name(instrument))
        if draft is not None:
            drafts.resume(form, draft)
        elif request.GET.get("person", "") in form.people:
            form.initial["person"] = request.GET["person"]
        return self._page(request, family, form, draft=draft)

    def post(self, request: HttpRequest, family: Family, instrument: str) -> HttpResponseBase:
        return self._take(
            request,
            family,
            MeasureForm(request.POST, definition=definition_or_404(instrument), family=family),
        )

    def _take(
        self, request: HttpRequest, family: Family, form: MeasureForm, corrects: Administration | None = None
    ) -> HttpResponseBase:
        if not form.is_valid():
            return self._page(request, family, form, status=422, corrects=corrects)
        done, refused = submit_once(
            request,
            "measure",
            family.uuid,
            form.definition.id,
            produce=lambda: self._record(request, family, form, corrects),
        )
        if refused:
            form.refuse(refused)
            return self._page(request, family, form, status=422, corrects=corrects)
        messages.success(request, _("Gemt: %(name)s") % {"name": form.definition.short})
        return redirect("administration", family=family.uuid, administration=done["administration"])

    def _record(
        self, request: HttpRequest, family: Family, form: MeasureForm, corrects: Administration | None
    ) -> dict[str, Any]:
        cleaned, now = form.cleaned_data, clock.now()
        made = record_administration(
            actor=self.actor,
            family=family,
            instrument=form.definition.id,
            # The version that the form on the screen was made for.
            instrument_version=request.POST.get("facts_version", ""),
            person=form.chosen_person(),
            answered_on=cleaned["answered_on"],
            respondent=cleaned["respondent"],
            given=form.given(),
            interpreter=cleaned["interpreter"],
            language=cleaned["language"],
            correction=Correction(corrects, cleaned["reason"]) if corrects else None,
            now=now,
        )
        take_draft(
            actor=self.actor,
            family=family,
            form=self.form_name(form.definition.id),
            submit_token=opened_token(request),
            now=now,
        )
        return {"administration": str(made.uuid)}

    @staticmethod
    def form_name(instrument: str) -> str:
        """The name under which an instrument's form keeps its draft."""
        return f"{drafts.MEASURE}{instrument}"

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        form: MeasureForm,
        *,
        status: int = 200,
        draft: Draft | None = None,
        corrects: Administration | None = None,
    ) -> HttpResponse:
        token = draft.submit_token if draft else opened_token(request)
        definition = form.definition
        title = _("Ret %(name)s") if corrects else "%(name)s"
        context = {
            "task": {
                "title": title % {"name": definition.title},
                "family_title": family_title(family),
                "family_url": reverse("measurements", kwargs={"family": family.uuid}),
                "element": definition.element,
                "due": None,
                "description": _about(definition),
            },
            "form": form,
            "submit_token": token,
            "facts_version": definition.version,
            # A correction is begun from what stands, and not from a draft of something new.
            "draft_url": "" if corrects else draft_url(family, self.form_name(definition.id), token),
            "draft_saved_at": draft.updated if draft else None,
            "refusal": None,
        }
        return render(request, "workflows/task.html", context, status=status)


class CorrectAdministrationPage(MeasurePage):
    """A new version of what was answered, with the reason; the earlier one stays to be read."""

    def get(self, request: HttpRequest, family: Family, administration: UUID) -> HttpResponseBase:  # type: ignore[override]
        old = administration_of(family, administration)
        form = MeasureForm(definition=definition_or_404(old.instrument), family=family, corrects=old)
        return self._page(request, family, form, corrects=old)

    def post(self, request: HttpRequest, family: Family, administration: UUID) -> HttpResponseBase:  # type: ignore[override]
        old = administration_of(family, administration)
        definition = definition_or_404(old.instrument)
        form = MeasureForm(request.POST, definition=definition, family=family, corrects=old)
        return self._take(request, family, form, old)


def definition_or_404(instrument: str) -> Definition:
    """The instrument of that name that has a form. Raises Http404."""
    definition = catalogue.find(instrument)
    if definition is None or definition.entry is Entry.GOALS:
        raise Http404
    return definition


def _about(definition: Definition) -> str:
    """How long it takes, where the words are, and by whose leave."""
    said = [_("Tager cirka %(minutes)d minutter.") % {"minutes": definition.minutes}]
    if definition.items is not None and catalogue.texts_of(definition, "da") is None:
        said.append(
            _(
                "Spørgsmålenes ordlyd er ikke lagt ind. Brug skemaet på papir, og sæt svarene over, som de står."
            )
        )
    said.append(_("Ophav: %(holder)s.") % {"holder": definition.licence.holder})
    return " ".join(said)
