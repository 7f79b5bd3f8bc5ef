"""Staff's pages: making a code for a parent, and taking one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from placement import clock
from placement.access.errors import Refused
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.instruments.definition import Definition
from workflows.measuring.own_answers.forms import AskForm
from workflows.measuring.own_answers.models import SelfReport
from workflows.measuring.own_answers.services import (
    ask_parent,
    can_be_asked,
    take_code_back,
    turn_to_before,
    write_down,
)
from workflows.measuring.views import definition_or_404

FIELD_OF_REFUSAL = {"self-report-hours": "hours", "person-unknown": "person", "instrument-about": "person"}


class AskParentPage(FamilyPage):
    """Ask one parent; the answer to the form shows the code, this once, and it stands nowhere else."""

    read_action = Action.RECORD_MEASUREMENT
    write_action = Action.RECORD_MEASUREMENT

    def get(self, request: HttpRequest, family: Family, instrument: str) -> HttpResponseBase:
        return self._page(request, family, _askable(instrument), self._form(family))

    def post(self, request: HttpRequest, family: Family, instrument: str) -> HttpResponseBase:
        definition = _askable(instrument)
        form = self._form(family, request.POST)
        if not form.is_valid():
            return self._page(request, family, definition, form, status=422)
        try:
            # Not `submit_once`, which keeps its answer: a form sent twice makes a new code and takes the first back.
            report, code = ask_parent(
                actor=self.actor,
                family=family,
                instrument=definition.id,
                person=form.chosen_person(),
                hours=form.cleaned_data["hours"],
                now=clock.now(),
                real_now=timezone.now(),
                turn_to=form.cleaned_data["turn_to"],
            )
        except Refused as refused:
            if refused.status != 422:
                raise
            form.add_error(FIELD_OF_REFUSAL.get(refused.type), str(refused.message))
            return self._page(request, family, definition, form, status=422)
        return self._code(request, family, definition, report, code)

    def _form(self, family: Family, data: Any = None) -> AskForm:
        return AskForm(data, family=family, turn_to=turn_to_before(self.actor, family))

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        definition: Definition,
        form: AskForm,
        *,
        status: int = 200,
    ) -> HttpResponse:
        context = {**_frame(family, definition), "form": form}
        return render(request, "own_answers/ask.html", context, status=status)

    def _code(
        self, request: HttpRequest, family: Family, definition: Definition, report: SelfReport, code: str
    ) -> HttpResponse:
        address = request.build_absolute_uri(reverse("self-report"))
        context = {
            **_frame(family, definition),
            "code": code,
            "address": address,
            "qr": picture_of(f"{address}#{code}"),
            "person": str(report.person),
            "until": report.expires_at,
        }
        return render(request, "own_answers/made.html", context)


class SelfReportsPage(FamilyPage):
    """Take a code back, or try once more to write down what a parent sent."""

    write_action = Action.RECORD_MEASUREMENT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        report = _id(request.POST.get("report", ""))
        if "again" in request.POST:
            self._again(request, family, report)
        else:
            take_code_back(actor=self.actor, family=family, report=report, real_now=timezone.now())
            messages.success(request, _("Koden er taget tilbage. Den åbner ikke noget mere."))
        return redirect("measurements", family=family.uuid)

    def _again(self, request: HttpRequest, family: Family, report: str) -> None:
        found = SelfReport.objects.filter(family=family, uuid=report).first() if report else None
        if found is None:
            raise Refused(_("Koden hører ikke til familien. Genindlæs siden."), type="self-report-unknown")
        if write_down(report=found.pk, now=clock.now()) is None:
            messages.warning(request, _("Svaret kunne stadig ikke skrives ind. Grunden står ved svaret."))
        else:
            messages.success(request, _("Svaret er skrevet ind."))


def picture_of(text: str) -> str:
    """A QR code as a picture in the page: dark on light also at night, or no camera reads it."""
    made = segno.make_qr(text, error="m")
    svg = made.svg_inline(scale=6, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    # Made by the library of squares alone; the text stands in it as squares, not as letters.
    return mark_safe(svg)


def _frame(family: Family, definition: Definition) -> dict[str, Any]:
    return {
        "back_url": reverse("measurements", kwargs={"family": family.uuid}),
        "family_title": family_title(family),
        "title": str(definition.title),
        "short": definition.short,
    }


def _askable(instrument: str) -> Definition:
    definition = definition_or_404(instrument)
    if not can_be_asked(definition):
        raise Http404
    return definition


def _id(typed: str) -> str:
    """An id as it is typed by a form; "" for what is none."""
    try:
        return str(UUID(typed))
    except ValueError:
        return ""
