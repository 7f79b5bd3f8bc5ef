"""What each step around a decision is about, as whoever does it reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from placement.families.models import Consent
from placement.templatetags.words import danish_date
from workflows.decisions.services.anew import asked_anew
from workflows.decisions.services.complaints import complaint_of
from workflows.decisions.services.insight import access_of
from workflows.decisions.services.letters import decision_of, letters_to
from workflows.decisions.services.parties import hearing_of
from workflows.decisions.services.plans import follow_up_behind, plan_decision_behind
from workflows.kernel.steps import Situation

Brief = list[tuple[Any, Any]]


def hearing_brief(situation: Situation) -> Brief:
    """Who was asked what, until when."""
    hearing = hearing_of(situation.process)
    return [
        (_("Part"), str(hearing.party)),
        (_("Oplysninger, parten høres om"), hearing.facts),
        (_("Sendt"), f"{danish_date(hearing.sent_on)}, {hearing.get_how_display()}"),
        (_("Svarfrist"), danish_date(hearing.deadline_on)),
    ]


def letters_rejected_brief(situation: Situation) -> Brief:
    """What whoever approves wants changed; empty in the first round."""
    rejected = situation.process.data.get("rejected")
    return [(_("Skal ændres"), rejected)] if rejected else []


def letters_brief(situation: Situation) -> Brief:
    """Each party's letter as it is sent."""
    letters = letters_to(decision_of(situation.process)).select_related("written_by")
    return [
        (_("Brev til %(name)s, skrevet af %(who)s") % {"name": one.party, "who": one.written_by}, one.text)
        for one in letters
    ]


def complaint_brief(situation: Situation) -> Brief:
    """The complaint, of what, and how it was looked at."""
    complaint = complaint_of(situation.process)
    decision = complaint.letter.decision
    brief = [
        (_("Klager"), str(complaint.party) + (f" ({complaint.by})" if complaint.by else "")),
        (_("Modtaget"), danish_date(complaint.received_on)),
        (_("Klagen"), complaint.text),
        (_("Afgørelsens formål"), decision.purpose),
        (_("Afgørelsens begrundelse"), decision.reason),
    ]
    if not complaint.in_time:
        said = _("behandles") if complaint.late_accepted else _("behandles ikke af kommunen")
        brief.append((_("For sen"), f"{said}: {complaint.late_reason}"))
    if complaint.reassessed:
        brief.append(
            (_("Genvurdering"), f"{complaint.get_reassessed_display()}: {complaint.reassessed_reason}")
        )
    if complaint.sent_on:
        brief.append((_("Sendt til Ankestyrelsen"), danish_date(complaint.sent_on)))
    return brief


def redecision_brief(situation: Situation) -> Brief:
    """The complaint, what it led to, and the new decision that is asked for or was rejected."""
    complaint = complaint_of(situation.process)
    brief = complaint_brief(situation)
    if complaint.board_outcome:
        said = f"{complaint.get_board_outcome_display()} {danish_date(complaint.board_on)}: {complaint.board_text}"
        brief.append((_("Ankestyrelsens afgørelse"), said))
    asked = asked_anew(situation.process)
    if asked is None or asked.decision is None:
        return brief
    decision = asked.decision
    if decision.approved is False:
        return [*brief, (_("Afvist"), decision.reason)]
    return [
        *brief,
        (_("Den nye afgørelses formål"), decision.purpose),
        (_("Forventet varighed"), _("%(weeks)d uger") % {"weeks": decision.expected_weeks}),
        (_("Hvorfor"), asked.text),
    ]


def access_brief(situation: Situation) -> Brief:
    """Who wants to see what, and until when they are to be answered."""
    request = access_of(situation.process)
    return [
        (_("Part"), str(request.party) + (f" ({request.by})" if request.by else "")),
        (_("Modtaget"), danish_date(request.received_on)),
        (_("Hvad parten vil se"), request.scope),
        (
            _("Besvares senest"),
            f"{danish_date(request.due_on)} ({situation.model.decisions.sources['access_working_days']})",
        ),
    ]


def plan_brief(situation: Situation) -> Brief:
    """What asked for the plan."""
    decision, follow_up = plan_decision_behind(situation.process), follow_up_behind(situation.process)
    if follow_up is not None:
        asked = _("Opfølgningen %(day)s (barnets lov § 95)") % {"day": danish_date(follow_up.held_on)}
        return [(_("Hvorfor"), asked), (_("Hvad der skal ændres i planen"), follow_up.plan_text)]
    if decision is None:
        return []
    return [
        (_("Hvorfor"), f"{decision.get_track_display()}: {decision.reason}"),
        (_("Senest"), danish_date(decision.due_on)),
    ]


def track_brief(situation: Situation) -> Brief:
    """Whose consent was taken back, or what else makes somebody look."""
    if "consent" not in situation.process.data:
        return [(_("Anledning"), situation.process.data["why"])]
    consent = Consent.objects.select_related("person").get(
        family=situation.family, pk=situation.process.data["consent"]
    )
    said = _("%(who)s, %(day)s") % {"who": consent.person, "day": danish_date(consent.withdrawn_on)}
    return [(_("Samtykket er trukket tilbage"), said)]
