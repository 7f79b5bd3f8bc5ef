"""A family's exit steps in the API, newest first."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement.access.listing import PARAMETERS, page
from placement.families.opening import FamilyEndpoint
from workflows.exit.models import ExitException, ExitStep


class ConditionNoted(serializers.Serializer[Any]):
    """A condition as it looked when the step was asked for, or when it was decided on."""

    code = serializers.CharField()
    title = serializers.CharField()
    met = serializers.BooleanField()
    evidence = serializers.CharField()


class ExceptionOut(serializers.Serializer[Any]):
    """A condition that the step was approved without; `side` is `site` or `authority`."""

    code = serializers.CharField()
    title = serializers.CharField()
    reason = serializers.CharField()
    side = serializers.CharField()
    made_by = serializers.CharField()


class ExitStepOut(serializers.Serializer[Any]):
    """One exit step: who asked, what was decided, what it led to."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    attempt = serializers.IntegerField()
    requested_by = serializers.CharField()
    requested_at = serializers.DateTimeField()
    why_now = serializers.CharField()
    planned_from = serializers.DateField()
    planned_until = serializers.DateField(allow_null=True)
    conditions_at_request = ConditionNoted(many=True)
    conditions_at_decision = ConditionNoted(many=True)
    exceptions = ExceptionOut(many=True)
    approved = serializers.BooleanField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    authority_approved = serializers.BooleanField(allow_null=True)
    authority_reason = serializers.CharField()
    effective_from = serializers.DateField(allow_null=True)
    carried_out_on = serializers.DateField(allow_null=True)
    abandoned_at = serializers.DateTimeField(allow_null=True)
    abandoned_reason = serializers.CharField()
    evaluated_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()
    back_reason = serializers.CharField()
    child_needs = serializers.CharField()


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
        "planned_until": step.planned_until,
        "conditions_at_request": step.conditions_at_request,
        "conditions_at_decision": decision.facts.get("conditions", []) if decision else [],
        "exceptions": [
            {
                "code": made.name,
                "title": made.title,
                "reason": made.reason,
                "side": made.side,
                "made_by": str(made.made_by),
            }
            for made in step.exceptions.all()
        ],
        "approved": decision.approved if decision else None,
        "decided_by": str(decision.decided_by) if decision else None,
        "decided_at": decision.decided_at if decision else None,
        "reason": decision.reason if decision else "",
        "authority_approved": word.approved if word else None,
        "authority_reason": word.reason if word else "",
        "effective_from": word.effective_from if word else None,
        "carried_out_on": step.carried_out_on,
        "abandoned_at": step.abandoned_at,
        "abandoned_reason": step.abandoned_reason,
        "evaluated_at": step.evaluated_at,
        "result": step.result,
        "back_reason": step.back_reason,
        "child_needs": step.child_needs,
    }


class ExitSteps(FamilyEndpoint):
    """The steps of one family."""

    @extend_schema(responses=ExitStepPageOut, parameters=PARAMETERS, operation_id="families_exit_steps")
    def get(self, request: Request, family: Any) -> Response:
        steps = (
            ExitStep.objects.filter(family=self.family)
            .select_related("requested_by", "decision__decided_by", "authority_word")
            .prefetch_related(Prefetch("exceptions", ExitException.objects.select_related("made_by")))
        )
        return Response(page(request, steps, step_line))
