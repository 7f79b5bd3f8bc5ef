"""Carrying between a release and the municipalities whose families are in it: the worker's work, safe to run again.

Nothing stands under both contexts at once. The worker looks at the release under the purpose "evaluation", then goes
to each municipality under that one's context, and comes back with what was said. Each stop is a transaction of its
own, made so that it may be repeated: a worker that is killed anywhere leaves work that the next one finds and ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.flow import ReleaseApprovalFlow, ReleaseFlow
from evaluation.guards import approving, refusing
from evaluation.models import ENDED, Answer, Release, ReleaseApproval, Status
from evaluation.silence import fall_silent_or_remind, last_day
from evaluation.steps import have_carried
from placement.access import context
from placement.access.models import Municipality, Staff
from workflows.kernel.lock import locked
from workflows.kernel.models import Process, Task
from workflows.kernel.undoing import break_off

#: A release that stands so is before the municipalities, or open to them to regret.
WITH_THEM = (Status.BUILT, Status.REPORTED, Status.AVAILABLE)


@dataclass(frozen=True)
class Review:
    """A review that serves for all: who, in which municipality, when, why."""

    staff: Staff
    municipality_id: int
    at: datetime
    reason: str


@dataclass(frozen=True)
class Said:
    """What one municipality has said of a round so far."""

    answer: str
    reviewed: bool
    reason: str
    review: Review | None

    def as_json(self) -> dict[str, Any]:
        """As the release keeps it."""
        return {"answer": self.answer, "reviewed": self.reviewed, "reason": self.reason}


def attend(*, release_uuid: UUID, now: datetime) -> None:
    """Carry everything that is to be carried for one release, and let its flow go on when it can.

    Begins outside any transaction. Does nothing where nothing is new.
    """
    with context.access(None, None, context.EVALUATION):
        end_with_agreement(release_uuid, now)
        with transaction.atomic():
            found = Release.objects.select_related("requested_by", "under").filter(uuid=release_uuid)
            release = found.first()
    if release is None:
        return
    for code in release.asked:
        with context.access(code, None, context.JOB):
            _put_away(release, now)
    if release.status not in WITH_THEM:
        return
    said: dict[int, Said] = {}
    for code in release.municipalities:
        with context.access(code, None, context.JOB):
            said[code] = _ask(release, code, now)
    shared = next((one.review for one in said.values() if one.review is not None), None)
    if shared is not None:
        for code, one in said.items():
            if not one.reviewed and not one.answer:
                with context.access(code, None, context.JOB):
                    said[code] = _carry_review(release, code, shared)
    for code, one in said.items():
        if not one.answer:
            with context.access(code, None, context.JOB):
                said[code] = _mind_the_deadline(release, code, now)
    with context.access(None, None, context.EVALUATION):
        ended = _bring_back(release, said)
    if ended:
        attend(release_uuid=release_uuid, now=now)


@transaction.atomic
def end_with_agreement(release_uuid: UUID, now: datetime) -> bool:
    """Let the release expire, with the reason, when its agreement is over and it is built or available. Whether it did."""
    asked = Release.objects.select_related("under").filter(uuid=release_uuid).first()
    under = asked.under if asked is not None else None
    if under is None or not under.is_over(now):
        return False
    process = Process.objects.get(release_uuid=release_uuid, municipality__isnull=True)
    with locked(family_id=None, process_id=process.pk):
        release = Release.objects.select_for_update(of=("self",)).get(uuid=release_uuid)
        if release.status not in WITH_THEM:
            return False
        release.status = Status.EXPIRED
        with override("da"):
            release.ended_reason = under.over_words
        release.save(update_fields=["status", "ended_reason"])
        for node in (ReleaseFlow.report, ReleaseFlow.hear, ReleaseFlow.keep):
            go_on(release, node)
        have_carried(release_uuid)
    return True


@transaction.atomic
def _put_away(release: Release, now: datetime) -> None:
    """In one municipality: void its rows of rounds that are over, and tell all of them how the release stands."""
    ended = release.status in ENDED
    for approval in ReleaseApproval.objects.filter(release_uuid=release.uuid):
        changed = []
        if approval.voided_at is None and (ended or approval.round < release.round):
            approval.voided_at = now
            changed.append("voided_at")
            _stop(approval)
        if approval.status != release.status and release.status != Status.BUILT:
            approval.status = release.status
            changed.append("status")
        if changed:
            approval.save(update_fields=changed)


def _stop(approval: ReleaseApproval) -> None:
    """Take the round's open step from the worklist."""
    process = _process_of(approval)
    if process is not None and process.finished is None:
        with locked(family_id=None, process_id=process.pk):
            process.refresh_from_db()
            if process.finished is None:
                break_off(process)


def _process_of(approval: ReleaseApproval) -> Process | None:
    return Process.objects.filter(
        municipality_id=approval.municipality_id,
        release_uuid=approval.release_uuid,
        data__round=approval.round,
    ).first()


@transaction.atomic
def _ask(release: Release, code: int, now: datetime) -> Said:
    """In one municipality: its row and process of this round, made where they are missing; what it has said."""
    assert release.built_at is not None  # it is with them
    approval, made = ReleaseApproval.objects.get_or_create(
        municipality_id=code,
        release_uuid=release.uuid,
        round=release.round,
        defaults={
            "kind": release.kind,
            "purpose": release.purpose,
            "agreement": release.agreement,
            "datasets": release.datasets,
            "seal": release.seal,
            "report": release.report,
            "hard_failures": len(release.report.get("hard_failures", ())),
            "requested_by": release.requested_by,
            "requested_at": release.requested_at,
            "built_at": release.built_at,
            "answer_by": last_day(now),
        },
    )
    if made:
        ReleaseApprovalFlow.start.run(approval=approval)
    elif approval.answer_by is None and not approval.answer:
        # It lay there before there were deadlines: it has as long as any other, from now.
        approval.answer_by = last_day(now)
        approval.save(update_fields=["answer_by"])
    return _said(approval, release)


def _said(approval: ReleaseApproval, release: Release) -> Said:
    if approval.seal != release.seal:
        raise RuntimeError("a municipality was asked about another seal than its round's")
    review = None
    if approval.review == Answer.YES and approval.reviewed_by and approval.reviewed_at:
        assert approval.reviewed_in_id is not None
        review = Review(
            approval.reviewed_by, approval.reviewed_in_id, approval.reviewed_at, approval.review_reason
        )
    with override("da"):
        return Said(approval.answer, bool(approval.review), approval.said_why, review)


@transaction.atomic
def _carry_review(release: Release, code: int, review: Review) -> Said:
    """In one municipality: its review step passes by the review that was made in another."""
    approval = ReleaseApproval.objects.get(
        release_uuid=release.uuid, round=release.round, municipality_id=code
    )
    process = _process_of(approval)
    assert process is not None
    with locked(family_id=None, process_id=process.pk):
        approval.refresh_from_db()
        task = Task.objects.open().filter(process=process, flow_task=ReleaseApprovalFlow.review).first()
        if task is not None and not approval.review and not approval.answer:
            approval.review = Answer.YES
            approval.review_reason = review.reason
            approval.reviewed_by, approval.reviewed_at = review.staff, review.at
            approval.reviewed_in_id, approval.reviewed_seal = review.municipality_id, approval.seal
            approval.save()
            activation = task.flow_task.activation_class(task)
            activation.take(review.staff, now=review.at)
            activation.execute()
    return _said(approval, release)


@transaction.atomic
def _mind_the_deadline(release: Release, code: int, now: datetime) -> Said:
    """In one municipality that has not answered: its silence becomes its answer, or somebody is reminded, when it is time."""
    approval = ReleaseApproval.objects.get(
        release_uuid=release.uuid, round=release.round, municipality_id=code
    )
    process = _process_of(approval)
    assert process is not None
    with locked(family_id=None, process_id=process.pk):
        approval.refresh_from_db()
        if not approval.answer:
            fall_silent_or_remind(approval, process, now)
    return _said(approval, release)


@transaction.atomic
def _bring_back(asked: Release, said: dict[int, Said]) -> bool:
    """To the release: what was said, and the flow's next move if there is one. Whether the round came to its end."""
    process = Process.objects.get(release_uuid=asked.uuid, municipality__isnull=True)
    with locked(family_id=None, process_id=process.pk):
        release = Release.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if release.round != asked.round or release.status not in WITH_THEM:
            return True
        answers = {str(code): one.as_json() for code, one in said.items()}
        if release.answers != answers:
            release.answers = answers
            release.save(update_fields=["answers"])
        if release.status == Status.BUILT:
            release.status = Status.REPORTED
            release.save(update_fields=["status"])
            go_on(release, ReleaseFlow.report)
        no, yes = refusing(release), approving(release)
        if release.status == Status.AVAILABLE:
            if not no:
                return False
            release.status = Status.WITHDRAWN
            release.ended_reason = _regretted(release, no)
            release.save(update_fields=["status", "ended_reason"])
            go_on(release, ReleaseFlow.keep)
            return True
        if not no and yes != set(release.municipalities):
            return False
        if no == set(release.municipalities):
            release.status = Status.REFUSED
            release.save(update_fields=["status"])
        go_on(release, ReleaseFlow.hear)
        return True


def _regretted(release: Release, codes: set[int]) -> str:
    names = Municipality.objects.filter(pk__in=codes).values_list("name", flat=True)
    words = {
        "who": ", ".join(names),
        "why": " ".join(release.answers[str(code)]["reason"] for code in sorted(codes)),
    }
    with override("da"):
        return _("%(who)s Kommune har trukket sit ja tilbage: %(why)s") % words


def go_on(release: Release, node: Any) -> None:
    """Let the release's flow pass the step at which it waits. Under the process's lock."""
    task = Task.objects.filter(
        release_uuid=release.uuid, municipality__isnull=True, flow_task=node, finished__isnull=True
    ).first()
    if task is not None:
        node.run(task)
