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

from evaluation.extract import read
from evaluation.flow import ReleaseFlow
from evaluation.formats import File, files_of
from evaluation.models import Release, ReleaseFile, Status
from evaluation.pseudonyms import create_key
from placement.access.errors import InUse
from workflows.kernel.lock import locked
from workflows.kernel.models import Task

log = logging.getLogger("familieforloeb.releases")

#: What may be gone the next time: the database was restarted, somebody else held the lock.
PASSING = (OperationalError, InUse)


def build(*, release_uuid: UUID, now: datetime, last_attempt: bool = True) -> None:
    """Build the release that waits, once. Does nothing when it has been built or given up.

    Stands under the purpose "evaluation", outside any transaction. An error marks the release as failed, by
    the name of its class only; one that may pass is raised instead, while there are attempts left.
    """
    with transaction.atomic():
        release = Release.objects.get(uuid=release_uuid)
    if release.status != Status.REQUESTED:
        return
    built_at = max(now, release.requested_at)
    try:
        with transaction.atomic():
            create_key(release.uuid)
        extracts = read(release.datasets, project=release.uuid)
        files = files_of(release, extracts, built_at=built_at)
        _move(release_uuid, lambda waiting: _keep(waiting, files, built_at))
    except Exception as error:
        if isinstance(error, PASSING) and not last_attempt:
            raise
        kind = type(error).__name__
        _move(release_uuid, lambda waiting: _give_up(waiting, kind))
        log.error("a release could not be built: %s", kind)


def _move(release_uuid: UUID, write: Callable[[Release], None]) -> None:
    """Under the process's lock: write what became of the waiting release, and let the flow go on."""
    with transaction.atomic():
        task = Task.objects.get(release_uuid=release_uuid, flow_task=ReleaseFlow.build)
        with locked(family_id=None, process_id=task.process_id):
            release = Release.objects.select_for_update().get(uuid=release_uuid)
            if release.status != Status.REQUESTED:
                return
            write(release)
            ReleaseFlow.build.run(task)


def _keep(release: Release, files: list[File], built_at: datetime) -> None:
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            release=release,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
            sha256=file.sha256,
            bytes=len(file.content),
            rows=file.rows,
        )
        for file in files
    )
    release.status = Status.BUILT
    release.built_at = built_at
    release.row_counts = {file.name: file.rows for file in files if file.rows is not None}
    release.save(update_fields=["status", "built_at", "row_counts"])


def _give_up(release: Release, kind: str) -> None:
    release.status = Status.FAILED
    release.error_type = kind[:80]
    release.save(update_fields=["status", "error_type"])
