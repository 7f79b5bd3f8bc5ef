"""Reading where a family's notifications of concern stand, and who may read their words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from placement import clock
from placement.access.actor import Actor
from placement.access.models import Staff, StaffMembership
from placement.access.roles import Role
from placement.clock import danish_day
from placement.families.models import Family, FamilyGrant, GrantFunction
from placement.templatetags.words import danish_moment
from workflows.kernel.steps import Situation
from workflows.screening.involvement import involved
from workflows.screening.models import Concern


def open_concern(family_id: int) -> Concern | None:
    """The family's open notification that was received first; None when none is open. Several may be."""
    return Concern.objects.open().filter(family_id=family_id).order_by("received_at", "id").first()


def concerns_stand(family_id: int) -> tuple[bool, date | None]:
    """Whether a notification is open; and the Danish day on which the house closed the family's latest one.

    Whatever that led to. None: never. One question of the database.
    """
    all_of_them = Concern.objects.filter(family_id=family_id)
    found = all_of_them.aggregate(received=Count("pk"), closed=Count("closed_at"), last=Max("closed_at"))
    last = found["last"]
    return found["received"] > found["closed"], None if last is None else danish_day(last)


def reads_words(actor: Actor, family: Family) -> bool:
    """Whether ``actor`` (as they act on the family) reads what was notified and by whom.

    The authority does, and the family's team; the site's leads and the referrer only when they are on it.
    """
    if actor.roles & {Role.CASEWORKER, Role.AUTHORITY_LEAD}:
        return True
    today = clock.today()
    on_team = FamilyGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=today),
        content_object=family,
        user=actor.staff,
        function=GrantFunction.TEAM,
        starts__lte=today,
    )
    return on_team.exists()


def second_candidates(concern: Concern, on: date) -> list[Staff]:
    """Who may assess the notification anew: the municipality's caseworkers and the unit's leads who were not
    earlier involved and did not assess it first (barnets lov § 137)."""
    held = StaffMembership.objects.in_force(on).filter(municipality=concern.municipality_id)
    able = held.filter(
        Q(role=Role.CASEWORKER.value) | Q(role=Role.AUTHORITY_LEAD.value, unit=concern.family.unit_id)
    )
    first = concern.assessments.values_list("assessed_by", flat=True)
    barred = {*involved(concern), *first}
    found = {m.staff_id: m.staff for m in able.select_related("staff").order_by("id")}
    return [staff for key, staff in found.items() if key not in barred]


def names_of_children(concern: Concern) -> str:
    """The children it names, in words; '' when it names none."""
    return ", ".join(str(named.child) for named in concern.children.all())


def concern_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The notification as whoever assesses it reads it."""
    concern = situation.process.concern
    return [
        (_("Modtaget"), danish_moment(concern.received_at)),
        (_("Fra"), concern.get_notifier_display()),
        (_("Underretningen"), concern.what),
        (_("Børn"), names_of_children(concern)),
        (_("Akut"), _("Ja") if concern.acute else _("Nej")),
        (
            _("Vold eller æresrelateret konflikt kan være til stede"),
            _("Ja") if concern.violence_possible else _("Nej"),
        ),
    ]


def assessment_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The notification, and how it has been assessed so far."""
    brief = concern_brief(situation)
    for made in situation.process.concern.assessments.select_related("assessed_by"):
        signed = _("%(who)s, %(day)s") % {"who": made.assessed_by, "day": danish_moment(made.assessed_at)}
        brief += [
            (made.get_turn_display(), f"{signed}: {made.get_outcome_display()}"),
            (_("Begrundelse"), made.reasons),
            (_("Risikoen for barnets sikkerhed"), made.safety_risk),
            (_("Forældrene må kontaktes"), _("Ja") if made.parents_may_be_told else _("Nej, ikke endnu")),
        ]
    return brief


def receipt_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """To whom the receipt goes."""
    concern = situation.process.concern
    return [
        (_("Modtaget"), danish_moment(concern.received_at)),
        (_("Fra"), concern.get_notifier_display()),
    ]
