"""What the steps of a release's way leave behind: the municipality's review and decision, and the next round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.guards import approval_of, refusing
from evaluation.limits import STEP_WORKING_DAYS
from evaluation.models import Answer, Audience, Kind, Release, ReleaseApproval, Status
from placement import clock
from placement.access import jobs
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, StaleState
from placement.access.models import Staff
from placement.staffing.selectors import stands_in_for
from workflows.kernel.steps import Situation

_PERSONAL = gettext_lazy("Rækkerne har pseudonymer og er stadig personoplysninger.")


def who_asked(process: Any) -> Staff:
    """The evaluator who asked for the release: they review nothing of it."""
    return approval_of(process).requested_by


def due(process: Any) -> date:
    """Until when the municipality is asked to have taken its step: within its deadline for the whole answer."""
    day, last = clock.add_working_days(clock.today(), STEP_WORKING_DAYS), approval_of(process).answer_by
    return day if last is None else min(day, last)


def brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What is being decided on, in few words; the whole of it is the report."""
    approval = approval_of(situation.process)
    reviewed = reviewed_words(approval) if approval.reviewed_by is not None else ""
    return [
        (gettext_lazy("Personoplysninger"), _PERSONAL if approval.kind == Kind.T1 else ""),
        (gettext_lazy("Slags"), approval.get_kind_display()),
        (gettext_lazy("Tabellerne er til"), audience_words(approval)),
        (gettext_lazy("Formål"), approval.purpose),
        (gettext_lazy("Aftale"), approval.agreement),
        (gettext_lazy("Bestilt af"), str(approval.requested_by)),
        (gettext_lazy("Gennemsyn"), reviewed),
        (gettext_lazy("Svarfrist"), deadline_words(approval)),
        (gettext_lazy("Segl"), approval.seal),
    ]


def deadline_words(approval: ReleaseApproval) -> str:
    """The last day of the answer, and what silence means."""
    if approval.answer_by is None:
        return ""
    return _("%(day)s. Svarer kommunen ikke inden da, tæller det som et nej.") % {
        "day": f"{approval.answer_by:%d.%m.%Y}"
    }


def audience_words(approval: ReleaseApproval) -> str:
    """Whom tables are for, as the report says it; nothing for rows."""
    if approval.kind != Kind.T3 or not approval.report.get("audience"):
        return ""
    return str(Audience(approval.report["audience"]).label)


def reviewed_words(approval: ReleaseApproval) -> str:
    """ "gennemgået af … i … Kommune", for the one review that serves for all."""
    return _("gennemgået af %(who)s i %(where)s Kommune") % {
        "who": approval.reviewed_by,
        "where": approval.reviewed_in,
    }


def check_is_another(actor: Actor, approval: ReleaseApproval, *, decides: bool) -> None:
    """Raise NotAllowed (``four-eyes``) when the person asked for it, reviewed what they would decide on, or stands in
    for somebody who did.
    """
    others = {approval.requested_by_id}
    if decides and approval.reviewed_by_id is not None:
        others.add(approval.reviewed_by_id)
    if actor.staff_id in others:
        raise NotAllowed(
            _("Du har selv bedt om det eller gennemgået det. En anden skal tage stilling."), type="four-eyes"
        )
    if any(stands_in_for(actor, staff) for staff in others):
        raise NotAllowed(
            _("Den, du er stedfortræder for, har haft det før dig. En anden skal tage stilling."),
            type="four-eyes",
        )


def review(situation: Situation, answer: Mapping[str, Any]) -> None:
    """The privacy officer's word, on the seal they read. The worker tells the other municipalities."""
    approval = _held(situation)
    check_is_another(situation.actor, approval, decides=False)
    approval.review = Answer.YES if answer["approved"] else Answer.NO
    approval.review_reason = answer["reason"].strip()
    approval.reviewed_by = situation.actor.staff
    approval.reviewed_at = situation.now
    approval.reviewed_in_id = situation.actor.municipality_id
    approval.reviewed_seal = approval.seal
    approval.save()
    have_carried(approval.release_uuid)


def decide(situation: Situation, answer: Mapping[str, Any]) -> None:
    """The authority lead's word for the municipality's own families, on the seal they read."""
    approval = _held(situation)
    check_is_another(situation.actor, approval, decides=True)
    approval.decision = Answer.YES if answer["approved"] else Answer.NO
    approval.decision_reason = answer["reason"].strip()
    approval.decided_by = situation.actor.staff
    approval.decided_at = situation.now
    approval.decided_seal = approval.seal
    approval.save()
    have_carried(approval.release_uuid)


def is_over(approval: ReleaseApproval, now: datetime) -> bool:
    """Whether the day by which the municipality was to answer has passed."""
    return approval.answer_by is not None and clock.danish_day(now) > approval.answer_by


def too_late_words(approval: ReleaseApproval) -> str:
    """That nothing can be said any more, and what came of it."""
    return _("Fristen for at svare udløb den %(day)s. Kommunens familier lades ude.") % {
        "day": f"{approval.answer_by:%d.%m.%Y}"
    }


def _held(situation: Situation) -> ReleaseApproval:
    approval = approval_of(situation.process)
    over = is_over(approval, situation.now) and approval.voided_at is None
    if over or approval.silent_at is not None:
        raise StaleState(too_late_words(approval))
    if approval.voided_at is not None or approval.refused_at is not None:
        raise StaleState(
            _("Udtrækket venter ikke længere på det svar. Læs dets side for at se, hvordan det står.")
        )
    return approval


def have_carried(release: UUID) -> None:
    """Let the worker carry between the release and its municipalities, once this transaction commits."""
    from evaluation.jobs import attend_release

    jobs.defer(attend_release, release=str(release))


def begin_next_round(release: Release) -> None:
    """Void what was built and said, leave out whoever said no, and let the worker build again."""
    from evaluation.jobs import build_release

    release.left_out = sorted({*release.left_out, *refusing(release)})
    release.round += 1
    release.status = Status.REQUESTED
    release.built_at, release.seal, release.report, release.answers = None, "", {}, {}
    release.municipalities = []
    release.save()
    jobs.defer(build_release, release=str(release.uuid))
