"""Which weeks a municipality's staff are asked about, and taking back what a lead has written."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import Refused, StaleState
from placement.access.roles import Action
from placement.costs.codes import (
    QUARTERS_IN_HOUR,
)
from placement.costs.models import (
    AskedWeeks,
    Withdrawable,
)
from placement.costs.services.checks import check_may, check_reason
from placement.costs.weeks import Week
from placement.staffing.querysets import municipality_of

LONGEST_MEETING = 24 * QUARTERS_IN_HOUR


@transaction.atomic
def choose_weeks(
    *,
    actor: Actor,
    first: Week,
    last: Week | None,
    now: datetime,
    team_meeting_quarters: int = 4,
    network_meeting_quarters: int = 6,
    session_quarters: int = 4,
) -> AskedWeeks:
    """Ask the municipality's staff about their hours from ``first`` to ``last``, both included; None: until further notice.

    The lengths are what their weeks are prefilled with. Raises NotAllowed, Refused: ``end-before-start``, ``weeks-twice``
    when some of them are asked already, ``day-impossible``, ``meeting-length``.
    """
    check_may(actor, Action.ADMINISTER_COSTS)
    for week in (first, last):
        if week is not None:
            check_possible(week.sunday, now=now)
    if last is not None and last < first:
        raise Refused(_("Slutdatoen ligger før startdatoen. Ret en af dem."), type="end-before-start")
    lengths = (team_meeting_quarters, network_meeting_quarters, session_quarters)
    if not all(0 <= length <= LONGEST_MEETING for length in lengths):
        raise Refused(_("Et møde varer fra 0 til 24 timer. Ret tallet."), type="meeting-length")
    standing = AskedWeeks.objects.filter(municipality_id=municipality_of(actor), withdrawn_at__isnull=True)
    if last is not None:
        standing = standing.filter(first_day__lte=last.sunday)
    if standing.exclude(last_day__lt=first.monday).exists():
        raise Refused(
            _("Nogle af ugerne er allerede valgt. Træk det valg tilbage, eller ret datoerne."),
            type="weeks-twice",
        )
    return AskedWeeks.objects.create(
        municipality_id=municipality_of(actor),
        first_day=first.monday,
        last_day=last.sunday if last else None,
        team_meeting_quarters=team_meeting_quarters,
        network_meeting_quarters=network_meeting_quarters,
        session_quarters=session_quarters,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def withdraw(*, actor: Actor, record: Withdrawable, reason: str, now: datetime) -> None:
    """Take back a choice of weeks, another cost or a year's rates; what was written stays, with why it does not count.

    Raises NotAllowed, Refused (``reason-missing``), StaleState (``withdrawn-already``).
    """
    check_may(actor, Action.ADMINISTER_COSTS)
    check_reason(reason, _("Skriv, hvorfor det trækkes tilbage."))
    standing = type(record)._default_manager.filter(pk=record.pk, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_by=actor.staff, withdrawn_at=now, withdrawn_reason=reason.strip()):
        raise StaleState(_("Det er allerede trukket tilbage. Genindlæs siden."), type="withdrawn-already")
