"""The agenda of a meeting: the family's open goals, open tasks and running clocks, as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from placement.clock import danish_day, now
from placement.families.models import Family
from placement.meetings.models import AgendaItem, AgendaKind, Meeting, MeetingDecision
from placement.meetings.services import OnAgenda
from placement.progression.models import Goal
from placement.templatetags.words import danish_date
from workflows.kernel.clocks.tasks import TASK
from workflows.kernel.models import Clock, Task
from workflows.kernel.steps import Situation

#: Under this name a process keeps which meeting's decision it is about.
DECISION = "meeting_decision"


@dataclass(frozen=True)
class Line:
    """One thing on an agenda, in words, with the record it is about."""

    item: OnAgenda
    title: str

    @property
    def kind(self) -> str:
        return str(AgendaKind(self.item.kind).label)

    @property
    def due_on(self) -> date | None:
        return self.item.due_on

    def __str__(self) -> str:
        if self.due_on is None:
            return self.title
        return _("%(title)s (frist %(day)s)") % {"title": self.title, "day": danish_date(self.due_on)}


def agenda(family: Family, *, without: Task | None = None) -> list[Line]:
    """What a meeting about the family is about now, goals first; ``without`` is the meeting's own task."""
    goals = Goal.objects.active().filter(family=family).order_by("id")
    # A step's own deadline is read with the step.
    running = Clock.objects.running().open_at(now()).filter(family=family)
    clocks = running.exclude(trigger=TASK).order_by("due_at", "id")
    open_tasks = Task.objects.open().filter(family=family)
    if without is not None:
        open_tasks = open_tasks.exclude(pk=without.pk)
    tasks = list(open_tasks.select_related("process").order_by("due", "id"))
    return [
        *(Line(OnAgenda(AgendaKind.GOAL, goal.uuid), goal.title) for goal in goals),
        *(
            Line(OnAgenda(AgendaKind.TASK, task.uuid, task.due), title)
            for task, title in zip(tasks, task_titles(tasks), strict=True)
        ),
        *(
            Line(OnAgenda(AgendaKind.CLOCK, running.uuid, danish_day(running.due_at)), running.title)
            for running in clocks
        ),
    ]


def agendas_of(meetings: Sequence[Meeting]) -> dict[int, list[Line]]:
    """What was on the agenda of meetings of one family that were held, by the meeting's key.

    In the words of the records that the items point to; as many queries however many meetings.
    """
    items = list(AgendaItem.objects.filter(meeting__in=meetings).select_related("meeting").order_by("id"))
    wanted: dict[str, set[Any]] = {}
    for item in items:
        wanted.setdefault(item.kind, set()).add(item.record)
    families = {meeting.family_id for meeting in meetings}
    found = Task.objects.filter(uuid__in=wanted.get(AgendaKind.TASK, ()), family__in=families)
    tasks = list(found.select_related("process"))
    titles = dict(zip((task.uuid for task in tasks), task_titles(tasks), strict=True))
    goals = Goal.objects.filter(uuid__in=wanted.get(AgendaKind.GOAL, ()), family__in=families)
    clocks = Clock.objects.filter(uuid__in=wanted.get(AgendaKind.CLOCK, ()), family__in=families)
    titles |= dict(goals.values_list("uuid", "title")) | dict(clocks.values_list("uuid", "title"))
    lines: dict[int, list[Line]] = {meeting.pk: [] for meeting in meetings}
    for item in items:
        if item.record in titles:
            lines[item.meeting_id].append(Line(_as_listed(item), titles[item.record]))
    return lines


def _as_listed(item: AgendaItem) -> OnAgenda:
    return OnAgenda(item.kind, item.record, item.due_on)


def task_titles(tasks: list[Task]) -> list[str]:
    """The tasks' titles; one that a meeting decided on says what was decided."""
    decided = decisions_behind(tasks)
    return [decided[task.pk].text if task.pk in decided else str(task.title) for task in tasks]


def decisions_behind(tasks: list[Task]) -> dict[int, MeetingDecision]:
    """The meeting decisions that tasks came from, by the task's key; one query, none when there are none."""
    of_task = {task.pk: task.process.data[DECISION] for task in tasks if DECISION in task.process.data}
    if not of_task:
        return {}
    found = MeetingDecision.objects.filter(uuid__in=of_task.values()).select_related("person", "meeting")
    by_uuid = {str(decision.uuid): decision for decision in found}
    return {pk: by_uuid[uuid] for pk, uuid in of_task.items() if uuid in by_uuid}


def agenda_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The agenda as the step of a meeting shows it: one text for each kind of line."""
    lines = agenda(situation.family, without=situation.task)
    titles = {
        AgendaKind.GOAL: _("Dagsorden: åbne mål"),
        AgendaKind.TASK: _("Dagsorden: åbne opgaver"),
        AgendaKind.CLOCK: _("Dagsorden: frister, der løber"),
    }
    return [
        (title, "\n".join(str(line) for line in lines if line.item.kind == kind))
        for kind, title in titles.items()
    ]
