"""Reading where a family's notifications of concern stand, and who may read their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from placement import clock
from placement.access.actor import Actor
from placement.access.models import Staff, StaffMembership
from placement.access.roles import Role
from placement.families.models import Family, FamilyGrant, GrantFunction
from placement.families.people import nameless
from placement.templatetags.words import danish_moment
from workflows.kernel.models import Clock
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event
from workflows.screening.involvement import involved
from workflows.screening.models import Concern


def open_concerns(family_id: int) -> QuerySet[Concern]:
    """The family's open notifications, the one received first before the others."""
    return Concern.objects.open().filter(family_id=family_id).order_by("received_at", "id")


def closed_concerns(family_id: int) -> QuerySet[Concern]:
    """The family's notifications that the house has closed, whatever they led to; the latest closed first."""
    return Concern.objects.filter(family_id=family_id, closed_at__isnull=False).order_by("-closed_at")


def open_concern(family_id: int) -> Concern | None:
    """The family's open notification that was received first; None when none is open. Several may be."""
    return open_concerns(family_id).first()


@dataclass(frozen=True)
class Hours:
    """How long a notification may still wait for its assessment, and whether the child may be in danger now."""

    due_at: datetime | None
    acute: bool


def hours_left(process_ids: Iterable[int]) -> dict[int, Hours]:
    """By the process of each notification; ``due_at`` None when the model version has no such clock."""
    concerns = list(Concern.objects.filter(process_id__in=process_ids))
    if not concerns:
        return {}
    running = Clock.objects.running().filter(
        about__in=[concern.uuid for concern in concerns], stopped_by=Event.CONCERN_ASSESSED.value
    )
    due = dict(running.values_list("about", "due_at"))
    return {c.process_id: Hours(due.get(c.uuid), c.acute) for c in concerns if c.process_id is not None}


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
    held = StaffMembership.objects.in_force(on).filter(
        municipality=concern.municipality_id, staff__is_active=True
    )
    able = held.filter(
        Q(role=Role.CASEWORKER.value) | Q(role=Role.AUTHORITY_LEAD.value, unit=concern.family.unit_id)
    )
    first = concern.assessments.values_list("assessed_by", flat=True)
    barred = {*involved(concern), *first}
    found = {m.staff_id: m.staff for m in able.select_related("staff").order_by("id")}
    return [staff for key, staff in found.items() if key not in barred]


def names_of_children(concern: Concern) -> str:
    """The children it names, in words; '' when it names none."""
    return ", ".join(named.child.name or nameless(named.child) for named in concern.children.all())


def concern_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The notification as whoever assesses it reads it."""
    concern = situation.process.concern
    hours = hours_left([situation.process.pk]).get(situation.process.pk)
    return [
        (_("Modtaget"), danish_moment(concern.received_at)),
        (_("Skal være vurderet senest"), danish_moment(hours.due_at if hours else None)),
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
