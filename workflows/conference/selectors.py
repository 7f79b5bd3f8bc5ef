"""Reading family group conferences: where each stands, and what an exit plan owes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from placement.access.models import Staff, StaffMembership
from placement.access.roles import Role
from placement.clock import DENMARK
from placement.families.models import Family
from placement.network.models import NetworkInvitation
from placement.templatetags.words import danish_date
from workflows.conference.models import Conference, ConferenceDecision, ConferenceMeeting
from workflows.kernel.models import Task
from workflows.kernel.steps import Situation
from workflows.screening.involvement import involved_in


def conferences(family: Family) -> QuerySet[Conference]:
    """The family's conferences with everything that was written of them, the newest first."""
    rows = Conference.objects.filter(family=family).select_related(
        "asked_by", "coordinator", "process", "follow_up"
    )
    return rows.prefetch_related("meetings__lines", "meetings__decision__decided_by")


def not_written_in(family_id: int) -> QuerySet[ConferenceDecision]:
    """Approved plans that change the exit plan, and that no exit plan has been laid after; the newest first.

    Told by the step that writes it in: an exit plan laid the same day for another reason does not settle it.
    """
    written = Task.objects.filter(
        process=OuterRef("meeting__conference__process"),
        flow_task__endswith=".change_exit_plan",
        finished__isnull=False,
        status="DONE",
    )
    open_ones = ConferenceDecision.objects.filter(
        meeting__conference__family=family_id, meeting__changes_exit_plan=True, approved=True
    )
    running = open_ones.exclude(meeting__conference__process__status="CANCELED")
    return running.exclude(Exists(written)).order_by("-id")


def last_meeting(conference: Conference) -> ConferenceMeeting | None:
    """The conference's latest meeting, or None before the first."""
    return ConferenceMeeting.objects.filter(conference=conference).order_by("-id").first()


def coordinators(family: Family, on: date) -> list[Staff]:
    """Who may call a conference together: the municipality's caseworkers who are not involved in the case."""
    held = StaffMembership.objects.in_force(on).filter(
        municipality=family.municipality_id, role=Role.CASEWORKER.value, staff__is_active=True
    )
    barred = involved_in(family)
    found = {one.staff_id: one.staff for one in held.select_related("staff").order_by("id")}
    return [staff for key, staff in found.items() if key not in barred]


def guests(conference: Conference) -> list[NetworkInvitation]:
    """Who of the network was invited, in the order in which they were."""
    rows = NetworkInvitation.objects.filter(about=conference.uuid).select_related("member", "safety")
    return list(rows.order_by("id"))


def asked_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What the conference is asked, and that the parents want it."""
    conference = situation.process.conference
    consent = f"{danish_date(conference.consented_on)}, {conference.get_consented_how_display().lower()}"
    brief = [(_("Spørgsmålet til familien"), conference.question), (_("Forældrenes samtykke"), consent)]
    if conference.coordinator is not None:
        brief.append((_("Koordinator"), str(conference.coordinator)))
    return brief


def invited_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What is asked, and who of the network is invited, on which terms; after a no, why the plan could not be followed."""
    conference = situation.process.conference
    invited = [
        f"{one.member.label} ({_('vilkår')}: {one.safety.terms})" if one.safety.terms else one.member.label
        for one in guests(conference)
    ]
    brief = asked_brief(situation)
    if conference.planned_on:
        brief.append((_("Aftalt til"), danish_date(conference.planned_on)))
    brief.append((_("Inviteret"), ", ".join(invited) or _("Ingen fra netværket")))
    last = last_meeting(conference)
    decision = getattr(last, "decision", None) if last else None
    if decision is not None and not decision.approved:
        brief.append((_("Derfor blev planen ikke godkendt"), decision.reason))
    return brief


def plan_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The family's plan, line by line, and how it came about."""
    conference = situation.process.conference
    brief = asked_brief(situation)
    last = last_meeting(conference)
    if last is None:
        return brief
    came = [one.member.label for one in guests(conference) if one.came]
    brief += [
        (_("Mødet"), danish_date(last.held_on)),
        (_("Kom fra netværket"), ", ".join(came) or _("Ingen")),
        (_("Familien var alene om planen"), _("Ja") if last.private_time else _("Nej")),
        (_("Ændrer udslusningsplanen"), _("Ja") if last.changes_exit_plan else _("Nej")),
    ]
    brief += [
        (_("%(who)s, inden %(day)s") % {"who": line.who, "day": danish_date(line.by_on)}, line.what)
        for line in last.lines.all()
    ]
    decision = getattr(last, "decision", None)
    if decision is not None:
        said = _("Godkendt") if decision.approved else _("Ikke godkendt")
        day = f"{decision.decided_at.astimezone(DENMARK):%d.%m.%Y}"
        brief.append((_("Myndighedens svar"), f"{said}, {decision.decided_by}, {day}: {decision.reason}"))
    return brief
