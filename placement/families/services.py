"""Every write to a family that is not about its people: enquiry, appointments, consent, child's view, decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Staff, StaffMembership, Unit
from placement.access.roles import Action, Role
from placement.access.transactions import one_write
from placement.clock import danish_day
from placement.families.codes import PersonKind
from placement.families.models import ChildView, Consent, Decision, Family, FamilyGrant, GrantFunction, Person
from placement.families.substitutes import end_substitutes
from placement.staffing.selectors import stands_in_for


@transaction.atomic
def register_enquiry(
    *,
    actor: Actor,
    source: str,
    enquiry_text: str,
    traits: Iterable[str],
    now: datetime,
    unit: Unit | None = None,
) -> Family:
    """Write down an enquiry about a family, before anything is decided; it gets the next number of the year.

    A health visitor who registers keeps seeing the family as its referrer. Raises NotAllowed for a role that
    may not register, Refused (``no-unit``) when the municipality has no unit to receive it.
    """
    if not actor.may(Action.REGISTER_ENQUIRY):
        raise NotAllowed(_("Din rolle kan ikke registrere henvendelser."))
    unit = unit or Unit.objects.filter(pk__in=actor.unit_ids).first() or Unit.objects.order_by("id").first()
    if unit is None:
        raise Refused(
            _("Kommunen har ingen enhed, der kan modtage henvendelsen. Tal med administratoren."),
            type="no-unit",
        )
    family: Family = Family.objects.create(
        municipality_id=actor.municipality_id,
        number=_next_number(actor, now),
        unit=unit,
        source=source,
        enquiry_text=enquiry_text.strip(),
        traits=sorted(set(traits)),
        enquired_at=now,
        registered_by=actor.staff,
    )
    if Role.HEALTH_VISITOR in actor.roles:
        appoint(
            family=family, staff=actor.staff, function=GrantFunction.REFERRER, by=actor, on=danish_day(now)
        )
    return family


def _next_number(actor: Actor, now: datetime) -> str:
    year = danish_day(now).year
    # One at a time per municipality: the lock ends with the transaction.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7281, %s)", [actor.municipality_id])
    prefix = f"{actor.municipality_name[:1].upper()}{year % 100:02d}-"
    taken = Family.objects.unscoped(reason="the next number of the year").filter(number__startswith=prefix)
    highest = max(
        (int(number.removeprefix(prefix)) for number in taken.values_list("number", flat=True)), default=0
    )
    return f"{prefix}{highest + 1:03d}"


def appoint(
    *, family: Family, staff: Staff, function: str, by: Actor, on: date, profession: str = ""
) -> FamilyGrant:
    """Appoint ``staff`` to a family from ``on``: the one place where a grant begins. Appointed already: no change.

    Raises Refused: ``not-staff-here`` for somebody without a role in the family's municipality that day,
    ``caseworker-already`` when another is the family's caseworker (see `change_caseworker`).
    """
    works_here = StaffMembership.objects.in_force(on).filter(
        staff=staff, municipality_id=family.municipality_id
    )
    if not works_here.exists():
        raise Refused(_("Personen arbejder ikke i kommunen. Vælg en anden."), type="not-staff-here")
    if function == GrantFunction.CASEWORKER:
        _hold(family)
        others = FamilyGrant.objects.filter(content_object=family, function=function, ends__isnull=True)
        if others.exclude(user=staff).exists():
            raise Refused(
                _("Familien har allerede en rådgiver. Genindlæs siden, og skift rådgiver der."),
                type="caseworker-already",
            )
    permission = Permission.objects.select_related("content_type").get(
        content_type__app_label="families", codename="view_family"
    )
    grant, _made = FamilyGrant.objects.get_or_create(
        municipality_id=family.municipality_id,
        content_object=family,
        user=staff,
        function=function,
        ends=None,
        defaults={"permission": permission, "profession": profession, "starts": on, "granted_by": by.staff},
    )
    return grant


def _hold(family: Family) -> None:
    """Wait for whoever changes this family, and let the next one wait: until the transaction ends."""
    rows = Family.objects.unscoped(reason="one at a time").filter(pk=family.pk)
    list(rows.select_for_update(no_key=True).values_list("pk"))


def leave(*, grant: FamilyGrant, last_day: date) -> FamilyGrant:
    """End an appointment; ``last_day`` is the last day on which it gives anything."""
    if last_day < grant.starts:
        raise Refused(_("En udpegning kan ikke slutte, før den er begyndt."), type="end-before-start")
    grant.ends = last_day
    grant.save(update_fields=["ends"])
    return grant


def set_team(
    *, family: Family, members: Iterable[tuple[Staff, str]], by: Actor, on: date
) -> list[FamilyGrant]:
    """Make the intervention team exactly ``members`` (person, profession) from ``on``; others left the day before.

    Substitutes stay as long as planned, but for those whose member leaves.
    """
    wanted = {staff.pk: (staff, profession) for staff, profession in members}
    current = FamilyGrant.objects.filter(
        content_object=family, function=GrantFunction.TEAM, ends__isnull=True
    )
    left = list(current.exclude(user_id__in=wanted))
    for grant in left:
        leave(grant=grant, last_day=max(on - timedelta(days=1), grant.starts))
    end_substitutes(family=family, last_day=on - timedelta(days=1), members=[grant.user_id for grant in left])
    return [
        appoint(family=family, staff=staff, function=GrantFunction.TEAM, by=by, on=on, profession=profession)
        for staff, profession in wanted.values()
    ]


def end_team(*, family: Family, last_day: date) -> None:
    """End the intervention team's appointments; ``last_day`` is the last day on which they give anything."""
    current = FamilyGrant.objects.filter(
        content_object=family, function=GrantFunction.TEAM, ends__isnull=True
    )
    for grant in current:
        leave(grant=grant, last_day=max(last_day, grant.starts))
    end_substitutes(family=family, last_day=last_day)


@transaction.atomic
def end_conveners(*, family: Family, last_day: date) -> None:
    """End the appointments to call a conference together, which nobody holds any more."""
    current = FamilyGrant.objects.filter(
        content_object=family, function=GrantFunction.CONVENER, ends__isnull=True
    )
    for grant in current:
        leave(grant=grant, last_day=max(last_day, grant.starts))


@transaction.atomic
def change_caseworker(*, family: Family, staff: Staff, by: Actor, on: date) -> FamilyGrant:
    """Make ``staff`` the family's caseworker from ``on``; the one before leaves the day before.

    Raises NotAllowed for a role that does not appoint, Refused (``not-a-caseworker``) for somebody who is not
    a caseworker in the municipality that day.
    """
    if not by.may(Action.APPOINT_CASEWORKER):
        raise NotAllowed(_("Din rolle kan ikke udpege rådgivere."))
    _hold(family)
    caseworkers = StaffMembership.objects.in_force(on).filter(
        staff=staff, municipality_id=family.municipality_id, role=Role.CASEWORKER.value
    )
    if not caseworkers.exists():
        raise Refused(_("Vælg en rådgiver i kommunen."), type="not-a-caseworker")
    current = FamilyGrant.objects.filter(
        content_object=family, function=GrantFunction.CASEWORKER, ends__isnull=True
    )
    for grant in current.exclude(user=staff):
        leave(grant=grant, last_day=max(on - timedelta(days=1), grant.starts))
    return appoint(
        family=family,
        staff=staff,
        function=GrantFunction.CASEWORKER,
        by=by,
        on=on,
        profession="socialrådgiver",
    )


@one_write
def give_consent(
    *, actor: Actor, person: Person, given_on: date, how: str, now: datetime, informed_about: str = ""
) -> Consent:
    """Record one custody holder's consent. A consent that stands already is left as it is.

    Raises Refused: ``no-custody``, ``consent-in-future``.
    """
    if not person.custody_holder:
        raise Refused(
            _("Personen har ikke forældremyndighed. Samtykke gives af den, der har."), type="no-custody"
        )
    if given_on > danish_day(now):
        raise Refused(_("Samtykket kan ikke være givet i fremtiden. Ret datoen."), type="consent-in-future")
    standing = Consent.objects.filter(person=person, withdrawn_on__isnull=True).first()
    if standing is not None:
        return standing
    return Consent.objects.create(
        municipality_id=person.municipality_id,
        family_id=person.family_id,
        person=person,
        given_on=given_on,
        how=how,
        informed_about=informed_about,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@one_write
def withdraw_consent(*, person: Person, on: date) -> Consent:
    """A custody holder takes their consent back; no gate that needs it is open any more.

    Raises Refused (``no-consent``) when none stands, (``end-before-start``) for a day before it was given.
    """
    consent = Consent.objects.filter(person=person, withdrawn_on__isnull=True).first()
    if consent is None:
        raise Refused(_("Der er intet samtykke at trække tilbage. Genindlæs siden."), type="no-consent")
    if on < consent.given_on:
        raise Refused(
            _("Samtykket kan ikke trækkes tilbage, før det er givet. Ret datoen."), type="end-before-start"
        )
    consent.withdrawn_on = on
    consent.save(update_fields=["withdrawn_on"])
    return consent


def record_child_view(
    *, actor: Actor, child: Person, source: str, text: str, obtained_on: date, now: datetime
) -> ChildView:
    """Record the child's view, or what was observed of it.

    Raises Refused: ``not-a-child``, ``view-in-future``, ``view-empty``.
    """
    if child.kind == PersonKind.PARENT:
        raise Refused(_("Barnets perspektiv handler om et barn. Vælg barnet."), type="not-a-child")
    if obtained_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Ret den."), type="view-in-future")
    if not text.strip():
        raise Refused(_("Skriv, hvad I har set eller hørt."), type="view-empty")
    return ChildView.objects.create(
        municipality_id=child.municipality_id,
        family_id=child.family_id,
        child=child,
        source=source,
        text=text.strip(),
        obtained_on=obtained_on,
        author=actor.staff,
        recorded_at=now,
    )


@one_write
def request_decision(
    *, actor: Actor, family: Family, purpose: str, expected_weeks: int, child_view: ChildView, now: datetime
) -> Decision:
    """Ask for the decision on the stay (barnets lov § 32, stk. 3). ``expected_weeks``: at least one.

    Raises Refused (``purpose-missing``) without a purpose, StaleState when one is already waiting.
    """
    if not purpose.strip():
        raise Refused(
            _("En afgørelse skal have et formål. Skriv, hvad opholdet skal føre til."), type="purpose-missing"
        )
    try:
        with transaction.atomic():
            return Decision.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                purpose=purpose.strip(),
                expected_weeks=expected_weeks,
                child_view=child_view,
                requested_by=actor.staff,
                requested_at=now,
            )
    except IntegrityError:
        raise StaleState(_("Der venter allerede en afgørelse. Genindlæs siden.")) from None


@one_write
def decide(
    *, actor: Actor, decision: Decision, approved: bool, reason: str, facts: dict[str, Any], now: datetime
) -> Decision:
    """Approve or reject a requested decision, with the facts it was made on.

    Raises NotAllowed (``four-eyes``) to the one who asked and to their deputy, StaleState when it is already decided,
    Refused (``reason-missing``) for a rejection without a reason.
    """
    if decision.requested_by_id == actor.staff_id:
        raise NotAllowed(_("Du har selv bedt om afgørelsen. En anden skal godkende den."), type="four-eyes")
    if stands_in_for(actor, decision.requested_by_id):
        raise NotAllowed(
            _("Den, du er stedfortræder for, har bedt om afgørelsen. En anden skal godkende den."),
            type="four-eyes",
        )
    if not approved and not reason.strip():
        raise Refused(_("Skriv, hvorfor afgørelsen afvises."), type="reason-missing")
    changed = Decision.objects.filter(pk=decision.pk, approved__isnull=True).update(
        approved=approved, decided_by=actor.staff, decided_at=now, reason=reason.strip(), facts=facts
    )
    if not changed:
        raise StaleState(_("Afgørelsen er allerede truffet. Genindlæs siden."))
    decision.refresh_from_db()
    return decision


def custody_holders(family: Family) -> QuerySet[Person, Any]:
    """The family's custody holders as rows: ``consents_now`` says whether their consent stands."""
    standing = Consent.objects.filter(person=OuterRef("pk"), withdrawn_on__isnull=True)
    return Person.objects.filter(family=family, custody_holder=True).values(
        "pk", consents_now=Exists(standing)
    )


def standing_consents(family: Family) -> tuple[int, int]:
    """(custody holders whose consent stands, all custody holders) of a family."""
    stands = Q(consents__isnull=False, consents__withdrawn_on__isnull=True)
    counted = Person.objects.filter(family=family, custody_holder=True).aggregate(
        standing=Count("pk", filter=stands, distinct=True), holders=Count("pk", distinct=True)
    )
    return counted["standing"], counted["holders"]
