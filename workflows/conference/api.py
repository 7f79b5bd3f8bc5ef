"""A family's family group conferences in the API, newest first, and asking for one."""

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
from workflows.conference.forms import ConferenceForm
from workflows.conference.models import Conference
from workflows.conference.picture import state_of
from workflows.conference.selectors import conferences
from workflows.conference.services import ask_conference
from workflows.kernel.schema import field_schema

CONFERENCE_STATES = ("asked", "called", "planned", "answered", "closed", "broken_off")


class PlanLineOut(serializers.Serializer[Any]):
    who = serializers.CharField()
    what = serializers.CharField()
    by_on = serializers.DateField()


class ConferenceMeetingOut(serializers.Serializer[Any]):
    """One meeting and its plan; `approved` null until the authority has answered."""

    held_on = serializers.DateField()
    private_time = serializers.BooleanField()
    has_plan = serializers.BooleanField()
    changes_exit_plan = serializers.BooleanField()
    lines = PlanLineOut(many=True)
    approved = serializers.BooleanField(allow_null=True)
    reason = serializers.CharField()


class ConferenceOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=CONFERENCE_STATES)
    question = serializers.CharField()
    consented_on = serializers.DateField()
    asked_by = serializers.CharField()
    coordinator = serializers.CharField(allow_null=True)
    planned_on = serializers.DateField(allow_null=True)
    meetings = ConferenceMeetingOut(many=True)
    followed_up_on = serializers.DateField(allow_null=True)
    works = serializers.BooleanField(allow_null=True)


class ConferencePageOut(serializers.Serializer[Any]):
    results = ConferenceOut(many=True)
    next = serializers.CharField(allow_null=True)


def conference_line(conference: Conference) -> dict[str, Any]:
    """A conference as the API shows it; days as text, so that an answer can be kept."""
    follow_up = getattr(conference, "follow_up", None)
    return {
        "id": str(conference.uuid),
        "state": state_of(conference),
        "question": conference.question,
        "consented_on": conference.consented_on.isoformat(),
        "asked_by": str(conference.asked_by),
        "coordinator": str(conference.coordinator) if conference.coordinator else None,
        "planned_on": conference.planned_on.isoformat() if conference.planned_on else None,
        "meetings": [_meeting(one) for one in conference.meetings.all()],
        "followed_up_on": follow_up.held_on.isoformat() if follow_up else None,
        "works": follow_up.works if follow_up else None,
    }


def _meeting(meeting: Any) -> dict[str, Any]:
    decision = getattr(meeting, "decision", None)
    return {
        "held_on": meeting.held_on.isoformat(),
        "private_time": meeting.private_time,
        "has_plan": meeting.has_plan,
        "changes_exit_plan": meeting.changes_exit_plan,
        "lines": [
            {"who": one.who, "what": one.what, "by_on": one.by_on.isoformat()} for one in meeting.lines.all()
        ],
        "approved": decision.approved if decision else None,
        "reason": decision.reason if decision else "",
    }


def _body_schema() -> dict[str, Any]:
    fields = {name: field_schema(field) for name, field in ConferenceForm.base_fields.items()}
    return {
        "type": "object",
        "properties": fields,
        "additionalProperties": False,
        "required": list(ConferenceForm.base_fields),
    }


class Conferences(FamilyEndpoint):
    """The conferences of one family; asking for one begins its way."""

    write_action = Action.ASK_CONFERENCE

    @extend_schema(
        responses=ConferencePageOut, parameters=listing.PARAMETERS, operation_id="families_conferences"
    )
    def get(self, request: Request, family: Any) -> Response:
        return Response(listing.page(request, conferences(self.family), conference_line))

    @extend_schema(
        request={"application/json": _body_schema()},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses=payloads.answers(ConferenceOut, status=201),
        operation_id="families_conferences_create",
    )
    def post(self, request: Request, family: Any) -> Response:
        if not isinstance(request.data, dict):
            raise ParseError
        form = ConferenceForm(dict(request.data))
        if not form.is_valid():
            raise InvalidFields(
                {name or "__all__": [str(e) for e in errors] for name, errors in form.errors.items()}
            )

        def produce() -> dict[str, Any]:
            made = ask_conference(actor=self.actor, family=self.family, now=clock.now(), **form.cleaned_data)
            return conference_line(conferences(self.family).get(pk=made.pk))

        return payloads.created_once(
            request, actor=self.actor, asked=["conference", family, request.data], produce=produce
        )
