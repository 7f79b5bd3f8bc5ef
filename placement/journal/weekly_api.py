"""A week's summary through the API: the draft made of the week's notes, and signing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import payloads
from placement.access.listing import BadRequest
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families.opening import FamilyEndpoint
from placement.journal.api import NoteOut, note_out
from placement.journal.weekly import Week, assembled, sign_summary, sources_of, summary_of


class WeekOut(serializers.Serializer[Any]):
    """A week: what a summary of it could be made of, in words and by id, and the one that stands."""

    week = serializers.CharField()
    text = serializers.CharField()
    sources = serializers.ListField(child=serializers.UUIDField())
    summary = NoteOut(allow_null=True)


class SummaryIn(serializers.Serializer[Any]):
    """A summary to sign: its week, its text, and the ids of what it is made of."""

    week = serializers.RegexField(r"^\d{4}-W\d{2}$")
    text = serializers.CharField(max_length=20_000)
    sources = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)

    def validate_week(self, value: str) -> Week:
        week = Week.read(value)
        if week is None or not clock.is_possible(week.starts, today=clock.today()):
            raise serializers.ValidationError("2026-W48")
        return week


class WeeklySummaries(FamilyEndpoint):
    """The draft of a week's summary, and a signed one."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    @extend_schema(
        operation_id="weekly_summary",
        parameters=[OpenApiParameter("week", str, description="2026-W48; without it the present week.")],
        responses=payloads.answers(WeekOut),
    )
    def get(self, request: Request, family: UUID) -> Response:
        given = request.query_params.get("week", "")
        week = Week.read(given) if given else Week.of(danish_day(clock.now()))
        if week is None or not clock.is_possible(week.starts, today=clock.today()):
            raise BadRequest("week")
        known = sources_of(self.family, week)
        summary = summary_of(self.family, week)
        return Response(
            {
                "week": week.code,
                "text": assembled(known),
                "sources": [str(one.uuid) for one in (*known.notes, *known.child_views)],
                "summary": note_out(summary) if summary else None,
            }
        )

    @extend_schema(
        operation_id="weekly_summary_sign",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=SummaryIn,
        responses=payloads.answers(NoteOut, status=201),
    )
    def post(self, request: Request, family: UUID) -> Response:
        given = payloads.body(request, SummaryIn)

        def produce() -> dict[str, Any]:
            return note_out(sign_summary(actor=self.actor, family=self.family, now=clock.now(), **given))

        asked = ["weekly-summary", family, given["week"].code, given["text"], given["sources"]]
        return payloads.created_once(request, actor=self.actor, asked=asked, produce=produce)
