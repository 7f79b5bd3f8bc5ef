"""Agreements in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation import agreeing
from evaluation.api.base import ReleaseEndpoint, sent, valid
from evaluation.dataset_names import DatasetName
from evaluation.forms import RegisterAgreement
from evaluation.models import Agreement, Controller, FollowUp, LegalBasis
from placement import clock
from placement.access import payloads, submissions
from placement.access.listing import PARAMETERS, page
from placement.access.roles import Action


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
    follow_up = serializers.ChoiceField(choices=FollowUp.values)
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
        "follow_up": agreement.follow_up,
        "people": [str(person.staff) for person in agreement.people.all()],
        "key_id": agreement.key_id,
    }


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
                "description": "number, title, purpose, legal_basis, role, people (ids), ends_on, datasets, [variables], "
                "[follow_up: day or half_year; day unless told].",
            }
        },
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={201: ReleaseAgreementOut} | payloads.problems(400, 401, 403, 409, 422),
        operation_id="agreements_create",
    )
    def post(self, request: Request) -> Response:
        given = valid(RegisterAgreement(sent(request)))
        answer = submissions.once(
            actor=self.actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint("agreement", request.data),
            produce=lambda: agreement_line(
                agreeing.register_agreement(actor=self.actor, now=clock.now(), **given)
            ),
        )
        return Response(answer, status=201)
