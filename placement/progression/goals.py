"""Every write of a goal: set, changed, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.clock import danish_day
from placement.families.codes import PersonKind
from placement.families.models import Decision, Family, Person
from placement.progression.gas import HIGHEST, LOWEST
from placement.progression.models import Goal, GoalParticipant
from placement.progression.selectors import may_take_part


@dataclass(frozen=True)
class NewGoal:
    """A goal as it is set: all five levels in words, and on which of them (-2 to +2) the family stands today."""

    title: str
    level_m2: str
    level_m1: str
    level_0: str
    level_p1: str
    level_p2: str
    baseline: int
    purpose_link: str = ""
    weight: int = 1


@dataclass(frozen=True)
class Formulated:
    """With whom goals were formulated, and for which decision's purpose.

    ``together_with``: parents and born children of the family. ``absent_reason``: needed when one of the parents
    was not with them.
    """

    decision: Decision
    together_with: tuple[Person, ...]
    absent_reason: str = ""


@transaction.atomic
def set_goals(
    *, actor: Actor, family: Family, goals: Sequence[NewGoal], formulated: Formulated, now: datetime
) -> list[Goal]:
    """Set the family's first goals, or further ones; those that stand stay.

    Barnets lov § 92: goals match the decision's purpose, and are made with child and custody holder as far as
    possible. Raises Refused: ``goals-missing`` for none at all, ``goal-incomplete`` without title or one of the
    five levels, ``goal-weight`` for a weight outside 1-3, ``goal-baseline`` outside -2 to +2,
    ``goal-without-purpose`` when the decision is not an approved one of this family, ``person-unknown`` for
    somebody who cannot have taken part, ``absence-unexplained`` when a parent did not and nobody says why.
    """
    if not goals:
        raise Refused(_("Sæt mindst ét mål sammen med familien."), type="goals-missing")
    _check_formulated(family, formulated)
    return [_write(actor=actor, family=family, new=new, formulated=formulated, now=now) for new in goals]


@transaction.atomic
def revise_goal(
    *, actor: Actor, goal: Goal, new: NewGoal, formulated: Formulated, reason: str, now: datetime
) -> Goal:
    """Replace a goal by a changed one; the old one keeps its levels and its ratings.

    Raises the refusals of `close_goal` and `set_goals`.
    """
    _check_formulated(goal.family, formulated)
    close_goal(goal=goal, reason=reason, now=now)
    return _write(actor=actor, family=goal.family, new=new, formulated=formulated, now=now, replaces=goal)


@transaction.atomic
def close_goal(*, goal: Goal, reason: str, now: datetime) -> Goal:
    """Stop working on a goal: reached, given up or replaced, as ``reason`` says.

    Raises Refused (``reason-missing``), StaleState when it is closed already.
    """
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor målet lukkes."), type="reason-missing")
    closed = (
        Goal.objects.active()
        .filter(pk=goal.pk)
        .update(closed_on=danish_day(now), closed_reason=reason.strip())
    )
    if not closed:
        raise StaleState(_("Målet er allerede lukket. Genindlæs siden."))
    goal.refresh_from_db()
    return goal


def _check_formulated(family: Family, formulated: Formulated) -> None:
    decision = formulated.decision
    if decision.family_id != family.pk or not decision.approved:
        raise Refused(
            _("Målene skal tjene formålet i en godkendt afgørelse. Tal med rådgiveren."),
            type="goal-without-purpose",
        )
    there = {person.pk for person in formulated.together_with}
    possible = {person.pk: person for person in may_take_part(family)}
    if not there <= set(possible):
        raise Refused(_("Personen hører ikke til familien. Vælg en anden."), type="person-unknown")
    parents = {pk for pk, person in possible.items() if person.kind == PersonKind.PARENT}
    if not (parents and parents <= there) and not formulated.absent_reason.strip():
        raise Refused(
            _("Skriv, hvorfor en forælder ikke var med til at formulere målene."), type="absence-unexplained"
        )


def _write(
    *,
    actor: Actor,
    family: Family,
    new: NewGoal,
    formulated: Formulated,
    now: datetime,
    replaces: Goal | None = None,
) -> Goal:
    levels = (new.level_m2, new.level_m1, new.level_0, new.level_p1, new.level_p2)
    if not new.title.strip() or not all(level.strip() for level in levels):
        raise Refused(
            _("Et mål skal have en titel, og I skal beskrive alle fem niveauer."), type="goal-incomplete"
        )
    if not 1 <= new.weight <= 3:
        raise Refused(_("Vægten skal være 1, 2 eller 3."), type="goal-weight")
    if not LOWEST <= new.baseline <= HIGHEST:
        raise Refused(_("Udgangspunktet går fra −2 til +2."), type="goal-baseline")
    together = formulated.together_with
    goal = Goal.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        title=new.title.strip(),
        decision=formulated.decision,
        purpose_link=new.purpose_link.strip(),
        level_m2=new.level_m2.strip(),
        level_m1=new.level_m1.strip(),
        level_0=new.level_0.strip(),
        level_p1=new.level_p1.strip(),
        level_p2=new.level_p2.strip(),
        weight=new.weight,
        baseline=new.baseline,
        formulated_with_parents=any(person.kind == PersonKind.PARENT for person in together),
        absent_reason=formulated.absent_reason.strip(),
        set_on=danish_day(now),
        set_by=actor.staff,
        replaces=replaces,
    )
    GoalParticipant.objects.bulk_create(
        GoalParticipant(municipality_id=family.municipality_id, goal=goal, person=person)
        for person in together
    )
    return goal
