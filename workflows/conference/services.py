"""What happens in a family group conference: asked for, called together, held, answered, written in, followed up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import psycopg
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.isolation import NOT_BY_DEPUTY
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families import services as families
from placement.families.models import Family, FamilyGrant, GrantFunction, Phase
from placement.network.models import Occasion
from placement.network.people import standings, take_as_they_stand, write_invitation
from placement.network.services import Agreed
from workflows.conference.models import (
    Conference,
    ConferenceDecision,
    ConferenceFollowUp,
    ConferenceMeeting,
    ConferencePlanLine,
)
from workflows.conference.selectors import coordinators, guests, last_meeting
from workflows.exit.groundwork.services import write_plan
from workflows.kernel.clocks import services as clocks
from workflows.kernel.lock import family_locked
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event
from workflows.network.agreeing import agree
from workflows.network.safety import check_may_invite, known_of, network_may_be_involved

Answer = Mapping[str, Any]


@transaction.atomic
def ask_conference(
    *,
    actor: Actor,
    family: Family,
    question: str,
    consented_on: date,
    consented_how: str,
    now: datetime,
) -> Conference:
    """Ask the family's question with the parents' consent, and begin the conference's way.

    Raises NotAllowed for a role that does not ask, Refused: ``conference-question``, ``consent-in-future``,
    ``no-journey`` for a family that is not under way, ``unsafe-invitation`` while the network may not be involved.
    """
    from workflows.conference.flow import ConferenceFlow

    if not actor.may(Action.ASK_CONFERENCE):
        raise NotAllowed(_("Din rolle kan ikke bede om en familierådslagning."))
    if not question.strip():
        raise Refused(_("Skriv det spørgsmål, familien skal svare på."), type="conference-question")
    if consented_on > danish_day(now):
        raise Refused(_("Et samtykke kan ikke være givet i fremtiden. Ret datoen."), type="consent-in-future")
    with family_locked(family):
        journey = journey_of(family.pk)
        if journey is None or family.phase in (Phase.CLOSED, Phase.DECLINED):
            raise Refused(_("Familiens forløb er ikke i gang."), type="no-journey")
        barred = network_may_be_involved(family)
        if barred:
            raise Refused(barred, type="unsafe-invitation")
        conference = Conference.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            question=question.strip(),
            consented_on=consented_on,
            consented_how=consented_how,
            asked_by=actor.staff,
            asked_at=now,
        )
        conference.process = ConferenceFlow.start.run(
            family=family,
            model_version=journey.model_version,
            adaptation=journey.adaptation,
            conference=conference,
        )
        conference.save(update_fields=["process"])
    return conference


def appoint_coordinator(situation: Situation, answer: Answer) -> None:
    """Appoint somebody from outside the case; they see the family until the plan has been answered.

    Raises Refused (``coordinator-involved``).
    """
    conference = situation.process.conference
    able = {str(staff.uuid): staff for staff in coordinators(situation.family, situation.today)}
    staff = able.get(str(answer["person"]))
    refusal = Refused(
        _("Koordinatoren må ikke have været inde i sagen. Vælg en anden."), type="coordinator-involved"
    )
    if staff is None:
        raise refusal
    conference.coordinator = staff
    conference.appointed_on = situation.today
    try:
        with transaction.atomic():
            conference.save(update_fields=["coordinator", "appointed_on"])
    except IntegrityError:
        raise refusal from None
    families.appoint(
        family=situation.family,
        staff=staff,
        function=GrantFunction.CONVENER,
        by=situation.actor,
        on=situation.today,
        profession="koordinator",
    )


def coordinator_of(process: Any) -> Any:
    """Whose the coordinator's steps are."""
    return process.conference.coordinator


def prepare(situation: Situation, answer: Answer) -> None:
    """Invite whom the family wants there, each after their check. Raises Refused (``unsafe-invitation``)."""
    conference = situation.process.conference
    wanted = set(answer["people"])
    invited = [one for one in standings(situation.family) if str(one.member.uuid) in wanted]
    check_may_invite(invited, known_of(situation.family))
    for one in invited:
        write_invitation(
            actor=situation.actor,
            family=situation.family,
            standing=one,
            occasion=Occasion.CONFERENCE,
            planned_on=answer["planned_on"],
            about=conference.uuid,
            now=situation.now,
        )
    conference.planned_on = answer["planned_on"]
    conference.save(update_fields=["planned_on"])


def hold_conference(situation: Situation, answer: Answer) -> None:
    """Write down the meeting, who of the invited came, and the family's plan.

    Raises Refused (``unsafe-invitation``) when somebody came whose check or yes has gone since.
    """
    conference = situation.process.conference
    came = set(answer["came"])
    invited = guests(conference)
    there = [one.member_id for one in invited if str(one.member.uuid) in came]
    now_known = standings(situation.family, only=there)
    check_may_invite(now_known, known_of(situation.family))
    standing = {one.member.pk: one for one in now_known}
    for one in invited:
        one.came = one.member_id in standing
        if one.came:
            # As it stands on the day: the check and the yes may have been given anew since the invitation.
            take_as_they_stand(one, standing[one.member_id])
        one.save(update_fields=["safety", "contact", "came"] if one.came else ["came"])
    meeting = ConferenceMeeting.objects.create(
        municipality_id=conference.municipality_id,
        conference=conference,
        held_on=answer["held_on"],
        information=answer["information"].strip(),
        private_time=answer["private_time"],
        has_plan=answer["has_plan"],
        without_plan="" if answer["has_plan"] else answer["without_plan"].strip(),
        changes_exit_plan=bool(answer["changes_exit_plan"]),
        recorded_by=situation.actor.staff,
        recorded_at=situation.now,
    )
    ConferencePlanLine.objects.bulk_create(
        ConferencePlanLine(
            municipality_id=conference.municipality_id,
            meeting=meeting,
            who=line["who"].strip(),
            what=line["what"].strip(),
            by_on=line["by_on"],
        )
        for line in answer["lines"]
    )
    if not answer["has_plan"]:
        _end_appointment(situation)


def approve_plan(situation: Situation, answer: Answer) -> None:
    """The authority's word on the plan; a yes makes its lines agreements that are followed up.

    Raises NotAllowed (``four-eyes``) to the coordinator and to who acts for them, StaleState when it was answered.
    """
    conference = situation.process.conference
    meeting = last_meeting(conference)
    coordinator = conference.coordinator
    if meeting is None or coordinator is None or hasattr(meeting, "decision"):
        raise StaleState(_("Der er allerede svaret på planen. Genindlæs siden."))
    if coordinator.pk == situation.actor.staff_id:
        raise NotAllowed(_("Koordinatoren kan ikke godkende planen. En anden skal."), type="four-eyes")
    try:
        with transaction.atomic():
            ConferenceDecision.objects.create(
                municipality_id=conference.municipality_id,
                meeting=meeting,
                approved=answer["approved"],
                reason=answer["reason"].strip(),
                coordinator=coordinator,
                decided_by=situation.actor.staff,
                decided_at=situation.now,
            )
    except IntegrityError as broken:
        cause = broken.__cause__
        if isinstance(cause, psycopg.Error) and cause.diag.constraint_name == NOT_BY_DEPUTY:
            raise NotAllowed(
                _("Den, du er stedfortræder for, er koordinator. En anden skal godkende planen."),
                type="four-eyes",
            ) from None
        raise
    if not answer["approved"]:
        return
    agree(
        actor=situation.actor,
        family=situation.family,
        agreements=[Agreed(what=one.what, who=one.who, by_on=one.by_on) for one in meeting.lines.all()],
        made_on=meeting.held_on,
        now=situation.now,
        about=conference.uuid,
    )
    clocks.happened(
        family=situation.family,
        event=Event.FAMILY_PLAN_APPROVED,
        at=situation.now,
        about=conference.uuid,
    )
    _end_appointment(situation)


def _end_appointment(situation: Situation) -> None:
    """The coordinator sees the family no longer than the conference needs them, unless another one still does."""
    conference = situation.process.conference
    others = Conference.objects.filter(
        family=situation.family, coordinator=conference.coordinator, process__finished__isnull=True
    ).exclude(pk=conference.pk)
    if others.exists():
        return
    appointed = FamilyGrant.objects.filter(
        content_object=situation.family,
        user=conference.coordinator,
        function=GrantFunction.CONVENER,
        ends__isnull=True,
    )
    for grant in appointed:
        families.leave(grant=grant, last_day=max(situation.today, grant.starts))


def change_exit_plan(situation: Situation, answer: Answer) -> None:
    """Write the family's plan into the exit plan: a new version, which stands from now on."""
    write_plan(actor=situation.actor, family=situation.family, now=situation.now, **answer)


def follow_up(situation: Situation, answer: Answer) -> None:
    """About three months later: is the plan followed, and does it work.

    Raises Refused (``follow-up-before-plan``).
    """
    conference = situation.process.conference
    meeting = last_meeting(conference)
    if meeting is not None and answer["held_on"] < meeting.held_on:
        raise Refused(
            _("Planen kan ikke være fulgt op, før den blev lagt. Ret datoen."), type="follow-up-before-plan"
        )
    ConferenceFollowUp.objects.create(
        municipality_id=conference.municipality_id,
        conference=conference,
        held_on=answer["held_on"],
        works=answer["works"],
        text=answer["text"].strip(),
        followed_up_by=situation.actor.staff,
        recorded_at=situation.now,
    )
    clocks.happened(
        family=situation.family,
        event=Event.FAMILY_PLAN_FOLLOWED_UP,
        at=situation.now,
        about=conference.uuid,
    )
