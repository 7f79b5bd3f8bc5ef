"""What a municipality says of a release outside the steps' own page: yes by a short name, and no whenever."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.access import check_may
from evaluation.asking import check_reason
from evaluation.guards import facts_of
from evaluation.models import ENDED, ReleaseApproval
from evaluation.selectors import find_approval, last_seal_seen
from evaluation.steps import have_carried, too_late_words
from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.roles import Action
from workflows.kernel.lock import locked
from workflows.kernel.models import Process, Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import version_of
from workflows.kernel.undoing import break_off


def say_yes(
    *, actor: Actor, release_uuid: UUID, action: Action, reason: str, facts_version: str, now: datetime
) -> ReleaseApproval:
    """Complete the release's open review (or approval) of the actor's municipality with a yes.

    Without ``facts_version`` it is the report they last looked at that they say yes to. Raises NotAllowed, Http404;
    StaleState when that step is done already, or the report is another by now; Refused (``facts-version-missing``)
    when they never looked; else as `complete_task` does.
    """
    approval = find_approval(actor, release_uuid)
    check_may(actor, action)
    task = _open_step(approval, action)
    if task is None:
        raise StaleState(_said_already(approval, action))
    complete_task(
        actor=actor,
        task_uuid=task.uuid,
        data={"approved": True, "reason": reason},
        facts_version=facts_version or _as_last_seen(actor, approval),
        now=now,
    )
    approval.refresh_from_db()
    return approval


def _as_last_seen(actor: Actor, approval: ReleaseApproval) -> str:
    seen = last_seal_seen(actor, approval.release_uuid)
    if not seen:
        raise Refused(_("Læs rapporten, før du tager stilling."), type="facts-version-missing")
    # Another seal gives another digest, and is told as such.
    return version_of(facts_of(approval)) if seen == approval.seal else seen[:16]


def _open_step(approval: ReleaseApproval, action: Action) -> Task | None:
    if approval.voided_at is not None:
        return None
    mine = Task.objects.open().filter(
        municipality_id=approval.municipality_id,
        release_uuid=approval.release_uuid,
        owner_permission=action.value,
    )
    return mine.order_by("-id").first()


def _said_already(approval: ReleaseApproval, action: Action) -> str:
    if approval.silent_at is not None:
        return too_late_words(approval)
    if action == Action.APPROVE_RELEASE and approval.decision:
        return _("Der er allerede svaret for kommunen. Det gøres kun én gang.")
    if action == Action.APPROVE_RELEASE and not approval.review and approval.voided_at is None:
        return _("Udtrækket er ikke gennemgået endnu.")
    if action == Action.REVIEW_RELEASE and approval.review:
        return _("Udtrækket er allerede gennemgået.")
    return _("Udtrækket venter ikke længere på det svar. Læs dets side for at se, hvordan det står.")


@transaction.atomic
def say_no(
    *, actor: Actor, release_uuid: UUID, reason: str, facts_version: str, now: datetime
) -> ReleaseApproval:
    """Say no for the actor's municipality, whenever in the round: its families are left out, or what is available is
    taken back. Their open step is completed by it when they have one.

    Raises NotAllowed, Http404, InvalidFields without a reason, StaleState when the release has ended or the
    municipality has said no already.
    """
    check_may(actor, Action.REFUSE_RELEASE)
    approval = find_approval(actor, release_uuid)
    check_reason(reason)
    if approval.voided_at is not None or approval.status in ENDED:
        raise StaleState(_("Udtrækket er slut eller bygges på ny. Der er intet at sige nej til."))
    for action in (Action.REVIEW_RELEASE, Action.APPROVE_RELEASE):
        task = _open_step(approval, action) if actor.may(action) else None
        if task is not None and task.excluded_id != actor.staff_id:
            complete_task(
                actor=actor,
                task_uuid=task.uuid,
                data={"approved": False, "reason": reason},
                # One may say no to what one has not read.
                facts_version=facts_version or version_of(facts_of(approval)),
                now=now,
            )
            approval.refresh_from_db()
            return approval
    process = Process.objects.get(
        municipality_id=approval.municipality_id,
        release_uuid=approval.release_uuid,
        data__round=approval.round,
    )
    with locked(family_id=None, process_id=process.pk):
        held = ReleaseApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
        if held.answer == "no" or held.voided_at is not None:
            if held.silent_at is not None:
                raise StaleState(too_late_words(held))
            raise StaleState(_("Kommunen har allerede sagt nej, eller udtrækket bygges på ny."))
        held.refused_by, held.refused_at, held.refusal_reason = actor.staff, now, reason.strip()
        held.save(update_fields=["refused_by", "refused_at", "refusal_reason"])
        process.refresh_from_db()
        if process.finished is None:
            break_off(process)
        have_carried(held.release_uuid)
    return held
