"""What follows a meeting: its minutes given to the parties, and what became of its decisions."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.transactions import one_write
from placement.clock import danish_day
from placement.families.models import Family, Person
from placement.families.parties import parties_among
from placement.meetings.models import DecisionOutcome, Meeting, MeetingDecision, MinutesGiven

#: Barnets lov § 3: from this age a child is a party to their own case.
PARTY_FROM_YEARS = 10


def parties(family: Family, day: date) -> list[Person]:
    """Who is given a meeting's minutes: parents with custody, and children who are parties on ``day``."""
    return parties_among(family.people.order_by("id"), day, from_years=PARTY_FROM_YEARS)


@one_write
def give_minutes(
    *, actor: Actor, meeting: Meeting, person: Person, given_on: date, how: str, now: datetime
) -> MinutesGiven:
    """Write down that a party was given the minutes on ``given_on``.

    Raises Refused: ``minutes-not-a-party`` for somebody who is no party of the family's case that day,
    ``minutes-in-future``, ``minutes-before-meeting``, ``minutes-how``, ``minutes-twice``.
    """
    if given_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Ret den."), type="minutes-in-future")
    if given_on < meeting.held_on:
        raise Refused(
            _("Referatet kan ikke være givet før mødet. Ret datoen."), type="minutes-before-meeting"
        )
    if person not in parties(meeting.family, given_on):
        raise Refused(_("Referatet gives til sagens parter. Vælg en af dem."), type="minutes-not-a-party")
    if how not in dict(MinutesGiven._meta.get_field("how").flatchoices):
        raise Refused(_("Vælg, hvordan referatet blev givet."), type="minutes-how")
    try:
        with transaction.atomic():
            return MinutesGiven.objects.create(
                municipality_id=meeting.municipality_id,
                meeting=meeting,
                person=person,
                given_on=given_on,
                how=how,
                given_by=actor.staff,
                recorded_at=now,
            )
    except IntegrityError:
        raise Refused(_("Det er allerede skrevet."), type="minutes-twice") from None


@one_write
def close_decision(
    *, actor: Actor, decision: MeetingDecision, done: bool, reason: str, now: datetime
) -> DecisionOutcome:
    """Write what became of a decision. Raises Refused (``reason-missing``) when it was not done and nothing says
    why, StaleState when it is written already."""
    if not done and not reason.strip():
        raise Refused(_("Skriv, hvorfor det ikke blev gjort."), type="reason-missing")
    try:
        with transaction.atomic():
            return DecisionOutcome.objects.create(
                municipality_id=decision.municipality_id,
                decision=decision,
                done=done,
                reason=reason.strip(),
                closed_by=actor.staff,
                closed_at=now,
            )
    except IntegrityError:
        raise StaleState(_("Der er allerede fulgt op på beslutningen. Genindlæs siden.")) from None
