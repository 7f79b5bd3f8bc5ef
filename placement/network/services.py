"""Every write of the network: maps, and agreements with somebody in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.clock import danish_day
from placement.families.models import Family
from placement.network.models import (
    Agreement,
    Closeness,
    Direction,
    Moment,
    NetworkMap,
    NetworkMember,
    NetworkPerson,
    Sector,
)
from placement.network.people import add_member


@dataclass(frozen=True)
class Placed:
    """One person on the map: first name or relation, quarter, ring (1 nearest), direction, strain.

    ``member``: the public id of who it is, when they were on a map before; '' for somebody new.
    """

    label: str
    sector: str
    closeness: int
    direction: str
    strained: bool = False
    member: str = ""


@dataclass(frozen=True)
class Agreed:
    """What ``who`` (first name or relation) will do, and by when."""

    what: str
    who: str
    by_on: date


@transaction.atomic
def draw_map(
    *,
    actor: Actor,
    family: Family,
    drawn_on: date,
    moment: str,
    people: Sequence[Placed],
    drawn_with_parents: bool,
    now: datetime,
    remark: str = "",
) -> NetworkMap:
    """Draw the network as it is that day. Nobody in it is a finding too: then ``remark`` says so.

    Somebody without a ``member`` is new to the network and gets a record of their own, whatever they are called.
    Raises Refused: ``map-in-future``, ``map-moment``, ``map-empty`` (nobody and no remark),
    ``person-incomplete``, ``person-unknown`` (of another family), ``person-twice``.
    """
    if drawn_on > danish_day(now):
        raise Refused(_("Kortet kan ikke være tegnet i fremtiden. Ret datoen."), type="map-in-future")
    if moment not in Moment.values:
        raise Refused(_("Vælg, hvornår i forløbet kortet er tegnet."), type="map-moment")
    if not people and not remark.strip():
        raise Refused(
            _("Skriv mindst én person på kortet. Er der ingen, så skriv det i bemærkningen."),
            type="map-empty",
        )
    for person in people:
        _check_person(person)
    known = _known(family, people)
    drawn = NetworkMap.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        drawn_on=drawn_on,
        moment=moment,
        drawn_with_parents=drawn_with_parents,
        remark=remark.strip(),
        drawn_by=actor.staff,
        recorded_at=now,
    )
    NetworkPerson.objects.bulk_create(
        NetworkPerson(
            municipality_id=family.municipality_id,
            map=drawn,
            member=known[person.member]
            if person.member
            else add_member(actor=actor, family=family, label=person.label, now=now),
            label=person.label.strip(),
            sector=person.sector,
            closeness=person.closeness,
            direction=person.direction,
            strained=person.strained,
        )
        for person in people
    )
    return drawn


@transaction.atomic
def make_agreements(
    *,
    actor: Actor,
    family: Family,
    agreements: Sequence[Agreed],
    made_on: date,
    now: datetime,
    about: UUID | None = None,
) -> list[Agreement]:
    """Write down what people in the network have agreed to do; ``about``: the conference whose plan they are.

    Raises Refused: ``agreements-missing`` for none at all, ``agreement-in-future`` when it was made in the
    future, ``agreement-incomplete``, ``agreement-due-before`` when it is due before it was made.
    """
    if not agreements:
        raise Refused(_("Skriv mindst én aftale."), type="agreements-missing")
    if made_on > danish_day(now):
        raise Refused(_("Aftalen kan ikke være lavet i fremtiden. Ret datoen."), type="agreement-in-future")
    for agreed in agreements:
        if not agreed.what.strip() or not agreed.who.strip():
            raise Refused(_("Skriv, hvem der gør hvad, eller fjern linjen."), type="agreement-incomplete")
        if agreed.by_on < made_on:
            raise Refused(
                _("En aftale kan ikke have frist, før den er lavet. Ret datoen."), type="agreement-due-before"
            )
    return [
        Agreement.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            what=agreed.what.strip(),
            who=agreed.who.strip(),
            by_on=agreed.by_on,
            made_on=made_on,
            made_by=actor.staff,
            about=about,
        )
        for agreed in agreements
    ]


@transaction.atomic
def follow_up_agreement(
    *, actor: Actor, agreement: Agreement, kept: bool, followed_up_on: date, now: datetime, comment: str = ""
) -> Agreement:
    """Write down whether an agreement was kept; once.

    Raises Refused: ``follow-up-in-future``, ``follow-up-before-agreement``; StaleState when it is done.
    """
    if followed_up_on > danish_day(now):
        raise Refused(_("Opfølgningen kan ikke ligge i fremtiden. Ret datoen."), type="follow-up-in-future")
    if followed_up_on < agreement.made_on:
        raise Refused(
            _("Opfølgningen kan ikke ligge før aftalen. Ret datoen."), type="follow-up-before-agreement"
        )
    written = Agreement.objects.filter(pk=agreement.pk, kept__isnull=True).update(
        kept=kept, followed_up_on=followed_up_on, followed_up_by=actor.staff, comment=comment.strip()
    )
    if not written:
        raise StaleState(_("Aftalen er allerede fulgt op. Genindlæs siden."))
    agreement.refresh_from_db()
    return agreement


def _known(family: Family, people: Sequence[Placed]) -> dict[str, NetworkMember]:
    """Who of the network those are that were on a map before, by public id."""
    named = [person.member for person in people if person.member]
    if len(set(named)) != len(named):
        raise Refused(_("Den samme person står to gange på kortet. Fjern den ene."), type="person-twice")
    try:
        known = {str(one.uuid): one for one in NetworkMember.objects.filter(family=family, uuid__in=named)}
    except ValidationError:
        known = {}
    if set(known) != set(named):
        raise Refused(_("Personen hører ikke til familiens netværk. Genindlæs siden."), type="person-unknown")
    return known


def _check_person(person: Placed) -> None:
    known = (
        person.label.strip()
        and person.sector in Sector.values
        and person.closeness in Closeness.values
        and person.direction in Direction.values
    )
    if not known:
        raise Refused(
            _("Hver person på kortet skal have et fornavn eller en relation, område, nærhed og støtte."),
            type="person-incomplete",
        )
