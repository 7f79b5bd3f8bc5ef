"""Walking a family through its journey as the cast: one open task at a time, through the one service."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random

from django.db import transaction

from demo.answers import Choices, answer
from demo.ground import lay_ground, rests_on_ground
from placement import clock
from placement.access.actor import Actor, actor_for
from placement.access.models import Staff
from placement.access.roles import LEADS, PERSONAL, Action
from placement.families.models import Family
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import Situation, version_of

#: Who of the cast takes a step first, by role; the second team lead stands in where the first may not.
_ORDER = (
    "caseworker",
    "caseworker2",
    "authoritylead",
    "practitioner",
    "teamlead",
    "teamlead2",
    "healthvisitor",
)


class Company:
    """The cast of one municipality, as they act on the day the clock shows.

    ``steady``: nobody's roles change while the company is at work, so each is looked up once.
    """

    def __init__(self, slug: str, municipality_id: int, *, steady: bool = False) -> None:
        self.slug = slug
        self.steady = steady
        self._met: dict[str, Actor] = {}
        self.municipality_id = municipality_id
        self._staff = {
            s.username.split(".")[1]: s for s in Staff.objects.filter(username__startswith=f"{slug}.")
        }

    def actor(self, part: str) -> Actor:
        """Somebody of the cast, by the second half of their user name; raises LookupError without a role today."""
        if self.steady and part in self._met:
            return self._met[part]
        found = actor_for(self._staff[part], self.municipality_id)
        if found is None:
            raise LookupError(part)
        self._met[part] = found
        return found

    @contextmanager
    def looking(self) -> Iterator[None]:
        """One transaction in which the cast's next move is found, by the lead who sees all of the unit's families."""
        with self.actor("authoritylead").acting(), transaction.atomic(savepoint=False):
            yield

    def for_task(self, task: Task) -> Actor:
        """Who of the cast may and does take ``task``; raises LookupError when nobody may."""
        action = Action(task.owner_permission)
        for part in sorted(_ORDER, key=lambda part: self._staff[part].pk != task.owner_id):
            actor = self.actor(part)
            if action in PERSONAL and task.owner_id != actor.staff_id and not actor.roles & LEADS:
                continue
            if not actor.may(action) or task.excluded_id == actor.staff_id:
                continue
            with self.looking():
                if Family.objects.visible_to(actor).filter(pk=task.family_id).exists():
                    return actor
        raise LookupError(f"nobody of the cast may do {action}")


def open_tasks(company: Company, family: Family) -> list[Task]:
    """The family's open human tasks, oldest first."""
    with company.looking():
        return list(Task.objects.open().filter(family=family).order_by("id"))


def take(
    company: Company,
    task: Task,
    *,
    now: datetime,
    rng: Random,
    choices: Choices | None = None,
    leaves: Collection[str] = (),
) -> tuple[Actor, Task]:
    """Let the right person of the cast complete ``task`` at ``now``; returns who did it, and the task.

    ``leaves``: conditions of exit steps that the cast leaves unmet.
    """
    with clock.standing_at(now):
        back = (choices or {}).get("evaluate_step", {}).get("result") == "back"
        if rests_on_ground(task):
            with company.looking():
                who = company.for_task(task)
            lay_ground(who, task, now=now, went_wrong=back, leaves=leaves)
        with company.looking():
            actor = company.for_task(task)
            fresh = Task.objects.select_related("process__family", "process__model_version").get(pk=task.pk)
            fresh.family = fresh.process.family
            read = None
            if fresh.flow_task.differs_from:
                # Who decides says on what; the other steps read their facts when they are completed.
                read = version_of(fresh.flow_task.facts(Situation(actor=actor, task=fresh, now=now)))
            data = answer(fresh, on=clock.danish_day(now), rng=rng, choices=choices)
        with actor.acting():
            done = complete_task(actor=actor, task_uuid=fresh.uuid, data=data, facts_version=read, now=now)
        return actor, done
