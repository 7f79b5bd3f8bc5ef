"""Deciding anew, when the municipality itself or Ankestyrelsen has changed a decision after a complaint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused, StaleState
from placement.families import services as families
from placement.families.models import ChildView, Decision
from workflows.decisions.codes import Anew, BoardOutcome, Reassessed
from workflows.decisions.models import Complaint, Redecision
from workflows.decisions.selectors import decided, ground_of, unseen_words
from workflows.decisions.services.complaints import complaint_of
from workflows.decisions.services.letters import begin_letters
from workflows.decisions.services.plans import begin_track, track_waits
from workflows.journey.moves.ending import is_over
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Process
from workflows.kernel.steps import Situation, as_json
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]


def changes_decision(complaint: Complaint) -> bool:
    """Whether what the complaint led to last asks for a decision made anew."""
    if complaint.board_outcome:
        return complaint.board_outcome in (BoardOutcome.CHANGED, BoardOutcome.RETURNED)
    return complaint.reassessed in (Reassessed.PARTLY, Reassessed.CHANGED)


def ask_anew(complaint: Complaint) -> Process | None:
    """Somebody has to decide anew; None when nothing was changed, or that task is open already."""
    from workflows.decisions.flow import RedecisionFlow

    runs = Process.objects.filter(
        family=complaint.family_id, flow_class=RedecisionFlow, finished__isnull=True
    )
    if not changes_decision(complaint) or runs.filter(data__complaint=complaint.pk).exists():
        return None
    made: Process = RedecisionFlow.start.run(family=complaint.family, about={"complaint": complaint.pk})
    return made


def decide_anew(situation: Situation, answer: Answer) -> None:
    """What follows: a new decision is asked for, the stay does not go on with the old one, or nothing is decided.

    Raises Refused: ``reason-missing``, ``nothing-to-decide-anew`` where no decision stands, ``gate-closed`` without
    a view of each child since the decision that was changed.
    """
    complaint, family, text = complaint_of(situation.process), situation.family, answer["text"].strip()
    if not text:
        raise Refused(_("Skriv begrundelsen."), type="reason-missing")
    asked: Decision | None = None
    if answer["outcome"] == Anew.NEW:
        if decided(family) is None:
            raise Refused(
                _(
                    "Der er ingen afgørelse, der gælder, at sætte en ny i stedet for. Skriv, at opholdet er slut, eller "
                    "hvor det bliver afgjort."
                ),
                type="nothing-to-decide-anew",
            )
        asked = _ask_for_decision(situation, complaint, answer)
    elif answer["outcome"] == Anew.ANNULLED and not is_over(family) and not track_waits(family):
        begin_track(family=family, why=text)
    Redecision.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        complaint=complaint,
        outcome=answer["outcome"],
        decision=asked,
        text=text,
        asked_by=situation.actor.staff,
        asked_at=situation.now,
    )


def _ask_for_decision(situation: Situation, complaint: Complaint, answer: Answer) -> Decision:
    family, changed_at = situation.family, complaint.letter.decision.decided_at
    years = situation.model.decisions.party_from_years
    unseen = ground_of(family, situation.today, from_years=years, since=changed_at).unseen
    view = ChildView.objects.filter(family=family, obtained_on__lte=situation.today).first()
    if view is None or unseen:
        raise Refused(
            _("Barnets perspektiv mangler: %(names)s. Skriv det på familiens side (barnets lov § 5).")
            % {"names": unseen_words(unseen)},
            type="gate-closed",
        )
    return families.request_decision(
        actor=situation.actor,
        family=family,
        purpose=answer["purpose"],
        expected_weeks=answer["expected_weeks"],
        child_view=view,
        now=situation.now,
    )


def asked_anew(process: Process) -> Redecision | None:
    """The run's last answer; None before any."""
    return Redecision.objects.filter(complaint=process.data["complaint"]).select_related("decision").first()


def approve_anew(situation: Situation, answer: Answer) -> None:
    """The authority lead's word on the new decision; a yes takes the place of the old one, and the parties are written to.

    Raises StaleState when none waits, and what `decide` raises.
    """
    asked, family = asked_anew(situation.process), situation.family
    if asked is None or asked.decision is None or asked.decision.approved is not None:
        raise StaleState(_("Der venter ingen afgørelse. Genindlæs siden."))
    families.decide(
        actor=situation.actor,
        decision=asked.decision,
        approved=answer["approved"],
        reason=answer["reason"],
        facts=as_json(situation.facts),
        now=situation.now,
    )
    if not answer["approved"]:
        return
    earlier = Decision.objects.standing().filter(family=family, approved=True).exclude(pk=asked.decision.pk)
    earlier.update(lapsed_at=situation.now)
    clocks.happened(family=family, event=Event.DECISION_MADE, at=situation.now)
    begin_letters(family=family)
