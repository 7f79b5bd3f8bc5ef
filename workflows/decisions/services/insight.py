"""A party asks to see the case file, and is answered (forvaltningsloven §§ 9-16, as we read it)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.clock import danish_day, moment_on
from placement.families.models import Person
from workflows.decisions.codes import Insight
from workflows.decisions.models import AccessRequest, CasePerson
from workflows.decisions.selectors import model_for
from workflows.decisions.services.parties import check_party
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Process
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]


@transaction.atomic
def ask_access(
    *,
    actor: Actor,
    party: Person,
    scope: str,
    received_on: date,
    now: datetime,
    by: CasePerson | None = None,
) -> AccessRequest:
    """Write down that a party asks to see the file; the law's days count from the day it came.

    Raises Refused: ``access-empty``, ``access-in-future``, ``access-other-party``, ``not-a-party``.
    """
    from workflows.decisions.flow import AccessFlow

    if not scope.strip():
        raise Refused(_("Skriv, hvad parten vil se: hele sagen, eller hvad af den."), type="access-empty")
    if received_on > danish_day(now):
        raise Refused(
            _("Anmodningen kan ikke være modtaget i fremtiden. Ret datoen."), type="access-in-future"
        )
    if by is not None and by.party_id != party.pk:
        raise Refused(
            _("Bisidderen eller partsrepræsentanten hører til en anden part. Vælg en anden."),
            type="access-other-party",
        )
    rules = model_for(party.family).decisions
    check_party(party, received_on, rules)
    made = AccessRequest.objects.create(
        municipality_id=party.municipality_id,
        family=party.family,
        party=party,
        by=by,
        received_on=received_on,
        scope=scope.strip(),
        due_on=rules.access_until(received_on),
        recorded_by=actor.staff,
        recorded_at=now,
    )
    # Before the flow: its step is due when the clock ends.
    begun = clocks.happened(
        family=party.family, event=Event.ACCESS_ASKED, at=moment_on(received_on, now=now), about=made.uuid
    )
    if begun:
        made.due_on = min(clock.due_on for clock in begun)
        made.save(update_fields=["due_on"])
    AccessFlow.start.run(family=party.family, about={"access": made.pk})
    return made


def access_of(process: Process) -> AccessRequest:
    """The request that a run of the flow is about."""
    found = AccessRequest.objects.select_related("party", "by")
    return found.get(family=process.family, pk=process.data["access"])


def check_given_on(request: AccessRequest, day: date, now: datetime) -> None:
    """Raises Refused: ``access-before-asked``, ``access-in-future``."""
    if day < request.received_on:
        raise Refused(
            _("Svaret kan ikke være givet, før der blev bedt om aktindsigt. Ret datoen."),
            type="access-before-asked",
        )
    if day > danish_day(now):
        raise Refused(_("Svaret kan ikke være givet i fremtiden. Ret datoen."), type="access-in-future")


def answer_access(situation: Situation, answer: Answer) -> None:
    """What the party was given, or why not, and when.

    Raises StaleState when it was answered, Refused (``access-reason-missing``) for what is kept back without a
    reason and a paragraph, and what `check_given_on` raises.
    """
    request = access_of(situation.process)
    if request.outcome:
        raise StaleState(_("Anmodningen er allerede besvaret. Genindlæs siden."))
    check_given_on(request, answer["given_on"], situation.now)
    kept_back = answer["outcome"] != Insight.GIVEN
    if kept_back and not (answer["reason"].strip() and answer["legal_basis"].strip()):
        raise Refused(
            _("Skriv, hvad der er undtaget, hvorfor og efter hvilken bestemmelse."),
            type="access-reason-missing",
        )
    request.outcome, request.how, request.given_on = answer["outcome"], answer["how"], answer["given_on"]
    request.legal_basis = answer["legal_basis"].strip() if kept_back else ""
    request.reason = answer["reason"].strip() if kept_back else ""
    request.answered_by, request.answered_at = situation.actor.staff, situation.now
    request.save(
        update_fields=["outcome", "how", "given_on", "legal_basis", "reason", "answered_by", "answered_at"]
    )
    clocks.happened(
        family=situation.family,
        event=Event.ACCESS_ANSWERED,
        at=moment_on(request.given_on, now=situation.now),
        about=request.uuid,
    )
