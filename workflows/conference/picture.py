"""A family's conferences as pages and the API show them: where each stands, its plan, its way as a picture."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.actor import Actor
from placement.families.models import Family
from placement.network.models import NetworkInvitation
from placement.templatetags.words import danish_date
from workflows.conference.flow import ConferenceFlow
from workflows.conference.models import Conference
from workflows.conference.selectors import conferences
from workflows.kernel.models import Task
from workflows.kernel.pictures.drawing import flow_picture
from workflows.kernel.pictures.graph import graph_of
from workflows.kernel.pictures.standing import NOWHERE, rows_of, said_of, sentence, stands


def state_of(conference: Conference) -> str:
    """asked, called (there is a coordinator), planned, answered (the plan is followed), closed or broken_off."""
    process = conference.process
    if process is not None and process.status == "CANCELED":
        return "broken_off"
    if process is not None and process.finished:
        return "closed"
    meetings = list(conference.meetings.all())
    if meetings:
        decision = getattr(meetings[-1], "decision", None)
        if decision is None:
            return "planned"
        # After a no the family meets again: nobody's answer is waited for.
        return "answered" if decision.approved else "called"
    return "called" if conference.coordinator_id else "asked"


def state_words() -> dict[str, tuple[str, str]]:
    """By state: the mark and the word."""
    return {
        "asked": ("wait", _("Venter på koordinator")),
        "called": ("now", _("Forberedes")),
        "planned": ("wait", _("Planen venter på svar")),
        "answered": ("now", _("Planen følges")),
        "closed": ("yes", _("Afsluttet")),
        "broken_off": ("no", _("Afbrudt")),
    }


def lines(actor: Actor, family: Family) -> list[dict[str, Any]]:
    """Every conference of the family, newest first; as many queries however many there are."""
    found = list(conferences(family))
    guests: dict[Any, list[NetworkInvitation]] = {one.uuid: [] for one in found}
    invited = NetworkInvitation.objects.filter(about__in=list(guests)).select_related("member", "safety")
    for row in invited.order_by("id"):
        guests[row.about].append(row)
    tasks: dict[int, list[Task]] = {one.process_id or 0: [] for one in found}
    for task in Task.objects.filter(process__in=list(tasks)).select_related("owner", "process"):
        tasks[task.process_id].append(task)
    waiting = Task.objects.waiting_for(actor).filter(process__in=list(tasks))
    mine = set(waiting.values_list("pk", flat=True)) if found else set()
    return [
        _line(one, guests[one.uuid], tasks[one.process_id or 0], mine, number)
        for number, one in enumerate(found, start=1)
    ]


def _line(
    conference: Conference,
    invited: list[NetworkInvitation],
    tasks: list[Task],
    mine: set[int],
    number: int,
) -> dict[str, Any]:
    graph = graph_of(ConferenceFlow)
    known = stands(tasks)
    today = clock.today()
    state, word = state_words()[state_of(conference)]
    title = _("Rådslagning, %(day)s") % {"day": danish_date(conference.asked_at)}
    told = sentence(graph, known)
    follow_up = getattr(conference, "follow_up", None)
    return {
        "id": f"conference{number}",
        "title": title,
        "state": state,
        "word": word,
        "question": conference.question,
        "consent": f"{danish_date(conference.consented_on)}, {conference.get_consented_how_display().lower()}",
        "coordinator": str(conference.coordinator or ""),
        "planned_on": conference.planned_on,
        "guests": [
            {
                "label": row.member.label,
                "terms": row.safety.terms,
                "came": {True: _("kom"), False: _("kom ikke"), None: _("inviteret")}[row.came],
            }
            for row in invited
        ],
        "meetings": [
            {
                "on": meeting.held_on,
                "private_time": meeting.private_time,
                "without_plan": meeting.without_plan,
                "changes_exit_plan": meeting.changes_exit_plan,
                "lines": [{"who": one.who, "what": one.what, "by": one.by_on} for one in meeting.lines.all()],
                "decision": _decision(meeting),
            }
            for meeting in conference.meetings.all()
        ],
        "follow_up": None
        if follow_up is None
        else {"on": follow_up.held_on, "works": follow_up.works, "text": follow_up.text},
        "tasks": [
            {"title": task.title, "url": reverse("task", kwargs={"task": task.uuid})}
            for task in tasks
            if task.pk in mine
        ],
        "sentence": told,
        "rows": rows_of(graph, known, today),
        "svg": flow_picture(
            graph,
            states={name: stand.state for name, stand in known.items()},
            said={
                place.name: said_of(place, known.get(place.name, NOWHERE), today) for place in graph.places
            },
            title=title,
            sentence=told,
            prefix=f"conference{number}",
        ),
    }


def _decision(meeting: Any) -> dict[str, Any] | None:
    decision = getattr(meeting, "decision", None)
    if decision is None:
        return None
    return {
        "approved": decision.approved,
        "reason": decision.reason,
        "who": str(decision.decided_by),
        "on": decision.decided_at,
    }
