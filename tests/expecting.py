"""A family that awaits its child, and a house's families for VIVE: what the tests of the evaluation's activities share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from demo import walk
from placement import clock
from placement.access.actor import Actor
from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.families.people import add_person
from placement.research.models import SelectedFamily
from placement.research.services import choose_family, record_answers
from tests.cast import CODES
from tests.scene import Scene
from workflows.journey.services import begin_journey
from workflows.research.standing import standing_of

#: In VIVE's second window.
BEGAN = datetime(2025, 3, 3, 9, tzinfo=UTC)
DUE = date(2025, 5, 20)
INFORMED = "Frivilligt for hver aktivitet, kan trækkes tilbage, og hjælpen er den samme."
EVERYTHING = {
    code: "yes"
    for code in ("pregnancy-interview", "security-talk", "video-start", "video-end", "vive-interview")
}


@dataclass
class Expecting(Scene):
    """A scene with a mother who is pregnant, and a father without custody."""

    now: datetime = field(default_factory=lambda: BEGAN)

    def __post_init__(self) -> None:
        self.company = walk.Company(self.town, CODES[self.town])
        caseworker = self.company.actor("caseworker")
        with clock.standing_at(self.now), caseworker.acting(), transaction.atomic():
            self.family = begin_journey(
                actor=caseworker,
                source="midwife",
                enquiry_text="Mor er gravid og bor hos en veninde.",
                traits=["network"],
                people=[
                    {"kind": PersonKind.PARENT, "name": "Maja Skjult", "custody_holder": True,
                     "born_on": date(1999, 1, 1)},
                    {"kind": PersonKind.PARENT, "name": "Ib Skjult", "born_on": date(1997, 1, 1)},
                    {"kind": PersonKind.CHILD, "due_on": DUE},
                ],
                now=self.now,
            )  # fmt: skip

    @contextmanager
    def at_work(self, part: str = "practitioner") -> Iterator[Actor]:
        """One transaction of somebody of the cast, on the scene's day."""
        actor = self.company.actor(part)
        with clock.standing_at(self.now), actor.acting(), transaction.atomic():
            yield actor

    def person(self, name: str) -> Person:
        """The person of the family whose name begins so."""
        return Person.objects.get(family=self.family, name__startswith=name)

    def fresh(self) -> Family:
        """The family as it is now."""
        return Family.objects.unscoped(reason="a test").get(pk=self.family.pk)

    def choose(self, part: str = "teamlead") -> SelectedFamily:
        """The team lead gives the family a place."""
        with self.at_work(part) as actor:
            family = self.fresh()
            return choose_family(actor=actor, family=family, rules=standing_of(family).rules, now=self.now)

    def say(self, selection: SelectedFamily, name: str, answers: dict[str, str], **otherwise: Any) -> Any:
        """One parent answers, in writing and informed, on the scene's day."""
        with self.at_work() as actor:
            told: dict[str, Any] = {
                "actor": actor,
                "selection": selection,
                "person": self.person(name),
                "answers": answers,
                "answered_on": clock.today(),
                "how": "written",
                "informed_about": INFORMED,
                "now": self.now,
            }
            return record_answers(**told | otherwise)


def started_on(company: walk.Company, day: date) -> Family:
    """A bare family of the municipality whose intervention began on that day: enough to be chosen."""
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    actor = company.actor("caseworker")
    with clock.standing_at(now), actor.acting(), transaction.atomic():
        family = begin_journey(
            actor=actor, source="casework", enquiry_text="", traits=[], now=now,
            people=[{"kind": PersonKind.PARENT, "name": "Eva", "born_on": date(1999, 1, 1), "custody_holder": True}],
        )  # fmt: skip
        add_person(
            family=family, kind=PersonKind.CHILD, name="Bo", born_on=day - timedelta(days=100), now=now
        )
        family.started_on = day
        family.save(update_fields=["started_on"])
    return family
