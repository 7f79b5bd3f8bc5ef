"""Taking the files of a release home: a link to all of them, a file by itself, each time counted first."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from evaluation.access import check_may
from evaluation.formats import archive as packed
from evaluation.formats import fresh_password
from evaluation.guards import is_intact
from evaluation.limits import LINK_LASTS
from evaluation.models import (
    FILE_DOWNLOADS,
    LINK_DOWNLOADS,
    Kind,
    Release,
    ReleaseDownload,
    ReleaseFile,
    ReleaseLink,
    Status,
)
from evaluation.selectors import find_release, is_open, times_taken
from placement import clock
from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.roles import Action
from workflows.kernel.models import Process


class ByLinkOnly(Refused):
    """Rows of persons leave in the encrypted archive alone: 409."""

    status = 409
    type = "personal-data-by-link"


@dataclass(frozen=True)
class NewLink:
    """A link and what is told of it once: the secret of its address, and the password of the archive."""

    link: ReleaseLink
    token: str
    password: str


@transaction.atomic
def make_link(*, actor: Actor, release_uuid: UUID, now: datetime) -> NewLink:
    """Pack the files of an available release under a new password. Neither it nor the address is kept.

    Raises NotAllowed, Http404, StaleState when it is not available (or the files are not what was approved).
    """
    check_may(actor, Action.USE_RELEASES)
    release = find_release(actor, release_uuid)
    if not is_open(release) or not is_intact(release):
        raise StaleState(_("Udtrækket kan ikke hentes. Læs dets side for at se, hvordan det står."))
    _check_agreement_runs(release)
    files = ReleaseFile.objects.filter(release=release, round=release.round)
    password = fresh_password()
    archive = packed({file.name: bytes(file.content) for file in files}, password)
    token = secrets.token_urlsafe(32)
    assert release.expires_at is not None  # it is open
    link = ReleaseLink.objects.create(
        release=release,
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        archive=archive,
        sha256=hashlib.sha256(archive).hexdigest(),
        made_by=actor.staff,
        made_at=now,
        expires_at=min(now + LINK_LASTS, release.expires_at),
    )
    return NewLink(link, token, password)


@transaction.atomic
def take_by_link(*, actor: Actor, release_uuid: UUID, token: str, now: datetime) -> ReleaseLink:
    """Count one more download of the link. Commit it before the archive is sent.

    Raises NotAllowed; Http404 for a link that is not of this release; StaleState when it ran out or is used up.
    """
    check_may(actor, Action.USE_RELEASES)
    release = find_release(actor, release_uuid)
    digest = hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
    link = ReleaseLink.objects.filter(release=release, token_digest=digest).first()
    if link is None:
        raise Http404
    link.release = release
    _one_at_a_time(release)
    taken = times_taken(link)
    if release.status != Status.AVAILABLE or link.expires_at <= now or taken >= LINK_DOWNLOADS:
        raise StaleState(_("Linket er udløbet eller brugt op. Lav et nyt på udtrækkets side."))
    _check_agreement_runs(release)
    ReleaseDownload.objects.create(
        release=release,
        link=link.uuid,
        name=archive_name(release),
        number=taken + 1,
        staff=actor.staff,
        sha256=link.sha256,
    )
    return link


def archive_name(release: Release) -> str:
    """What the archive is called at home."""
    return f"familieforloeb-{release.kind.lower()}-{str(release.uuid)[:8]}.zip"


@transaction.atomic
def record_download(*, actor: Actor, file: ReleaseFile) -> ReleaseDownload:
    """Write that the person takes the file, counted. Commit it before the content is sent.

    Raises NotAllowed; ByLinkOnly for rows of persons, which leave encrypted; StaleState when it has been taken too often or
    the agreement ran out.
    """
    check_may(actor, Action.USE_RELEASES)
    _check_agreement_runs(file.release)
    if file.release.kind == Kind.T1 and file.rows is not None:
        raise ByLinkOnly(
            _(
                "Filen har rækker med personoplysninger og hentes kun i det krypterede arkiv. Lav et link på udtrækkets side."
            )
        )
    _one_at_a_time(file.release)
    mine = ReleaseDownload.objects.filter(
        release_id=file.release_id, link__isnull=True, name=file.name, sha256=file.sha256
    )
    number = (mine.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > FILE_DOWNLOADS:
        raise StaleState(_("Filen er hentet for mange gange. Lav et link til hele udtrækket i stedet."))
    return ReleaseDownload.objects.create(
        release_id=file.release_id, name=file.name, number=number, staff=actor.staff, sha256=file.sha256
    )


def _check_agreement_runs(release: Release) -> None:
    """Raise StaleState when the agreement the files were made by ran out since."""
    if release.under is not None and release.under.is_over(clock.now()):
        raise StaleState(release.under.over_words)


def _one_at_a_time(release: Release) -> None:
    """Two downloads at once are counted one after the other."""
    process: Any = Process.objects.select_for_update(no_key=True).filter(
        release_uuid=release.uuid, municipality__isnull=True
    )
    list(process.values_list("pk", flat=True))
