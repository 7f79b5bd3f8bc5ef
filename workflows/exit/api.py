"""A family's exit steps in the API, newest first."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement.access.listing import PARAMETERS, page
from placement.families.opening import FamilyEndpoint
from workflows.exit.models import ExitStep


class ExitStepOut(serializers.Serializer[Any]):
    """One exit step: who asked, what was decided, what it led to."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    attempt = serializers.IntegerField()
    requested_by = serializers.CharField()
    requested_at = serializers.DateTimeField()
    why_now = serializers.CharField()
    planned_from = serializers.DateField()
    approved = serializers.BooleanField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    authority_approved = serializers.BooleanField(allow_null=True)
    authority_reason = serializers.CharField()
    carried_out_on = serializers.DateField(allow_null=True)
    abandoned_at = serializers.DateTimeField(allow_null=True)
    abandoned_reason = serializers.CharField()
    evaluated_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()


class ExitStepPageOut(serializers.Serializer[Any]):
    results = ExitStepOut(many=True)
    next = serializers.CharField(allow_null=True)


def step_line(step: ExitStep) -> dict[str, Any]:
    """An exit step as the API shows it."""
    decision = getattr(step, "decision", None)
    word = getattr(step, "authority_word", None)
    return {
        "id": str(step.uuid),
        "code": step.code,
        "attempt": step.attempt,
        "requested_by": str(step.requested_by),
        "requested_at": step.requested_at,
        "why_now": step.why_now,
        "planned_from": step.planned_from,
        "approved": decision.approved if decision else None,
        "decided_by": str(decision.decided_by) if decision else None,
        "decided_at": decision.decided_at if decision else None,
        "reason": decision.reason if decision else "",
        "authority_approved": word.approved if word else None,
        "authority_reason": word.reason if word else "",
        "carried_out_on": step.carried_out_on,
        "abandoned_at": step.abandoned_at,
        "abandoned_reason": step.abandoned_reason,
        "evaluated_at": step.evaluated_at,
        "result": step.result,
    }


class ExitSteps(FamilyEndpoint):
    """The steps of one family."""

    @extend_schema(responses=ExitStepPageOut, parameters=PARAMETERS, operation_id="families_exit_steps")
    def get(self, request: Request, family: Any) -> Response:
        steps = ExitStep.objects.filter(family=self.family).select_related(
            "requested_by", "decision__decided_by", "authority_word"
        )
        return Response(page(request, steps, step_line))
