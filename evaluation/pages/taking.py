"""Taking files home: a link to all of them, and one by itself."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from evaluation import selectors, taking
from evaluation.access import as_attachment, attachment
from evaluation.formats import ARCHIVE_TYPE
from evaluation.models import LINK_DOWNLOADS, Kind
from evaluation.pages.base import ReleasePage, short_title
from placement import clock
from placement.access.roles import Action


class OneLink(ReleasePage):
    """A link to all files; its address and password are shown on this page and never again."""

    http_method_names = ["post"]
    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    def post(self, request: HttpRequest, release: UUID) -> HttpResponse:
        made = taking.make_link(actor=self.actor, release_uuid=release, now=clock.now())
        context = {
            "url": reverse("release-archive", kwargs={"release": release, "token": made.token}),
            "password": made.password,
            "expires": made.link.expires_at,
            "left": LINK_DOWNLOADS,
            "release_url": reverse("release", kwargs={"release": release}),
            "release_title": short_title(release),
            "personal_data": made.link.release.kind == Kind.T1,
        }
        return render(request, "evaluation/link.html", context)


class OneArchive(ReleasePage):
    """All files by a link. Who took them is counted and committed before the archive is sent."""

    http_method_names = ["get"]
    read_action = Action.USE_RELEASES

    def get(self, request: HttpRequest, release: UUID, token: str) -> HttpResponse:
        link = taking.take_by_link(actor=self.actor, release_uuid=release, token=token, now=clock.now())
        return attachment(bytes(link.archive), taking.archive_name(link.release), ARCHIVE_TYPE)


class OneFile(ReleasePage):
    """A file to take home. Who took it is committed before it is sent."""

    http_method_names = ["get"]
    read_action = Action.USE_RELEASES

    def get(self, request: HttpRequest, release: UUID, name: str) -> HttpResponse:
        file = selectors.find_file(self.actor, release, name)
        taking.record_download(actor=self.actor, file=file)
        return as_attachment(file)
