"""«Flere handlinger»: what people need now and then, one page each below the family."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.errors import Refused
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from workflows.journey.moves.base import Before, Move, do
from workflows.journey.moves.registry import MOVES
from workflows.kernel.once import opened_token, submit_once


class MovesPage(FamilyPage):
    """The moves that the reader's role carries: those that can be made now, and why the others cannot."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        before = Before(self.actor, family, clock.now())
        moves = [
            {
                "title": move.title,
                "help": move.help,
                "refusal": move.refusal(before),
                "url": reverse(f"move-{move.slug}", kwargs={"family": family.uuid}),
            }
            for move in MOVES
            if move.paged and self.actor.may(move.action)
        ]
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "open": [move for move in moves if move["refusal"] is None],
            "shut": [move for move in moves if move["refusal"] is not None],
        }
        return render(request, "workflows/moves.html", context)


class MovePage(FamilyPage):
    """One move: why it cannot be made, or what it asks (GET); making it (POST, see `page_of`)."""

    move: ClassVar[Move]

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        before = Before(self.actor, family, clock.now())
        reason = self.move.refusal(before)
        return self._page(request, family, self.move.form(before=before), refusal=reason or "")

    def make(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        before = Before(self.actor, family, clock.now())
        form = self.move.form(request.POST, before=before)
        if not form.is_valid():
            return self._page(request, family, form, status=422, refusal=self.move.refusal(before) or "")
        try:
            _made, refused = submit_once(
                request,
                self.move.slug,
                family.uuid,
                produce=lambda: do(self.move, before, dict(form.cleaned_data)),
            )
        except Refused as moved_on:
            # Where the family stands has changed: shown on the form, so that what was typed is not lost.
            if moved_on.status != 409:
                raise
            return self._page(request, family, form, status=409, refusal=str(moved_on.message))
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Gemt: %(title)s") % {"title": self.move.title})
        # The move may have taken the family out of the reader's sight.
        if Family.objects.visible_to(self.actor).filter(pk=family.pk).exists():
            return redirect("family", family=family.uuid)
        return redirect("home")

    def _page(
        self, request: HttpRequest, family: Family, form: Any, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        context = {
            "task": {
                "title": self.move.title,
                "family_title": family_title(family),
                "family_url": reverse("family", kwargs={"family": family.uuid}),
                "element": "",
                "due": None,
                "description": self.move.help,
            },
            "form": form,
            "submit_token": opened_token(request),
            "facts_version": "",
            "refusal": {"reason": refusal} if refusal else None,
            # Nothing to type where it cannot be made; what was typed already stays in sight.
            "shut": bool(refusal) and not form.is_bound,
        }
        return render(request, "workflows/task.html", context, status=status)


def page_of(move: Move) -> type[MovePage]:
    """The page of one move: its action is the move's, so that the permission tests read it off the class."""
    declared = {
        "move": move,
        "read_action": move.action,
        "write_action": move.action,
        "post": MovePage.make,
        "__module__": __name__,
    }
    return type(f"{move.slug.title().replace('-', '')}Page", (MovePage,), declared)


#: The Danish address of each page.
ADDRESSES = {
    "hand-over": "giv-opgave",
    "take-back": "tag-opgave-tilbage",
    "pause": "pause",
    "resume": "genoptag",
    "correct": "ret-trin",
    "path": "anden-bopael",
    "site": "skift-sted",
    "withdraw": "afbryd",
    "reopen": "aabn-igen",
    "investigate": "begynd-screening",
    "judge-risk": "vurder-risiko",
    "correct-awareness": "ret-opmaerksom",
    "parallel-track": "plan-a-og-b",
    "explain-late": "forklar-frist",
}

urlpatterns: list[URLPattern] = [
    path("familier/<uuid:family>/handlinger/", MovesPage.as_view(), name="family-moves"),
    *(
        path(
            f"familier/<uuid:family>/handlinger/{ADDRESSES[move.slug]}/",
            page_of(move).as_view(),
            name=f"move-{move.slug}",
        )
        for move in MOVES
        if move.paged
    ),
]
