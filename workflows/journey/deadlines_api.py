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
from workflows.kernel.models import Clock, ClockChange, LateKind, LateReason, StopReason


class ClockChangeOut(serializers.Serializer[Any]):
    """How its beginning or its day was put right."""

    begun_before = serializers.DateTimeField()
    begun_after = serializers.DateTimeField()
    due_before = serializers.DateTimeField()
    due_after = serializers.DateTimeField()
    reason = serializers.CharField()
    changed_at = serializers.DateTimeField()
    changed_by = serializers.CharField()


class WhyLateOut(serializers.Serializer[Any]):
    """Why it was not kept, as it was said (`moves/explain-late/`)."""

    kind = serializers.ChoiceField(choices=LateKind.values)
    text = serializers.CharField()
    given_at = serializers.DateTimeField()
    given_by = serializers.CharField()


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
    opens_at = serializers.DateTimeField(allow_null=True)
    day_reason = serializers.CharField(allow_null=True)
    changes = ClockChangeOut(many=True)
    why_late = WhyLateOut(allow_null=True)


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
                "opens_at": one.opens_at,
                "day_reason": one.day_reason or None,
                "changes": [_change(change) for change in one.changes.all()],
                "why_late": next((_why_late(said) for said in one.late_reasons.all()), None),
            }

        clocks = Clock.objects.filter(family=self.family)
        told = clocks.prefetch_related("changes__changed_by", "late_reasons__given_by")
        return Response(page(request, told, show))


def _change(change: ClockChange) -> dict[str, Any]:
    return {
        "begun_before": change.begun_before,
        "begun_after": change.begun_after,
        "due_before": change.due_before,
        "due_after": change.due_after,
        "reason": change.reason,
        "changed_at": change.changed_at,
        "changed_by": str(change.changed_by),
    }


def _why_late(said: LateReason) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "text": said.text,
        "given_at": said.given_at,
        "given_by": str(said.given_by),
    }
