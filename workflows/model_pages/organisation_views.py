"""The organisation around the model: the municipality's own words, and each site's yearly self-assessment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.models import Site
from placement.access.roles import Action
from workflows.kernel.once import opened_token, submit_once
from workflows.model_pages.forms import AssessmentForm, TextForm
from workflows.model_pages.pages import ModelPage
from workflows.model_versions.content import Model
from workflows.model_versions.models import SelfAssessment, TextKind
from workflows.model_versions.organisation import (
    Heading,
    assess_site,
    headings,
    own_sites,
    write_text,
)
from workflows.model_versions.services import version_in_force


class _OrganisationPage(ModelPage):
    def model(self) -> Model:
        return version_in_force(clock.today()).model

    def headings(self) -> list[Heading]:
        return headings(municipality_id=self.municipality_id, model=self.model())


class OrganisationPage(_OrganisationPage):
    """Prerequisites and values, in the municipality's words where it has any; ``?ret=`` says which to write."""

    write_action = Action.WRITE_ORGANISATION

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if not self.actor.may(Action.WRITE_ORGANISATION):
            return self._page(request, None)
        return self._page(request, TextForm(heading=self._heading(request.GET.get("ret", ""))))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = TextForm(request.POST, heading=self._heading(request.POST.get("key", "")))
        if not form.is_valid():
            return self._page(request, form, status=422)
        _done, refused = submit_once(
            request, "organisation", form.cleaned_data["key"], produce=lambda: self._write(form)
        )
        if refused:
            return self._page(request, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Det er gemt."))
        return redirect("model-organisation")

    def _heading(self, key: str) -> Heading | None:
        return next((heading for heading in self.headings() if heading.key == key), None)

    def _write(self, form: TextForm) -> dict[str, Any]:
        given = {"kind": "", "title": ""} | form.cleaned_data
        text = write_text(actor=self.actor, model=self.model(), now=clock.now(), **given)
        return {"text": str(text.uuid)}

    def _page(
        self, request: HttpRequest, form: TextForm | None, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        here = reverse("model-organisation")
        found = self.headings()
        chosen = str(form["key"].value() or "") if form is not None else ""
        year = clock.today().year
        context = {
            "headings": [
                {
                    "title": heading.title,
                    "kind": str(TextKind(heading.kind).label),
                    "text": heading.text,
                    "who": str(heading.local.written_by) if heading.local else "",
                    "at": heading.local.written_at if heading.local else None,
                    "url": f"{here}?ret={heading.key}" if form is not None else "",
                }
                for heading in found
            ],
            "sites": self._sites(year),
            "year": year,
            "assess_url": reverse("model-self-assessment") if self.actor.may(Action.ASSESS_SITE) else "",
            "form": form,
            "writing": next((heading.title for heading in found if heading.key == chosen), ""),
            "here": here,
            "submit_token": opened_token(request),
            "versions_url": reverse("model"),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "model/organisation.html", context, status=status)

    def _sites(self, year: int) -> list[dict[str, Any]]:
        """Each site with its latest self-assessment, and whether this year's is missing."""
        latest: dict[int, SelfAssessment] = {}
        made = SelfAssessment.objects.filter(municipality_id=self.municipality_id)
        for one in made.select_related("made_by").prefetch_related("lines").order_by("year"):
            latest[one.site_id] = one
        return [
            {
                "name": site.name,
                "due": site.pk not in latest or latest[site.pk].year < year,
                "assessment": latest.get(site.pk),
            }
            for site in Site.objects.filter(municipality_id=self.municipality_id).order_by("name")
        ]


class SelfAssessmentPage(_OrganisationPage):
    """A team lead assesses their site, once a year."""

    read_action = Action.ASSESS_SITE
    write_action = Action.ASSESS_SITE

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, self._form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        _done, refused = submit_once(
            request, "self-assessment", form.cleaned_data["site"], produce=lambda: self._assess(form)
        )
        if refused:
            return self._page(request, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Selvvurderingen er gemt."))
        return redirect("model-organisation")

    def _form(self, *data: Any) -> AssessmentForm:
        asked = [heading for heading in self.headings() if heading.kind == TextKind.PREREQUISITE]
        return AssessmentForm(
            *data,
            sites=own_sites(self.actor),
            asked=asked,
            levels=self.model().self_assessment_levels,
        )

    def _assess(self, form: AssessmentForm) -> dict[str, Any]:
        site = next(site for site in own_sites(self.actor) if str(site.uuid) == form.cleaned_data["site"])
        made = assess_site(
            actor=self.actor, site=site, model=self.model(), answers=form.answers(), now=clock.now()
        )
        return {"assessment": str(made.uuid)}

    def _page(
        self, request: HttpRequest, form: AssessmentForm, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        context = {
            "form": form,
            "year": clock.today().year,
            "submit_token": opened_token(request),
            "organisation_url": reverse("model-organisation"),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "model/self_assessment.html", context, status=status)
