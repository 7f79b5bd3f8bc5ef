"""Writing what happens to a stay on its way: pauses, one person's own path, another house."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.models import Site, StaffMembership
from placement.access.roles import Role
from placement.clock import danish_day
from placement.families.codes import BirthState, Whereabouts
from placement.families.models import Family, FamilyGrant, GrantFunction, Person, Phase
from placement.families.services import leave
from placement.families.stay_models import Pause, PersonPath, SiteChange

UNDER_WAY = frozenset({Phase.STARTED, Phase.MOVED_IN, Phase.EXITED})


def current_pause(family: Family) -> Pause | None:
    """The pause the family is in, or None."""
    return Pause.objects.filter(family=family, resumed_on__isnull=True).select_related("paused_by").first()


def paused_since(family: Family | int) -> date | None:
    """Since which day the family is away, or None."""
    return (
        Pause.objects.filter(family=family, resumed_on__isnull=True)
        .values_list("paused_on", flat=True)
        .first()
    )


@transaction.atomic
def begin_pause(
    *, actor: Actor, family: Family, paused_on: date, reason: str, text: str, now: datetime
) -> Pause:
    """The family is away from ``paused_on`` (today or earlier, not before the intervention began).

    Raises StaleState (``already-paused``), Refused: ``not-under-way`` before the start or after the end,
    ``pause-in-future``, ``pause-before-start``.
    """
    if family.phase not in UNDER_WAY or family.started_on is None:
        raise Refused(
            _("Kun en indsats, der er i gang, kan sættes på pause."),
            type="not-under-way",
        )
    if current_pause(family) is not None:
        raise StaleState(_("Indsatsen er allerede på pause. Genoptag den først."), type="already-paused")
    if paused_on > danish_day(now):
        raise Refused(
            _("Pausen ligger i fremtiden. Skriv den den dag, familien tager af sted."), type="pause-in-future"
        )
    latest = Pause.objects.filter(family=family).values_list("resumed_on", flat=True).first()
    earliest = max(day for day in (family.started_on, latest) if day is not None)
    if paused_on < earliest:
        raise Refused(
            _("Pausen kan ikke begynde før %(day)s. Ret datoen.") % {"day": f"{earliest:%d.%m.%Y}"},
            type="pause-before-start",
        )
    return Pause.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        paused_on=paused_on,
        reason=reason,
        text=text.strip(),
        paused_by=actor.staff,
        paused_at=now,
    )


@transaction.atomic
def end_pause(*, actor: Actor, family: Family, resumed_on: date, now: datetime) -> Pause:
    """The family is back from ``resumed_on`` (today or earlier).

    Raises StaleState (``not-paused``), Refused: ``resume-in-future``, ``resume-before-pause``.
    """
    pause = current_pause(family)
    if pause is None:
        raise StaleState(_("Indsatsen er ikke på pause. Der er intet at genoptage."), type="not-paused")
    if resumed_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Ret den."), type="resume-in-future")
    if resumed_on < pause.paused_on:
        raise Refused(
            _("Pausen begyndte %(day)s. Den kan ikke slutte før. Ret datoen.")
            % {"day": f"{pause.paused_on:%d.%m.%Y}"},
            type="resume-before-pause",
        )
    pause.resumed_on = resumed_on
    pause.resumed_by = actor.staff
    pause.resumed_at = now
    pause.save(update_fields=["resumed_on", "resumed_by", "resumed_at"])
    return pause


@transaction.atomic
def set_path(
    *,
    actor: Actor,
    person: Person,
    where: str,
    begins_on: date,
    now: datetime,
    legal_basis: str = "",
    text: str = "",
) -> PersonPath:
    """One of the family lives elsewhere from ``begins_on``, or is back with the family; the path before ends then.

    Raises Refused: ``not-born`` for a child that is not there, ``path-in-future``, ``path-before-last``,
    ``path-the-same``.
    """
    if person.birth_state != BirthState.BORN:
        raise Refused(_("Barnet er ikke født. Vælg en anden."), type="not-born")
    if begins_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Skriv det den dag, det sker."), type="path-in-future")
    last = PersonPath.objects.filter(person=person, ends_on__isnull=True).first()
    if where == (last.where if last else Whereabouts.WITH_FAMILY):
        raise Refused(_("Det står allerede sådan. Vælg, hvor personen nu bor."), type="path-the-same")
    earliest = max((day for day in (person.born_on, last.begins_on if last else None) if day), default=None)
    if earliest is not None and begins_on < earliest:
        raise Refused(
            _("Der er skrevet noget senere om personen, eller barnet var ikke født. Ret datoen."),
            type="path-before-last",
        )
    if last is not None:
        last.ends_on = begins_on
        last.save(update_fields=["ends_on"])
    return PersonPath.objects.create(
        municipality_id=person.municipality_id,
        family_id=person.family_id,
        person=person,
        where=where,
        begins_on=begins_on,
        legal_basis=legal_basis.strip(),
        text=text.strip(),
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def change_site(
    *, actor: Actor, family: Family, site: Site, room: str, moved_on: date, reason: str, now: datetime
) -> SiteChange:
    """The family lives at ``site`` from ``moved_on`` (today or earlier); who works at the old one alone leaves.

    Their last day on the team is the day before. Whoever leads the new site sees the family at once.
    Raises Refused: ``not-under-way`` without a site to change from, ``site-the-same``, ``site-in-future``,
    ``site-before-start``.
    """
    if family.phase not in UNDER_WAY or family.site is None:
        raise Refused(_("Familien bor ikke på noget sted, der kan skiftes."), type="not-under-way")
    if site.pk == family.site_id and room.strip() == family.room:
        raise Refused(_("Familien bor der allerede. Vælg et andet sted eller værelse."), type="site-the-same")
    if moved_on > danish_day(now):
        raise Refused(
            _("Datoen ligger i fremtiden. Skriv skiftet den dag, familien flytter."), type="site-in-future"
        )
    latest = SiteChange.objects.filter(family=family).values_list("moved_on", flat=True).first()
    earliest = max(day for day in (family.moved_in_on or family.started_on, latest) if day is not None)
    if moved_on < earliest:
        raise Refused(
            _("Familien kan ikke have skiftet sted før %(day)s. Ret datoen.")
            % {"day": f"{earliest:%d.%m.%Y}"},
            type="site-before-start",
        )
    change = SiteChange.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        from_site=family.site,
        to_site=site,
        from_room=family.room,
        to_room=room.strip(),
        moved_on=moved_on,
        reason=reason.strip(),
        recorded_by=actor.staff,
        recorded_at=now,
    )
    if site.pk != family.site_id:
        _leave_old_site(family, site=site, moved_on=moved_on, today=danish_day(now))
    family.site = site
    family.room = room.strip()
    family.save(update_fields=["site", "room"])
    return change


def _leave_old_site(family: Family, *, site: Site, moved_on: date, today: date) -> None:
    held = StaffMembership.objects.in_force(today).filter(
        municipality_id=family.municipality_id, role__in=[Role.PRACTITIONER.value, Role.TEAM_LEAD.value]
    )
    of_old = set(held.filter(site=family.site).values_list("staff_id", flat=True))
    of_new = set(held.filter(site=site).values_list("staff_id", flat=True))
    team = FamilyGrant.objects.filter(
        content_object=family, function=GrantFunction.TEAM, ends__isnull=True, user_id__in=of_old - of_new
    )
    for grant in team:
        leave(grant=grant, last_day=max(moved_on - timedelta(days=1), grant.starts))
