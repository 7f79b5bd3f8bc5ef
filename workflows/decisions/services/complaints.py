"""A complaint: received, looked at again by the municipality, sent on to Ankestyrelsen, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.clock import danish_day, moment_on
from workflows.decisions.models import CasePerson, Complaint, DecisionLetter
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Process
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]


@transaction.atomic
def receive_complaint(
    *,
    actor: Actor,
    letter: DecisionLetter,
    received_on: date,
    text: str,
    now: datetime,
    by: CasePerson | None = None,
    late_accepted: bool | None = None,
    late_reason: str = "",
) -> Complaint:
    """Write a party's complaint down and begin its way; the four weeks count from the day it was received.

    ``late_accepted``: whether one that came after the time is looked at all the same; then ``late_reason`` says why,
    or why not. Raises Refused: ``complaint-before-letter``, ``complaint-empty``, ``complaint-in-future``,
    ``complaint-late``, ``complaint-other-party``.
    """
    from workflows.decisions.flow import ComplaintFlow

    if letter.sent_on is None or received_on < (letter.received_on or letter.sent_on):
        raise Refused(
            _(
                "Der kan først klages over afgørelsen, når parten har fået sit brev. Send brevet, eller ret datoen "
                "(retssikkerhedsloven § 67, som vi læser den)."
            ),
            type="complaint-before-letter",
        )
    if not text.strip():
        raise Refused(_("Skriv, hvad der klages over."), type="complaint-empty")
    if received_on > danish_day(now):
        raise Refused(_("Klagen kan ikke være modtaget i fremtiden. Ret datoen."), type="complaint-in-future")
    if by is not None and by.party_id != letter.party_id:
        raise Refused(
            _("Bisidderen eller partsrepræsentanten hører til en anden part. Vælg en anden."),
            type="complaint-other-party",
        )
    in_time = letter.may_still_complain(received_on)
    if not in_time and (late_accepted is None or not late_reason.strip()):
        raise Refused(
            _(
                "Klagen er kommet efter fristen %(day)s. Sig, om I behandler den alligevel, og hvorfor "
                "(retssikkerhedsloven § 67, som vi læser den)."
            )
            % {"day": f"{letter.complaint_until:%d.%m.%Y}"},
            type="complaint-late",
        )
    complaint = Complaint.objects.create(
        municipality_id=letter.municipality_id,
        family=letter.family,
        letter=letter,
        party=letter.party,
        by=by,
        received_on=received_on,
        text=text.strip(),
        in_time=in_time,
        late_accepted=None if in_time else late_accepted,
        late_reason="" if in_time else late_reason.strip(),
        recorded_by=actor.staff,
        recorded_at=now,
    )
    if in_time or late_accepted:
        # Before the flow: its step is due when the clock ends.
        clocks.happened(
            family=letter.family,
            event=Event.COMPLAINT_RECEIVED,
            at=moment_on(received_on, now=now),
            about=complaint.uuid,
        )
    ComplaintFlow.start.run(family=letter.family, about={"complaint": complaint.pk})
    return complaint


def complaint_of(process: Process) -> Complaint:
    """The complaint that a run of the flow is about."""
    found = Complaint.objects.select_related("party", "letter__decision", "by")
    return found.get(family=process.family, pk=process.data["complaint"])


def reassess_complaint(situation: Situation, answer: Answer) -> None:
    """The municipality's own look (retssikkerhedsloven § 66, as we read it). Raises StaleState when it was taken.

    What changes the decision makes it somebody's task to decide anew."""
    from workflows.decisions.services.anew import ask_anew

    complaint = complaint_of(situation.process)
    if complaint.reassessed:
        raise StaleState(_("Klagen er allerede genvurderet. Genindlæs siden."))
    complaint.reassessed = answer["outcome"]
    complaint.reassessed_reason = answer["reason"].strip()
    complaint.reassessed_by = situation.actor.staff
    complaint.reassessed_at = situation.now
    complaint.save(update_fields=["reassessed", "reassessed_reason", "reassessed_by", "reassessed_at"])
    clocks.happened(
        family=situation.family, event=Event.COMPLAINT_REASSESSED, at=situation.now, about=complaint.uuid
    )
    ask_anew(complaint)


def check_sent_on(complaint: Complaint, day: date, now: datetime) -> None:
    """Raises Refused: ``sent-on-too-early``, ``sent-on-in-future``."""
    earliest = danish_day(complaint.reassessed_at) if complaint.reassessed_at else complaint.received_on
    if day < earliest:
        raise Refused(
            _("Klagen kan ikke være sendt videre, før kommunen har set på den igen. Ret datoen."),
            type="sent-on-too-early",
        )
    if day > danish_day(now):
        raise Refused(_("Klagen kan ikke være sendt i fremtiden. Ret datoen."), type="sent-on-in-future")


def send_to_board(situation: Situation, answer: Answer) -> None:
    """Sent on to Ankestyrelsen with the case and the reasons. Raises what `check_sent_on` raises."""
    complaint = complaint_of(situation.process)
    check_sent_on(complaint, answer["sent_on"], situation.now)
    complaint.sent_on = answer["sent_on"]
    complaint.sent_by = situation.actor.staff
    complaint.save(update_fields=["sent_on", "sent_by"])


def check_board_on(complaint: Complaint, day: date) -> None:
    """Raises Refused (``board-before-sent-on``)."""
    if complaint.sent_on is None or day < complaint.sent_on:
        raise Refused(
            _("Ankestyrelsen kan ikke have afgjort klagen, før den er sendt. Ret datoen."),
            type="board-before-sent-on",
        )


def record_board_outcome(situation: Situation, answer: Answer) -> None:
    """What Ankestyrelsen decided. Raises what `check_board_on` raises."""
    from workflows.decisions.services.anew import ask_anew

    complaint = complaint_of(situation.process)
    check_board_on(complaint, answer["decided_on"])
    complaint.board_outcome = answer["outcome"]
    complaint.board_on = answer["decided_on"]
    complaint.board_text = answer["text"].strip()
    complaint.board_by = situation.actor.staff
    complaint.save(update_fields=["board_outcome", "board_on", "board_text", "board_by"])
    ask_anew(complaint)
