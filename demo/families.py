"""The demonstration's families: twelve a municipality, each at another place in the model. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction

from demo import log, moves
from demo.answers import Choices, decision_for
from demo.law import begin_beside
from demo.measuring import measure_what_is_due, one_bad_evening, watch_the_infant
from demo.staffing import hand_out_minutes, substitute
from demo.walk import Company, open_tasks, take
from placement import clock
from placement.families.models import Family
from placement.families.people import record_birth
from workflows.investigation.parallel import follow_child
from workflows.journey.services import begin_journey
from workflows.kernel.models import Task
from workflows.screening.services import receive_concern

#: (first name, last name) of the mothers and the fathers; none is taken from life.
MOTHERS = (
    "Sara",
    "Amina",
    "Louise",
    "Freja",
    "Katrine",
    "Nanna",
    "Julie",
    "Zahra",
    "Maja",
    "Emilie",
    "Line",
    "Signe",
)
FATHERS = ("Mikkel", "Yusuf", "Anders", "", "Kasper", "", "Emil", "Omar", "", "Nikolaj", "Jonas", "")
LAST_NAMES = {253: "Strand", 730: "Gudenå", 461: "Odinsen"}
#: What was notified, and by whom.
CONCERNS = (
    ("health_visitor", "Barnet har ikke taget på i to uger, og forældrene virkede trætte ved besøget."),
    ("relative", "Jeg er bekymret for, om der bliver sovet nok, og om de tør sige det, når det er svært."),
)


@dataclass(frozen=True)
class Story:
    """How far a family has come. ``until``: the act (element.node) before which it stands still."""

    name: str
    months_ago: float
    until: str | None
    born: bool = True
    choices: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    traits: tuple[str, ...] = ("low_mentalisation", "network")
    siblings: int = 0
    exit_after_days: int = 75
    #: Days after moving in on which somebody takes the practitioner's place for two weeks; 0 for nobody.
    substitute_after_days: int = 0
    #: Days ago on which a notification of concern came; the last of them may still wait for its assessment.
    concerns: tuple[float, ...] = ()
    #: (days after moving in, which move of `demo.moves`), in order.
    moves: tuple[tuple[int, str], ...] = ()
    #: Hours ago on which a parent answered that she has thought of harming herself; 0: never.
    bad_evening: float = 0
    #: Days ago on which the infant withdrew from contact (ADBB); 0: never.
    withdrawn: float = 0
    #: Days ago on which the caseworker began a screening; what it leads to is the cast's, unless `choices` says.
    screened: float = 0
    #: Days ago on which two plans were begun beside the pregnancy; 0: never.
    two_plans: float = 0
    #: Steps beside the journey that still wait when the demonstration begins.
    waiting: tuple[str, ...] = ()
    #: Conditions of exit steps that are left unmet: they are approved without, by name.
    leaves: tuple[str, ...] = ()


STORIES = (
    Story("ny henvendelse", 0.05, "journey.assess_target_group", born=False),
    Story("uden for målgruppen", 2, None, choices={"assess_target_group": [{"in_target_group": False}]}),
    Story("venter på afgørelse", 0.5, "journey.approve_decision", born=False, traits=("own_trauma", "no_home"),
          screened=12, two_plans=8, waiting=("settle_at_birth",)),
    Story(
        "afvist første gang, nu startet",
        1.5,
        "journey.move_in",
        choices={"approve_decision": [{"approved": False, "reason": "Formålet skal handle om barnet. Skriv det klarere."}]},
        traits=("substances", "economy"),
    ),
    Story("lige flyttet ind", 1, "progression.follow_up", traits=("mental_illness", "structure")),
    Story("venter barn i huset", 2, "exit.request_step", born=False, traits=("cognition", "network"), siblings=1,
          concerns=(0.1,)),
    Story("tre måneder inde", 3.5, "exit.request_step", traits=("own_trauma", "own_needs_first"), exit_after_days=140,
          substitute_after_days=40, concerns=(35,), withdrawn=9,
          moves=((1, "letters"), (2, "plan"), (20, "complaint"), (40, "hospital"), (46, "back"), (60, "hand over"))),
    Story("teamet er ændret, og planen efter en tilbagegang", 5, "exit.request_step",
          choices={"hold_meeting": [{}, {"outcome": "change_team"}], "follow_up": [{"every_goal": -2}]},
          traits=("violence", "network"), siblings=2, exit_after_days=150, bad_evening=2, screened=130,
          moves=((1, "letters"), (50, "sibling elsewhere"), (60, "genogram"), (70, "conference"))),
    Story("udslusningstrin venter", 4, "exit.approve_step",
          choices={"hold_session": [{}, {"status": "declined", "reason": "Mor var for træt den dag.", "participants": []}]},
          traits=("economy", "no_home"), exit_after_days=60),
    Story("et trin tilbage, og en tilbagegang venter på svar", 5.5, "progression.answer_setback",
          choices={"evaluate_step": [{}, {"result": "back"}], "follow_up": [{"every_goal": -2}]},
          traits=("personality", "mental_illness"), exit_after_days=55,
          moves=((20, "consent back"), (24, "consent again"))),
    Story("prøvebo venter på myndigheden", 6, "exit.authorise_step", traits=("low_mentalisation",), siblings=1,
          exit_after_days=60, moves=((70, "genogram"), (100, "exit map"))),
    Story("afsluttet, følges op", 13, None, traits=("structure", "network"), exit_after_days=60,
          leaves=("home-checked",)),
)  # fmt: skip


def create_family(
    company: Company, story: Story, *, number: int, now: datetime, say: Callable[[str], None]
) -> Family:
    """Run one family through its story with the real services and flows, up to ``now``."""
    rng = Random(f"{company.slug}-{number}")
    began = _working_hours(now - timedelta(days=round(story.months_ago * 30.4)), rng)
    family = _enquiry(company, story, number, began, rng)
    _Teller(company, story, family, rng, now).tell(began)
    say(f"{family.number} {story.name}")
    return family


def _working_hours(moment: datetime, rng: Random) -> datetime:
    day = clock.danish_day(moment)
    return datetime.combine(day, time(rng.randint(8, 15), rng.choice([0, 10, 25, 40])), tzinfo=clock.DENMARK)


def _enquiry(company: Company, story: Story, number: int, began: datetime, rng: Random) -> Family:
    last_name = LAST_NAMES[company.municipality_id]
    today = clock.danish_day(began)
    people: list[dict[str, Any]] = [
        {
            "kind": "parent",
            "name": f"{MOTHERS[number]} {last_name}",
            "born_on": date(
                today.year - rng.randint(30 if story.siblings > 1 else 19, 36),
                rng.randint(1, 12),
                rng.randint(1, 28),
            ),
            "custody_holder": True,
            "education": rng.choice(["primary", "none", "upper_secondary", "vocational"]),
            "employment": rng.choice(["benefits", "education", "none", "employed"]),
        }
    ]
    if FATHERS[number]:
        people.append(
            {
                "kind": "parent",
                "name": f"{FATHERS[number]} {last_name}",
                "born_on": date(
                    today.year - rng.randint(30 if story.siblings > 1 else 21, 41),
                    rng.randint(1, 12),
                    rng.randint(1, 28),
                ),
                "custody_holder": rng.random() < 0.8,
                "education": rng.choice(["primary", "vocational"]),
                "employment": rng.choice(["benefits", "employed"]),
            }
        )
    if story.born:
        people.append(
            {
                "kind": "child",
                "name": rng.choice(("Alma", "Viggo", "Ida")),
                "born_on": today - timedelta(days=rng.randint(10, 120)),
            }
        )
    else:
        people.append({"kind": "child", "due_on": today + timedelta(days=rng.randint(40, 100))})
    for sibling in range(story.siblings):
        people.append(
            {
                "kind": "sibling",
                "name": ("Oskar", "Luna")[sibling],
                # The second of them is old enough to be a party.
                "born_on": today - timedelta(days=366 * (4 + 7 * sibling)),
            }
        )
    with clock.standing_at(began):
        actor = company.actor("healthvisitor" if number % 4 == 0 else "caseworker")
        with actor.acting():
            return begin_journey(
                actor=actor,
                source="health_visitor"
                if number % 4 == 0
                else rng.choice(["midwife", "notification", "casework"]),
                enquiry_text="Der er bekymring for, om barnet kan få den omsorg, det har brug for, i hjemmet lige nu.",
                traits=story.traits,
                people=people,
                now=began,
            )


class _Teller:
    """Tells one family's story: the next open task on its natural day, notes in between, until today."""

    def __init__(self, company: Company, story: Story, family: Family, rng: Random, until: datetime) -> None:
        self.company, self.story, self.family, self.rng, self.until = company, story, family, rng, until
        self.rounds: dict[str, int] = {}
        self.exit_from: date | None = None
        self.moved_in: date | None = None
        self.noted: date | None = None
        self.due_from: date | None = None
        self.substituted = False
        self.concerns = sorted(until - timedelta(days=days) for days in story.concerns)
        self.moves = list(story.moves)
        #: What the authority begins beside the journey, and when, in order.
        self.begun = sorted(
            (until - timedelta(days=days), name)
            for days, name in ((story.screened, "screening"), (story.two_plans, "two plans"))
            if days
        )
        #: Days after moving in on which what is due is filled in with the parents.
        self.measured_after = [13, 88]

    def tell(self, now: datetime) -> None:
        while True:
            task, when = self._next(now)
            if self.concerns and (task is None or self.concerns[0] <= when):
                now = max(now, self.concerns.pop(0))
                self._notes_until(now)
                self._receive_concern(now)
                continue
            if self.begun and (task is None or self.begun[0][0] <= when):
                at, name = self.begun.pop(0)
                now = max(now, at)
                self._notes_until(now)
                begin_beside(self.company, self.family, name, now)
                continue
            move = self._next_move()
            if move is not None and move[1] < min(when if task else self.until, self.until):
                # A move may open or postpone tasks, so what is next is asked again.
                now = max(now, move[1])
                self._notes_until(now)
                moves.make(self.company, self.family, move[0], now)
                self.moves.pop(0)
                continue
            measuring = self._next_measuring()
            if measuring is not None and measuring < min(when if task else self.until, self.until):
                now = max(now, measuring)
                self._notes_until(now)
                self.measured_after.pop(0)
                measure_what_is_due(self.company, self.family, now)
                continue
            if task is None or when >= self.until:
                self._notes_until(self.until)
                self._sum_up()
                self._measured_lately()
                return
            now = when
            self._notes_until(now)
            self._birth_before(now)
            self._substitute_before(now)
            choices, leaves = self._choices(task, now), self.story.leaves
            take(self.company, task, now=now, rng=self.rng, choices=choices, leaves=leaves)
            if (task.element, task.flow_task.name) == ("team", "hold_meeting"):
                hand_out_minutes(self.company, self.family, now)
            if task.flow_task.name == "move_in":
                self.exit_from = clock.danish_day(now) + timedelta(days=self.story.exit_after_days)
                self.moved_in = self.noted = clock.danish_day(now)

    def _receive_concern(self, now: datetime) -> None:
        notifier, what = CONCERNS[len(self.concerns) % len(CONCERNS)]
        with clock.standing_at(now):
            actor = self.company.actor("caseworker")
            with actor.acting(), transaction.atomic():
                receive_concern(
                    actor=actor,
                    family=self.family,
                    received_at=now,
                    notifier=notifier,
                    what=what,
                    acute=False,
                    violence_possible=False,
                    now=now,
                )

    def _next_move(self) -> tuple[str, datetime] | None:
        """The story's next move and when it happens; None before the family has moved in, and after the last."""
        if not self.moves or self.moved_in is None:
            return None
        days, name = self.moves[0]
        day = self.moved_in + timedelta(days=days)
        return name, datetime.combine(day, time(10, 30), tzinfo=clock.DENMARK)

    def _next_measuring(self) -> datetime | None:
        """When the parents next fill in what is due; None before the family has moved in, and after the last."""
        if not self.measured_after or self.moved_in is None:
            return None
        day = self.moved_in + timedelta(days=self.measured_after[0])
        return datetime.combine(day, time(13, 15), tzinfo=clock.DENMARK)

    def _measured_lately(self) -> None:
        """Scores that still wait for somebody when the demonstration begins."""
        if self.story.withdrawn:
            at = self.until - timedelta(days=self.story.withdrawn)
            watch_the_infant(self.company, self.family, at, score=7)
        if self.story.bad_evening and self.moved_in is not None:
            one_bad_evening(self.company, self.family, self.until - timedelta(hours=self.story.bad_evening))

    def _next(self, now: datetime) -> tuple[Task | None, datetime]:
        waiting = [
            t
            for t in open_tasks(self.company, self.family)
            if f"{t.element}.{t.flow_task.name}" != self.story.until
            and t.flow_task.name not in self.story.waiting
        ]
        if self.story.until and not waiting:
            return None, now
        planned = sorted(((self._day(task, now), task.pk, task) for task in waiting), key=lambda p: p[:2])
        return (planned[0][2], planned[0][0]) if planned else (None, now)

    def _day(self, task: Task, now: datetime) -> datetime:
        """When the cast would naturally take the task: a little before its deadline, and never before now."""
        if task.flow_task.name in ("assess_concern", "act_today"):
            return max(task.created + timedelta(hours=5), now + timedelta(minutes=20))
        born = clock.danish_day(task.created)
        if task.element == "exit" and self.exit_from and task.flow_task.name in ("plan_exit", "request_step"):
            day = max(born + timedelta(days=4), self.exit_from)
        elif task.due is None:
            day = born + timedelta(days=2)
        else:
            day = max(born + timedelta(days=1), task.due - timedelta(days=self.rng.randint(0, 3)))
        return max(
            _working_hours(datetime.combine(day, time(12), tzinfo=clock.DENMARK), self.rng),
            now + timedelta(minutes=20),
        )

    def _choices(self, task: Task, now: datetime) -> Choices:
        name = task.flow_task.name
        turn = self.rounds.get(name, 0)
        self.rounds[name] = turn + 1
        told = self.story.choices.get(name, [])
        chosen = told[turn] if turn < len(told) else {}
        if (task.element, name) == ("team", "hold_meeting") and turn % 3 == 0:
            # Now and then a meeting gives somebody something to do.
            with clock.standing_at(now), self.company.actor("teamlead").acting(), transaction.atomic():
                chosen = decision_for("practitioner", self.family, clock.danish_day(now)) | chosen
        return {name: chosen} if chosen else {}

    def _substitute_before(self, now: datetime) -> None:
        after = self.story.substitute_after_days
        if after and self.moved_in and clock.danish_day(now) >= self.moved_in + timedelta(days=after):
            if not self.substituted:
                substitute(self.company, self.family, now)
            self.substituted = True

    def _birth_before(self, now: datetime) -> None:
        if self.story.born or clock.danish_day(now) < self._first_due():
            return
        self.due_from = None
        for child in self._awaited(clock.danish_day(now)):
            assert child.due_on is not None
            born_on = min(child.due_on, clock.danish_day(now))
            with clock.standing_at(now), self.company.actor("caseworker").acting():
                record_birth(
                    child=child, born_on=born_on, name=self.rng.choice(("Alma", "Viggo", "Ida")), now=now
                )
                follow_child(actor=self.company.actor("caseworker"), child=child, now=now)

    def _first_due(self) -> date:
        """The day of the next birth, looked up again only after one; the end of time when none is awaited."""
        if self.due_from is None:
            with self.company.looking():
                awaited = self.family.people.filter(birth_state="expected").order_by("due_on")
                self.due_from = awaited.values_list("due_on", flat=True).first() or date.max
        return self.due_from

    def _awaited(self, day: date) -> list[Any]:
        with self.company.looking():
            return list(self.family.people.filter(birth_state="expected", due_on__lte=day))

    def _sum_up(self) -> None:
        """A family that lived in the house all last week has a summary of it."""
        since = self.until - timedelta(days=14)
        if (
            self.story.until != "journey.move_in"
            and self.moved_in
            and self.moved_in <= clock.danish_day(since)
        ):
            log.last_week(self.company, self.family, until=self.until)

    def _notes_until(self, now: datetime) -> None:
        """An observation with a score every two weeks or so while the family lives in the house."""
        if self.noted is None:
            return
        while self.noted + timedelta(days=14) < clock.danish_day(now):
            self.noted += timedelta(days=self.rng.randint(10, 17))
            moment = datetime.combine(self.noted, time(self.rng.randint(7, 22), 15), tzinfo=clock.DENMARK)
            weeks = (self.noted - self.moved_in).days / 7 if self.moved_in else 0
            score = max(1, min(9, round(3 + weeks / 4 + self.rng.choice([-1, 0, 0, 1]))))
            element = self.rng.choice(["mentalisation", "progression", "progression"])
            there = log.an_everyday_note(
                self.company, self.family, moment=moment, score=Decimal(score), element=element, rng=self.rng
            )
            if not there:
                return
