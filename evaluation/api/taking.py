"""Taking a release's files home by the API: a link to all of them, and one by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation import selectors, taking
from evaluation.access import as_attachment, attachment
from evaluation.api.base import ReleaseEndpoint
from evaluation.formats import ARCHIVE_TYPE
from evaluation.models import LINK_DOWNLOADS
from placement import clock
from placement.access import payloads
from placement.access.roles import Action


class LinkOut(serializers.Serializer[Any]):
    """A link to all files in one archive. The password and the address are told this once."""

    url = serializers.CharField()
    password = serializers.CharField()
    sha256 = serializers.CharField()
    expires_at = serializers.DateTimeField()
    downloads_left = serializers.IntegerField()


class LinkEndpoint(ReleaseEndpoint):
    """A link to all files in one archive under a password that is told once."""

    http_method_names = ["post", "options"]
    write_action = Action.USE_RELEASES

    @extend_schema(
        request=None,
        responses={201: LinkOut} | payloads.problems(401, 403, 404, 409),
        operation_id="releases_link",
    )
    def post(self, request: Request, release: UUID) -> Response:
        made = taking.make_link(actor=self.actor, release_uuid=release, now=clock.now())
        address = reverse("api-release-archive", kwargs={"release": release, "token": made.token})
        return Response(
            {
                "url": address,
                "password": made.password,
                "sha256": made.link.sha256,
                "expires_at": made.link.expires_at,
                "downloads_left": LINK_DOWNLOADS,
            },
            status=201,
        )


class WhateverIsAccepted(BaseContentNegotiation):
    """A file is of its own type, whichever the caller would rather have."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class ReleaseFileContent(ReleaseEndpoint):
    """A file as it was built. Who took it is committed before it is sent."""

    content_negotiation_class = WhateverIsAccepted
    read_action = Action.USE_RELEASES
    http_method_names = ["get", "options"]

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.BINARY, (200, "application/json"): OpenApiTypes.BINARY},
        operation_id="releases_file",
    )
    def get(self, request: Request, release: UUID, name: str) -> HttpResponse:
        file = selectors.find_file(self.actor, release, name)
        taking.record_download(actor=self.actor, file=file)
        return as_attachment(file)


class ReleaseArchive(ReleaseEndpoint):
    """All files by a link. Who took them is counted and committed before the first byte is sent."""

    content_negotiation_class = WhateverIsAccepted
    read_action = Action.USE_RELEASES
    http_method_names = ["get", "options"]

    @extend_schema(
        responses={(200, ARCHIVE_TYPE): OpenApiTypes.BINARY} | payloads.problems(401, 403, 404, 409),
        operation_id="releases_archive",
    )
    def get(self, request: Request, release: UUID, token: str) -> HttpResponse:
        link = taking.take_by_link(actor=self.actor, release_uuid=release, token=token, now=clock.now())
        return attachment(bytes(link.archive), taking.archive_name(link.release), ARCHIVE_TYPE)
