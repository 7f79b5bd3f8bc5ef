"""The version a family follows, in the API: what moving it would change, and moving it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import payloads
from placement.access.errors import Refused
from placement.access.roles import Action
from placement.families.opening import FamilyEndpoint
from workflows.journey import moving
from workflows.model_pages.moving_views import known_version
from workflows.model_versions.models import VersionMove


class ChangeOut(serializers.Serializer[Any]):
    """One thing that would be otherwise; of a deadline, its last day."""

    title = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class TargetOut(serializers.Serializer[Any]):
    """A version the family can be moved to. `refusal` says why not, and then there is no `facts_version`."""

    version = serializers.CharField()
    adaptation = serializers.CharField(allow_null=True)
    facts_version = serializers.CharField(allow_null=True)
    refusal = serializers.CharField(allow_null=True)
    deadlines = ChangeOut(many=True)
    changes = ChangeOut(many=True)


class FamilyModelOut(serializers.Serializer[Any]):
    """What the family follows (null without a running journey), and what it can be moved to."""

    version = serializers.CharField(allow_null=True)
    adaptation = serializers.CharField(allow_null=True)
    targets = TargetOut(many=True)


class MoveIn(serializers.Serializer[Any]):
    """Moving the family, on what was read."""

    version = serializers.CharField(max_length=20)
    facts_version = serializers.CharField(max_length=40, required=False, default="")
    reason = serializers.CharField(max_length=4000)


class ModelMoveOut(serializers.Serializer[Any]):
    """The family has been moved."""

    id = serializers.UUIDField()
    version = serializers.CharField()
    adaptation = serializers.CharField(allow_null=True)


class FamilyModel(FamilyEndpoint):
    """Which version of the model one family follows."""

    read_action = Action.MOVE_FAMILY
    write_action = Action.MOVE_FAMILY

    @extend_schema(operation_id="families_model", responses=payloads.answers(FamilyModelOut))
    def get(self, request: Request, family: UUID) -> Response:
        try:
            journey = moving.journey_to_move(self.family)
        except Refused:
            return Response({"version": None, "adaptation": None, "targets": []})
        found = moving.targets(self.family, journey, on=clock.today())
        return Response(
            {**_followed(moving.current_target(journey)), "targets": [self._target(one) for one in found]}
        )

    @extend_schema(
        operation_id="families_model_move",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=MoveIn,
        responses={**payloads.answers(ModelMoveOut, status=201), **payloads.problems(503)},
    )
    def post(self, request: Request, family: UUID) -> Response:
        given = payloads.body(request, MoveIn)

        def produce() -> dict[str, Any]:
            moved = moving.move_family(
                actor=self.actor,
                family=self.family,
                version=known_version(given["version"]),
                reason=given["reason"],
                facts_version=given["facts_version"],
                now=clock.now(),
            )
            return move_out(moved)

        return payloads.created_once(
            request, actor=self.actor, asked=["model", family, given], produce=produce
        )

    def _target(self, target: moving.Target) -> dict[str, Any]:
        shown = {**_followed(target), "facts_version": None, "refusal": None, "deadlines": [], "changes": []}
        try:
            read = moving.preview(family=self.family, version=target.version, now=clock.now())
        except Refused as refused:
            return {**shown, "refusal": str(refused.message)}
        return {
            **shown,
            "facts_version": read.facts_version,
            "deadlines": [
                {"title": d.title, "before": d.last_day.isoformat(), "after": d.new_last_day.isoformat()}
                for d in read.deadlines
            ],
            "changes": [{"title": d.path, "before": d.before, "after": d.after} for d in read.model],
        }


def move_out(moved: VersionMove) -> dict[str, Any]:
    """A move as the API shows it."""
    return {
        "id": str(moved.uuid),
        "version": moved.to_version.code,
        "adaptation": moved.to_adaptation.code if moved.to_adaptation else None,
    }


def _followed(target: moving.Target) -> dict[str, Any]:
    return {
        "version": target.version.code,
        "adaptation": target.adaptation.code if target.adaptation else None,
    }
