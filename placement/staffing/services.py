"""Every write about staff: deputies, and records of training and supervision."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Staff, StaffMembership
from placement.access.roles import Action, Role
from placement.clock import danish_day
from placement.staffing.models import CASE_ROLES, Deputyship, TrainingRecord
from placement.staffing.querysets import led_by, municipality_of
from placement.staffing.selectors import stands_in_for


@transaction.atomic
def appoint_deputy(
    *,
    actor: Actor,
    deputy: Staff,
    stands_in_for: Staff,
    role: Role,
    starts: date,
    ends: date,
    reason: str,
    longest_days: int,
    now: datetime,
) -> Deputyship:
    """Let ``deputy`` act for a colleague in ``role`` from ``starts`` to ``ends``, both days included.

    Done by the colleague themselves, or by who leads the site or unit where the colleague holds the role.
    ``longest_days``: how many days at most, from the model version. Raises NotAllowed to anybody else; Refused:
    ``deputy-oneself``, ``reason-missing``, ``end-before-start``, ``deputy-in-past`` (nothing is given backwards),
    ``deputy-too-long``, ``deputy-role`` when one of the two does not hold the role on all the days,
    ``deputy-already`` when the same two are deputies on some of the days.
    """
    _may_appoint(actor, stands_in_for, role, danish_day(now))
    if deputy.pk == stands_in_for.pk:
        raise Refused(
            _("Man kan ikke være stedfortræder for sig selv. Vælg en anden."), type="deputy-oneself"
        )
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor der er brug for en stedfortræder."), type="reason-missing")
    if ends < starts:
        raise Refused(_("Slutdatoen ligger før startdatoen. Ret en af dem."), type="end-before-start")
    if starts < danish_day(now):
        raise Refused(
            _("En stedfortræder kan ikke udpeges bagud i tiden. Vælg i dag eller senere."),
            type="deputy-in-past",
        )
    if (ends - starts).days >= longest_days:
        raise Refused(
            _("En stedfortræder udpeges for højst %(days)d dage ad gangen. Vælg en tidligere slutdato.")
            % {"days": longest_days},
            type="deputy-too-long",
        )
    for person in (deputy, stands_in_for):
        _holds(person, role, actor, starts, ends)
    again = Deputyship.objects.filter(
        deputy=deputy, stands_in_for=stands_in_for, role=role.value, withdrawn_at__isnull=True
    )
    if again.filter(starts__lte=ends, ends__gte=starts).exists():
        raise Refused(
            _("Personen er allerede stedfortræder nogle af dagene. Ret datoerne."), type="deputy-already"
        )
    return Deputyship.objects.create(
        municipality_id=municipality_of(actor),
        deputy=deputy,
        stands_in_for=stands_in_for,
        role=role.value,
        starts=starts,
        ends=ends,
        reason=reason.strip(),
        made_by=actor.staff,
        made_at=now,
    )


@transaction.atomic
def withdraw_deputy(*, actor: Actor, deputyship: Deputyship, now: datetime) -> Deputyship:
    """End a deputyship at once; it gives nothing from this moment, and stays on record.

    By the same people who may appoint, or by the deputy. Raises NotAllowed to others, StaleState when it has
    ended already.
    """
    if actor.staff_id != deputyship.deputy_id:
        _may_appoint(actor, deputyship.stands_in_for, Role(deputyship.role), danish_day(now))
    running = Deputyship.objects.filter(
        pk=deputyship.pk, withdrawn_at__isnull=True, ends__gte=danish_day(now)
    )
    if not running.update(withdrawn_at=now, withdrawn_by=actor.staff):
        raise StaleState(_("Stedfortrædelsen er allerede slut. Genindlæs siden."))
    deputyship.refresh_from_db()
    return deputyship


def _may_appoint(actor: Actor, colleague: Staff, role: Role, day: date) -> None:
    if not actor.may(Action.APPOINT_DEPUTY):
        raise NotAllowed(_("Din rolle kan ikke udpege stedfortrædere."))
    if colleague.pk == actor.staff_id:
        return
    held = StaffMembership.objects.in_force(day).filter(
        staff=colleague, municipality_id=municipality_of(actor), role=role.value
    )
    led = held.filter(site__in=actor.sites_as(Role.TEAM_LEAD)) | held.filter(
        unit__in=actor.units_as(Role.AUTHORITY_LEAD)
    )
    if not led.exists():
        raise NotAllowed(_("Kun personen selv eller dens leder kan udpege en stedfortræder."))


def _holds(person: Staff, role: Role, actor: Actor, starts: date, ends: date) -> None:
    held = StaffMembership.objects.in_force(starts).filter(
        staff=person, staff__is_active=True, municipality_id=municipality_of(actor), role=role.value
    )
    if role not in CASE_ROLES or not (held & StaffMembership.objects.in_force(ends)).exists():
        raise Refused(
            _("%(name)s har ikke rollen i hele perioden. Vælg en anden person eller andre datoer.")
            % {"name": person},
            type="deputy-role",
        )


@transaction.atomic
def record_training(
    *,
    actor: Actor,
    staff: Staff,
    kind: str,
    title: str,
    held_on: date,
    valid_until: date | None,
    provider: str,
    now: datetime,
    certificate: bool = False,
) -> TrainingRecord:
    """Write down that ``staff`` has had a course or supervision on ``held_on``; ``valid_until`` None: it does not end.

    ``kind`` and ``title`` are one of the model version's. By the person, or by who leads them; a ``certificate``,
    which lets its holder write down scores, by who leads them alone. Raises NotAllowed to others; Refused:
    ``certificate-own`` (for oneself, or for whom one stands in for today), ``training-in-future``,
    ``training-ends-before``, ``training-provider``, ``training-twice``.
    """
    if not actor.may(Action.RECORD_TRAINING) or not led_by(actor).filter(pk=staff.pk).exists():
        raise NotAllowed(_("Kun personen selv eller dens leder kan skrive det."))
    if certificate and (staff.pk == actor.staff_id or stands_in_for(actor, staff.pk)):
        raise Refused(
            _(
                "Et certifikat skrives af en anden end den, der har det, og ikke af stedfortræderen. Bed din leder "
                "eller en anden leder på stedet om at skrive det."
            ),
            type="certificate-own",
        )
    if held_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Skriv det, når det er holdt."), type="training-in-future")
    if valid_until is not None and valid_until < held_on:
        raise Refused(_("Det kan ikke udløbe, før det er holdt. Ret datoen."), type="training-ends-before")
    if not provider.strip():
        raise Refused(_("Skriv, hos hvem det var."), type="training-provider")
    try:
        with transaction.atomic():
            return TrainingRecord.objects.create(
                municipality_id=municipality_of(actor),
                staff=staff,
                kind=kind,
                title=title,
                held_on=held_on,
                valid_until=valid_until,
                provider=provider.strip(),
                certificate=certificate,
                recorded_by=actor.staff,
                recorded_at=now,
            )
    except IntegrityError:
        raise Refused(_("Det er allerede skrevet for den dag."), type="training-twice") from None
