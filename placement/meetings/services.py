"""Every write of meetings, sessions and the mentalisation baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.models import Staff, StaffMembership
from placement.access.no_video import refuse_media
from placement.clock import danish_day
from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.meetings.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingDecision,
    MeetingKind,
    MeetingOutcome,
    MentalisationBaseline,
    ParentBaseline,
    Session,
    SessionKind,
    SessionOutcome,
    SessionParticipant,
    SessionStatus,
)
from placement.progression.codes import INTEREST_IN_CHILD, Element
from placement.progression.services import record_own_score

#: What a meeting of each kind may lead to.
OUTCOMES: dict[str, tuple[str, ...]] = {
    MeetingKind.TEAM: (MeetingOutcome.NEXT_MEETING, MeetingOutcome.CHANGE_TEAM),
    MeetingKind.NETWORK: (MeetingOutcome.NEXT_MEETING, MeetingOutcome.REDRAW_MAP),
}


@dataclass(frozen=True)
class Invited:
    """Somebody who was invited: a colleague (``staff``), or anybody else by first name or relation."""

    staff: Staff | None = None
    label: str = ""
    profession: str = ""
    present: bool = True


@dataclass(frozen=True)
class Decided:
    """One thing the meeting decided; ``responsible`` in words, ``due_on`` may be open.

    With ``person``, a colleague, it is that person's task, and ``due_on`` must be given.
    """

    text: str
    responsible: str = ""
    due_on: date | None = None
    person: Staff | None = None


@dataclass(frozen=True)
class OnAgenda:
    """One record that was on the agenda (``kind``: `AgendaKind`), and its deadline as it was."""

    kind: str
    record: UUID
    due_on: date | None = None


@dataclass(frozen=True)
class OneParent:
    """Where one parent stands in a baseline; one of the two may be empty."""

    person: Person
    strengths: str = ""
    focus: str = ""


@transaction.atomic
def record_meeting(
    *,
    actor: Actor,
    family: Family,
    kind: str,
    held_on: date,
    attendance: Sequence[Invited],
    parents_present: bool,
    now: datetime,
    decisions: Sequence[Decided] = (),
    minutes: str = "",
    next_on: date | None = None,
    parents_absent_reason: str = "",
    outcome: str = MeetingOutcome.NEXT_MEETING,
    agenda: Sequence[OnAgenda] = (),
    missing: Sequence[str] = (),
) -> Meeting:
    """Write down a meeting that was held; ``outcome`` says where the work goes on (`MeetingOutcome`).

    ``missing``: the professions that ought to have been there and were not.

    Raises Refused: ``meeting-kind``, ``meeting-in-future``, ``attendance-empty`` when nobody was present,
    ``attendance-nameless``, ``attendance-twice``, ``not-staff-here``, ``network-absent`` for a network
    meeting with neither the parents nor anybody of their network, ``absence-unexplained`` when the parents
    were not there and no reason is given, ``next-not-later``, ``meeting-outcome`` for one that is not this
    kind's, ``decision-empty``, ``decision-due-before``, ``decision-without-day`` for a colleague's task without one.
    """
    if kind not in MeetingKind.values:
        raise Refused(_("Vælg, om det var et teammøde eller et netværksmøde."), type="meeting-kind")
    if held_on > danish_day(now):
        raise Refused(_("Mødet kan ikke være holdt i fremtiden. Ret datoen."), type="meeting-in-future")
    _check_attendance(family, attendance, held_on)
    _check_family_side(kind, attendance, parents_present, parents_absent_reason)
    _check_next(next_on, held_on)
    if outcome not in OUTCOMES[kind]:
        raise Refused(_("Vælg, hvad mødet fører til."), type="meeting-outcome")
    for decision in decisions:
        if not decision.text.strip():
            raise Refused(_("Skriv, hvad der blev besluttet, eller fjern linjen."), type="decision-empty")
        if decision.due_on is not None and decision.due_on < held_on:
            raise Refused(
                _("En beslutning kan ikke have frist før mødet. Ret datoen."), type="decision-due-before"
            )
        if decision.person is not None and decision.due_on is None:
            raise Refused(
                _("Skriv, hvornår %(name)s skal have gjort det.") % {"name": decision.person},
                type="decision-without-day",
            )
    meeting = Meeting.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        kind=kind,
        held_on=held_on,
        minutes=minutes.strip(),
        next_on=next_on,
        parents_present=parents_present,
        parents_absent_reason="" if parents_present else parents_absent_reason.strip(),
        outcome=outcome,
        missing=list(missing),
        recorded_by=actor.staff,
        recorded_at=now,
    )
    Attendance.objects.bulk_create(
        Attendance(
            municipality_id=family.municipality_id,
            meeting=meeting,
            staff=person.staff,
            label=person.label.strip(),
            profession=person.profession.strip(),
            present=person.present,
        )
        for person in attendance
    )
    MeetingDecision.objects.bulk_create(
        MeetingDecision(
            municipality_id=family.municipality_id,
            meeting=meeting,
            text=decision.text.strip(),
            responsible=decision.responsible.strip(),
            due_on=decision.due_on,
            person=decision.person,
        )
        for decision in decisions
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(
            municipality_id=family.municipality_id,
            meeting=meeting,
            kind=item.kind,
            record=item.record,
            due_on=item.due_on,
        )
        for item in agenda
    )
    return meeting


@transaction.atomic
def record_session(
    *,
    actor: Actor,
    family: Family,
    kind: str,
    held_on: date,
    focus: str,
    now: datetime,
    summary: str = "",
    next_on: date | None = None,
    outcome: str = SessionOutcome.NEXT_SESSION,
    status: str = SessionStatus.HELD,
    reason: str = "",
    participants: Sequence[Person] = (),
    next_kind: str = "",
    untrained: Sequence[str] = (),
) -> Session:
    """Write down a mentalising session: that it was held (``outcome`` says where the work goes on), or why not.

    ``participants``: who of the family took part. ``next_kind``: how the next session is planned to be held.
    ``untrained``: kinds of training that whoever held it ought to have had that day. Of a video feedback the status
    is all there is: no text may name a video or link to one.
    Raises Refused: ``session-kind``, ``session-status``, ``session-in-future``, ``session-reason`` for one that was
    not held, ``focus-missing``, ``video-not-kept``, ``session-participants`` for a session without those it is for,
    ``not-of-family``, ``next-not-later``, ``session-outcome``.
    """
    if kind not in SessionKind.values:
        raise Refused(_("Vælg, hvordan samtalen blev holdt."), type="session-kind")
    if held_on > danish_day(now):
        raise Refused(_("Samtalen kan ikke være holdt i fremtiden. Ret datoen."), type="session-in-future")
    if status not in SessionStatus.values:
        raise Refused(_("Vælg, om samtalen blev holdt."), type="session-status")
    held = status == SessionStatus.HELD
    if not held and not reason.strip():
        raise Refused(_("Skriv, hvorfor samtalen ikke blev holdt."), type="session-reason")
    if held and not focus.strip():
        raise Refused(_("Skriv, hvad samtalen handlede om."), type="focus-missing")
    refuse_media(focus, summary, reason)
    check_participants(family, kind, participants if held else ())
    if next_kind and next_kind not in SessionKind.values:
        raise Refused(_("Vælg, hvordan samtalen blev holdt."), type="session-kind")
    _check_next(next_on, held_on)
    if outcome not in SessionOutcome.values:
        raise Refused(_("Vælg, hvad samtalen fører til."), type="session-outcome")
    session = Session.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        kind=kind,
        status=status,
        held_on=held_on,
        reason="" if held else reason.strip(),
        focus=focus.strip(),
        summary=summary.strip(),
        next_on=next_on,
        next_kind=next_kind,
        outcome=outcome,
        untrained=list(untrained) if held else [],
        held_by=actor.staff,
        recorded_at=now,
    )
    SessionParticipant.objects.bulk_create(
        SessionParticipant(municipality_id=family.municipality_id, session=session, person=person)
        for person in (participants if held else ())
    )
    return session


def check_participants(family: Family, kind: str, participants: Sequence[Person]) -> None:
    """Those who took part are of the family, and those whom the kind of session is for are among them.

    Nobody named is no error here: the forms ask. Raises Refused: ``not-of-family``, ``session-participants``.
    """
    if any(person.family_id != family.pk for person in participants):
        raise Refused(_("En af deltagerne er ikke i familien. Vælg en anden."), type="not-of-family")
    parents = any(person.kind == PersonKind.PARENT for person in participants)
    children = any(person.kind != PersonKind.PARENT for person in participants)
    if participants and not parents:
        raise Refused(
            _("En mentaliserende samtale holdes med en forælder. Vælg, hvem der deltog."),
            type="session-participants",
        )
    if participants and kind == SessionKind.PARENT_CHILD and not children:
        raise Refused(
            _("Samspil mellem forælder og barn har et barn med. Vælg, hvem der deltog."),
            type="session-participants",
        )


@transaction.atomic
def record_baseline(
    *,
    actor: Actor,
    family: Family,
    taken_on: date,
    strengths: str,
    focus: str,
    now: datetime,
    score: Decimal | None = None,
    parents: Sequence[OneParent] = (),
) -> MentalisationBaseline:
    """Write down where the parents stand, perhaps with a ``score`` (1-7, interest in the child's inner life).

    ``parents``: the same of each parent by themselves, where it was written. The score is a measurement like any
    other, on our own scale `INTEREST_IN_CHILD`. Raises Refused: ``baseline-in-future``, ``baseline-incomplete``,
    ``not-of-family``, ``video-not-kept``, and for the score those of `record_measurement`.
    """
    if taken_on > danish_day(now):
        raise Refused(_("Udgangspunktet kan ikke ligge i fremtiden. Ret datoen."), type="baseline-in-future")
    if not strengths.strip() or not focus.strip():
        raise Refused(
            _("Skriv både, hvad forældrene kan, og hvad I arbejder med først."), type="baseline-incomplete"
        )
    said = [one for one in parents if one.strengths.strip() or one.focus.strip()]
    if any(one.person.family_id != family.pk or one.person.kind != PersonKind.PARENT for one in said):
        raise Refused(_("Vælg en forælder i familien."), type="not-of-family")
    refuse_media(strengths, focus, *(text for one in said for text in (one.strengths, one.focus)))
    measurement = None
    if score is not None:
        measurement = record_own_score(
            actor=actor,
            family=family,
            scale=INTEREST_IN_CHILD,
            element=Element.MENTALISATION,
            score=score,
            measured_on=taken_on,
            now=now,
        )
    baseline = MentalisationBaseline.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        taken_on=taken_on,
        strengths=strengths.strip(),
        focus=focus.strip(),
        measurement=measurement,
        taken_by=actor.staff,
        recorded_at=now,
    )
    ParentBaseline.objects.bulk_create(
        ParentBaseline(
            municipality_id=family.municipality_id,
            baseline=baseline,
            person=one.person,
            strengths=one.strengths.strip(),
            focus=one.focus.strip(),
        )
        for one in said
    )
    return baseline


def _check_attendance(family: Family, attendance: Sequence[Invited], held_on: date) -> None:
    if not any(person.present for person in attendance):
        raise Refused(_("Skriv mindst én, der deltog."), type="attendance-empty")
    if any(person.staff is None and not person.label.strip() for person in attendance):
        raise Refused(
            _("Skriv fornavn eller relation for hver deltager, eller fjern linjen."),
            type="attendance-nameless",
        )
    colleagues = [person.staff.pk for person in attendance if person.staff is not None]
    if len(colleagues) != len(set(colleagues)):
        raise Refused(
            _("En medarbejder står to gange blandt deltagerne. Fjern den ene."), type="attendance-twice"
        )
    here = StaffMembership.objects.in_force(held_on).filter(
        municipality_id=family.municipality_id, staff__in=colleagues
    )
    if here.values("staff").distinct().count() != len(colleagues):
        raise Refused(
            _("En af medarbejderne arbejder ikke i kommunen. Vælg en anden."), type="not-staff-here"
        )


def _check_family_side(
    kind: str, attendance: Sequence[Invited], parents_present: bool, parents_absent_reason: str
) -> None:
    if not parents_present and not parents_absent_reason.strip():
        raise Refused(_("Skriv, hvorfor forældrene ikke deltog."), type="absence-unexplained")
    network = any(person.present and person.staff is None for person in attendance)
    if kind == MeetingKind.NETWORK and not (parents_present or network):
        raise Refused(
            _("Et netværksmøde holdes med forældrene eller nogen fra deres netværk. Skriv, hvem der deltog."),
            type="network-absent",
        )


def _check_next(next_on: date | None, held_on: date) -> None:
    if next_on is not None and next_on <= held_on:
        raise Refused(_("Næste gang skal ligge efter denne. Ret datoen."), type="next-not-later")
