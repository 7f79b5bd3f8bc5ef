"""What the families of the demonstration have answered on instruments, at the points of the model. All invented."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random

from django.db import transaction

from demo.walk import Company
from placement import clock
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Phase
from placement.instruments import catalogue
from placement.instruments.definition import Items
from workflows.measuring.models import Administration
from workflows.measuring.points import WAITING, due_list
from workflows.measuring.services import Given, record_administration

#: How much of the scale's points the parents give on an item, at the first point and some months later. On EPDS many
#: points are heavy, on the others they are light; mothers at risk lie near the cut-off of KPCS.
STANDING = {"epds": (0.34, 0.2), "kpcs": (0.88, 0.94), "who-5": (0.54, 0.68), "osss-3": (0.55, 0.66)}

#: What the fathers of the demonstration are asked; the mothers are asked all of it.
FATHERS = ("who-5",)


def answers_on(instrument: str, rng: Random, *, later: bool) -> Given:
    """Believable answers to every item, lighter ``later`` than at first; some say no to it."""
    items = catalogue.in_use(instrument).items
    if items is None:
        raise ValueError("only what is asked item by item is invented here")
    if rng.random() < 0.06:
        return Given(missing_reason="declined")
    share = STANDING[instrument][later]
    return Given(answers={item: _answer(items, item, share, rng) for item in items.numbers})


def _answer(items: Items, item: int, share: float, rng: Random) -> int:
    low, high = items.ends_of(item)
    near = low + (high - low) * min(1.0, max(0.0, rng.gauss(share, 0.2)))
    point = round(near)
    if item == 10 and item in items.reversed:
        # Hardly anybody says this; one family of each municipality does (see `one_bad_evening`).
        point = low
    return low + high - point if item in items.reversed else point


def measure_what_is_due(company: Company, family: Family, now: datetime) -> None:
    """Let the practitioner fill in with the parents what the model asks for now."""
    rng = Random(f"measured-{family.number}-{clock.danish_day(now):%Y%m%d}")
    with clock.standing_at(now):
        actor = company.actor("practitioner")
        with actor.acting(), transaction.atomic():
            if not Family.objects.visible_to(actor).filter(pk=family.pk).exists():
                return
            fresh = Family.objects.visible_to(actor).get(pk=family.pk)
            mother = fresh.people.filter(kind=PersonKind.PARENT).order_by("id")[0]
            waiting = [
                one
                for one in due_list(fresh)
                if one.state in WAITING
                and one.definition.id in (STANDING if one.person == mother else FATHERS)
            ]
            later = Administration.objects.filter(family=fresh).exists()
            for one in waiting:
                record_administration(
                    actor=actor,
                    family=fresh,
                    instrument=one.definition.id,
                    person=one.person,
                    answered_on=clock.danish_day(now),
                    respondent="parent",
                    given=answers_on(one.definition.id, rng, later=later),
                    now=now,
                )


def one_bad_evening(company: Company, family: Family, now: datetime) -> None:
    """A mother answers that she has thought of harming herself: somebody is to talk with her the same day."""
    with clock.standing_at(now):
        actor = company.actor("practitioner")
        with actor.acting(), transaction.atomic():
            fresh = Family.objects.visible_to(actor).filter(pk=family.pk).first()
            if fresh is None:
                return
            mother = fresh.people.filter(kind=PersonKind.PARENT).order_by("id")[0]
            heavy = dict.fromkeys((3, 5, 6, 7, 8, 9), 1) | dict.fromkeys((1, 2, 4), 2) | {10: 2}
            record_administration(
                actor=actor,
                family=fresh,
                instrument="epds",
                person=mother,
                answered_on=clock.danish_day(now),
                respondent="parent",
                given=Given(answers=heavy),
                now=now,
            )


def watch_the_infant(company: Company, family: Family, now: datetime, *, score: int) -> bool:
    """The certified health visitor writes down an ADBB, when a child is of an age for it; whether it was."""
    with clock.standing_at(now):
        actor = company.actor("healthvisitor")
        with actor.acting(), transaction.atomic():
            fresh = Family.objects.visible_to(actor).filter(pk=family.pk, phase=Phase.MOVED_IN).first()
            if fresh is None:
                return False
            old_enough = clock.add_months(clock.danish_day(now), -3)
            child = fresh.people.filter(
                kind=PersonKind.CHILD, birth_state=BirthState.BORN, born_on__lte=old_enough
            ).first()
            if child is None:
                return False
            record_administration(
                actor=actor,
                family=fresh,
                instrument="adbb",
                person=child,
                answered_on=clock.danish_day(now),
                respondent="staff",
                given=Given(totals={"total": Decimal(score)}),
                now=now,
            )
            return True
