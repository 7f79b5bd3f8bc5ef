"""What happens to a notification of concern: received, assessed, assessed anew, answered, closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Staff
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families import services as families
from placement.families.codes import PersonKind
from placement.families.models import Family, FamilyGrant, GrantFunction, Person
from workflows.kernel.beside import beside_the_journey
from workflows.kernel.clocks import services as clocks
from workflows.kernel.lock import family_locked
from workflows.kernel.steps import Situation, as_json
from workflows.model_versions.clock_rules import Event
from workflows.screening.codes import Notifier, Turn
from workflows.screening.guards import has_support, something_found
from workflows.screening.models import Concern, ConcernAssessment, ConcernChild
from workflows.screening.selectors import second_candidates

Answer = Mapping[str, Any]


@transaction.atomic
def receive_concern(
    *,
    actor: Actor,
    family: Family,
    received_at: datetime,
    notifier: str,
    what: str,
    acute: bool,
    violence_possible: bool,
    now: datetime,
    children: Collection[Person] = (),
) -> Concern:
    """Write down a notification of concern and begin its way; the clocks run since ``received_at``.

    ``children``: those it is about; empty when it is about all of them, or does not say. Raises NotAllowed for a
    role that does not receive any, Refused: ``concern-empty``, ``received-in-future``, ``not-a-child``,
    ``person-unknown``.
    """
    from workflows.screening.flow import ConcernFlow

    if not actor.may(Action.RECEIVE_CONCERN):
        raise NotAllowed(_("Din rolle kan ikke registrere underretninger."))
    if not what.strip():
        raise Refused(_("Skriv, hvad underretningen handler om."), type="concern-empty")
    if received_at > now:
        raise Refused(
            _("Underretningen kan ikke være modtaget i fremtiden. Ret tidspunktet."),
            type="received-in-future",
        )
    for child in children:
        if child.family_id != family.pk:
            raise Refused(_("Personen hører ikke til familien. Genindlæs siden."), type="person-unknown")
        if child.kind == PersonKind.PARENT:
            raise Refused(_("En underretning handler om et barn. Vælg barnet."), type="not-a-child")
    with family_locked(family):
        concern = Concern.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            received_at=received_at,
            notifier=notifier,
            what=what.strip(),
            acute=acute,
            violence_possible=violence_possible,
            registered_by=actor.staff,
            registered_at=now,
        )
        for child in children:
            ConcernChild.objects.create(municipality_id=family.municipality_id, concern=concern, child=child)
        concern.process = ConcernFlow.start.run(concern=concern, **beside_the_journey(family, now))
        concern.save(update_fields=["process"])
        clocks.happened(family=family, event=Event.CONCERN_RECEIVED, at=received_at, about=concern.uuid)
        if notifier != Notifier.ANONYMOUS:
            clocks.happened(
                family=family, event=Event.CONCERN_RECEIPT_OWED, at=received_at, about=concern.uuid
            )
    return concern


def check_assessed_at(concern: Concern, moment: datetime, now: datetime) -> None:
    """Assessed after it was received, and not later than now.

    Raises Refused: ``assessed-before-received``, ``assessed-in-future``.
    """
    if moment < concern.received_at:
        raise Refused(
            _("Underretningen kan ikke være vurderet, før den er modtaget. Ret tidspunktet."),
            type="assessed-before-received",
        )
    if moment > now:
        raise Refused(
            _("Underretningen kan ikke være vurderet i fremtiden. Ret tidspunktet."),
            type="assessed-in-future",
        )


def assess_concern(situation: Situation, answer: Answer) -> None:
    """The first assessment, within a day. Without support or anything to follow up, it closes the notification."""
    concern = situation.process.concern
    moment: datetime = answer["assessed_at"]
    check_assessed_at(concern, moment, situation.now)
    if concern.assessed_at is not None:
        raise StaleState(_("Underretningen er allerede vurderet. Genindlæs siden."))
    _assessed(situation, answer, Turn.FIRST, moment)
    concern.assessed_at = moment
    concern.outcome = answer["outcome"]
    concern.needs_second = has_support(concern.family_id)
    concern.save(update_fields=["assessed_at", "outcome", "needs_second"])
    clocks.happened(family=situation.family, event=Event.CONCERN_ASSESSED, at=moment, about=concern.uuid)
    if not concern.needs_second:
        _close_if_nothing_found(situation, concern)


def _assessed(situation: Situation, answer: Answer, turn: Turn, moment: datetime) -> None:
    """Write one person's assessment. Raises Refused (``risk-first``), StaleState when the turn has been taken."""
    if answer["violence_possible"] and answer["parents_may_be_told"] and not answer["safety_risk"].strip():
        raise Refused(
            _("Skriv risikoen for barnets sikkerhed, før forældrene kontaktes (barnets lov § 18)."),
            type="risk-first",
        )
    concern = situation.process.concern
    first = concern.assessments.filter(turn=Turn.FIRST).first()
    try:
        with transaction.atomic():
            ConcernAssessment.objects.create(
                municipality_id=concern.municipality_id,
                concern=concern,
                turn=turn,
                outcome=answer["outcome"],
                reasons=answer["reasons"].strip(),
                violence_possible=answer["violence_possible"],
                safety_risk=answer["safety_risk"].strip(),
                parents_may_be_told=answer["parents_may_be_told"],
                first_by=first.assessed_by if first else None,
                assessed_by=situation.actor.staff,
                assessed_at=moment,
                facts=as_json(situation.facts),
            )
    except IntegrityError:
        raise StaleState(_("Underretningen er allerede vurderet. Genindlæs siden.")) from None


def appoint_second(situation: Situation, answer: Answer) -> None:
    """Appoint somebody who was not earlier involved; they see the family until they have assessed it anew.

    Raises Refused (``already-involved``).
    """
    concern = situation.process.concern
    chosen = {str(staff.uuid): staff for staff in second_candidates(concern, situation.today)}
    staff: Staff | None = chosen.get(str(answer["person"]))
    if staff is None:
        raise Refused(
            _("Personen har været inde i sagen, eller vurderer ikke underretninger. Vælg en anden."),
            type="already-involved",
        )
    families.appoint(
        family=situation.family,
        staff=staff,
        function=GrantFunction.REASSESSOR,
        by=situation.actor,
        on=situation.today,
        profession="socialrådgiver",
    )


def second_assessment(situation: Situation, answer: Answer) -> None:
    """The assessment of somebody not earlier involved (§ 137), or handing it back so that another is appointed.

    Its outcome is the notification's; what either of the two found is followed up. Raises NotAllowed
    (``four-eyes``) to the first assessor.
    """
    concern = situation.process.concern
    if answer["able"]:
        if concern.assessments.filter(turn=Turn.FIRST, assessed_by=situation.actor.staff).exists():
            raise NotAllowed(
                _("Du har selv vurderet underretningen. En anden skal vurdere den på ny."), type="four-eyes"
            )
        _assessed(situation, answer, Turn.SECOND, situation.now)
        concern.outcome = answer["outcome"]
        concern.save(update_fields=["outcome"])
        _close_if_nothing_found(situation, concern)
    _end_appointment(situation)


def _end_appointment(situation: Situation) -> None:
    """The appointments to assess this family's notification anew end today, unless another one still waits."""
    waiting = Concern.objects.open().filter(family=situation.family, needs_second=True)
    others = waiting.exclude(pk=situation.process.concern.pk).exclude(assessments__turn=Turn.SECOND)
    if others.exists():
        return
    appointed = FamilyGrant.objects.filter(
        content_object=situation.family, function=GrantFunction.REASSESSOR, ends__isnull=True
    )
    for grant in appointed:
        families.leave(grant=grant, last_day=max(situation.today, grant.starts))


def _close_if_nothing_found(situation: Situation, concern: Concern) -> None:
    if not something_found(concern):
        last = concern.assessments.latest("id")
        _close(concern, situation.actor, last.reasons, situation.now)


def _close(concern: Concern, actor: Actor, reason: str, now: datetime) -> None:
    concern.closed_at = now
    concern.closed_by = actor.staff
    concern.closed_reason = reason.strip()
    concern.save(update_fields=["closed_at", "closed_by", "closed_reason"])


def close_concern(situation: Situation, answer: Answer) -> None:
    """The follow-up has come to its end, as of now: a closing is never dated back, since exit steps count from it."""
    _close(situation.process.concern, situation.actor, answer["reason"], situation.now)


def check_receipt_on(concern: Concern, day: date) -> None:
    """A receipt is sent on the day of the notification or later. Raises Refused (``receipt-before-received``)."""
    if day < danish_day(concern.received_at):
        raise Refused(
            _("Kvitteringen kan ikke være sendt, før underretningen er modtaget. Ret datoen."),
            type="receipt-before-received",
        )


def send_receipt(situation: Situation, answer: Answer) -> None:
    """Whoever notified has been told that the notification was received (barnets lov § 138)."""
    concern = situation.process.concern
    check_receipt_on(concern, answer["sent_on"])
    concern.receipt_sent_on = answer["sent_on"]
    concern.receipt_sent_by = situation.actor.staff
    concern.save(update_fields=["receipt_sent_on", "receipt_sent_by"])
    clocks.happened(
        family=situation.family, event=Event.CONCERN_RECEIPT_SENT, at=situation.now, about=concern.uuid
    )
