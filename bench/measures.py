"""What is measured on the database: nine ways of ours, each against the least that could do the same."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from viewflow.workflow.models import Process as PlainProcess
from viewflow.workflow.models import Task as PlainTask

from bench.developing import compare_development
from bench.extracting import compare_extracts
from bench.listing import compare_lists
from bench.plain import PlainFlow
from bench.sweeping import compare_sweeps
from bench.timing import Comparison, Way, compare
from bench.urls import ONE_QUERY
from demo.answers import answer
from demo.families import STORIES, create_family
from demo.staffing import train_the_cast
from demo.walk import Company, open_tasks
from placement import clock
from placement.access.actor import Actor
from placement.families.models import Family
from placement.journal.services import write_note
from workflows.kernel.api import Lines
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task

#: A page of the worklist.
PAGE = 50
SLUG, MUNICIPALITY = "greve", 253
#: The story of the family that is looked at and worked on: three months in the house, all elements under way.
STORY = next(number for number, story in enumerate(STORIES) if story.name == "tre måneder inde")


@dataclass(frozen=True)
class Bench:
    """The people and the family that the measures work with."""

    company: Company
    practitioner: Actor
    family: Family
    rounds: int

    @classmethod
    def prepare(cls, rounds: int) -> Bench:
        """Tell one family through the real services; its practitioner then does the work."""
        company = Company(SLUG, MUNICIPALITY)
        # Some of what the story tells takes a certificate.
        train_the_cast(company, clock.now())
        family = create_family(company, STORIES[STORY], number=STORY, now=clock.now(), say=lambda words: None)
        return cls(company, company.actor("practitioner"), family, rounds)

    def measures(self) -> dict[str, Callable[[], list[Comparison]]]:
        """What can be measured in the database that was seeded, by short names, in the order of the table."""
        return {
            "family-page": lambda: [self.family_page()],
            "development": lambda: compare_development(
                self.company, self.family, story=STORY, rounds=self.rounds
            ),
            "quick-log": lambda: [self.quick_log()],
            "human-task": lambda: [self.human_task()],
            "worklist": lambda: [self.worklist()],
            "sweep": lambda: [self.sweep()],
            "due-list": lambda: [self.due_list()],
            "extract": lambda: [compare_extracts(rounds=self.rounds)],
        }

    def family_page(self) -> Comparison:
        """The heaviest page against the lightest, both through the whole stack in this process."""
        client = Client(SERVER_NAME="localhost")
        client.force_login(self.practitioner.staff)
        address = reverse("family", kwargs={"family": self.family.uuid})

        def get(path: str) -> None:
            response = client.get(path)
            if response.status_code != 200:
                raise RuntimeError(f"{path} answers {response.status_code}")

        with override_settings(ROOT_URLCONF="bench.urls"):
            return compare(
                "family page / page with one query",
                Way("the family's page", lambda _: get(address)),
                Way("a page with one query behind the same middleware", lambda _: get(ONE_QUERY)),
                rounds=self.rounds,
            )

    def quick_log(self) -> Comparison:
        """A note with a score, once only by its token, trail and all, against one row of a plain table."""

        def note(_: Any) -> None:
            write_note(
                actor=self.practitioner,
                family=self.family,
                kind="observation",
                text="Rolig morgen. Mor tog selv barnet op.",
                score=Decimal(6),
                element="progression",
                submit_token=uuid.uuid4(),
                now=clock.now(),
            )

        def row(_: Any) -> None:
            with transaction.atomic():
                Session.objects.create(
                    session_key=uuid.uuid4().hex, session_data="x" * 200, expire_date=timezone.now()
                )

        with self.practitioner.acting():
            return compare(
                "saving a quick log / plain ORM insert",
                Way("draft taken, measurement, note, with their trail", note),
                Way("one row by the ORM in a table without guards", row),
                rounds=self.rounds,
            )

    def human_task(self) -> Comparison:
        """One session held: lock, guard, form, record, trail and row security, against the same loop without."""
        PlainFlow.start.run()

        def ready() -> tuple[Task, dict[str, Any]]:
            task = next(
                t for t in open_tasks(self.company, self.family) if t.flow_task.name == "hold_session"
            )
            with transaction.atomic():
                task = Task.objects.select_related("family", "process").get(pk=task.pk)
                return task, answer(task, on=clock.today(), rng=Random(1))

        def ours(given: tuple[Task, dict[str, Any]]) -> None:
            task, data = given
            complete_task(actor=self.practitioner, task_uuid=task.uuid, data=data, now=clock.now())

        def plain(_: Any) -> None:
            with transaction.atomic():
                task = PlainTask.objects.select_related("process").get(
                    flow_task=PlainFlow.hold_session, finished__isnull=True
                )
                activation = task.flow_task.activation_class(task)
                activation.assign(self.practitioner.staff)
                activation.start(None)
                activation.process.data = {"held_on": str(clock.today()), "focus": "x" * 60}
                activation.process.save()
                activation.execute()

        with self.practitioner.acting():
            return compare(
                "completing a human task / plain Viewflow",
                Way("a session held: lock, rights, guard, form, record, trail, row security", ours, ready),
                Way("the same loop in plain Viewflow, its data kept on the process", plain),
                rounds=self.rounds,
            )

    def worklist(self) -> Comparison:
        """The first page of one practitioner's worklist, against SQL written by hand for exactly that page."""

        def ours(_: Any) -> list[dict[str, Any]]:
            with transaction.atomic():
                waiting = Task.objects.waiting_for(self.practitioner).as_lines()
                return list(map(Lines().of_row, waiting[:PAGE]))

        def by_hand(_: Any) -> list[dict[str, Any]]:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_WORKLIST, {**self._reach(), "page": PAGE})
                today = clock.today()
                return [_line(row, today) for row in cursor.fetchall()]

        with self.practitioner.acting():
            if [t["id"] for t in ours(None)] != [t["id"] for t in by_hand(None)]:
                raise RuntimeError("the two worklists differ")
            return compare(
                "worklist / hand-written SQL",
                Way(f"the first {PAGE} of one practitioner's tasks, as the API shows them", ours),
                Way("the same page by hand-written SQL on the same connection", by_hand),
                rounds=self.rounds,
            )

    def sweep(self) -> Comparison:
        """One municipality's round over its deadlines, against one statement written by hand."""
        return compare_sweeps(MUNICIPALITY, rounds=self.rounds)

    def due_list(self) -> Comparison:
        """The first page of a unit's deadlines, against SQL written by hand for exactly that page."""
        return compare_lists(self.company.actor("authoritylead"), rounds=self.rounds)

    def _reach(self) -> dict[str, Any]:
        return {
            "municipality": MUNICIPALITY,
            "staff": self.practitioner.staff_id,
            "today": clock.today(),
            "permissions": [action.value for action in self.practitioner.actions],
        }


_WORKLIST = """
SELECT t.uuid, f.uuid, t.element, t.flow_task, t.due
  FROM kernel_task t JOIN families_family f ON f.id = t.family_id
 WHERE t.municipality_id = %(municipality)s AND t.finished IS NULL AND t.flow_task_type = 'HUMAN'
   AND t.owner_permission = ANY (%(permissions)s) AND t.excluded_id IS DISTINCT FROM %(staff)s
   AND t.family_id IN (SELECT content_object_id FROM families_familygrant
                        WHERE municipality_id = %(municipality)s AND user_id = %(staff)s AND starts <= %(today)s
                          AND (ends IS NULL OR ends >= %(today)s))
 ORDER BY t.due, t.id LIMIT %(page)s
"""


def _line(row: tuple[Any, ...], today: date) -> dict[str, Any]:
    """A row as the API's worklist shows it; the title is looked up as it must be, the address written out."""
    from viewflow.workflow.fields import import_task_by_ref

    task, family, element, node, due = row
    step = import_task_by_ref(node)
    return {
        "id": str(task),
        "family": str(family),
        "release": None,
        "element": element,
        "node": step.name,
        "title": str(step.task_title),
        "due": due,
        "overdue": due is not None and due < today,
        "url": f"/opgaver/{task}/",
    }


@contextmanager
def plain_tables(superuser: Any) -> Iterator[None]:
    """Let the web role into the engine's own tables for as long as the bench runs: they are nobody's otherwise."""
    tables = ", ".join(
        f'"{name}"'
        for name in (
            PlainProcess._meta.db_table,
            PlainTask._meta.db_table,
            PlainTask.previous.through._meta.db_table,
        )
    )
    superuser.execute(f"GRANT SELECT, INSERT, UPDATE ON {tables} TO ff_web")
    try:
        yield
    finally:
        superuser.execute(f"REVOKE ALL ON {tables} FROM ff_web")
