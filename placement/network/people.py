"""Every write about a person of the network: who they are, whether they may be contacted, whether it is safe, invited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import psycopg
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.clock import danish_day
from placement.families.models import Family
from placement.meetings.models import Meeting
from placement.network.models import (
    ContactAnswer,
    HowAsked,
    NetworkAnswer,
    NetworkInvitation,
    NetworkMember,
    NetworkPerson,
    NetworkSafetyCheck,
    Occasion,
    SafetyOutcome,
)

#: The database's own refusal of an invitation without a check and a yes.
UNSAFE = "network_invitation_is_safe"


@dataclass(frozen=True)
class Standing:
    """One person of the network, and the newest check and answer about them."""

    member: NetworkMember
    safety: NetworkSafetyCheck | None
    contact: NetworkAnswer | None


def members(family: Family) -> QuerySet[NetworkMember]:
    """The people of the family's network, in the order in which they were written down."""
    return NetworkMember.objects.filter(family=family).order_by("id")


def standings(family: Family, only: Iterable[int] | None = None) -> list[Standing]:
    """Each person (or those of ``only``, by key) with their newest check and answer; three queries."""
    people = members(family)
    if only is not None:
        people = people.filter(pk__in=list(only))
    listed = list(people)
    newest_check = (
        NetworkSafetyCheck.objects.filter(member=OuterRef("member")).order_by("-id").values("id")[:1]
    )
    newest_answer = NetworkAnswer.objects.filter(member=OuterRef("member")).order_by("-id").values("id")[:1]
    checks = {
        row.member_id: row
        for row in NetworkSafetyCheck.objects.filter(
            member__in=listed, id=Subquery(newest_check)
        ).select_related("checked_by")
    }
    answers = {
        row.member_id: row
        for row in NetworkAnswer.objects.filter(member__in=listed, id=Subquery(newest_answer)).select_related(
            "recorded_by"
        )
    }
    return [Standing(one, checks.get(one.pk), answers.get(one.pk)) for one in listed]


@transaction.atomic
def add_member(*, actor: Actor, family: Family, label: str, now: datetime) -> NetworkMember:
    """Write somebody down by first name or relation. Raises Refused (``person-incomplete``)."""
    if not label.strip():
        raise Refused(_("Skriv et fornavn eller en relation."), type="person-incomplete")
    return NetworkMember.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        label=label.strip(),
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def known_as(*, actor: Actor, family: Family, place: NetworkPerson, now: datetime) -> NetworkMember:
    """Who stands on the map there: their record, made now on a map that was drawn before there were any."""
    if place.member is not None:
        return place.member
    member = add_member(actor=actor, family=family, label=place.label, now=now)
    NetworkPerson.objects.filter(pk=place.pk, member__isnull=True).update(member=member)
    return member


@transaction.atomic
def record_answer(
    *, actor: Actor, member: NetworkMember, answer: str, answered_on: date, how: str, now: datetime
) -> NetworkAnswer:
    """Write down a person's own answer to being contacted, or that they have taken their yes back.

    Raises Refused: ``answer-unknown``, ``answer-in-future``, ``answer-not-given`` for taking back what was not given,
    ``answer-before-the-last``.
    """
    if answer not in ContactAnswer.values or how not in HowAsked.values:
        raise Refused(_("Vælg, hvad personen svarede, og hvordan."), type="answer-unknown")
    if answered_on > danish_day(now):
        raise Refused(_("Svaret kan ikke ligge i fremtiden. Ret datoen."), type="answer-in-future")
    last = NetworkAnswer.objects.filter(member=member).order_by("-id").first()
    if answer == ContactAnswer.WITHDRAWN and (last is None or last.answer != ContactAnswer.GIVEN):
        raise Refused(
            _("Personen har ikke sagt ja, så der er intet at trække tilbage."), type="answer-not-given"
        )
    if last is not None and answered_on < last.answered_on:
        raise Refused(
            _("Der står et nyere svar fra %(day)s. Ret datoen.") % {"day": f"{last.answered_on:%d.%m.%Y}"},
            type="answer-before-the-last",
        )
    return NetworkAnswer.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        answer=answer,
        answered_on=answered_on,
        how=how,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def record_safety_check(
    *,
    actor: Actor,
    member: NetworkMember,
    checked_on: date,
    violence_possible: bool,
    outcome: str,
    reasons: str,
    now: datetime,
    terms: str = "",
) -> NetworkSafetyCheck:
    """Write down whether a person may be invited, signed by whoever looked into it. The newest check stands.

    Raises Refused: ``check-unknown``, ``check-in-future``, ``check-without-reasons``, ``check-without-terms`` when
    somebody may come on terms that are not said, ``check-violence`` when violence is possible and no terms are set.
    """
    if outcome not in SafetyOutcome.values:
        raise Refused(_("Vælg, om personen kan inviteres."), type="check-unknown")
    if checked_on > danish_day(now):
        raise Refused(_("Tjekket kan ikke ligge i fremtiden. Ret datoen."), type="check-in-future")
    if not reasons.strip():
        raise Refused(_("Skriv, hvad vurderingen bygger på."), type="check-without-reasons")
    if violence_possible and outcome == SafetyOutcome.SAFE:
        raise Refused(
            _(
                "Kan der være vold eller en æresrelateret konflikt, inviteres der kun på vilkår eller slet ikke."
            ),
            type="check-violence",
        )
    if outcome == SafetyOutcome.CARE and not terms.strip():
        raise Refused(_("Skriv, på hvilke vilkår personen kan inviteres."), type="check-without-terms")
    return NetworkSafetyCheck.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        checked_on=checked_on,
        violence_possible=violence_possible,
        outcome=outcome,
        reasons=reasons.strip(),
        terms=terms.strip(),
        checked_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def write_invitation(
    *,
    actor: Actor,
    family: Family,
    standing: Standing,
    occasion: str,
    planned_on: date,
    now: datetime,
    about: UUID | None = None,
    meeting: Meeting | None = None,
    came: bool | None = None,
) -> NetworkInvitation:
    """Invite somebody. Whether the family's network may be involved at all is asked first, by the caller.

    Raises Refused (``unsafe-invitation``) as the database does: without a check, after a no, without their own yes.
    """
    refusal = Refused(
        _("%(who)s kan ikke inviteres: der mangler et sikkerhedstjek eller personens eget ja.")
        % {"who": standing.member.label},
        type="unsafe-invitation",
    )
    if standing.safety is None or standing.contact is None:
        raise refusal
    try:
        with transaction.atomic():
            return NetworkInvitation.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                member=standing.member,
                safety=standing.safety,
                contact=standing.contact,
                occasion=occasion,
                planned_on=planned_on,
                about=about,
                meeting=meeting,
                came=came,
                invited_by=actor.staff,
                invited_at=now,
            )
    except IntegrityError as broken:
        cause = broken.__cause__
        if isinstance(cause, psycopg.Error) and cause.diag.constraint_name == UNSAFE:
            raise refusal from None
        raise


def take_as_they_stand(invitation: NetworkInvitation, standing: Standing) -> None:
    """Let the invitation rest on its guest's newest check and answer, before it is said that they came. Saves nothing."""
    if standing.safety is None or standing.contact is None:
        raise LookupError("whoever comes was checked and said yes")
    invitation.safety, invitation.contact = standing.safety, standing.contact


def waiting_invitations(family: Family, occasion: str = Occasion.MEETING) -> QuerySet[NetworkInvitation]:
    """Invitations to something that has not been held yet."""
    waiting = NetworkInvitation.objects.filter(family=family, occasion=occasion, came__isnull=True)
    return waiting.select_related("member").order_by("planned_on", "id")
