"""Setting a scene: an invented family brought by the cast to where a test begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from demo import walk
from demo.answers import decision_for
from demo.ground import lay_ground
from placement import clock
from placement.access.actor import Actor
from placement.families.codes import PersonKind
from placement.families.models import Consent, Family, Person
from placement.families.people import add_person
from placement.network.models import NetworkMember
from placement.network.people import add_member
from tests.cast import CODES
from workflows.conference.models import Conference
from workflows.conference.services import ask_conference
from workflows.investigation.models import Investigation, ParallelTrack
from workflows.investigation.parallel import begin_parallel_track
from workflows.investigation.services import begin_investigation
from workflows.journey.moves.consent import take_back_consent
from workflows.journey.services import begin_journey
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import Situation, version_of
from workflows.measuring.models import Administration
from workflows.measuring.services import Given, record_administration
from workflows.screening.models import Concern
from workflows.screening.services import receive_concern

#: What a notification of concern says: to be looked for where it must not be.
WHISPER = "Jeg er bedstemor, og jeg hører dem råbe om natten."
#: What the parents and the children of the scenes are called: to be looked for where they must not be.
PARENT, CHILD = "Maja Skjult", "Bo Skjult"
#: Somebody in the network of the scenes.
GRANDMOTHER = "Mormor"


def lately() -> datetime:
    """Some weeks ago: for a scene that goes on in real time, in which nothing has grown too old meanwhile."""
    return datetime.now(UTC) - timedelta(days=30)


def _nine_o_clock(*, days_ago: int) -> datetime:
    return datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)


@dataclass
class Scene:
    """One family of one municipality, and the moment up to which its story has been told."""

    town: str
    # At the same hour whenever the tests run: moves some hours apart then pass midnight at the same places.
    now: datetime = field(default_factory=lambda: _nine_o_clock(days_ago=360))
    rng: Random = field(default_factory=lambda: Random(7))
    family: Family = field(init=False)
    company: walk.Company = field(init=False)

    def __post_init__(self) -> None:
        self.company = walk.Company(self.town, CODES[self.town])
        caseworker = self.company.actor("caseworker")
        with self._standing(), caseworker.acting(), transaction.atomic():
            self.family = begin_journey(
                actor=caseworker,
                source="casework",
                enquiry_text="Skjult tekst om familien.",
                traits=["network"],
                people=[
                    {"kind": PersonKind.PARENT, "name": PARENT, "cpr": "0101900008", "custody_holder": True},
                    {"kind": PersonKind.CHILD, "name": CHILD, "born_on": clock.today() - timedelta(days=60)},
                ],
                now=self.now,
            )

    @contextmanager
    def _standing(self) -> Iterator[None]:
        with clock.standing_at(self.now):
            yield

    def open_tasks(self) -> list[Task]:
        """The family's open human tasks, oldest first."""
        return walk.open_tasks(self.company, self.family)

    def open_task(self, name: str, element: str = "") -> Task:
        """The open task of that node (of one element, where two have one of that name); raises LookupError for none."""
        for task in self.open_tasks():
            if task.flow_task.name == name and element in ("", task.element):
                return task
        raise LookupError(name)

    def take(self, task: Task, **otherwise: Any) -> Actor:
        """Let the right person complete a task, some hours after the one before; ``otherwise`` than usual."""
        self._go_on_by(task.flow_task.name)
        choices = {task.flow_task.name: otherwise}
        actor, _done = walk.take(self.company, task, now=self.now, rng=self.rng, choices=choices)
        return actor

    def a_task_for(self, part: str) -> dict[str, Any]:
        """A team meeting's answer by which one of the cast is given something to do."""
        with self._standing(), self.company.actor("teamlead").acting(), transaction.atomic():
            return decision_for(part, self.family, clock.today())

    def _go_on_by(self, name: str) -> None:
        """Some hours; a step is carried out some days after it was asked for, when it was planned."""
        self.now += timedelta(days=4) if name == "carry_out_step" else timedelta(hours=7)

    def take_as(self, part: str, name: str, **answer: Any) -> Task:
        """Let one chosen person read and complete the open task of that node with this answer."""
        self._go_on_by(name)
        actor, task = self.company.actor(part), self.open_task(name)
        with self._standing():
            lay_ground(actor, task, now=self.now)
        with self._standing(), actor.acting():
            with transaction.atomic():
                fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
                read = version_of(fresh.flow_task.facts(Situation(actor=actor, task=fresh, now=self.now)))
            return complete_task(
                actor=actor, task_uuid=task.uuid, data=answer, facts_version=read, now=self.now
            )

    def go_on(
        self, until: Callable[[Task], bool], *, skip: Callable[[Task], bool] = lambda task: False
    ) -> Task:
        """Take the oldest open task that is not skipped, again and again, until one stands open as wanted."""
        while True:
            tasks = self.open_tasks()
            wanted = next((task for task in tasks if until(task)), None)
            if wanted is not None:
                return wanted
            self.take(next(task for task in tasks if not skip(task)))

    def go_on_to(self, name: str, *, code: str | None = None) -> Task:
        """Until the task of that node stands open, by the shortest way: exit and journey, and a team."""
        from workflows.exit.selectors import latest_step

        def wanted(task: Task) -> bool:
            if task.flow_task.name != name:
                return False
            if code is None:
                return True
            with self.company.actor("authoritylead").acting(), transaction.atomic():
                step = latest_step(self.family)
            return step is not None and step.code == code

        return self.go_on(wanted, skip=_beside_the_way)

    def settle(self) -> None:
        """Until the family lives in the house with its team; the core elements are born in no order of their own."""
        self.go_on_to("plan_exit")
        self.take(self.open_task("appoint_team"))

    def receive_concern(self, part: str = "caseworker", **otherwise: Any) -> Concern:
        """Let somebody register a notification of concern that came just now."""
        told: dict[str, Any] = {
            "received_at": self.now,
            "notifier": "relative",
            "what": WHISPER,
            "acute": False,
            "violence_possible": False,
        }
        actor = self.company.actor(part)
        with self._standing(), actor.acting(), transaction.atomic():
            return receive_concern(actor=actor, family=self.family, now=self.now, **(told | otherwise))

    def begin_investigation(self, part: str = "caseworker", **otherwise: Any) -> Investigation:
        """Let somebody write down that the municipality became aware of a need today."""
        told: dict[str, Any] = {
            "aware_on": clock.danish_day(self.now),
            "why": "Sundhedsplejersken er bekymret for, om barnet får ro.",
            "violence_possible": False,
        }
        actor = self.company.actor(part)
        with self._standing(), actor.acting(), transaction.atomic():
            return begin_investigation(actor=actor, family=self.family, now=self.now, **(told | otherwise))

    def await_a_child(self, days: int = 150) -> Person:
        """The family awaits another child, with term so many days ahead."""
        with self._standing(), self.company.actor("caseworker").acting(), transaction.atomic():
            due_on = clock.danish_day(self.now) + timedelta(days=days)
            return add_person(family=self.family, kind=PersonKind.CHILD, due_on=due_on, now=self.now)

    def begin_two_plans(self, days: int = 150) -> ParallelTrack:
        """Let the caseworker begin plan A and plan B for a child that the family awaits."""
        child, actor = self.await_a_child(days), self.company.actor("caseworker")
        with self._standing(), actor.acting(), transaction.atomic():
            why = "Det er ikke sikkert, at barnet kan bo hos forældrene."
            return begin_parallel_track(actor=actor, family=self.family, child=child, why=why, now=self.now)

    def ask_conference(self, part: str = "caseworker", **otherwise: Any) -> Conference:
        """Let somebody ask the family's question, with somebody in the network to ask it with."""
        told: dict[str, Any] = {
            "question": "Hvem er hos familien om aftenen, når den er hjemme igen?",
            "consented_on": clock.danish_day(self.now),
            "consented_how": "written",
        }
        actor = self.company.actor(part)
        with self._standing(), actor.acting(), transaction.atomic():
            if not NetworkMember.objects.filter(family=self.family).exists():
                add_member(actor=actor, family=self.family, label=GRANDMOTHER, now=self.now)
            return ask_conference(actor=actor, family=self.family, now=self.now, **(told | otherwise))

    def take_back_consent(self) -> Consent:
        """Let the caseworker write down that the parent with custody takes the consent back."""
        with self._standing(), self.company.actor("caseworker").acting(), transaction.atomic():
            person = Person.objects.get(family=self.family, custody_holder=True)
            return take_back_consent(person=person, on=clock.today())

    def answer_epds(self, answered: dict[int, int]) -> Administration:
        """Let the practitioner write down what the parent answered, item by item, on the EPDS."""
        actor = self.company.actor("practitioner")
        with self._standing(), actor.acting(), transaction.atomic():
            return record_administration(
                actor=actor,
                family=self.family,
                instrument="epds",
                person=Person.objects.get(family=self.family, custody_holder=True),
                answered_on=clock.today(),
                respondent="parent",
                given=Given(answers=answered),
                now=self.now,
            )

    def go_on_to_the_end(self) -> None:
        """Until nothing stands open: closed, and every contact held."""
        while tasks := self.open_tasks():
            for task in tasks:
                self.take(task)


def _beside_the_way(task: Task) -> bool:
    return task.element not in {"journey", "exit"} and task.flow_task.name != "appoint_team"
