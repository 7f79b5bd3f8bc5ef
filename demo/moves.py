"""Moves in the demonstration's stories: what happens to families besides the steps, by the real services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from demo.walk import Company
from placement import clock
from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.families.services import give_consent
from placement.families.stays import set_path
from placement.network.genogram import Relative, Tie, draw_genogram
from placement.network.people import members
from placement.network.services import Placed, draw_map
from workflows.conference.services import ask_conference
from workflows.decisions.models import DecisionLetter
from workflows.decisions.services.complaints import receive_complaint
from workflows.decisions.services.letters import begin_letters
from workflows.decisions.services.plans import begin_plan
from workflows.journey.moves.consent import take_back_consent
from workflows.journey.moves.handing_over import hand_over
from workflows.journey.moves.pausing import pause, resume
from workflows.kernel.lock import family_locked
from workflows.kernel.models import Task

Deed = Callable[[Any, Family, datetime], Any]


def _to_hospital(actor: Any, family: Family, now: datetime) -> Any:
    return pause(
        actor=actor,
        family=family,
        paused_on=clock.danish_day(now),
        reason="hospital",
        text="Barnet er indlagt med høj feber. Mor er med, far kommer hver dag.",
        now=now,
    )


def _back_again(actor: Any, family: Family, now: datetime) -> Any:
    return resume(actor=actor, family=family, resumed_on=clock.danish_day(now), now=now)


def _sibling_elsewhere(actor: Any, family: Family, now: datetime) -> Any:
    return set_path(
        actor=actor,
        person=Person.objects.filter(family=family, kind=PersonKind.SIBLING).order_by("id")[0],
        where="other_parent",
        begins_on=clock.danish_day(now),
        text="Storebror vil gerne blive i sin skole og bor hos sin far imens.",
        now=now,
    )


def _holder(family: Family) -> Person:
    return Person.objects.filter(family=family, custody_holder=True).order_by("id")[0]


def _consent_back(actor: Any, family: Family, now: datetime) -> Any:
    return take_back_consent(person=_holder(family), on=clock.danish_day(now))


def _consent_again(actor: Any, family: Family, now: datetime) -> Any:
    return give_consent(
        actor=actor, person=_holder(family), given_on=clock.danish_day(now), how="oral", now=now
    )


def _to_the_practitioner(company: Company) -> Deed:
    def deed(actor: Any, family: Family, now: datetime) -> Any:
        task = Task.objects.open().filter(family=family, element="mentalisation", owner__isnull=True).first()
        theirs = Family.objects.visible_to(company.actor("practitioner")).filter(pk=family.pk)
        if task is None or not theirs.exists():
            return None
        return hand_over(
            actor=actor,
            family=family,
            task=task.uuid,
            to=company.actor("practitioner").staff.uuid,
            note="Du kender mor bedst. Tag den, når du er på vagt.",
            now=now,
        )

    return deed


def _letters(actor: Any, family: Family, now: datetime) -> Any:
    return begin_letters(family=family)


def _plan(actor: Any, family: Family, now: datetime) -> Any:
    return begin_plan(family=family)


def _complaint(actor: Any, family: Family, now: datetime) -> Any:
    letter = (
        DecisionLetter.objects.filter(family=family, sent_on__isnull=False).select_related("party").first()
    )
    if letter is None:
        return None
    letter.family = family
    in_time = letter.may_still_complain(clock.danish_day(now))
    return receive_complaint(
        actor=actor,
        letter=letter,
        received_on=clock.danish_day(now),
        text="Opholdet varer længere, end vi har talt om. Vi vil have det skrevet kortere.",
        late_accepted=None if in_time else True,
        late_reason="" if in_time else "Mor var indlagt, da brevet kom.",
        now=now,
    )


def _draw_genogram(actor: Any, family: Family, now: datetime) -> Any:
    return draw_genogram(
        actor=actor,
        family=family,
        drawn_on=clock.danish_day(now),
        people=[
            Relative("Mormor", 2, "yes"),
            Relative("Morfar", 2),
            Relative("Mor", 3, "no"),
            Relative("Far", 3, "yes"),
            Relative("Moster", 3, "no"),
            Relative("Barnet", 4),
        ],
        ties=[
            Tie("Mormor", "Morfar", "couple", broken=True),
            Tie("Mormor", "Mor", "parent_child"),
            Tie("Mormor", "Moster", "parent_child"),
            Tie("Mor", "Moster", "siblings"),
            Tie("Mor", "Far", "couple"),
            Tie("Mor", "Barnet", "parent_child"),
            Tie("Far", "Barnet", "parent_child"),
        ],
        now=now,
    )


def _ask_conference(actor: Any, family: Family, now: datetime) -> Any:
    return ask_conference(
        actor=actor,
        family=family,
        question="Hvem er hos familien om aftenen, når den er hjemme igen?",
        consented_on=clock.danish_day(now),
        consented_how="written",
        now=now,
    )


def _exit_map(actor: Any, family: Family, now: datetime) -> Any:
    """The map at exit, compared with the first: one came, one left, one is nearer."""
    known = {one.label: str(one.uuid) for one in members(family)}
    return draw_map(
        actor=actor,
        family=family,
        drawn_on=clock.danish_day(now),
        moment="exit",
        people=[
            Placed("Mormor", "family", 1, "gives", member=known.get("Mormor", "")),
            Placed("Veninde fra skolen", "friends", 1, "mutual", member=known.get("Veninde fra skolen", "")),
            Placed("Nabo på tredje", "work_neighbourhood", 2, "gives"),
            Placed("Sundhedsplejerske", "professionals", 2, "gives"),
        ],
        drawn_with_parents=True,
        now=now,
    )


def make(company: Company, family: Family, name: str, now: datetime) -> None:
    """Let the right person of the cast make the move called ``name``."""
    deeds: dict[str, tuple[str, Deed]] = {
        "hospital": ("practitioner", _to_hospital),
        "back": ("practitioner", _back_again),
        "sibling elsewhere": ("caseworker", _sibling_elsewhere),
        "consent back": ("caseworker", _consent_back),
        "consent again": ("caseworker", _consent_again),
        "letters": ("caseworker", _letters),
        "plan": ("caseworker", _plan),
        "complaint": ("caseworker", _complaint),
        "hand over": ("teamlead", _to_the_practitioner(company)),
        "genogram": ("practitioner", _draw_genogram),
        "conference": ("caseworker", _ask_conference),
        "exit map": ("practitioner", _exit_map),
    }
    part, deed = deeds[name]
    with clock.standing_at(now):
        actor = company.actor(part)
        with actor.acting(), transaction.atomic(), family_locked(family):
            deed(actor, Family.objects.visible_to(actor).get(pk=family.pk), now)
