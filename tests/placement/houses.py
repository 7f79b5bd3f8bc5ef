"""Families to work on: registered and staffed through the services, one line each."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from placement import clock
from placement.access.models import Site
from placement.families import people, services
from placement.families.codes import EnquirySource, PersonKind
from placement.families.models import ChildView, Decision, Family, GrantFunction, Person
from placement.progression.goals import Formulated, NewGoal
from tests.cast import Town


def family_in(town: Town) -> Family:
    """A family with a mother and a child of 100 days, a caseworker, and the practitioner on its team."""
    caseworker, practitioner = town.caseworker, town.practitioner
    now = clock.now()
    today = clock.today()
    with caseworker.acting(), transaction.atomic():
        family = services.register_enquiry(
            actor=caseworker, source=EnquirySource.CASEWORK, enquiry_text="", traits=[], now=now
        )
        people.add_person(
            family=family,
            kind=PersonKind.PARENT,
            born_on=today - timedelta(days=25 * 365),
            name="Maja",
            custody_holder=True,
            now=now,
        )
        people.add_person(
            family=family, kind=PersonKind.CHILD, born_on=today - timedelta(days=100), name="Bo", now=now
        )
        family.site = Site.objects.get()
        family.save(update_fields=["site"])
        services.appoint(
            family=family, staff=caseworker.staff, function=GrantFunction.CASEWORKER, by=caseworker, on=today
        )
        services.set_team(
            family=family, members=[(practitioner.staff, "familiebehandler")], by=caseworker, on=today
        )
    return family


def decision_for(town: Town, family: Family) -> Decision:
    """An approved decision on the family's stay: asked for by the caseworker, made by the authority lead."""
    now = clock.now()
    with town.caseworker.acting(), transaction.atomic():
        view: ChildView = services.record_child_view(
            actor=town.caseworker,
            child=Person.objects.get(family=family, kind=PersonKind.CHILD),
            obtained_on=clock.today(),
            source="observed",
            text="Falder til ro hos mor.",
            now=now,
        )
        asked = services.request_decision(
            actor=town.caseworker,
            family=family,
            purpose="Ro om barnet",
            expected_weeks=20,
            child_view=view,
            now=now,
        )
    lead = town.authoritylead
    with lead.acting(), transaction.atomic():
        return services.decide(actor=lead, decision=asked, approved=True, reason="", facts={}, now=now)


def formulated_with_all(decision: Decision, family: Family) -> Formulated:
    """Goals made with every parent and child of the family."""
    return Formulated(decision=decision, together_with=tuple(Person.objects.filter(family=family)))


def goal(title: str = "Trøste Bo", *, baseline: int = -1, weight: int = 1) -> NewGoal:
    """A goal with all five levels in words."""
    return NewGoal(
        title=title,
        level_m2="Sker ikke endnu",
        level_m1="Sker med hjælp",
        level_0="De fleste gange",
        level_p1="Også på svære dage",
        level_p2="Altid",
        baseline=baseline,
        weight=weight,
    )
