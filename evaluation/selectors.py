"""Finding a release, a municipality's row of it and its files, and saying how it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from evaluation.models import (
    LINK_DOWNLOADS,
    Release,
    ReleaseApproval,
    ReleaseDownload,
    ReleaseFile,
    ReleaseLink,
    ReportLook,
    Status,
)
from placement import clock
from placement.access.actor import Actor


def find_release(actor: Actor, release_uuid: UUID) -> Release:
    """The release, when the person may see it; raises Http404, the same as for one that does not exist."""
    releases = Release.objects.visible_to(actor).select_related("requested_by", "under")
    release = releases.filter(uuid=release_uuid).first()
    if release is None:
        raise Http404
    return release


def find_approval(actor: Actor, release_uuid: UUID) -> ReleaseApproval:
    """What the person's municipality reads of the release, in its latest round; raises Http404."""
    mine = ReleaseApproval.objects.visible_to(actor).filter(release_uuid=release_uuid)
    people = mine.select_related("requested_by", "reviewed_by", "reviewed_in", "decided_by", "refused_by")
    approval = people.order_by("-round").first()
    if approval is None:
        raise Http404
    return approval


@transaction.atomic(durable=True)
def look_at(actor: Actor, release_uuid: UUID, *, route: str) -> Release | ReleaseApproval:
    """The release (its requester) or one's municipality's row of it, and that the person looked: committed first.

    Raises Http404.
    """
    find = find_release if actor.municipality_id is None else find_approval
    found: Release | ReleaseApproval = find(actor, release_uuid)
    if found.report:
        ReportLook.objects.create(
            municipality_id=actor.municipality_id,
            release_uuid=release_uuid,
            seal=found.seal,
            staff=actor.staff,
            route=route,
        )
    return found


#: What whoever asked may read before the municipalities have said yes: nothing that is counted.
_BEFORE = ("kind", "audience", "made_at", "seal", "agreement", "five_safes", "hard_failures")


def report_of(found: Release | ReleaseApproval) -> dict[str, Any]:
    """The report as the one who looks may read it.

    Whoever asked reads of counts only what was approved: asking every day would count families, released or not.
    """
    if isinstance(found, ReleaseApproval) or found.available_at is not None:
        return dict(found.report)
    return {part: found.report[part] for part in _BEFORE if part in found.report}


def last_seal_seen(actor: Actor, release_uuid: UUID) -> str:
    """The seal of the report that the person last looked at; '' when they never did."""
    looks = ReportLook.objects.filter(release_uuid=release_uuid, staff=actor.staff)
    return looks.order_by("-id").values_list("seal", flat=True).first() or ""


def is_open(release: Release) -> bool:
    """Whether its files may be taken now: from its last moment on no more, also before the night has put them away."""
    expires = release.expires_at
    return release.status == Status.AVAILABLE and expires is not None and clock.now() < expires


def open_files(release: Release) -> list[ReleaseFile]:
    """The files that may be taken, without their content; none unless the release is available."""
    if not is_open(release):
        return []
    return list(ReleaseFile.objects.filter(release=release, round=release.round).defer("content"))


def find_file(actor: Actor, release_uuid: UUID, name: str) -> ReleaseFile:
    """One file with its content; raises Http404 when there is none or the release is not available."""
    release = find_release(actor, release_uuid)
    file = ReleaseFile.objects.filter(release=release, round=release.round, name=name).first()
    if file is None or not is_open(release):
        raise Http404
    return file


def open_links(release: Release, now: datetime) -> list[tuple[ReleaseLink, int]]:
    """Links that still work, each with how many downloads it has left."""
    if release.status != Status.AVAILABLE:
        return []
    links = ReleaseLink.objects.filter(release=release, expires_at__gt=now).defer("archive")
    return [(link, left) for link in links if (left := LINK_DOWNLOADS - times_taken(link)) > 0]


def times_taken(link: ReleaseLink) -> int:
    """How often the link has been used."""
    return int(ReleaseDownload.objects.filter(release_id=link.release_id, link=link.uuid).count())


def reasons(release: Release) -> list[str]:
    """Why the release is not to be had and never will be, with what to do; empty when all is well."""
    if release.status == Status.FAILED and release.ended_reason:
        return [release.ended_reason]
    if release.status == Status.FAILED:
        return [
            _("Udtrækket kunne ikke bygges (%(error)s). Bestil det igen, eller sig det til administratoren.")
            % {"error": release.error_type}
        ]
    if release.status == Status.REFUSED:
        if not release.municipalities:
            return [_("Der er ingen familier at udlevere data om.")]
        said = [str(word["reason"]) for word in release.answers.values() if word.get("reason")]
        return [_("Ingen kommune sagde ja."), *said]
    if release.status == Status.WITHDRAWN:
        return [release.ended_reason]
    if release.status == Status.EXPIRED and release.ended_reason:
        return [release.ended_reason]
    if release.status == Status.EXPIRED:
        return [_("Filerne er slettet, fordi tiden er gået. Bestil et nyt udtræk, hvis de skal bruges igen.")]
    return []
