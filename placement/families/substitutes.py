"""A substitute: somebody takes the place of a member of the team who is away, from one day to another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Staff, StaffMembership
from placement.access.roles import Action
from placement.families.models import Family, FamilyGrant, GrantFunction


@transaction.atomic
def appoint_substitute(
    *, family: Family, member: Staff, staff: Staff, by: Actor, starts: date, ends: date, today: date
) -> FamilyGrant:
    """Put ``staff`` in the place of ``member`` from ``starts`` to ``ends``, both included, with the same profession.

    The member's own appointment stands. Raises NotAllowed for a role that does not appoint the team; Refused:
    ``substitute-oneself``, ``end-before-start``, ``substitute-in-past``, ``not-on-the-team`` for a member who is not
    on it the whole time, ``already-on-the-team`` for a substitute who is on it some of the days, ``not-staff-here``.
    """
    if not by.may(Action.APPOINT_TEAM):
        raise NotAllowed(_("Din rolle kan ikke udpege teamet."))
    if staff.pk == member.pk:
        raise Refused(_("Man kan ikke være vikar for sig selv. Vælg en anden."), type="substitute-oneself")
    if ends < starts:
        raise Refused(_("Slutdatoen ligger før startdatoen. Ret en af dem."), type="end-before-start")
    if starts < today:
        raise Refused(
            _("En vikar kan ikke udpeges bagud i tiden. Vælg i dag eller senere."), type="substitute-in-past"
        )
    team = FamilyGrant.objects.filter(content_object=family, function=GrantFunction.TEAM)
    place = team.filter(
        Q(ends__isnull=True) | Q(ends__gte=ends), user=member, starts__lte=starts, stands_in_for__isnull=True
    ).first()
    if place is None:
        raise Refused(
            _("%(name)s er ikke på teamet i hele perioden. Vælg en, der er.") % {"name": member},
            type="not-on-the-team",
        )
    if team.filter(Q(ends__isnull=True) | Q(ends__gte=starts), user=staff, starts__lte=ends).exists():
        raise Refused(
            _("%(name)s er allerede på teamet nogle af dagene. Vælg en anden.") % {"name": staff},
            type="already-on-the-team",
        )
    for day in (starts, ends):
        works_here = StaffMembership.objects.in_force(day).filter(
            staff=staff, municipality_id=family.municipality_id
        )
        if not works_here.exists():
            raise Refused(_("Personen arbejder ikke i kommunen. Vælg en anden."), type="not-staff-here")
    return FamilyGrant.objects.create(
        municipality_id=family.municipality_id,
        permission=Permission.objects.get(content_type__app_label="families", codename="view_family"),
        content_object=family,
        user=staff,
        function=GrantFunction.TEAM,
        profession=place.profession,
        starts=starts,
        ends=ends,
        granted_by=by.staff,
        stands_in_for=member,
    )


@transaction.atomic
def end_substitutes(*, family: Family, last_day: date, members: Collection[int] | None = None) -> int:
    """End the substitutes of those who leave the team (``members``: keys of staff; None: of everybody).

    ``last_day`` is the last day on which they give anything. Returns how many were ended earlier than planned.
    """
    running = FamilyGrant.objects.filter(
        content_object=family, stands_in_for__isnull=False, ends__gt=last_day
    ).select_for_update()
    ended = [grant for grant in running if members is None or grant.stands_in_for_id in members]
    for grant in ended:
        _cut(grant, last_day)
    return len(ended)


def end_substitute(*, grant: FamilyGrant, by: Actor, today: date) -> FamilyGrant:
    """The member is back earlier: today is the substitute's last day; one who has not begun never begins.

    Raises NotAllowed for a role that does not appoint the team, StaleState when they have stopped already.
    """
    if not by.may(Action.APPOINT_TEAM):
        raise NotAllowed(_("Din rolle kan ikke udpege teamet."))
    if grant.ends is None or grant.ends < today:
        raise StaleState(_("Vikaren er allerede stoppet. Genindlæs siden."))
    _cut(grant, today if grant.starts <= today else today - timedelta(days=1))
    return grant


def _cut(grant: FamilyGrant, last_day: date) -> None:
    if grant.starts > last_day + timedelta(days=1):
        # It never began: a day that has passed gives nothing, and the write history has what was planned.
        grant.starts = last_day
    grant.ends = max(last_day, grant.starts)
    grant.save(update_fields=["starts", "ends"])
