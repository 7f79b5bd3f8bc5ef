"""What the cast writes beside the exit's steps, so that its gates have something to read: by the real services."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from placement.access.actor import Actor, actor_for
from placement.clock import danish_day
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, FamilyGrant, GrantFunction
from placement.families.services import record_child_view
from placement.network import people
from placement.network.models import NetworkPerson
from placement.network.people import standings
from workflows.decisions.selectors import ground_of, model_for, parties_of
from workflows.decisions.services.parties import hearing_not_needed
from workflows.exit.groundwork import services, visits
from workflows.exit.guards import request_facts, still_missing
from workflows.exit.models import ExitVisit, ReceivingSupport
from workflows.kernel.models import Task
from workflows.kernel.steps import Situation
from workflows.model_versions.exit_ladder import ConditionCode as Code
from workflows.network.safety import AUTHORITY, known_of

Writer = Callable[[Actor, Family, datetime], Any]

#: How long after the day a step is asked for the cast keeps the family's place.
PLACE_DAYS = 90
VISITS = 2


#: The steps on the way to a decision; what it rests on is written at the first of them.
BEFORE_DECISION = ("obtain_consent", "request_decision")


def rests_on_ground(task: Task) -> bool:
    """Whether ``task`` is judged on what somebody has written beside it."""
    if task.element == "journey" and task.flow_task.name in BEFORE_DECISION:
        return True
    return (task.element, task.flow_task.name) in _RESTS


_RESTS = {
    ("exit", "request_step"),
    ("exit", "evaluate_step"),
    ("network", "hold_meeting"),
    ("network", "prepare"),
}


def lay_ground(
    actor: Actor, task: Task, *, now: datetime, went_wrong: bool = False, leaves: Collection[str] = ()
) -> None:
    """Write what the open exit task will be judged on and nobody has written: visits, or what the next rung asks.

    ``leaves``: conditions that are left unmet, so that whoever decides makes an exception.
    """
    if not rests_on_ground(task):
        return
    if task.element == "network":
        check_network(actor, task, now=now)
        return
    with actor.acting(), transaction.atomic():
        family = task.family
        assert family is not None
        if task.element == "journey":
            before_deciding(actor, family, now)
        elif task.flow_task.name == "request_step":
            _before_asking(actor, task, family, now, leaves)
        else:
            _visits(actor, family, now, went_wrong=went_wrong)


def before_deciding(actor: Actor, family: Family, now: datetime) -> None:
    """Every sibling's view, and why no party need be heard; the child's own view comes with the request."""
    rules, today = model_for(family).decisions, danish_day(now)
    ground = ground_of(family, today, from_years=rules.party_from_years)
    first = family.people.filter(kind=PersonKind.CHILD).exclude(birth_state=BirthState.LOST).order_by("id")
    answered = str(first[0].uuid) if first else ""
    for unseen in ground.unseen:
        child = family.people.get(uuid=unseen.child)
        if unseen.child != answered or unseen.own:
            record_child_view(
                actor=actor,
                child=child,
                source="told" if unseen.own else "unborn" if child.born_on is None else "observed",
                text="Vil gerne blive i sin skole og se sine venner."
                if unseen.own
                else "Er glad for at være, hvor de andre er.",
                obtained_on=today,
                now=now,
            )
    if ground.unheard:
        hearing_not_needed(
            actor=actor,
            family=family,
            parties=parties_of(family, today, from_years=rules.party_from_years),
            reason="Parterne har selv givet oplysningerne og kender dem alle.",
            now=now,
        )


def check_network(actor: Actor, task: Task, *, now: datetime) -> None:
    """Ask and check everybody in the network nobody has looked into; who is strained with the family is not invited.

    Where violence is known it is the family's caseworker who does.
    """
    with actor.acting(), transaction.atomic():
        family = task.family
        assert family is not None
        waiting = [one for one in standings(family) if one.safety is None]
        known = known_of(family)
        strained = set(
            NetworkPerson.objects.filter(map__family=family, strained=True).values_list("member", flat=True)
        )
        grant = FamilyGrant.objects.filter(
            content_object=family, function=GrantFunction.CASEWORKER, ends__isnull=True
        ).first()
    if not waiting or known.barred:
        return
    checker = actor
    if known.violence and not actor.roles & AUTHORITY and grant is not None:
        checker = actor_for(grant.user, family.municipality_id) or actor
    with checker.acting(), transaction.atomic():
        for one in waiting:
            away = one.member.pk in strained
            people.record_answer(
                actor=checker,
                member=one.member,
                answer="given",
                answered_on=danish_day(now),
                how="through_parents",
                now=now,
            )
            people.record_safety_check(
                actor=checker,
                member=one.member,
                checked_on=danish_day(now),
                violence_possible=away,
                outcome="no" if away else "safe",
                reasons="Mor er bange for ham, når han har drukket. Spurgt alene."
                if away
                else "Talt med forældrene hver for sig. Ingen af dem er utrygge.",
                now=now,
            )


def _before_asking(actor: Actor, task: Task, family: Family, now: datetime, leaves: Collection[str]) -> None:
    fresh = Task.objects.select_related("process__family", "process__model_version").get(pk=task.pk)
    facts = request_facts(Situation(actor=actor, task=fresh, now=now))
    if facts.ground is None:
        return
    # Whether a place is kept long enough shows when the step's end is known: it is agreed anew each time.
    asked = {rule.name: rule.code for rule in facts.ground.rules}
    wanted = {asked[condition.code] for condition in still_missing(facts)}
    wanted |= {Code.PLACE_KEPT} & set(asked.values())
    wanted -= {Code(left) for left in leaves}
    for write in dict.fromkeys(_WRITERS[code] for code in asked.values() if code in wanted & set(_WRITERS)):
        write(actor, family, now)


def _visits(actor: Actor, family: Family, now: datetime, *, went_wrong: bool) -> None:
    step = visits.step_under_way(family)
    if step is None or step.carried_out_on is None:
        return
    for number in range(ExitVisit.objects.filter(step=step).count(), VISITS):
        incident = went_wrong and number == VISITS - 1
        visits.record_visit(
            actor=actor,
            family=family,
            now=now,
            held_on=step.carried_out_on,
            kind="night" if step.code > "U2" else "day",
            accompanied_by="Familiens behandler" if step.code == "U1" else "",
            staff_view="Der blev uro sidst på dagen." if incident else "Dagen gik, som den var planlagt.",
            parents_view="Vi blev trætte og ringede." if incident else "Det var rart at være hjemme.",
            child_signals="Græd længe og søgte kontakt." if incident else "Legede roligt på gulvet.",
            incident=incident,
            incident_text="Barnet var svært at trøste, og familien kom tilbage før aftalt."
            if incident
            else "",
        )


def _child_view(actor: Actor, family: Family, now: datetime) -> None:
    child = family.people.filter(kind=PersonKind.CHILD).order_by("id").first()
    assert child is not None
    record_child_view(
        actor=actor,
        child=child,
        source="observed",
        text="Er nysgerrig, når der er ro omkring barnet.",
        obtained_on=danish_day(now),
        now=now,
    )


def _safety_plan(actor: Actor, family: Family, now: datetime) -> None:
    services.write_safety_plan(
        actor=actor,
        family=family,
        now=now,
        dated_on=danish_day(now),
        worries="At der bliver for meget uro om barnet sidst på dagen.",
        agreed="Den, der er træt, ringer til mormor. Barnet lægges i sin egen seng.",
        signed_by="Forældrene, mormor",
        night_contact="Mormor",
        night_phone="70 10 20 30",
    )


def _safety_review(actor: Actor, family: Family, now: datetime) -> None:
    services.review_safety_plan(
        actor=actor,
        family=family,
        now=now,
        held_on=danish_day(now),
        goal_met=True,
        child_feels_safe=True,
        child_signs="Sover i sin egen seng og falder til ro hos begge forældre.",
        network_finds_it_works=True,
        network_goes_on=True,
        network_words="Mormor er blevet ringet op to gange og kom begge gange. Hun bliver ved.",
    )


def _home_check(actor: Actor, family: Family, now: datetime) -> None:
    services.record_home_check(
        actor=actor,
        family=family,
        now=now,
        checked_on=danish_day(now),
        sleeping_place=True,
        heating=True,
        food=True,
    )


def _support(actor: Actor, family: Family, now: datetime) -> None:
    # Named first; the appointment is made when the move comes nearer.
    named = ReceivingSupport.objects.filter(family=family).exists()
    services.name_support(
        actor=actor,
        family=family,
        now=now,
        kind="home_support",
        organisation="Familieværkstedet",
        contact="Familiens behandler",
        informed_on=danish_day(now),
        first_appointment_on=danish_day(now) + timedelta(days=10) if named else None,
        health_visitor_informed_on=danish_day(now),
    )


def _place(actor: Actor, family: Family, now: datetime) -> None:
    until = danish_day(now) + timedelta(days=PLACE_DAYS)
    services.keep_place(actor=actor, family=family, now=now, kept_until=until, agreed_with="Stedets leder")


def _child_plan(actor: Actor, family: Family, now: datetime) -> None:
    services.record_child_plan(
        actor=actor,
        family=family,
        now=now,
        revised_on=danish_day(now),
        changes="Støtten i hjemmet står i planen fra flyttedagen, og målet om aftenroen er nået.",
        parents_took_part=True,
    )


def _handover(actor: Actor, family: Family, now: datetime) -> None:
    services.record_handover(
        actor=actor,
        family=family,
        now=now,
        held_on=danish_day(now),
        received_by="Familieværkstedet og sundhedsplejersken",
        parents_present=True,
        agreed="Den samme behandler kommer to gange om ugen den første måned.",
    )


_WRITERS: dict[Code, Writer] = {
    Code.CHILD_VIEW: _child_view,
    Code.SAFETY_PLAN: _safety_plan,
    Code.NIGHT_CONTACT: _safety_plan,
    Code.HOME_CHECKED: _home_check,
    Code.RECEIVING_SUPPORT: _support,
    Code.HEALTH_VISITOR_INFORMED: _support,
    Code.FIRST_APPOINTMENT: _support,
    Code.PLACE_KEPT: _place,
    Code.CHILD_PLAN_REVISED: _child_plan,
    Code.HANDOVER_HELD: _handover,
    Code.GOALS_MET: _safety_review,
    Code.CHILD_FEELS_SAFE: _safety_review,
    Code.NETWORK_CARRIES_PLAN: _safety_review,
}
