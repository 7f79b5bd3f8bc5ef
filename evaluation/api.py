"""Releases in the API: agreements, asking for one, its report, what municipalities say of it, and its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluation import agreeing, asking, saying, selectors, taking
from evaluation.access import ReleaseAddress, as_attachment, attachment, check_may
from evaluation.dataset_names import DatasetName
from evaluation.formats import ARCHIVE_TYPE
from evaluation.forms import RegisterAgreement, RequestRelease, Why, Yes
from evaluation.guards import facts_of
from evaluation.models import (
    LINK_DOWNLOADS,
    Agreement,
    Answer,
    Audience,
    Controller,
    Kind,
    LegalBasis,
    Release,
    ReleaseApproval,
    ReleaseFile,
    Status,
)
from placement import clock
from placement.access import payloads, submissions
from placement.access.actor import Actor
from placement.access.listing import PARAMETERS, page
from placement.access.middleware import actor_of
from placement.access.problems import InvalidFields
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


class ReleaseSaid(serializers.Serializer[Any]):
    """What has become of the municipality's word."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.values)
    reviewed = serializers.BooleanField()
    answer = serializers.ChoiceField(choices=["", *Answer.values])


class LinkOut(serializers.Serializer[Any]):
    """A link to all files in one archive. The password and the address are told this once."""

    url = serializers.CharField()
    password = serializers.CharField()
    sha256 = serializers.CharField()
    expires_at = serializers.DateTimeField()
    downloads_left = serializers.IntegerField()


class ReleaseAgreementOut(serializers.Serializer[Any]):
    """An agreement by which data may leave."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    legal_basis = serializers.ChoiceField(choices=LegalBasis.values)
    role = serializers.ChoiceField(choices=Controller.values)
    ends_on = serializers.DateField()
    datasets = serializers.ListField(child=serializers.ChoiceField(choices=DatasetName.values))
    variables = serializers.ListField(child=serializers.CharField())
    people = serializers.ListField(child=serializers.CharField())
    key_id = serializers.CharField()


class ReleaseAgreementPageOut(serializers.Serializer[Any]):
    results = ReleaseAgreementOut(many=True)
    next = serializers.CharField(allow_null=True)


def agreement_line(agreement: Agreement) -> dict[str, Any]:
    """An agreement as the list shows it."""
    return {
        "id": str(agreement.uuid),
        "number": agreement.number,
        "title": agreement.title,
        "purpose": agreement.purpose,
        "legal_basis": agreement.legal_basis,
        "role": agreement.role,
        "ends_on": agreement.ends_on.isoformat(),
        "datasets": agreement.datasets,
        "variables": agreement.variables,
        "people": [str(person.staff) for person in agreement.people.all()],
        "key_id": agreement.key_id,
    }


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


class ReleaseEndpoint(ReleaseAddress, APIView):
    """An address for those who may use releases, or have a word on them."""

    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, and may they: 401, 405, 403, in this order."""
        super().initial(request, *args, **kwargs)
        if not hasattr(self, str(request.method).lower()):
            raise exceptions.MethodNotAllowed(str(request.method))
        self.actor = actor_of(request._request)
        if request.method != "OPTIONS":
            check_may(self.actor, self.action_for(str(request.method)))


def _valid(form: Any) -> dict[str, Any]:
    """The form's cleaned data; raises InvalidFields."""
    if not form.is_valid():
        raise InvalidFields({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned


def _object(request: Request) -> dict[str, Any]:
    if not isinstance(request.data, dict):
        raise exceptions.ParseError
    return dict(request.data)


class AgreementList(ReleaseEndpoint):
    """The agreements that one is named in or registered, and registering one."""

    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    @extend_schema(responses=ReleaseAgreementPageOut, parameters=PARAMETERS, operation_id="agreements_list")
    def get(self, request: Request) -> Response:
        return Response(
            page(
                request,
                Agreement.objects.visible_to(self.actor).prefetch_related("people__staff"),
                agreement_line,
            )
        )

    @extend_schema(
        # Who may be named depends on who there is; the description of the API names nobody.
        request={
            "application/json": {
                "type": "object",
                "description": "number, title, purpose, legal_basis, role, people (ids), ends_on, datasets, [variables].",
            }
        },
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={201: ReleaseAgreementOut} | payloads.problems(400, 401, 403, 409, 422),
        operation_id="agreements_create",
    )
    def post(self, request: Request) -> Response:
        given = _valid(RegisterAgreement(_object(request)))
        answer = submissions.once(
            actor=self.actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint("agreement", request.data),
            produce=lambda: agreement_line(
                agreeing.register_agreement(actor=self.actor, now=clock.now(), **given)
            ),
        )
        return Response(answer, status=201)


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
        given = _valid(RequestRelease(_object(request)))
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


#: A method that answers.
Answering = TypeVar("Answering", bound=Callable[..., Response])


class _ReleaseWord(ReleaseEndpoint):
    """Something said of a release, once a key."""

    http_method_names = ["post", "options"]
    form: type[Any] = Yes

    def post(self, request: Request, release: UUID) -> Response:
        body = _object(request)
        answer = submissions.once(
            actor=self.actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint(type(self).__name__, release, body),
            produce=lambda: self.said(release, body),
        )
        return Response(answer)

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


def _as_said(approval: ReleaseApproval) -> dict[str, Any]:
    return {
        "id": str(approval.release_uuid),
        "status": approval.status,
        "reviewed": bool(approval.review),
        "answer": approval.answer,
    }


def _schema(form: Any, name: str) -> Callable[[Answering], Answering]:
    described: Callable[[Answering], Answering] = extend_schema(
        request={"application/json": form_schema(form)},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={**payloads.answers(ReleaseSaid), **payloads.problems(409, 422, 503)},
        operation_id=name,
    )
    return described


class ReviewEndpoint(_ReleaseWord):
    """The privacy officer's yes: a short name for completing the release's open review of one's municipality."""

    write_action = Action.REVIEW_RELEASE

    @_schema(Yes(), "releases_review")
    def post(self, request: Request, release: UUID) -> Response:
        return super().post(request, release)

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        """See `saying.say_yes`."""
        selectors.find_approval(self.actor, release)
        return _as_said(
            saying.say_yes(
                actor=self.actor,
                release_uuid=release,
                action=Action.REVIEW_RELEASE,
                now=clock.now(),
                **_valid(Yes(body)),
            )
        )


class ApproveEndpoint(_ReleaseWord):
    """The authority lead's yes for the municipality's own families."""

    write_action = Action.APPROVE_RELEASE

    @_schema(Yes(), "releases_approve")
    def post(self, request: Request, release: UUID) -> Response:
        return super().post(request, release)

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        """See `saying.say_yes`."""
        selectors.find_approval(self.actor, release)
        return _as_said(
            saying.say_yes(
                actor=self.actor,
                release_uuid=release,
                action=Action.APPROVE_RELEASE,
                now=clock.now(),
                **_valid(Yes(body)),
            )
        )


class RejectEndpoint(_ReleaseWord):
    """A no for the municipality, with its reason, whenever in the round: its families are left out."""

    write_action = Action.REFUSE_RELEASE

    @_schema(Why(), "releases_reject")
    def post(self, request: Request, release: UUID) -> Response:
        return super().post(request, release)

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        """See `saying.say_no`."""
        selectors.find_approval(self.actor, release)
        version = str(body.pop("facts_version", ""))
        given = _valid(Why(body))
        return _as_said(
            saying.say_no(
                actor=self.actor, release_uuid=release, facts_version=version, now=clock.now(), **given
            )
        )


class WithdrawEndpoint(_ReleaseWord):
    """The requester takes it back, wherever it stands; the files are deleted."""

    write_action = Action.USE_RELEASES

    @extend_schema(
        request={"application/json": form_schema(Why())},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={**payloads.answers(ReleaseAsked), **payloads.problems(409, 422, 503)},
        operation_id="releases_withdraw",
    )
    def post(self, request: Request, release: UUID) -> Response:
        return super().post(request, release)

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        """See `asking.withdraw_release`."""
        selectors.find_release(self.actor, release)
        found = asking.withdraw_release(actor=self.actor, release_uuid=release, **_valid(Why(body)))
        return {"id": str(found.uuid), "status": found.status, "reasons": selectors.reasons(found)}


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
