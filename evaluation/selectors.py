"""Finding a release and one of its files, and saying how it stands."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from evaluation.models import Release, ReleaseFile, Status
from placement.access.actor import Actor


def find_release(actor: Actor, release_uuid: UUID) -> Release:
    """The release, when the person may see it; raises Http404, the same as for one that does not exist."""
    releases = Release.objects.visible_to(actor).select_related("requested_by")
    release = releases.filter(uuid=release_uuid).first()
    if release is None:
        raise Http404
    return release


def open_files(release: Release) -> list[ReleaseFile]:
    """The files that may be taken, without their content; none before the release is available."""
    if release.status != Status.AVAILABLE:
        return []
    return list(ReleaseFile.objects.filter(release=release).defer("content"))


def find_file(actor: Actor, release_uuid: UUID, name: str) -> ReleaseFile:
    """One file with its content; raises Http404 when there is none or the release is not available."""
    release = find_release(actor, release_uuid)
    file = ReleaseFile.objects.filter(release=release, name=name).first()
    if file is None or release.status != Status.AVAILABLE:
        raise Http404
    return file


def reasons(release: Release) -> list[str]:
    """Why the release is not to be had and never will be, with what to do; empty when all is well."""
    if release.status != Status.FAILED:
        return []
    return [
        _("Udtrækket kunne ikke bygges (%(error)s). Bestil det igen, eller sig det til administratoren.")
        % {"error": release.error_type}
    ]
