"""Agreements with the network, each with its clock: it runs from when it was made until somebody asks how it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from placement.access.actor import Actor
from placement.clock import moment_on
from placement.families.models import Family
from placement.network import services as network
from placement.network.models import Agreement
from workflows.kernel.clocks import services as clocks
from workflows.model_versions.clock_rules import Event


@transaction.atomic
def agree(
    *,
    actor: Actor,
    family: Family,
    agreements: Sequence[network.Agreed],
    made_on: date,
    now: datetime,
    about: UUID | None = None,
) -> list[Agreement]:
    """Write agreements down and start the clock of each, counted from its own day. Raises as `make_agreements` does."""
    made = network.make_agreements(
        actor=actor, family=family, agreements=agreements, made_on=made_on, now=now, about=about
    )
    for one in made:
        clocks.happened(
            family=family,
            event=Event.AGREEMENT_MADE,
            at=now,
            about=one.uuid,
            counted_from=max(moment_on(one.by_on, now=now), now),
        )
    return made


@transaction.atomic
def follow_up(
    *, actor: Actor, agreement: Agreement, kept: bool, followed_up_on: date, now: datetime, comment: str = ""
) -> Agreement:
    """Write down whether an agreement was kept, and stop its clock. Raises as `follow_up_agreement` does."""
    done = network.follow_up_agreement(
        actor=actor, agreement=agreement, kept=kept, followed_up_on=followed_up_on, now=now, comment=comment
    )
    clocks.happened(family=agreement.family, event=Event.AGREEMENT_FOLLOWED_UP, at=now, about=agreement.uuid)
    return done
