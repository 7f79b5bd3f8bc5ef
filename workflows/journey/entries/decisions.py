"""How what surrounds a decision is told: who stands by a party, hearing, letters, complaints, plan, another track.

What a party wrote, and a letter's words, stand on the authority's own page.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from workflows.decisions.models import (
    AccessRequest,
    CasePerson,
    ChildPlan,
    Complaint,
    DecisionLetter,
    Hearing,
    PlanDecision,
    Redecision,
    TrackChange,
    ViewWaiver,
)
from workflows.decisions.selectors import name_of
from workflows.journey.entries.base import Line, Source, Told, line, said
from workflows.kernel.models import Element

_JOURNEY = Element.JOURNEY.value


def _told(title: str, who: object, lines: list[Line]) -> Told:
    return Told(title, str(who or ""), "", lines, _JOURNEY)


def _case_person(row: CasePerson) -> Told:
    lines = line(_("For"), name_of(row.party)) + said(row, "name", "scope", "starts", "ends")
    return _told(str(row.get_role_display()), row.recorded_by, lines)


def _waiver(row: ViewWaiver) -> Told:
    lines = line(_("Hvem"), name_of(row.view.child)) + said(row, "reason")
    return _told(_("Barnets perspektiv er indhentet på anden vis"), row.waived_by, lines)


def _heard(row: Hearing) -> Told:
    lines = line(_("Part"), name_of(row.party)) + said(row, "reason", "how", "deadline_on")
    title = _("Partshøring") if row.needed else _("Partshøring ikke nødvendig")
    return _told(title, row.asked_by, lines)


def _hearing_closed(row: Hearing) -> Told:
    title = _("Parten har svaret") if row.answered_on else _("Parten har ikke svaret")
    return _told(title, row.closed_by, line(_("Part"), name_of(row.party)) + said(row, "answered_on"))


def _letter_approved(row: DecisionLetter) -> Told:
    return _told(_("Afgørelsesbrev godkendt"), row.approved_by, line(_("Til"), name_of(row.party)))


def _letter_sent(row: DecisionLetter) -> Told:
    lines = line(_("Til"), name_of(row.party)) + said(row, "how", "received_on", "complaint_until")
    return _told(_("Afgørelsesbrev sendt"), row.sent_by, lines)


def _complaint(row: Complaint) -> Told:
    lines = line(_("Klager"), name_of(row.party)) + said(row, "in_time", "late_accepted", "late_reason")
    return _told(_("Klage modtaget"), row.recorded_by, lines)


def _reassessed(row: Complaint) -> Told:
    return _told(_("Klagen er genvurderet"), row.reassessed_by, said(row, "reassessed"))


def _sent_on(row: Complaint) -> Told:
    return _told(_("Klagen er sendt til Ankestyrelsen"), row.sent_by, [])


def _board(row: Complaint) -> Told:
    return _told(_("Ankestyrelsen har afgjort klagen"), row.board_by, said(row, "board_outcome"))


def _anew(row: Redecision) -> Told:
    return _told(_("Efter en klage, der ændrede afgørelsen"), row.asked_by, said(row, "outcome"))


def _access_asked(row: AccessRequest) -> Told:
    return _told(_("Aktindsigt: anmodning modtaget"), row.recorded_by, line(_("Part"), name_of(row.party)))


def _access_answered(row: AccessRequest) -> Told:
    lines = line(_("Part"), name_of(row.party)) + said(row, "outcome", "given_on")
    return _told(_("Aktindsigt: anmodning besvaret"), row.answered_by, lines)


def _plan_decided(row: PlanDecision) -> Told:
    lines = said(row, "track", "makes_plan", "reason", "due_on")
    return _told(_("Stillingtagen til barnets plan"), row.decided_by, lines)


def _plan(row: ChildPlan) -> Told:
    lines = line(_("Børn"), ", ".join(name_of(one.child) for one in row.children.all()))
    return _told(_("Barnets plan"), row.made_by, lines + said(row, "joint", "made_with"))


def _track(row: TrackChange) -> Told:
    lines = said(row, "track", "cause", "legal_basis", "goes_on")
    return Told(_("Hvordan det går videre"), str(row.settled_by), row.text, lines, _JOURNEY)


DECISIONS: tuple[Source, ...] = (
    Source(
        "case_person",
        lambda f: CasePerson.objects.filter(family=f).select_related("party", "recorded_by"),
        "recorded_at",
        _case_person,
    ),
    Source(
        "view_waived",
        lambda f: ViewWaiver.objects.filter(family=f).select_related("view__child", "waived_by"),
        "waived_at",
        _waiver,
    ),
    Source(
        "hearing",
        lambda f: Hearing.objects.filter(family=f).select_related("party", "asked_by"),
        "asked_at",
        _heard,
    ),
    Source(
        "hearing_closed",
        lambda f: Hearing.objects.filter(family=f, needed=True, closed_at__isnull=False).select_related(
            "party", "closed_by"
        ),
        "closed_at",
        _hearing_closed,
    ),
    Source(
        "letter_approved",
        lambda f: DecisionLetter.objects.filter(family=f, approved_at__isnull=False).select_related(
            "party", "approved_by"
        ),
        "approved_at",
        _letter_approved,
    ),
    Source(
        "letter_sent",
        lambda f: DecisionLetter.objects.filter(family=f, sent_on__isnull=False).select_related(
            "party", "sent_by"
        ),
        "sent_on",
        _letter_sent,
    ),
    Source(
        "complaint",
        lambda f: Complaint.objects.filter(family=f).select_related("party", "recorded_by"),
        "received_on",
        _complaint,
    ),
    Source(
        "complaint_reassessed",
        lambda f: Complaint.objects.filter(family=f, reassessed_at__isnull=False).select_related(
            "reassessed_by"
        ),
        "reassessed_at",
        _reassessed,
    ),
    Source(
        "complaint_sent_on",
        lambda f: Complaint.objects.filter(family=f, sent_on__isnull=False).select_related("sent_by"),
        "sent_on",
        _sent_on,
    ),
    Source(
        "complaint_decided",
        lambda f: Complaint.objects.filter(family=f, board_on__isnull=False).select_related("board_by"),
        "board_on",
        _board,
    ),
    Source(
        "decided_anew",
        lambda f: Redecision.objects.filter(family=f).select_related("asked_by"),
        "asked_at",
        _anew,
    ),
    Source(
        "access_asked",
        lambda f: AccessRequest.objects.filter(family=f).select_related("party", "recorded_by"),
        "received_on",
        _access_asked,
    ),
    Source(
        "access_answered",
        lambda f: AccessRequest.objects.filter(family=f, answered_at__isnull=False).select_related(
            "party", "answered_by"
        ),
        "answered_at",
        _access_answered,
    ),
    Source(
        "plan_decided",
        lambda f: PlanDecision.objects.filter(family=f).select_related("decided_by"),
        "decided_at",
        _plan_decided,
    ),
    Source(
        "child_plan",
        lambda f: (
            ChildPlan.objects.filter(family=f).select_related("made_by").prefetch_related("children__child")
        ),
        "made_on",
        _plan,
    ),
    Source(
        "track_change",
        lambda f: TrackChange.objects.filter(family=f).select_related("settled_by"),
        "settled_at",
        _track,
    ),
)
