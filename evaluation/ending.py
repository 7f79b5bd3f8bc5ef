"""How releases end: their time is up, their files are forgotten; and the nightly count for the gate of T2."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from evaluation import pseudonyms
from evaluation.extract import population
from evaluation.flow import ReleaseFlow
from evaluation.models import ENDED, Agreement, Population, Release, ReleaseFile, ReleaseLink, Status
from evaluation.rounds import end_with_agreement, go_on
from evaluation.steps import have_carried
from placement import clock
from workflows.kernel.lock import locked
from workflows.kernel.models import Process


def expire(*, now: datetime) -> list[UUID]:
    """Let every available release end whose files have been kept long enough, or whose agreement is over. Returns which."""
    due = Q(expires_at__lte=now) | Q(under__ends_on__lt=clock.danish_day(now))
    with transaction.atomic():
        over = list(Release.objects.filter(due, status=Status.AVAILABLE).values_list("uuid", flat=True))
    for uuid in over:
        if end_with_agreement(uuid, now):
            continue
        with transaction.atomic():
            process = Process.objects.get(release_uuid=uuid, municipality__isnull=True)
            with locked(family_id=None, process_id=process.pk):
                release = Release.objects.select_for_update().get(uuid=uuid)
                if release.status == Status.AVAILABLE:
                    release.status = Status.EXPIRED
                    release.save(update_fields=["status"])
                    go_on(release, ReleaseFlow.keep)
                    have_carried(uuid)
    return over


@transaction.atomic
def forget_files(*, release_uuid: UUID | None, now: datetime) -> int:
    """Delete the files nobody may take any more: of releases that ended, of earlier rounds, and links that ran out.

    Of one release, or of all (None). What was made, with its digest, and who took it stay in the trail and the
    downloads. The worker's log-in alone may delete. Returns how many rows went.
    """
    files, links = ReleaseFile.objects.all(), ReleaseLink.objects.all()
    if release_uuid is not None:
        files, links = files.filter(release__uuid=release_uuid), links.filter(release__uuid=release_uuid)
    ended = Q(release__status__in=ENDED)
    old = files.filter(ended | Q(round__lt=F("release__round"))).values_list("pk", flat=True)
    spent = links.filter(ended | Q(expires_at__lte=now)).values_list("pk", flat=True)
    gone, _by_table = ReleaseFile.objects.filter(pk__in=list(old)).delete()
    went, _by_table = ReleaseLink.objects.filter(pk__in=list(spent)).delete()
    return gone + went


@transaction.atomic
def destroy_keys(*, now: datetime) -> int:
    """Destroy the key of every agreement that is over: its pseudonyms can never be made again. Returns how many."""
    over = Agreement.objects.filter(ends_on__lt=clock.danish_day(now)).values_list("uuid", flat=True)
    return sum(pseudonyms.destroy_key(project) for project in over)


@transaction.atomic
def count_population(*, now: datetime) -> Population:
    """Count the families with the evaluation's log-in, for whoever asks for anonymised rows tomorrow."""
    families, municipalities = population()
    return Population.objects.create(families=families, municipalities=municipalities, counted_at=now)


def open_releases() -> list[UUID]:
    """Those that wait for the municipalities, or may still be regretted."""
    waiting = Release.objects.filter(status__in=[Status.BUILT, Status.REPORTED, Status.AVAILABLE])
    return list(waiting.order_by("id").values_list("uuid", flat=True))
