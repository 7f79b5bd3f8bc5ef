"""Min dag: what waits for whoever asks, the nearest deadline first, and the families they write about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from placement import clock
from placement.access import trail
from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import ROLE_TITLES, Action, Role
from placement.families.models import Family, Phase
from placement.families.people import family_title
from placement.journal.models import Draft, Note
from placement.journal.selectors import open_drafts
from placement.meetings.models import MeetingDecision
from placement.staffing.selectors import standing_in
from workflows.journey.deadlines import notice_line
from workflows.kernel import drafts
from workflows.kernel.clocks.selectors import unread
from workflows.kernel.models import Notice, Task
from workflows.screening.selectors import Hours, hours_left
from workflows.team.agenda import decisions_behind

#: Nothing written for so many days: the family is shown as quiet (our default).
QUIET_DAYS = 14
SHOWN = 60
UNDER_WAY = (Phase.STARTED, Phase.MOVED_IN, Phase.EXITED)


def task_card(task: Task, *, may: bool = True, note: str = "") -> dict[str, Any]:
    """A task as components/task_card.html shows it; without an address for somebody who may not do it."""
    return {
        "title": task.title,
        "url": reverse("task", kwargs={"task": task.uuid}) if may else "",
        "family_title": family_title(task.family) if task.family else "",
        "element": task.element,
        "due": task.due,
        "who": "" if may else str(ROLE_TITLES[Role(task.role)]),
        "note": note or _held(task) or _reminded(task),
    }


def _concern_card(task: Task, hours: Hours | None) -> dict[str, Any]:
    """The card of a notification that waits for its assessment: by which hour, and whether it is urgent."""
    urgent = _("Barnet kan være i fare lige nu.") if hours and hours.acute else ""
    due_at = hours.due_at if hours else None
    late = due_at is not None and due_at <= clock.now()
    return task_card(task, note=urgent) | {"due_at": due_at, "late": late}


def _held(task: Task) -> str:
    return _("givet til %(who)s") % {"who": task.owner} if task.owner_id is not None else ""


def _reminded(task: Task) -> str:
    told_at = getattr(task, "told_at", None)
    if told_at is None:
        return ""
    return _("påmindet %(day)s") % {"day": f"{clock.danish_day(told_at):%d.%m.%Y}"}


@require_GET
@transaction.non_atomic_requests
def day(request: HttpRequest) -> HttpResponse:
    """The page. Each family named on it is a look, written and committed first."""
    actor = actor_of(request)
    if not actor.may(Action.SEE_FAMILIES):
        raise NotAllowed(_("Din rolle giver ikke adgang til familiernes sager."))
    with transaction.atomic(durable=True):
        tasks = list(_waiting(actor)[:SHOWN])
        decided = decisions_behind(tasks)
        mine = list(_my_families(actor))
        begun = list(open_drafts(actor).prefetch_related("family__people"))
        news = list(unread(actor))
        named = {task.family_id for task in tasks if task.family_id}
        named |= {draft.family_id for draft in begun} | {family.pk for family in mine}
        named |= {notice.family_id for notice in news}
        trail.record_reads(family_ids=sorted(named), route="day", method="GET")
    with transaction.atomic():
        return render(request, "workflows/day.html", _context(actor, tasks, mine, begun, decided, news))


def _waiting(actor: Actor) -> Any:
    """What waits for the person, with everything a card shows, whatever the number of cards."""
    waiting = Task.objects.waiting_for(actor).select_related("family", "excluded", "owner", "process")
    return waiting.with_last_word().prefetch_related("family__people")


def _my_families(actor: Actor) -> Any:
    families = Family.objects.visible_to(actor).filter(phase__in=UNDER_WAY).order_by("number")
    return families.prefetch_related("people")[:SHOWN]


def _asked_by(task: Task) -> str:
    """Who cannot decide it, because they did the step before: asked for it, or reviewed the release."""
    who = {"who": task.excluded or "–"}
    if task.owner_permission == Action.APPROVE_RELEASE:
        return _("Gennemgået af %(who)s") % who
    return _("Ønsket af %(who)s") % who


def _context(
    actor: Actor,
    tasks: list[Task],
    mine: list[Family],
    begun: list[Draft],
    decided: dict[int, MeetingDecision],
    news: list[Notice],
) -> dict[str, Any]:
    today = clock.today()
    # A notification that waits for its assessment has hours, not days: before everything else.
    concerns = [task for task in tasks if task.owner_permission == Action.ASSESS_CONCERN]
    given = [task for task in tasks if task.owner_id == actor.staff_id and task not in concerns]
    others = [task for task in tasks if task not in concerns and task not in given]
    decide = [task for task in others if task.flow_task.decides]
    rest = [task for task in others if not task.flow_task.decides]

    def card(task: Task) -> dict[str, Any]:
        return task_card(task, note=decided[task.pk].text if task.pk in decided else "")

    def between(first: Any, last: Any) -> list[dict[str, Any]]:
        return [
            card(t)
            for t in rest
            if (first is None or (t.due and t.due >= first)) and (last is None or (t.due and t.due <= last))
        ]

    week = today + timedelta(days=7)
    hours = hours_left([task.process_id for task in concerns])
    draft_titles = drafts.titles(begun)
    return {
        "concerns": [_concern_card(t, hours.get(t.process_id)) for t in concerns],
        "given": [card(t) for t in given],
        "approvals": [task_card(t, note=_asked_by(t)) for t in decide],
        "overdue": between(None, today - timedelta(days=1)),
        "due_today": between(today, today),
        "next_week": between(today + timedelta(days=1), week),
        "later": [card(t) for t in rest if t.due is None or t.due > week],
        "drafts": [
            {
                "title": draft_titles[draft.pk],
                "family_title": family_title(draft.family),
                "saved_at": draft.updated,
                "url": page,
            }
            for draft in begun
            if (page := drafts.page_of(draft))
        ],
        "notices": [notice_line(notice) for notice in news],
        "families": _family_lines(actor, mine),
        # A decision that waits for the reader stands above the log, also on a phone.
        "logs": actor.may(Action.HOLD_SESSION) and bool(mine) and not decide,
        "standing_in": [
            {
                "name": str(one.stands_in_for),
                "role": one.get_role_display(),
                "until": one.ends,
            }
            for one in standing_in(actor)
        ],
        "costs_url": reverse("costs") if actor.may(Action.SEE_COSTS) else "",
        "enquiry_url": reverse("enquiry") if actor.may(Action.REGISTER_ENQUIRY) else "",
        "completeness_url": reverse("completeness") if actor.may(Action.SEE_COMPLETENESS) else "",
    }


def _family_lines(actor: Actor, mine: list[Family]) -> list[dict[str, Any]]:
    last = dict(
        Note.objects.standing()
        .filter(family__in=mine)
        .values_list("family")
        .annotate(latest=Max("happened_at"))
    )
    quiet_since = clock.now() - timedelta(days=QUIET_DAYS)
    return [
        {
            "title": family_title(family),
            "url": reverse("family", kwargs={"family": family.uuid}),
            "log_url": reverse("log", kwargs={"family": family.uuid}) if actor.may(Action.WRITE_NOTE) else "",
            "last_logged": clock.danish_day(last[family.pk]) if family.pk in last else None,
            "quiet": family.pk not in last or last[family.pk] < quiet_since,
        }
        for family in mine
    ]
