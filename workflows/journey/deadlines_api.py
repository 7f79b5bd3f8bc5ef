"""A family's deadlines in the API: those that run and those that have stopped."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access.listing import PARAMETERS, page
from placement.families.opening import FamilyEndpoint
from workflows.kernel.models import Clock, StopReason


class ClockOut(serializers.Serializer[Any]):
    """One deadline. `late`: it runs, does not stand still, and its end has passed. `about`: a task's id, or another."""

    id = serializers.UUIDField()
    rule = serializers.CharField()
    title = serializers.CharField()
    rule_source = serializers.CharField()
    about = serializers.UUIDField(allow_null=True)
    begun_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    waits_for = serializers.CharField()
    escalates_to = serializers.CharField()
    warned_at = serializers.DateTimeField(allow_null=True)
    escalated_at = serializers.DateTimeField(allow_null=True)
    held_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    stop_reason = serializers.ChoiceField(choices=StopReason.values, allow_blank=True)


class ClockPageOut(serializers.Serializer[Any]):
    results = ClockOut(many=True)
    next = serializers.CharField(allow_null=True)


class Clocks(FamilyEndpoint):
    """The family's deadlines, the one that began last first."""

    @extend_schema(responses=ClockPageOut, parameters=PARAMETERS, operation_id="families_clocks")
    def get(self, request: Request, family: Any) -> Response:
        now = clock.now()

        def show(one: Clock) -> dict[str, Any]:
            return {
                "id": one.uuid,
                "rule": one.rule,
                "title": one.title,
                "rule_source": one.source,
                "about": one.about,
                "begun_at": one.begun_at,
                "due_at": one.due_at,
                "late": one.stopped_at is None and one.held_at is None and one.due_at <= now,
                "waits_for": one.reminds,
                "escalates_to": one.escalates_to,
                "warned_at": one.warned_at,
                "escalated_at": one.escalated_at,
                "held_at": one.held_at,
                "stopped_at": one.stopped_at,
                "stop_reason": one.stop_reason,
            }

        return Response(page(request, Clock.objects.filter(family=self.family), show))
