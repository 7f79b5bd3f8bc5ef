"""Building a release, safe to run again: read, then keep the files and move the flow in one transaction.

A worker that is killed before that transaction commits has left nothing; after one that is killed later, the
job runs again and finds that the release no longer waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.disclosure.recipe import COUNTS_FROM
from evaluation.extract import taking_part
from evaluation.flow import ReleaseFlow
from evaluation.formats import NotWritten
from evaluation.making import AgreementOver, Earlier, Made, Unreleasable, made_of
from evaluation.models import Kind, Release, ReleaseFile, Status
from evaluation.registry import earlier_than, keep
from evaluation.rounds import go_on
from evaluation.sealing import seal_of
from evaluation.steps import have_carried
from placement.access.errors import InUse
from workflows.kernel.lock import locked
from workflows.kernel.models import Process

log = logging.getLogger("familieforloeb.releases")

#: So many municipalities that count by themselves are tables' first cohort.
ENOUGH = 3

#: What may be gone the next time: the database was restarted, somebody else held the lock.
PASSING = (OperationalError, InUse)


def build(*, release_uuid: UUID, now: datetime, last_attempt: bool = True) -> None:
    """Build the release that waits, once. Does nothing when it has been built or given up.

    Stands under the purpose "evaluation", outside any transaction. An error marks the release as failed, by
    its stable name (and its words, when they hold no value); one that may pass is raised instead, while there are
    attempts left.
    """
    with transaction.atomic():
        asked = Release.objects.select_related("requested_by", "under")
        release = asked.prefetch_related("under__people__staff").get(uuid=release_uuid)
    if release.status != Status.REQUESTED:
        return
    built_at = max(now, release.requested_at)
    try:
        _check_agreement(release, now)
        earlier = earlier_than(release)
        municipalities = _counted(release, earlier)
        made = made_of(release, municipalities, earlier, built_at=built_at)
        _move(release_uuid, release.round, lambda waiting: _keep(waiting, made, earlier, built_at))
    except Exception as error:
        if isinstance(error, PASSING) and not last_attempt:
            raise
        kind, why = _kind_of(error)
        _move(release_uuid, release.round, lambda waiting: _give_up(waiting, kind, why))
        log.error("a release could not be built: %s", kind)


def _counted(release: Release, earlier: Earlier) -> tuple[int, ...]:
    """The municipalities whose families are in it.

    Of tables, those from ten families and those that were in one before: one family's municipality would make the tables of
    all the others coarser, and show when it came. Until three have ten families and something is published, all of them.
    """
    everybody = taking_part(without=release.left_out)
    if release.kind != Kind.T3:
        return everybody
    large = set(taking_part(without=release.left_out, least=COUNTS_FROM))
    if not earlier.registered:
        return tuple(sorted(large)) if len(large) >= ENOUGH else everybody
    before = {int(code) for one in earlier.registered for code in one.cohort.split(",") if code}
    return tuple(code for code in everybody if code in large | before)


def give_up(*, release_uuid: UUID, tried: int) -> None:
    """Mark the release that waits as failed: so often a worker was killed while it built it. Nothing when it is built."""
    with transaction.atomic():
        round = Release.objects.values_list("round", flat=True).get(uuid=release_uuid)
    with override("da"):
        why = _(
            "Udtrækket er forsøgt bygget %(count)d gange, og hver gang blev arbejdet afbrudt. Bestil færre datasæt, eller "
            "sig det til administratoren."
        ) % {"count": tried}
    _move(release_uuid, round, lambda waiting: _give_up(waiting, "attempts-used-up", why))
    log.error("a release was given up after %d attempts", tried)


def _check_agreement(release: Release, now: datetime) -> None:
    if release.under is not None and release.under.is_over(now):
        with override("da"):
            raise AgreementOver(release.under.over_words)


def _move(release_uuid: UUID, round: int, write: Callable[[Release], None]) -> None:
    """Under the process's lock: write what became of the round that waits, and let the flow go on."""
    with transaction.atomic():
        process = Process.objects.get(release_uuid=release_uuid, municipality__isnull=True)
        with locked(family_id=None, process_id=process.pk):
            release = Release.objects.select_for_update(of=("self",)).get(uuid=release_uuid)
            if release.status != Status.REQUESTED or release.round != round:
                return
            write(release)
            go_on(release, ReleaseFlow.build)
            have_carried(release_uuid)


def _keep(release: Release, made: Made, earlier: Earlier, built_at: datetime) -> None:
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            release=release,
            round=release.round,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
            sha256=file.sha256,
            bytes=len(file.content),
            rows=file.rows,
        )
        for file in made.files
    )
    release.status = Status.BUILT
    release.built_at = built_at
    release.row_counts = {file.name: file.rows for file in made.files if file.rows is not None}
    release.seal = seal_of((file.name, file.sha256) for file in made.files)
    release.report = {**made.report, "seal": release.seal}
    release.municipalities = list(made.municipalities)
    release.asked = sorted({*release.asked, *made.municipalities})
    release.save()
    keep(release, made, earlier)


def _kind_of(error: Exception) -> tuple[str, str]:
    """The stable name of what went wrong, and the words of it when they hold no value."""
    if isinstance(error, Unreleasable | NotWritten):
        return error.type, str(error)
    return type(error).__name__, ""


def _give_up(release: Release, kind: str, why: str) -> None:
    release.status = Status.FAILED
    release.error_type = kind[:80]
    release.ended_reason = why
    release.save(update_fields=["status", "error_type", "ended_reason"])
