"""A family's meetings in the API: who was there, what was decided and became of it, who has the minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement.access import listing, payloads
from placement.families.opening import FamilyEndpoint
from placement.meetings.models import Attendance, Meeting, MeetingDecision, MinutesGiven


class AttendanceOut(serializers.Serializer[Any]):
    name = serializers.SerializerMethodField()
    profession = serializers.CharField()
    present = serializers.BooleanField()

    def get_name(self, one: Attendance) -> str:
        return str(one.staff) if one.staff else one.label


class MeetingDecisionOut(serializers.Serializer[Any]):
    """A decision. `done` is null while it is nobody's task, or the task is open."""

    id = serializers.UUIDField(source="uuid")
    text = serializers.CharField()
    responsible = serializers.SerializerMethodField()
    due_on = serializers.DateField(allow_null=True)
    task = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()

    def get_responsible(self, decision: MeetingDecision) -> str:
        return str(decision.person) if decision.person else decision.responsible

    def get_task(self, decision: MeetingDecision) -> bool:
        return decision.person_id is not None

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_done(self, decision: MeetingDecision) -> bool | None:
        became = getattr(decision, "became", None)
        return became.done if became else None


class MinutesGivenOut(serializers.Serializer[Any]):
    person = serializers.UUIDField(source="person.uuid")
    given_on = serializers.DateField()
    how = serializers.CharField()


class MeetingOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    kind = serializers.CharField(help_text="team or network")
    held_on = serializers.DateField()
    next_on = serializers.DateField(allow_null=True)
    outcome = serializers.CharField()
    minutes = serializers.CharField()
    missing_professions = serializers.ListField(child=serializers.CharField(), source="missing")
    parents_present = serializers.BooleanField()
    parents_absent_reason = serializers.CharField()
    attendance = AttendanceOut(many=True, source="attendance.all")
    decisions = MeetingDecisionOut(many=True, source="decisions.all")
    minutes_given = MinutesGivenOut(many=True, source="given.all")


class MeetingPageOut(serializers.Serializer[Any]):
    results = MeetingOut(many=True)
    next = serializers.CharField(allow_null=True)


class Meetings(FamilyEndpoint):
    """The family's meetings, of the team and with the network."""

    @extend_schema(
        operation_id="meetings_list",
        parameters=listing.PARAMETERS,
        responses=payloads.answers(MeetingPageOut),
    )
    def get(self, request: Request, family: UUID) -> Response:
        held = Meeting.objects.filter(family=self.family).prefetch_related(
            Prefetch("attendance", Attendance.objects.select_related("staff")),
            Prefetch("decisions", MeetingDecision.objects.select_related("person", "became")),
            Prefetch("given", MinutesGiven.objects.select_related("person")),
        )
        return Response(listing.page(request, held, lambda meeting: dict(MeetingOut(meeting).data)))
