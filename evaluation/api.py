"""Releases in the API: asking for one, how it stands, and its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluation import selectors, services
from evaluation.access import ReleaseAddress, as_attachment
from evaluation.dataset_names import DatasetName
from evaluation.forms import RequestRelease
from evaluation.models import Kind, Release, ReleaseFile, Status
from placement import clock
from placement.access import payloads, submissions
from placement.access.actor import Actor
from placement.access.listing import PARAMETERS, page
from placement.access.middleware import actor_of
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from workflows.kernel.schema import form_schema


class ReleaseLine(serializers.Serializer[Any]):
    """A release on the list."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.values)
    purpose = serializers.CharField()
    agreement = serializers.CharField()
    datasets = serializers.ListField(child=serializers.ChoiceField(choices=DatasetName.values))
    status = serializers.ChoiceField(choices=Status.values)
    reasons = serializers.ListField(child=serializers.CharField())
    requested_at = serializers.DateTimeField()
    built_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField()


class ReleasePageOut(serializers.Serializer[Any]):
    results = ReleaseLine(many=True)
    next = serializers.CharField(allow_null=True)


class FileOut(serializers.Serializer[Any]):
    """One file: compare ``sha256`` with what arrived."""

    name = serializers.CharField()
    media_type = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    rows = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()


class ReleaseOut(ReleaseLine):
    """One release with the files that may be taken."""

    files = FileOut(many=True)


class ReleaseAsked(serializers.Serializer[Any]):
    """What became of the request; ``reasons`` is empty unless something stands in its way."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.values)
    reasons = serializers.ListField(child=serializers.CharField())


def line(release: Release) -> dict[str, Any]:
    """A release as the list shows it."""
    return {
        "id": str(release.uuid),
        "kind": release.kind,
        "purpose": release.purpose,
        "agreement": release.agreement,
        "datasets": release.datasets,
        "status": release.status,
        "reasons": selectors.reasons(release),
        "requested_at": release.requested_at,
        "built_at": release.built_at,
        "url": reverse("release", kwargs={"release": release.uuid}),
    }


def _file_line(release: Release, file: ReleaseFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "rows": file.rows,
        "url": reverse("api-release-file", kwargs={"release": release.uuid, "name": file.name}),
    }


class ReleaseEndpoint(ReleaseAddress, APIView):
    """An address for those who may use releases."""

    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, and may they: 401, 405, 403, in this order."""
        super().initial(request, *args, **kwargs)
        if not hasattr(self, str(request.method).lower()):
            raise exceptions.MethodNotAllowed(str(request.method))
        self.actor = actor_of(request._request)
        services.check_may_use(self.actor)


class ReleaseList(ReleaseEndpoint):
    """The releases one has asked for, and asking for one more."""

    write_action = Action.USE_RELEASES

    @extend_schema(responses=ReleasePageOut, parameters=PARAMETERS, operation_id="releases_list")
    def get(self, request: Request) -> Response:
        return Response(page(request, Release.objects.visible_to(self.actor), line))

    @extend_schema(
        request={"application/json": form_schema(RequestRelease())},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={201: ReleaseAsked} | payloads.problems(400, 401, 403, 409, 422),
        operation_id="releases_create",
    )
    def post(self, request: Request) -> Response:
        services.check_gate()
        if not isinstance(request.data, dict):
            raise exceptions.ParseError
        form = RequestRelease(dict(request.data))
        if not form.is_valid():
            raise InvalidFields(
                {name: [str(error) for error in errors] for name, errors in form.errors.items()}
            )
        answer = submissions.once(
            actor=self.actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint("release", request.data),
            produce=lambda: self._request(form),
        )
        return Response(answer, status=201)

    def _request(self, form: RequestRelease) -> dict[str, Any]:
        release = services.request_release(actor=self.actor, now=clock.now(), **form.cleaned_data)
        return {"id": str(release.uuid), "status": release.status, "reasons": selectors.reasons(release)}


class ReleaseRead(ReleaseEndpoint):
    """One release: how it stands, and its files."""

    @extend_schema(responses=ReleaseOut, operation_id="releases_read")
    def get(self, request: Request, release: UUID) -> Response:
        found = selectors.find_release(self.actor, release)
        files = [_file_line(found, file) for file in selectors.open_files(found)]
        return Response({**line(found), "files": files})


class WhateverIsAccepted(BaseContentNegotiation):
    """A file is of its own type, whichever the caller would rather have."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class ReleaseFileContent(ReleaseEndpoint):
    """A file as it was built. Who took it is committed before it is sent."""

    content_negotiation_class = WhateverIsAccepted
    http_method_names = ["get", "options"]

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.BINARY, (200, "application/json"): OpenApiTypes.BINARY},
        operation_id="releases_file",
    )
    def get(self, request: Request, release: UUID, name: str) -> HttpResponse:
        file = selectors.find_file(self.actor, release, name)
        services.record_download(actor=self.actor, file=file)
        return as_attachment(file)
