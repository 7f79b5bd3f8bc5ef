"""Pages around a family's decisions: how things stand, what can be begun, a letter on paper, the templates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from placement import clock
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from workflows.decisions.act_forms import LetterTemplateForm
from workflows.decisions.acts import ACTS, ADDRESSES
from workflows.decisions.codes import LetterKind
from workflows.decisions.letters import PLACES, REQUIRED, standing_template
from workflows.decisions.models import DecisionLetter
from workflows.decisions.picture import decisions_picture, letter_state
from workflows.decisions.selectors import name_of
from workflows.decisions.services.letters import write_template
from workflows.journey.moves.base import Move
from workflows.journey.moves.views import MovePage
from workflows.kernel.once import opened_token, submit_once


class DecisionsPage(FamilyPage):
    """Parties, hearing, decisions with their letters, complaints, plan and track of one family."""

    read_action = Action.READ_DECISIONS

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            **decisions_picture(self.actor, family),
        }
        return render(request, "workflows/decisions.html", context)


class LetterPage(FamilyPage):
    """One party's letter, as it is printed."""

    read_action = Action.READ_DECISIONS

    def get(self, request: HttpRequest, family: Family, letter: UUID) -> HttpResponseBase:
        found = DecisionLetter.objects.filter(family=family, uuid=letter).select_related("party").first()
        if found is None:
            raise Http404
        state, word = letter_state(found)
        context = {
            "family_title": family_title(family),
            "decisions_url": reverse("decisions", kwargs={"family": family.uuid}),
            "party": name_of(found.party),
            "text": found.text,
            "state": state,
            "word": word,
            "complaint_until": found.complaint_until,
            "number": family.number,
        }
        return render(request, "workflows/letter.html", context)


class ActPage(MovePage):
    """One act: what it asks, and doing it; then back to the decisions."""

    def make(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        response = super().make(request, family)
        if response.status_code == 302 and response["Location"] != reverse("home"):
            return redirect("decisions", family=family.uuid)
        return response


def page_of(act: Move) -> type[ActPage]:
    """The page of one act, under the act's own action."""
    declared = {
        "move": act,
        "read_action": act.action,
        "write_action": act.action,
        "post": ActPage.make,
        "__module__": __name__,
    }
    return type(f"{act.slug.title().replace('-', '')}ActPage", (ActPage,), declared)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class LetterTemplatesPage(View):
    """The municipality's words for each kind of letter; ``?brev=`` says which is written anew."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        self._check(request)
        with transaction.atomic():
            return self._page(request, self._kind(request))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        self._check(request)
        kind = self._kind(request)
        form = LetterTemplateForm(request.POST)
        if not form.is_valid():
            return self._page(request, kind, form, status=422)
        _made, refused = submit_once(
            request, "letter-template", kind, produce=lambda: self._write(request, kind, form)
        )
        if refused:
            return self._page(request, kind, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Skabelonen er gemt. Den bruges til de næste breve."))
        return redirect(f"{reverse('letter-templates')}?brev={kind}")

    def _write(self, request: HttpRequest, kind: str, form: LetterTemplateForm) -> dict[str, Any]:
        text = form.cleaned_data["text"]
        made = write_template(actor=actor_of(request), kind=kind, text=text, now=clock.now())
        return {"template": str(made.uuid)}

    def _kind(self, request: HttpRequest) -> str:
        kind = request.GET.get("brev", LetterKind.PARENT.value)
        if kind not in LetterKind.values:
            raise Http404
        return kind

    def _check(self, request: HttpRequest) -> None:
        if not actor_of(request).may(Action.WRITE_LETTER_TEMPLATE):
            raise NotAllowed(_("Din rolle kan ikke skrive brevskabeloner."))

    def _page(
        self, request: HttpRequest, kind: str, form: Any = None, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        here = reverse("letter-templates")
        context = {
            "kinds": [
                {"title": title, "url": f"{here}?brev={value}", "current": value == kind}
                for value, title in LetterKind.choices
            ],
            "places": [
                {"name": name, "text": text, "required": name in REQUIRED} for name, text in PLACES.items()
            ],
            "form": form or LetterTemplateForm(initial={"text": standing_template(kind)}),
            "submit_token": opened_token(request),
            "cancel_url": reverse("day"),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/letter_templates.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("familier/<uuid:family>/afgoerelser/", DecisionsPage.as_view(), name="decisions"),
    path(
        "familier/<uuid:family>/afgoerelser/brev/<uuid:letter>/",
        LetterPage.as_view(),
        name="decision-letter",
    ),
    path("brevskabeloner/", LetterTemplatesPage.as_view(), name="letter-templates"),
    *(
        path(
            f"familier/<uuid:family>/afgoerelser/{ADDRESSES[act.slug]}/",
            page_of(act).as_view(),
            name=f"decision-{act.slug}",
        )
        for act in ACTS
    ),
]
