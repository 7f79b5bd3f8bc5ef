"""Pages about a family and VIVE: where it stands, what is said and done, and its place among the chosen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.no_video import refuse_files
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from workflows.kernel.once import opened_token, submit_once
from workflows.research.acts import RECORDS, Act, carry_out, place_act
from workflows.research.forms import ResearchForm
from workflows.research.picture import family_research
from workflows.research.registration import answers, as_text
from workflows.research.standing import standing_of


class FamilyResearchPage(FamilyPage):
    """The family's place, each person's answer to each activity, and what is due."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            **family_research(self.actor, standing_of(family)),
        }
        return render(request, "research/family.html", context)


class RegistrationPage(FamilyPage):
    """VIVE's registration form with the family's answers, ready to copy. For those who do the work."""

    read_action = Action.RECORD_RESEARCH

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        listed = answers(family)
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "answers": listed,
            "complete": sum(not one.missing for one in listed),
            "as_text": as_text(listed),
            "people_url": reverse("family-people", kwargs={"family": family.uuid}),
        }
        return render(request, "research/registration.html", context)


class _ActPage(FamilyPage):
    """A form about the family and VIVE on a page of its own."""

    def _show(self, request: HttpRequest, family: Family, act: Act) -> HttpResponse:
        return self._page(request, family, act, act.form(standing=standing_of(family)))

    def _take(self, request: HttpRequest, family: Family, act: Act) -> HttpResponseBase:
        form = act.form(request.POST, standing=standing_of(family))
        if not form.is_valid():
            return self._page(request, family, act, form, status=422)
        _done, refused = submit_once(
            request,
            "research",
            family.uuid,
            act.slug,
            produce=lambda: self._write(request, act, form),
        )
        if refused:
            return self._page(request, family, act, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Gemt: %(title)s") % {"title": act.title})
        return redirect("family-research", family=family.uuid)

    def _write(self, request: HttpRequest, act: Act, form: ResearchForm) -> dict[str, Any]:
        refuse_files(request.FILES)
        return carry_out(act, actor=self.actor, form=form, now=clock.now())

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        act: Act,
        form: ResearchForm,
        *,
        status: int = 200,
        refusal: str = "",
    ) -> HttpResponse:
        context = {
            "task": {
                "title": act.title,
                "family_title": family_title(family),
                "family_url": reverse("family-research", kwargs={"family": family.uuid}),
                "element": "",
                "due": None,
                "description": act.description,
            },
            "form": form,
            "submit_token": opened_token(request),
            "facts_version": "",
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/task.html", context, status=status)


class ResearchRecordPage(_ActPage):
    """Write an answer, take one back, or say what became of an activity."""

    read_action = Action.RECORD_RESEARCH
    write_action = Action.RECORD_RESEARCH

    def get(self, request: HttpRequest, family: Family, act: str) -> HttpResponseBase:
        return self._show(request, family, act_of(act))

    def post(self, request: HttpRequest, family: Family, act: str) -> HttpResponseBase:
        return self._take(request, family, act_of(act))


class ResearchPlacePage(_ActPage):
    """Choose the family, or let it leave the chosen ones."""

    read_action = Action.CHOOSE_FOR_RESEARCH
    write_action = Action.CHOOSE_FOR_RESEARCH

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return self._show(request, family, place_act(standing_of(family)))

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return self._take(request, family, place_act(standing_of(family)))


def act_of(slug: str) -> Act:
    """The act of that name in the page's address. Raises Http404."""
    if slug not in RECORDS:
        raise Http404
    return RECORDS[slug]
