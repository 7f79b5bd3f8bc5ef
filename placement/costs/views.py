"""Tid: one's own week of hours, and the address that its draft is kept at."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from placement import clock
from placement.access import problems, trail
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.access.middleware import actor_of
from placement.access.pages import RolePage
from placement.access.roles import Action
from placement.costs import grid as grids
from placement.costs import selectors
from placement.costs.codes import Activity, CostStage
from placement.costs.models import TimeWeek
from placement.costs.selectors import Cell, OpenedWeek
from placement.costs.services.week import reopen_week, save_week
from placement.costs.services.week import save_draft as keep_draft
from placement.costs.weeks import Week
from placement.families.models import Family
from placement.families.people import family_title
from placement.progression.codes import Element

#: What the buttons of the page are called.
SAVE, SEND, REOPEN = "save", "send", "reopen"


def week_address(week: Week, **more: str) -> str:
    """The page of one week."""
    return f"{reverse('time-week')}?{urlencode({'uge': week.code, **more})}"


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class WeekPage(RolePage):
    """One's own week (``?uge=2026-W48``, else the present one). Each family it names is a look, committed first."""

    read_action = Action.REGISTER_TIME
    write_action = Action.REGISTER_TIME

    def get(self, request: HttpRequest) -> HttpResponseBase:
        opened = self._opened(request, self._week(request), like_last=request.GET.get("som") == "sidste")
        grid = grids.shown(opened)
        draft = opened.draft if "som" not in request.GET else None
        if draft is not None:
            grid = grids.with_draft(grid, draft.data, opened.families.values())
        return self._page(request, opened, grid)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        week, act = self._week(request), request.POST.get("do", "")
        opened = self._opened(request, week, named=grids.named(request.POST))
        if act == REOPEN:
            return self._reopen(request, opened)
        grid = grids.read(request.POST, opened.families.values())
        if act not in (SAVE, SEND):
            refused = Refused(_("Vælg, om ugen skal gemmes eller sendes."))
            return self._again(request, opened, grid, refused)
        if not grid.is_valid:
            return self._page(request, opened, grid, status=422)
        try:
            with transaction.atomic():
                save_week(
                    actor=self.actor,
                    week=week,
                    hours=grid.hours,
                    seen=_number(request.POST.get("seen", "")),
                    now=clock.now(),
                    send=act == SEND,
                    submit_token=_token(request),
                )
        except NotAllowed:
            raise
        except Refused as refused:
            return self._again(request, self._opened(request, week, looked=True), grid, refused)
        messages.success(
            request,
            _("Ugen er sendt. Tak.") if act == SEND else _("Ugen er gemt. Den er ikke sendt endnu."),
        )
        return redirect(week_address(week))

    def _reopen(self, request: HttpRequest, opened: OpenedWeek) -> HttpResponseBase:
        try:
            with transaction.atomic():
                reopen_week(
                    actor=self.actor,
                    week=opened.week,
                    reason=request.POST.get("reason", "").replace("\x00", ""),
                    now=clock.now(),
                )
        except NotAllowed:
            raise
        except Refused as refused:
            return self._again(request, opened, grids.shown(opened), refused)
        messages.success(request, _("Ugen er åben igen. Ret tallene, og send den."))
        return redirect(week_address(opened.week))

    def _week(self, request: HttpRequest) -> Week:
        return Week.read(request.GET.get("uge", "")) or Week.of(clock.today())

    def _opened(
        self,
        request: HttpRequest,
        week: Week,
        *,
        like_last: bool = False,
        named: list[str] | None = None,
        looked: bool = False,
    ) -> OpenedWeek:
        """The week, and the looks at the families that it names written and committed.

        ``named``: families that a form names; raises Http404 when one of them is not the person's to see.
        """
        with transaction.atomic(durable=True):
            opened = selectors.opened_week(self.actor, week, like_last=like_last)
            wanted = {
                text for text in named or [] if text not in {str(f.uuid) for f in opened.families.values()}
            }
            if wanted:
                opened.families.update(_found(self.actor, wanted))
            if not looked:
                shown = set(opened.families) if _is_open(opened) else {cell[0] for cell in opened.cells}
                trail.record_reads(
                    family_ids=sorted(pk for pk in shown if pk is not None),
                    route="time-week",
                    method=str(request.method),
                )
        return opened

    def _again(
        self, request: HttpRequest, opened: OpenedWeek, grid: grids.Grid, refused: Refused
    ) -> HttpResponse:
        grids.refused_at(grid, refused)
        return self._page(request, opened, grid, status=refused.status)

    def _page(
        self, request: HttpRequest, opened: OpenedWeek, grid: grids.Grid, *, status: int = 200
    ) -> HttpResponse:
        with transaction.atomic():
            return render(request, "costs/week.html", self._context(request, opened, grid), status=status)

    def _context(self, request: HttpRequest, opened: OpenedWeek, grid: grids.Grid) -> dict[str, Any]:
        week, kept, today = opened.week, opened.kept, Week.of(clock.today())
        is_open = _is_open(opened)
        token = _token(request) or uuid.uuid4()
        reopened = selectors.reopenings_of(kept) if kept else []
        coming = selectors.next_asked(self.municipality_id, week) if not opened.asked else None
        return {
            "week": week,
            "here": week_address(week),
            "before_url": week_address(week.later(-1)),
            "after_url": week_address(week.later(1)) if week < today else "",
            "like_last_url": week_address(week, som="sidste") if is_open else "",
            "asked": opened.asked,
            "next_asked": coming,
            "next_asked_url": week_address(coming) if coming is not None and coming <= today else "",
            "kept": kept,
            "is_open": is_open,
            "prefilled": opened.prefilled,
            "columns": [str(activity.label) for activity in Activity],
            "grid": grid,
            "spare_is_open": any(row.spare and row.written for row in grid.rows),
            "elements": grids.elements(),
            "stages": grids.stages(),
            "offered": [
                {"value": str(family.uuid), "title": family_title(family)} for family in opened.offered
            ],
            "nobody": grids.NOBODY,
            "lines": _lines(opened) if not is_open else [],
            "total": grids.write_hours(sum(opened.cells.values()) + sum(opened.hidden.values())) or "0",
            "hidden": grids.write_hours(sum(opened.hidden.values())),
            "seen": opened.revision,
            "submit_token": token,
            "draft_url": _draft_url(week, token) if is_open else "",
            "draft_saved_at": opened.draft.updated if opened.draft and is_open else None,
            "reopened": reopened,
            "corrections": _corrections(opened, kept, reopened),
            "reason": request.POST.get("reason", ""),
            "summary_url": reverse("costs") if self.actor.may(Action.SEE_COSTS) else "",
        }


def _is_open(opened: OpenedWeek) -> bool:
    """Whether there is a form: the week is asked for or begun, has not been sent, and does not lie ahead."""
    if opened.week > Week.of(clock.today()):
        return False
    return opened.kept.sent_at is None if opened.kept is not None else opened.asked


def _found(actor: Actor, named: set[str]) -> dict[int, Family]:
    """The families so named; raises Http404 when the person does not see one of them, or it is none."""
    try:
        ids = {uuid.UUID(text) for text in named}
    except ValueError:
        raise Http404 from None
    seen = Family.objects.visible_to(actor).filter(uuid__in=ids).prefetch_related("people")
    found = {family.pk: family for family in seen}
    if len(found) != len(ids):
        raise Http404
    return found


def _lines(opened: OpenedWeek) -> list[dict[str, Any]]:
    """A sent week as a list: about whom, in which element, what was done, how much of it all."""
    grid = grids.shown(opened)
    return [
        {
            "who": row.title,
            "element": dict(grids.elements())[row.element],
            "stage": dict(grids.stages())[row.stage] if row.stage != CostStage.OPERATION else "",
            "parts": [f"{cell.title} {cell.value}" for cell in row.cells if cell.value],
            "hours": grids.write_hours(sum(grids.read_hours(cell.value) for cell in row.cells)),
        }
        for row in grid.rows
        if row.written
    ]


def _about(opened: OpenedWeek, cell: Cell) -> dict[str, str]:
    family, element, stage, activity = cell
    if family is None:
        who = _("Ikke om en bestemt familie")
    else:
        who = (
            family_title(opened.families[family])
            if family in opened.families
            else _("En familie, du ikke ser mere")
        )
    return {
        "who": who,
        "element": str(Element(element).label) if element else _("På tværs"),
        "activity": str(Activity(activity).label),
        "stage": dict(grids.stages())[stage],
    }


def _corrections(opened: OpenedWeek, kept: TimeWeek | None, reopened: list[Any]) -> list[dict[str, Any]]:
    if kept is None or not reopened:
        return []
    return [
        {
            **_about(opened, one.cell),
            "before": grids.write_hours(one.before) or "0",
            "after": grids.write_hours(one.after) or "0",
            "at": one.at,
        }
        for one in selectors.corrections(kept, reopened)
    ]


def _draft_url(week: Week, token: uuid.UUID) -> str:
    return f"{reverse('time-draft', kwargs={'token': token})}?{urlencode({'uge': week.code})}"


@require_POST
def save_draft(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Keep what is being typed in one's week; 204 when that form has been saved meanwhile.

    Somebody who is logged out gets 401 and never a redirect: the script says so, and the numbers stay there.
    Somebody else who has logged in on the same device since does not get them as theirs (409).
    """
    if getattr(request, "actor", None) is None:
        return problems.document(401, "not-authenticated", _("Du er logget ud. Log ind i en ny fane."))
    actor = actor_of(request)
    if not actor.may(Action.REGISTER_TIME):
        return problems.document(403, "not-allowed", problems.NOT_ALLOWED_DETAIL)
    if request.headers.get("X-Person", str(actor.staff.uuid)) != str(actor.staff.uuid):
        return problems.document(
            409, "other-person", _("En anden er logget ind på enheden. Log ind som dig selv i en ny fane.")
        )
    week = Week.read(request.GET.get("uge", ""))
    if week is None:
        return problems.document(422, "week-unknown", _("Skriv ugen som 2026-W48."))
    now = clock.now()
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    try:
        kept = keep_draft(actor=actor, week=week, token=token, data=typed, now=now)
    except Refused as refused:
        return problems.document(refused.status, refused.type, str(refused.message))
    return JsonResponse({"saved_at": now.isoformat()}) if kept else HttpResponse(status=204)


save_draft.login_required = False  # type: ignore[attr-defined]  # it answers 401 itself


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("submit_token", ""))
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
