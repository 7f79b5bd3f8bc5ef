"""A family's notifications of concern in the API, newest first, and registering one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import payloads, submissions
from placement.access.listing import PARAMETERS, page
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from placement.families.models import Person
from placement.families.opening import FamilyEndpoint
from workflows.kernel.schema import field_schema
from workflows.screening.codes import ConcernOutcome, Notifier, Turn
from workflows.screening.forms import ConcernForm
from workflows.screening.models import Concern
from workflows.screening.picture import may_tell_parents, state_of
from workflows.screening.selectors import reads_words
from workflows.screening.services import receive_concern

STATES = ("received", "second", "follow_up", "closed")


class AssessmentOut(serializers.Serializer[Any]):
    turn = serializers.ChoiceField(choices=Turn.values)
    outcome = serializers.ChoiceField(choices=ConcernOutcome.values)
    assessed_at = serializers.DateTimeField()
    assessed_by = serializers.CharField()
    reasons = serializers.CharField(allow_null=True)
    safety_risk = serializers.CharField(allow_null=True)


class ConcernOut(serializers.Serializer[Any]):
    """One notification. What was notified, by whom, and why it was assessed so: null for those who may not read it."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    received_at = serializers.DateTimeField()
    acute = serializers.BooleanField()
    notifier = serializers.ChoiceField(choices=Notifier.values, allow_null=True)
    what = serializers.CharField(allow_null=True)
    children = serializers.ListField(child=serializers.UUIDField(), allow_null=True)
    parents_may_be_told = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=ConcernOutcome.values, allow_null=True)
    assessed_at = serializers.DateTimeField(allow_null=True)
    assessments = AssessmentOut(many=True)
    receipt_sent_on = serializers.DateField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_reason = serializers.CharField(allow_null=True)


class ConcernPageOut(serializers.Serializer[Any]):
    results = ConcernOut(many=True)
    next = serializers.CharField(allow_null=True)


def concern_line(concern: Concern, *, readable: bool, own: bool) -> dict[str, Any]:
    """A notification as the API shows it to somebody who may read its words, who registered it, or neither."""
    assessments = list(concern.assessments.all())
    words = readable or own
    return {
        "id": str(concern.uuid),
        "state": state_of(concern, assessments),
        "received_at": concern.received_at,
        "acute": concern.acute,
        "notifier": concern.notifier if words else None,
        "what": concern.what if words else None,
        "children": [str(named.child.uuid) for named in concern.children.all()] if words else None,
        "parents_may_be_told": may_tell_parents(concern, assessments),
        "outcome": concern.outcome or None,
        "assessed_at": concern.assessed_at,
        "assessments": [
            {
                "turn": made.turn,
                "outcome": made.outcome,
                "assessed_at": made.assessed_at,
                "assessed_by": str(made.assessed_by),
                "reasons": made.reasons if readable else None,
                "safety_risk": made.safety_risk if readable else None,
            }
            for made in assessments
        ],
        "receipt_sent_on": concern.receipt_sent_on,
        "closed_at": concern.closed_at,
        "closed_reason": concern.closed_reason if readable else None,
    }


def _body_schema() -> dict[str, Any]:
    """The body of a registration; the children are those of the family in the address."""
    fields = {name: field_schema(field) for name, field in ConcernForm.base_fields.items()}
    fields["children"]["items"] = {"type": "string", "format": "uuid"}
    return {
        "type": "object",
        "properties": fields,
        "additionalProperties": False,
        "required": [name for name, field in ConcernForm.base_fields.items() if field.required],
    }


class Concerns(FamilyEndpoint):
    """The notifications of one family; registering one begins its way and its clocks."""

    write_action = Action.RECEIVE_CONCERN

    @extend_schema(responses=ConcernPageOut, parameters=PARAMETERS, operation_id="families_concerns")
    def get(self, request: Request, family: Any) -> Response:
        concerns = Concern.objects.filter(family=self.family)
        return Response(
            page(
                request, concerns.prefetch_related("children__child", "assessments__assessed_by"), self._shown
            )
        )

    @extend_schema(
        request={"application/json": _body_schema()},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses=payloads.answers(ConcernOut, status=201),
        operation_id="families_concerns_create",
    )
    def post(self, request: Request, family: Any) -> Response:
        if not isinstance(request.data, dict):
            raise ParseError
        form = ConcernForm(dict(request.data), family=self.family)
        if not form.is_valid():
            raise InvalidFields({name: [str(e) for e in errors] for name, errors in form.errors.items()})
        answer = submissions.once(
            actor=self.actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint("concern", self.family.uuid, request.data),
            produce=lambda: {"concern": str(self._receive(form).uuid)},
        )
        return Response(
            self._shown(Concern.objects.get(family=self.family, uuid=answer["concern"])), status=201
        )

    def _receive(self, form: ConcernForm) -> Concern:
        cleaned = form.cleaned_data
        children: list[Person] = form.chosen_children()
        return receive_concern(
            actor=self.actor,
            family=self.family,
            received_at=cleaned["received_at"],
            notifier=cleaned["notifier"],
            what=cleaned["what"],
            acute=cleaned["acute"],
            violence_possible=cleaned["violence_possible"],
            children=children,
            now=clock.now(),
        )

    def _shown(self, concern: Concern) -> dict[str, Any]:
        own = concern.registered_by_id == self.actor.staff_id
        return concern_line(concern, readable=self._reads, own=own)

    @cached_property
    def _reads(self) -> bool:
        return reads_words(self.actor, self.family)
