"""What an exit rests on, in the API: the records of a kind, newest first, and a new one."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import listing, payloads
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from placement.families.opening import FamilyEndpoint
from workflows.exit.groundwork.kinds import RecordKind
from workflows.exit.groundwork.views import kind_of


class GroundworkOut(serializers.Serializer[Any]):
    """One record; `content` has the fields of its kind's form."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    recorded_by = serializers.CharField()
    recorded_on = serializers.CharField()
    content = serializers.DictField()


class GroundworkPageOut(serializers.Serializer[Any]):
    results = GroundworkOut(many=True)
    next = serializers.CharField(allow_null=True)


class GroundworkEndpoint(FamilyEndpoint):
    """The records of one kind (`plan`, `safety-plan`, `safety-review`, `visit`, `home-check`, `receiving-support`, `place-kept`,
    `child-plan`, `handover`)."""

    write_action = Action.LAY_EXIT_GROUND

    @extend_schema(
        operation_id="exit_ground_list",
        parameters=listing.PARAMETERS,
        responses=payloads.answers(GroundworkPageOut),
    )
    def get(self, request: Request, family: Any, record: str) -> Response:
        kind = kind_of(record)
        return Response(listing.page(request, kind.rows(self.family), lambda row: line(kind, row)))

    @extend_schema(
        operation_id="exit_ground_create",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request={"application/json": {"type": "object", "description": "The fields of the kind's form."}},
        responses=payloads.answers(GroundworkOut, status=201),
    )
    def post(self, request: Request, family: Any, record: str) -> Response:
        kind = kind_of(record)
        if not isinstance(request.data, dict):
            raise ParseError
        form = kind.form(dict(request.data))
        if not form.is_valid():
            raise InvalidFields(
                {name or "__all__": [str(e) for e in errors] for name, errors in form.errors.items()}
            )

        def produce() -> dict[str, Any]:
            row = kind.write(actor=self.actor, family=self.family, now=clock.now(), **form.cleaned_data)
            return line(kind, row)

        return payloads.created_once(
            request, actor=self.actor, asked=["exit-ground", record, family, request.data], produce=produce
        )


def line(kind: RecordKind, row: Any) -> dict[str, Any]:
    """A record as the API shows it; days as text, so that an answer can be kept."""
    return {
        "id": str(row.uuid),
        "kind": kind.slug,
        "recorded_by": str(getattr(row, kind.who)),
        "recorded_on": kind.written(row).isoformat(),
        "content": {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in kind.content(row).items()
        },
    }
