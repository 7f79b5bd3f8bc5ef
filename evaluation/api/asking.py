"""Asking for releases in the API, reading one with its report, and taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation import asking, selectors
from evaluation.api.base import ReleaseEndpoint, WordEndpoint, sent, valid
from evaluation.dataset_names import DatasetName
from evaluation.forms import RequestRelease, Why
from evaluation.guards import facts_of
from evaluation.models import Answer, Audience, Kind, Release, ReleaseApproval, ReleaseFile, Status
from placement import clock
from placement.access import payloads, submissions
from placement.access.listing import PARAMETERS, page
from placement.access.roles import Action
from workflows.kernel.schema import form_schema
from workflows.kernel.steps import version_of


class ReleaseLine(serializers.Serializer[Any]):
    """A release on the list."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.values)
    audience = serializers.ChoiceField(choices=Audience.values)
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


class MunicipalityWordOut(serializers.Serializer[Any]):
    """What one municipality has said of the round that stands."""

    code = serializers.IntegerField()
    reviewed = serializers.BooleanField()
    answer = serializers.ChoiceField(choices=["", *Answer.values])
    reason = serializers.CharField(allow_blank=True)


class ReportOut(serializers.Serializer[Any]):
    """The report before anybody decides: ``report`` as it was made, the seal it is bound to, and what has been said.

    ``facts_version`` is sent back with a review or an approval.
    """

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.values)
    round = serializers.IntegerField()
    seal = serializers.CharField(allow_blank=True)
    report = serializers.JSONField()
    municipalities = MunicipalityWordOut(many=True)
    facts_version = serializers.CharField(allow_blank=True)


def approval_line(approval: ReleaseApproval) -> dict[str, Any]:
    """A release as a municipality's list shows it, from the municipality's own row."""
    return {
        "id": str(approval.release_uuid),
        "kind": approval.kind,
        "audience": approval.report.get("audience", Audience.PUBLIC),
        "purpose": approval.purpose,
        "agreement": approval.agreement,
        "datasets": approval.datasets,
        "status": approval.status,
        "reasons": [],
        "requested_at": approval.requested_at,
        "built_at": approval.built_at,
        "url": reverse("release", kwargs={"release": approval.release_uuid}),
    }


def line(release: Release) -> dict[str, Any]:
    """A release as the list shows it."""
    return {
        "id": str(release.uuid),
        "kind": release.kind,
        "audience": release.audience,
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


class ReleaseList(ReleaseEndpoint):
    """The releases one has asked for, or one's municipality has a word on; and asking for one more."""

    write_action = Action.USE_RELEASES

    @extend_schema(responses=ReleasePageOut, parameters=PARAMETERS, operation_id="releases_list")
    def get(self, request: Request) -> Response:
        if self.actor.municipality_id is None:
            return Response(page(request, Release.objects.visible_to(self.actor), line))
        return Response(page(request, ReleaseApproval.objects.newest_rounds(self.actor), approval_line))

    @extend_schema(
        request={"application/json": form_schema(RequestRelease())},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={201: ReleaseAsked} | payloads.problems(400, 401, 403, 409, 422),
        operation_id="releases_create",
    )
    def post(self, request: Request) -> Response:
        given = valid(RequestRelease(sent(request)))
        answer = submissions.once(
            actor=self.actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint("release", request.data),
            produce=lambda: self._request(given),
        )
        return Response(answer, status=201)

    def _request(self, given: dict[str, Any]) -> dict[str, Any]:
        release = asking.request_release(actor=self.actor, now=clock.now(), **given)
        return {"id": str(release.uuid), "status": release.status, "reasons": selectors.reasons(release)}


class ReleaseRead(ReleaseEndpoint):
    """One release: how it stands, and its files for whoever asked for it."""

    @extend_schema(responses=ReleaseOut, operation_id="releases_read")
    def get(self, request: Request, release: UUID) -> Response:
        if self.actor.municipality_id is not None:
            return Response({**approval_line(selectors.find_approval(self.actor, release)), "files": []})
        found = selectors.find_release(self.actor, release)
        files = [_file_line(found, file) for file in selectors.open_files(found)]
        return Response({**line(found), "files": files})


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class ReleaseReport(ReleaseEndpoint):
    """The report. Each look at it is committed before it is shown."""

    @extend_schema(responses=ReportOut, operation_id="releases_report")
    def get(self, request: Request, release: UUID) -> Response:
        found = selectors.look_at(self.actor, release, route="api-release-report")
        if isinstance(found, Release):
            said = [
                {"code": int(code), **word}
                for code, word in sorted(found.answers.items(), key=lambda one: int(one[0]))
            ]
            version = ""
        else:
            said = [
                {
                    "code": found.municipality_id,
                    "reviewed": bool(found.review),
                    "answer": found.answer,
                    "reason": found.said_why,
                }
            ]
            version = version_of(facts_of(found))
        return Response(
            {
                "id": str(release),
                "status": found.status,
                "round": found.round,
                "seal": found.seal,
                "report": selectors.report_of(found),
                "municipalities": said,
                "facts_version": version,
            }
        )


@extend_schema_view(
    post=extend_schema(
        request={"application/json": form_schema(Why())},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={**payloads.answers(ReleaseAsked), **payloads.problems(409, 422, 503)},
        operation_id="releases_withdraw",
    )
)
class WithdrawEndpoint(WordEndpoint):
    """The requester takes it back, wherever it stands; the files are deleted."""

    write_action = Action.USE_RELEASES

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        """See `asking.withdraw_release`."""
        selectors.find_release(self.actor, release)
        found = asking.withdraw_release(actor=self.actor, release_uuid=release, **valid(Why(body)))
        return {"id": str(found.uuid), "status": found.status, "reasons": selectors.reasons(found)}
