"""Pages about a family and its journey: the list, the family's page, an enquiry, a child's view, a birth, who looked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_GET

from placement import clock
from placement.access import trail
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.models import Staff, TrailRead
from placement.access.roles import ROLE_TITLES, Action, Role
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from workflows.decisions.acts import ACTS
from workflows.journey.enquiry import EnquiryForm
from workflows.journey.history import as_event, history
from workflows.journey.moves.registry import MOVES
from workflows.journey.picture import family_picture
from workflows.journey.services import begin_journey
from workflows.kernel.models import Task
from workflows.kernel.once import opened_token, submit_once

PER_PAGE = 25
READS_SHOWN = 200


@require_GET
@transaction.non_atomic_requests
def families(request: HttpRequest) -> HttpResponse:
    """The families the person may see, a page at a time; each one named is a look."""
    actor = actor_of(request)
    if not actor.may(Action.SEE_FAMILIES):
        raise NotAllowed(_("Din rolle giver ikke adgang til familiernes sager."))
    with transaction.atomic(durable=True):
        visible = Family.objects.visible_to(actor).order_by("-id")
        page = Paginator(
            visible.prefetch_related("people").select_related("site", "unit"), PER_PAGE
        ).get_page(request.GET.get("page"))
        listed = list(page.object_list)
        trail.record_reads(family_ids=[f.pk for f in listed], route="families", method="GET")
    with transaction.atomic():
        waiting = {}
        for task in Task.objects.open().filter(family__in=listed).order_by("-due", "-id"):
            waiting[task.family_id] = task
        context = {
            "families": [
                {
                    "title": family_title(family),
                    "url": reverse("family", kwargs={"family": family.uuid}),
                    "phase": family.get_phase_display(),
                    "phase_state": "yes" if family.closed_on else "now",
                    "place": str(family.site or family.unit),
                    "next_title": waiting[family.pk].title if family.pk in waiting else "",
                    "who": str(ROLE_TITLES[Role(waiting[family.pk].role)]) if family.pk in waiting else "",
                    "due": waiting[family.pk].due if family.pk in waiting else None,
                }
                for family in listed
            ],
            "page_obj": page,
            "enquiry_url": reverse("enquiry") if actor.may(Action.REGISTER_ENQUIRY) else "",
        }
        return render(request, "families/list.html", context)


class FamilyView(FamilyPage):
    """The family's page."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return render(request, "workflows/family.html", family_picture(self.actor, family))


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class EnquiryPage(View):
    """Register an enquiry and begin the journey."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        self._check(request)
        return self._page(request, EnquiryForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        self._check(request)
        form = EnquiryForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        answer, refused = submit_once(request, "enquiry", produce=lambda: self._register(request, form))
        if refused:
            return self._page(request, form, status=422, refusal={"reason": str(refused.message)})
        messages.success(request, _("Henvendelsen er registreret."))
        return redirect("family", family=answer["family"])

    def _register(self, request: HttpRequest, form: EnquiryForm) -> dict[str, Any]:
        cleaned = form.cleaned_data
        family = begin_journey(
            actor=actor_of(request),
            source=cleaned["source"],
            enquiry_text=cleaned["enquiry_text"],
            traits=cleaned["traits"],
            people=form.people(),
            now=clock.now(),
        )
        return {"family": str(family.uuid)}

    def _check(self, request: HttpRequest) -> None:
        if not actor_of(request).may(Action.REGISTER_ENQUIRY):
            raise NotAllowed(_("Din rolle kan ikke registrere henvendelser."))

    def _page(
        self, request: HttpRequest, form: Any, *, status: int = 200, refusal: Any = None
    ) -> HttpResponse:
        context = {
            "form": form,
            "submit_token": opened_token(request),
            "cancel_url": reverse("day"),
            "refusal": refusal,
        }
        return render(request, "workflows/enquiry.html", context, status=status)


class HistoryPage(FamilyPage):
    """Everything that has been written about the family, newest first, a page at a time."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        before = request.GET.get("foer")
        page = history(family, before=before)
        here = reverse("family-history", kwargs={"family": family.uuid})
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "events": [as_event(self.actor, family, entry) for entry in page.entries],
            "older_url": f"{here}?foer={page.older}" if page.older else "",
            "newest_url": here if before else "",
        }
        return render(request, "workflows/history.html", context)


class ReadsPage(FamilyPage):
    """Who has looked at the family, newest first: for the leads of the case."""

    read_action = Action.SEE_READ_HISTORY

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        newest = TrailRead.objects.filter(family_id=family.pk).order_by("-id")
        reads = list(newest[: READS_SHOWN + 1])
        more, reads = len(reads) > READS_SHOWN, reads[:READS_SHOWN]
        names = {s.pk: str(s) for s in Staff.objects.filter(pk__in={r.staff_id for r in reads})}
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "reads": [
                {"at": r.at, "who": names.get(r.staff_id, ""), "title": route_title(r.route, r.method)}
                for r in reads
            ],
            "shown": READS_SHOWN if more else 0,
        }
        return render(request, "workflows/reads.html", context)


ROUTE_TITLES = {
    "day": gettext_lazy("Min dag"),
    "time-week": gettext_lazy("Min uge: timer"),
    "api-time-week": gettext_lazy("Min uge: timer, gennem et andet system"),
    "costs-other": gettext_lazy("Andre udgifter til indsatsen"),
    "families": gettext_lazy("Listen over familier"),
    "deadlines": gettext_lazy("Listen over frister"),
    "waiting": gettext_lazy("Listen over ventetider"),
    "completeness": gettext_lazy("Fuldstændighed på stedet"),
    "api-completeness": gettext_lazy("Fuldstændighed på stedet, gennem et andet system"),
    "family": gettext_lazy("Familiens side"),
    "family-flow": gettext_lazy("Forløbet trin for trin"),
    "family-people": gettext_lazy("Personer i familien"),
    "family-team": gettext_lazy("Familiens team"),
    "family-meetings": gettext_lazy("Familiens møder"),
    "family-minutes": gettext_lazy("Referat af et møde"),
    "api-meetings": gettext_lazy("Familiens møder, gennem et andet system"),
    "family-history": gettext_lazy("Alt, der er skrevet"),
    "api-timeline": gettext_lazy("Alt, der er skrevet"),
    "family-reads": gettext_lazy("Hvem har set på sagen"),
    "child-view": gettext_lazy("Barnets perspektiv"),
    "family-consent": gettext_lazy("Samtykke"),
    "family-model": gettext_lazy("Familiens modelversion"),
    "api-family-model": gettext_lazy("Familiens modelversion, gennem et andet system"),
    "family-caseworker": gettext_lazy("Udpegning af rådgiver"),
    "concerns": gettext_lazy("Underretninger"),
    "network": gettext_lazy("Netværket"),
    "network-record": gettext_lazy("Netværket, en optegnelse"),
    "api-network": gettext_lazy("Netværket, gennem et andet system"),
    "api-network-record": gettext_lazy("Netværket, en optegnelse gennem et andet system"),
    "conferences": gettext_lazy("Familierådslagninger"),
    "conference-new": gettext_lazy("En familierådslagning, der bedes om"),
    "api-conferences": gettext_lazy("Familierådslagninger, gennem et andet system"),
    "measurements": gettext_lazy("Målinger"),
    "measure": gettext_lazy("Udfyldelse af et måleredskab"),
    "ask-parent": gettext_lazy("En kode til forælderens eget svar"),
    "self-reports": gettext_lazy("En kode, der tages tilbage"),
    "administration": gettext_lazy("En besvarelse"),
    "administration-correct": gettext_lazy("Rettelse af en besvarelse"),
    "api-administrations": gettext_lazy("Besvarelser gennem et andet system"),
    "api-measurement-points": gettext_lazy("Målinger, der skal tages, gennem et andet system"),
    "family-mentalisation": gettext_lazy("Mentaliserende arbejde"),
    "focus-formulation": gettext_lazy("Fokus for det mentaliserende arbejde"),
    "api-mentalisation": gettext_lazy("Mentaliserende arbejde, gennem et andet system"),
    "api-focus-formulations": gettext_lazy("Fokus for det mentaliserende arbejde, gennem et andet system"),
    "research": gettext_lazy("Listen over VIVEs udvalgte familier"),
    "family-research": gettext_lazy("VIVEs evaluering"),
    "registration": gettext_lazy("VIVEs registreringsskema"),
    "research-place": gettext_lazy("Familiens plads hos VIVE"),
    "research-record": gettext_lazy("Svar og status for VIVEs aktiviteter"),
    "api-research": gettext_lazy("VIVEs evaluering, gennem et andet system"),
    "api-research-place": gettext_lazy("Familiens plads hos VIVE, gennem et andet system"),
    "api-research-record": gettext_lazy("Svar og status for VIVEs aktiviteter, gennem et andet system"),
    "concern-new": gettext_lazy("Registrering af en underretning"),
    "investigation": gettext_lazy("Screening og undersøgelse"),
    "parallel-plans": gettext_lazy("Plan A og plan B til forældrene"),
    "api-investigations": gettext_lazy("Screening og undersøgelse, gennem et andet system"),
    "api-parallel-tracks": gettext_lazy("Plan A og plan B, gennem et andet system"),
    "api-involvement": gettext_lazy("Hvem der må inddrages, gennem et andet system"),
    "kept": gettext_lazy("Lovens frister"),
    "api-concerns": gettext_lazy("Underretninger, gennem et andet system"),
    "decisions": gettext_lazy("Parter og afgørelser"),
    "decision-letter": gettext_lazy("Et afgørelsesbrev"),
    "api-decisions": gettext_lazy("Parter og afgørelser, gennem et andet system"),
    **{f"decision-{act.slug}": act.title for act in ACTS},
    **{f"api-decision-{act.slug}": act.title for act in ACTS},
    "family-moves": gettext_lazy("Flere handlinger"),
    **{f"move-{move.slug}": move.title for move in MOVES},
    "api-moves": gettext_lazy("Flere handlinger, gennem et andet system"),
    **{f"api-move-{move.slug}": move.title for move in MOVES},
    "task": gettext_lazy("En opgave"),
    "log": gettext_lazy("Loggen"),
    "note-correct": gettext_lazy("Rettelse af et notat"),
    "note-take-back": gettext_lazy("Et notat, der tages tilbage"),
    "api-note-withdrawal": gettext_lazy("Et notat, der tages tilbage, gennem et andet system"),
    "weekly-summary": gettext_lazy("Ugeresumé"),
    "api-weekly-summary": gettext_lazy("Ugeresumé, gennem et andet system"),
    "parents-view": gettext_lazy("Det må forældrene læse"),
    "family-development": gettext_lazy("Udvikling"),
    "family-meeting-brief": gettext_lazy("Til mødet"),
    "family-development-pdf": gettext_lazy("Udvikling, udskrevet"),
    "family-meeting-brief-pdf": gettext_lazy("Til mødet, udskrevet"),
    "api-families": gettext_lazy("Listen over familier, gennem et andet system"),
    "api-family": gettext_lazy("Familiens oplysninger, gennem et andet system"),
    "api-clocks": gettext_lazy("Familiens frister, gennem et andet system"),
    "api-access-log": gettext_lazy("Hvem har set på sagen, gennem et andet system"),
    "api-exit-steps": gettext_lazy("Udslusningens trin, gennem et andet system"),
    "exit-ground": gettext_lazy("Udslusningens grundlag"),
    "exit-ground-record": gettext_lazy("Udslusningens grundlag"),
    "api-exit-ground": gettext_lazy("Udslusningens grundlag, gennem et andet system"),
    "api-notes": gettext_lazy("Loggen, gennem et andet system"),
    "api-note-corrections": gettext_lazy("Rettelse af et notat, gennem et andet system"),
    "api-measurements": gettext_lazy("Scoringer, gennem et andet system"),
    "api-goals": gettext_lazy("Mål, gennem et andet system"),
    "api-follow-ups": gettext_lazy("Opfølgninger på målene, gennem et andet system"),
    "api-tasks": gettext_lazy("Listen over opgaver, gennem et andet system"),
    "api-task": gettext_lazy("En opgave, gennem et andet system"),
    "api-task-complete": gettext_lazy("En opgave, gennem et andet system"),
}


def route_title(route: str, method: str) -> str:
    """What somebody looked at, in words; an address without a name of its own is shown as it is."""
    title = str(ROUTE_TITLES.get(route, route))
    return title if method in ("GET", "HEAD") else _("%(what)s (gemte noget)") % {"what": title}
