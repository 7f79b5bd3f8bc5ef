"""Who a decision concerns, whose view and answer it waits for, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from placement import clock
from placement.families.codes import BirthState, PersonKind, Whereabouts
from placement.families.models import ChildView, Decision, Family, Person
from placement.families.parties import is_party, parties_among
from placement.families.people import nameless
from placement.families.stay_models import PersonPath
from workflows.decisions.models import DecisionLetter, Hearing, PlanDecision, ViewWaiver
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import model_of
from workflows.model_versions.content import Model
from workflows.model_versions.services import version_in_force


@dataclass(frozen=True)
class Unseen:
    """A child whose view is missing. ``own``: a party, who must be asked and not only observed."""

    child: str
    name: str
    own: bool


@dataclass(frozen=True)
class Ground:
    """What a decision of a day waits for: the children without a view, and the parties who were not heard."""

    unseen: tuple[Unseen, ...]
    unheard: tuple[str, ...]
    parties: int


def model_for(family: Family) -> Model:
    """The model that the family follows; before any journey the one in force today."""
    journey = journey_of(family.pk)
    return model_of(journey) if journey else version_in_force(clock.today()).model


def name_of(person: Person) -> str:
    """How somebody of the family is called, also without a name."""
    return person.name or nameless(person)


def parties_of(family: Family, day: date, *, from_years: int) -> list[Person]:
    """The parties of the family's case on ``day``."""
    return parties_among(Person.objects.filter(family=family).order_by("id"), day, from_years=from_years)


def children_of(family: Family) -> list[Person]:
    """The family's children, born or awaited, wherever they live."""
    children = Person.objects.filter(family=family).exclude(kind=PersonKind.PARENT)
    return list(children.exclude(birth_state=BirthState.LOST).order_by("id"))


def concerned(family: Family) -> list[Person]:
    """The children a decision on the stay concerns: those who do not live elsewhere."""
    elsewhere = PersonPath.objects.filter(family=family, ends_on__isnull=True).exclude(
        where=Whereabouts.WITH_FAMILY
    )
    away = set(elsewhere.values_list("person", flat=True))
    return [child for child in children_of(family) if child.pk not in away]


def ground_of(family: Family, day: date, *, from_years: int, since: datetime | None = None) -> Ground:
    """Read what a decision of ``day`` rests on; six queries, however large the family is.

    ``since``: when the decision was made that is decided anew: children and parties are asked again after it.
    """
    views = ChildView.objects.filter(family=family, obtained_on__lte=day)
    hearings = Hearing.objects.filter(family=family)
    # What an earlier journey heard is history, and so is what was said before the decision that is made anew.
    since = max((at for at in (since, family.reopened_at) if at is not None), default=None)
    if since is not None:
        # Written down since, too: a day is too coarse where one was asked in the morning and it was decided at noon.
        views = views.filter(obtained_on__gte=clock.danish_day(since), recorded_at__gte=since)
        hearings = hearings.filter(asked_at__gte=since)
    waived = set(ViewWaiver.objects.filter(family=family).values_list("view", flat=True))
    seen: set[int] = set()
    asked: set[int] = set()
    for pk, child, source in views.values_list("pk", "child", "source"):
        seen.add(child)
        if source == "told" or pk in waived:
            asked.add(child)
    closed = hearings.filter(closed_at__isnull=False)
    # Whoever was asked about something new is heard when that is closed, whatever was closed before.
    waiting = hearings.filter(closed_at__isnull=True)
    heard = set(closed.values_list("party", flat=True)) - set(waiting.values_list("party", flat=True))
    people = list(Person.objects.filter(family=family).order_by("id"))
    children = {child.pk for child in concerned(family)}
    parties = parties_among(people, day, from_years=from_years)
    unseen = []
    for person in people:
        own = is_party(person, day, from_years=from_years)
        if person.pk in children and person.pk not in (asked if own else seen):
            unseen.append(Unseen(str(person.uuid), name_of(person), own))
    return Ground(
        unseen=tuple(unseen),
        unheard=tuple(name_of(party) for party in parties if party.pk not in heard),
        parties=len(parties),
    )


def unseen_words(unseen: tuple[Unseen, ...]) -> str:
    """The children whose view is missing, and of whom it must be their own words."""
    return ", ".join(
        _("%(name)s (er part og skal selv spørges)") % {"name": one.name} if one.own else one.name
        for one in unseen
    )


def decided(family: Family) -> Decision | None:
    """The approved decision that stands, or None."""
    return Decision.objects.standing().filter(family=family, approved=True).first()


def letters_of(decision: Decision) -> QuerySet[DecisionLetter]:
    """The letters on a decision, with whom they are for."""
    return DecisionLetter.objects.filter(decision=decision).select_related("party").order_by("id")


def plan_decision_of(decision: Decision) -> PlanDecision | None:
    """Whether a child's plan is made for the decision, when somebody has said so."""
    return PlanDecision.objects.filter(decision=decision).first()
