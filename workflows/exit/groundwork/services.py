"""Every write of what an exit step rests on, but for visits. Each is written once; what is written anew stands from then on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.clock import danish_day
from placement.families.models import Family
from workflows.exit.groundwork.checks import not_in_future, written
from workflows.exit.models import (
    ChildPlanRevision,
    ExitPlan,
    ExitStep,
    HandoverMeeting,
    HomeCheck,
    PlaceKept,
    ReceivingSupport,
    Residence,
    SafetyPlan,
    SafetyPlanReview,
)
from workflows.kernel.lock import family_locked


@transaction.atomic
def write_plan(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    destination: str,
    alternative: str,
    shown_to_parents_on: date,
    residence: str,
    residence_task: str = "",
    residence_by: date | None = None,
    home_situation: str = "",
    receiving_support: str = "",
    contact_person: str = "",
) -> ExitPlan:
    """Lay the exit plan, or a new version of it, which stands from now on.

    Raises Refused: ``plan-one-way`` when plan A and plan B are the same, ``residence-without-task`` when the home
    is not settled and nobody is at work on it, ``groundwork-in-future``.
    """
    if alternative == destination:
        raise Refused(_("Vælg en anden vej end den første."), type="plan-one-way")
    still_open = residence == Residence.OPEN
    if still_open and not (residence_task.strip() and residence_by):
        raise Refused(
            _("Skriv, hvem der gør hvad ved boligen, og inden hvornår."), type="residence-without-task"
        )
    not_in_future(shown_to_parents_on, now)
    plan: ExitPlan = ExitPlan.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        destination=destination,
        alternative=alternative,
        shown_to_parents_on=shown_to_parents_on,
        residence=residence,
        residence_task=residence_task.strip() if still_open else "",
        residence_by=residence_by if still_open else None,
        home_situation=home_situation,
        receiving_support=receiving_support,
        contact_person=contact_person,
        made_on=danish_day(now),
        made_by=actor.staff,
    )
    return plan


@transaction.atomic
def write_safety_plan(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    dated_on: date,
    worries: str,
    agreed: str,
    signed_by: str,
    night_contact: str = "",
    night_phone: str = "",
    safety_goal: str = "",
    network_tasks: str = "",
    professional_control: str = "",
    child_explanation: str = "",
) -> SafetyPlan:
    """Write the safety plan that was agreed with the family, or its next version.

    ``signed_by``, ``night_contact``: first names or relations. Raises Refused: ``groundwork-in-future``,
    ``groundwork-incomplete``.
    """
    worries, agreed, signed_by = written(worries, agreed, signed_by)
    not_in_future(dated_on, now)
    with family_locked(family):
        return SafetyPlan.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            version=SafetyPlan.every.filter(family=family).count() + 1,
            dated_on=dated_on,
            worries=worries,
            agreed=agreed,
            signed_by=signed_by,
            night_contact=night_contact.strip(),
            night_phone=night_phone.strip(),
            safety_goal=safety_goal.strip(),
            network_tasks=network_tasks.strip(),
            professional_control=professional_control.strip(),
            child_explanation=child_explanation.strip(),
            recorded_by=actor.staff,
            recorded_at=now,
        )


@transaction.atomic
def review_safety_plan(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    held_on: date,
    goal_met: bool,
    child_feels_safe: bool,
    child_signs: str,
    network_finds_it_works: bool,
    network_goes_on: bool,
    network_words: str,
) -> SafetyPlanReview:
    """Write down what child and network say of the safety plan.

    Raises Refused: ``groundwork-in-future``, ``groundwork-incomplete``, ``no-safety-plan`` when there is none, or none
    yet on that day.
    """
    child_signs, network_words = written(child_signs, network_words)
    not_in_future(held_on, now)
    if not SafetyPlan.objects.filter(family=family, dated_on__lte=held_on).exists():
        raise Refused(
            _("Der er ingen sikkerhedsplan at gennemgå den dag. Skriv planen først."), type="no-safety-plan"
        )
    return SafetyPlanReview.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        held_on=held_on,
        goal_met=goal_met,
        child_feels_safe=child_feels_safe,
        child_signs=child_signs,
        network_finds_it_works=network_finds_it_works,
        network_goes_on=network_goes_on,
        network_words=network_words,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def record_home_check(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    checked_on: date,
    sleeping_place: bool,
    heating: bool,
    food: bool,
    remark: str = "",
) -> HomeCheck:
    """Write down what was seen in the home. Raises Refused (``groundwork-in-future``)."""
    not_in_future(checked_on, now)
    return HomeCheck.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        checked_on=checked_on,
        sleeping_place=sleeping_place,
        heating=heating,
        food=food,
        remark=remark.strip(),
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def name_support(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    kind: str,
    organisation: str,
    contact: str,
    informed_on: date,
    first_appointment_on: date | None = None,
    health_visitor_informed_on: date | None = None,
) -> ReceivingSupport:
    """Name who supports the family after the move; the first appointment may lie ahead.

    Raises Refused: ``groundwork-in-future``, ``groundwork-incomplete``, ``appointment-before-informed``.
    """
    organisation, contact = written(organisation, contact)
    not_in_future(informed_on, now)
    not_in_future(health_visitor_informed_on, now)
    if first_appointment_on is not None and first_appointment_on < informed_on:
        raise Refused(
            _("Den første aftale kan ikke ligge, før støtten er informeret. Ret datoen."),
            type="appointment-before-informed",
        )
    return ReceivingSupport.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        kind=kind,
        organisation=organisation,
        contact=contact,
        informed_on=informed_on,
        first_appointment_on=first_appointment_on,
        health_visitor_informed_on=health_visitor_informed_on,
        recorded_by=actor.staff,
        recorded_at=now,
    )


def trial_ends(family: Family) -> date | None:
    """The day until which the step that is asked for or under way is planned to last, when it has an end."""
    step = ExitStep.objects.filter(family=family).select_related("decision", "authority_word").first()
    if step is None or step.evaluated_at is not None or step.abandoned_at is not None:
        return None
    words = (getattr(step, "decision", None), getattr(step, "authority_word", None))
    refused = any(word is not None and not word.approved for word in words)
    return None if refused else step.planned_until


@transaction.atomic
def keep_place(
    *, actor: Actor, family: Family, now: datetime, kept_until: date, agreed_with: str
) -> PlaceKept:
    """Write down until when the family's place in the house is kept.

    Raises Refused: ``place-expired`` for a day that has passed, ``place-before-trial-ends`` for one before the
    trial that is asked for or under way ends, ``groundwork-incomplete``.
    """
    (agreed_with,) = written(agreed_with)
    if kept_until < danish_day(now):
        raise Refused(_("Dagen er passeret. Skriv, til og med hvornår pladsen holdes."), type="place-expired")
    with family_locked(family):
        ends = trial_ends(family)
        if ends is not None and kept_until < ends:
            raise Refused(
                _("Prøvebo varer til %(day)s. Pladsen skal holdes mindst så længe.")
                % {"day": f"{ends:%d.%m.%Y}"},
                type="place-before-trial-ends",
            )
        return PlaceKept.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            kept_until=kept_until,
            agreed_with=agreed_with,
            recorded_by=actor.staff,
            recorded_at=now,
        )


@transaction.atomic
def record_child_plan(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    revised_on: date,
    changes: str,
    parents_took_part: bool,
) -> ChildPlanRevision:
    """Write down that the child's plan was revised, and what has changed in it.

    Raises Refused: ``groundwork-in-future``, ``groundwork-incomplete``.
    """
    (changes,) = written(changes)
    not_in_future(revised_on, now)
    return ChildPlanRevision.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        revised_on=revised_on,
        changes=changes,
        parents_took_part=parents_took_part,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def record_handover(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    held_on: date,
    received_by: str,
    parents_present: bool,
    agreed: str,
) -> HandoverMeeting:
    """Write down the handover meeting. Raises Refused: ``groundwork-in-future``, ``groundwork-incomplete``."""
    received_by, agreed = written(received_by, agreed)
    not_in_future(held_on, now)
    return HandoverMeeting.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        held_on=held_on,
        received_by=received_by,
        parents_present=parents_present,
        agreed=agreed,
        recorded_by=actor.staff,
        recorded_at=now,
    )
