"""The moves in the API: which there are and why one cannot be made now, and making one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import payloads
from placement.access.problems import InvalidFields
from placement.families.opening import FamilyEndpoint
from workflows.journey.moves.base import Before, Move, do
from workflows.journey.moves.registry import MOVES
from workflows.kernel.schema import form_schema


class MoveOut(serializers.Serializer[Any]):
    """One move that the reader's role carries. ``refusal`` says why it cannot be made now; null when it can."""

    id = serializers.CharField()
    title = serializers.CharField()
    refusal = serializers.CharField(allow_null=True)
    url = serializers.CharField()
    form = serializers.JSONField()


class MovesOut(serializers.Serializer[Any]):
    results = MoveOut(many=True)
    next = serializers.CharField(allow_null=True)


class MoveMade(serializers.Serializer[Any]):
    """What the move left behind."""

    id = serializers.UUIDField()


class Moves(FamilyEndpoint):
    """The moves, each with its form."""

    @extend_schema(responses=MovesOut, operation_id="families_moves")
    def get(self, request: Request, family: Any) -> Response:
        before = Before(self.actor, self.family, clock.now())
        results = [
            {
                "id": move.slug,
                "title": str(move.title),
                "refusal": move.refusal(before),
                "url": reverse(f"api-move-{move.slug}", kwargs={"family": self.family.uuid}),
                "form": form_schema(move.form(before=before), named=True),
            }
            for move in MOVES
            if self.actor.may(move.action)
        ]
        return Response({"results": results, "next": None})


class MakeMove(FamilyEndpoint):
    """Make one move: the body is its form."""

    move: ClassVar[Move]

    def make(self, request: Request) -> Response:
        """Check the body, and make the move once per key."""
        if not isinstance(request.data, dict):
            raise ParseError
        before = Before(self.actor, self.family, clock.now())
        form = self.move.form(dict(request.data), before=before)

        def produce() -> dict[str, Any]:
            if not form.is_valid():
                raise InvalidFields(
                    {name or "__all__": [str(e) for e in es] for name, es in form.errors.items()}
                )
            return do(self.move, before, dict(form.cleaned_data))

        return payloads.created_once(
            request,
            actor=self.actor,
            asked=[self.move.slug, str(self.family.uuid), request.data],
            produce=produce,
        )


def endpoint_of(move: Move) -> type[MakeMove]:
    """The address of one move, under the move's own action."""

    def post(self: MakeMove, request: Request, family: Any) -> Response:
        return self.make(request)

    described = extend_schema(
        request={"application/json": {"type": "object", "description": "The move's `form`, see `moves/`."}},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={**payloads.answers(MoveMade, status=201), **payloads.problems(503)},
        operation_id=f"families_moves_{move.slug.replace('-', '_')}",
        summary=str(move.slug),
    )(post)
    declared = {"move": move, "write_action": move.action, "post": described, "__module__": __name__}
    return type(f"{move.slug.title().replace('-', '')}Move", (MakeMove,), declared)


urlpatterns: list[URLPattern] = [
    path("families/<uuid:family>/moves/", Moves.as_view(), name="api-moves"),
    *(
        path(
            f"families/<uuid:family>/moves/{move.slug}/",
            endpoint_of(move).as_view(),
            name=f"api-move-{move.slug}",
        )
        for move in MOVES
    ),
]
