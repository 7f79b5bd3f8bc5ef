"""Breaking a journey off with everything that hangs on it: from any phase, for any reason, also the quiet one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.clock import danish_day
from placement.families import services as families
from placement.families import stays
from placement.families.codes import OUTCOME_OF, BirthState, EndReason, PersonKind
from placement.families.models import Decision, Family, Person, Phase
from placement.families.people import record_loss
from workflows.journey.moves.models import Withdrawal
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Process, StopReason
from workflows.kernel.undoing import break_off_all


def is_over(family: Family) -> bool:
    """Whether the family has no journey that could be broken off."""
    try:
        running_journey(family)
    except StaleState:
        return True
    return False


def running_journey(family: Family) -> Process:
    """The family's journey, while it can be broken off. Raises StaleState (``journey-ended``)."""
    from workflows.journey.services import journey_of

    journey = journey_of(family)
    if journey is None or journey.finished is not None or family.phase in (Phase.CLOSED, Phase.DECLINED):
        raise StaleState(_("Forløbet er allerede slut. Der er intet at afbryde."), type="journey-ended")
    return journey


@transaction.atomic
def withdraw(
    *,
    actor: Actor,
    family: Family,
    ended_on: date,
    reason: str,
    initiator: str,
    planned: bool,
    text: str,
    now: datetime,
    child_lives: str = "",
    support_after: str = "",
    family_view: str = "",
) -> Withdrawal:
    """Break the journey off on ``ended_on`` (today or earlier).

    Open tasks fall away, the model's clocks stop (a notification of concern is still assessed), the team's
    appointments end that day, decisions lapse, and a family that lived in the house has moved out.
    Raises StaleState (``journey-ended``), Refused: ``end-in-future``, ``end-before-stay``, ``reason-missing``.
    """
    journey = running_journey(family)
    if ended_on > danish_day(now):
        raise Refused(
            _("Datoen ligger i fremtiden. Afbryd forløbet den dag, det sker."), type="end-in-future"
        )
    days = (danish_day(family.enquired_at), family.started_on, family.moved_in_on, family.moved_out_on)
    if family.reopened_at is not None:
        days = (danish_day(family.reopened_at), *days[1:])
    latest = max(day for day in days if day is not None)
    if ended_on < latest:
        raise Refused(
            _("Forløbet kan ikke være afbrudt før %(day)s. Ret datoen.") % {"day": f"{latest:%d.%m.%Y}"},
            type="end-before-stay",
        )
    if not text.strip():
        raise Refused(_("Skriv, hvad der er sket."), type="reason-missing")
    return _end(
        Withdrawal(
            municipality_id=family.municipality_id,
            family=family,
            process=journey,
            phase_before=family.phase,
            ended_on=ended_on,
            reason=reason,
            initiator=initiator,
            planned=planned,
            text=text.strip(),
            child_lives=child_lives.strip(),
            support_after=support_after.strip(),
            withdrawn_by=actor.staff,
            withdrawn_at=now,
        ),
        actor=actor,
        family_view=family_view,
        now=now,
    )


def other_children(child: Person) -> bool:
    """Whether the family has another child, awaited or born, whom the work can go on for."""
    others = Person.objects.filter(family=child.family_id).exclude(pk=child.pk)
    return others.exclude(kind=PersonKind.PARENT).exclude(birth_state=BirthState.LOST).exists()


@transaction.atomic
def lose_pregnancy(*, actor: Actor, child: Person, goes_on: bool | None, now: datetime) -> Person:
    """The pregnancy was lost. Where no other child is, all work ends quietly: no task, no clock, no reminder.

    With another child it is asked whether the journey ``goes_on`` (then everything about that child does).
    Raises Refused: ``not-expected``, ``goes-on-unsaid``, ``nobody-to-go-on-for``.
    """
    family = child.family
    others = other_children(child)
    if others and goes_on is None:
        raise Refused(
            _("Der er andre børn i familien. Sig, om forløbet fortsætter for dem."), type="goes-on-unsaid"
        )
    if goes_on and not others:
        raise Refused(
            _("Der er ingen andre børn i familien, som forløbet kan fortsætte for."),
            type="nobody-to-go-on-for",
        )
    record_loss(child=child)
    from workflows.investigation.parallel import follow_child
    from workflows.journey.services import journey_of

    follow_child(actor=actor, child=child, now=now)

    journey = journey_of(family)
    if goes_on or journey is None or family.phase in (Phase.CLOSED, Phase.DECLINED):
        return child
    _end(
        Withdrawal(
            municipality_id=family.municipality_id,
            family=family,
            process=journey,
            phase_before=family.phase,
            ended_on=danish_day(now),
            reason=EndReason.PREGNANCY_LOST,
            withdrawn_by=actor.staff,
            withdrawn_at=now,
        ),
        actor=actor,
        family_view="",
        now=now,
        keep_the_law_s=others,
    )
    return child


def _end(
    withdrawal: Withdrawal, *, actor: Actor, family_view: str, now: datetime, keep_the_law_s: bool = True
) -> Withdrawal:
    family, ended_on = withdrawal.family, withdrawal.ended_on
    lost = withdrawal.reason == EndReason.PREGNANCY_LOST
    # The clocks first: those of open steps then say why the journey ended, not that their step was dropped.
    clocks.stop_all(
        family=family,
        reason=StopReason.PREGNANCY_LOST if lost else StopReason.WITHDRAWN,
        at=now,
        keep_the_law_s=keep_the_law_s,
    )
    break_off_all(family)
    pause = stays.current_pause(family)
    if pause is not None:
        stays.end_pause(actor=actor, family=family, resumed_on=max(pause.paused_on, ended_on), now=now)
    families.end_team(family=family, last_day=ended_on)
    # Their conferences were broken off with the rest.
    families.end_conveners(family=family, last_day=ended_on)
    Decision.objects.standing().filter(family=family).update(lapsed_at=now)
    withdrawal.save()
    family.phase = Phase.CLOSED
    family.closed_on = ended_on
    family.outcome = OUTCOME_OF[EndReason(withdrawal.reason)]
    family.family_view_of_outcome = family_view.strip()
    if family.moved_in_on is not None and family.moved_out_on is None and not lost:
        family.moved_out_on = ended_on
    family.save(update_fields=["phase", "closed_on", "outcome", "family_view_of_outcome", "moved_out_on"])
    return withdrawal
