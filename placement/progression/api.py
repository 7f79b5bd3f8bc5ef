"""Progression as an API: a family's measurements, goals and follow-ups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import listing, payloads
from placement.access.roles import Action
from placement.families.codes import PersonKind
from placement.families.models import Person
from placement.families.opening import FamilyEndpoint
from placement.progression.codes import REASONS_TO_GIVE, Element, Respondent, SetbackChoice, Trend
from placement.progression.models import (
    FollowUp,
    FollowUpOutcome,
    Goal,
    GoalParticipant,
    GoalRating,
    Measurement,
)
from placement.progression.services import person_of, record_measurement

SLUG = r"^[a-z0-9][a-z0-9-]*$"


class ScoreIn(serializers.DecimalField):
    """A number as scores are stored: seven digits, two of them decimals; may be left out."""

    def __init__(self) -> None:
        super().__init__(max_digits=7, decimal_places=2, allow_null=True, default=None)


class MeasurementOut(serializers.Serializer[Any]):
    """One score on one instrument, or why there is none."""

    id = serializers.UUIDField(source="uuid")
    element = serializers.ChoiceField(choices=Element.values)
    instrument = serializers.CharField()
    instrument_version = serializers.CharField()
    person = serializers.UUIDField(source="person.uuid", default=None, allow_null=True)
    score = serializers.FloatField(allow_null=True)
    scale_min = serializers.FloatField()
    scale_max = serializers.FloatField()
    missing_reason = serializers.SerializerMethodField()
    measured_on = serializers.DateField()
    respondent = serializers.ChoiceField(choices=Respondent.values)
    recorded_at = serializers.DateTimeField()
    replaces = serializers.UUIDField(source="replaces.uuid", default=None, allow_null=True)
    reason = serializers.CharField()

    def get_missing_reason(self, measurement: Measurement) -> str | None:
        return measurement.missing_reason or None


class MeasurementIn(serializers.Serializer[Any]):
    """A score, or `missing_reason`. Our own instruments bring their scale; for others it is given."""

    element = serializers.ChoiceField(choices=Element.values)
    instrument = serializers.RegexField(SLUG, max_length=60)
    instrument_version = serializers.CharField(max_length=20, default="1")
    person = serializers.UUIDField(allow_null=True, default=None)
    score = ScoreIn()
    scale_min = ScoreIn()
    scale_max = ScoreIn()
    missing_reason = serializers.ChoiceField(choices=REASONS_TO_GIVE, allow_null=True, default=None)
    measured_on = serializers.DateField(allow_null=True, default=None)
    respondent = serializers.ChoiceField(choices=Respondent.values, default=Respondent.STAFF)


class MeasurementPageOut(serializers.Serializer[Any]):
    results = MeasurementOut(many=True)
    next = serializers.CharField(allow_null=True)


class RatingOut(serializers.Serializer[Any]):
    score = serializers.IntegerField(min_value=-2, max_value=2)
    on = serializers.DateField(source="follow_up.held_on")
    comment = serializers.CharField()


class LevelOut(serializers.Serializer[Any]):
    score = serializers.IntegerField(min_value=-2, max_value=2)
    text = serializers.CharField()


class ParticipantOut(serializers.Serializer[Any]):
    """A parent or child who took part in formulating a goal."""

    person = serializers.UUIDField(source="person.uuid")
    kind = serializers.ChoiceField(source="person.kind", choices=PersonKind.values)


class GoalOut(serializers.Serializer[Any]):
    """A goal with its five levels of attainment, where it began, and its newest rating; 0 is as expected.

    `decision` and `purpose`: what it serves. `formulated_with`, `absent_reason`: who made it, or why a parent did
    not. Goals from before 0.2.0 may lack decision, baseline and levels.
    """

    id = serializers.UUIDField(source="uuid")
    title = serializers.CharField()
    decision = serializers.UUIDField(source="decision.uuid", default=None, allow_null=True)
    purpose = serializers.CharField(source="decision.purpose", default="")
    purpose_link = serializers.CharField()
    levels = serializers.SerializerMethodField()
    weight = serializers.IntegerField()
    baseline = serializers.IntegerField(min_value=-2, max_value=2, allow_null=True)
    formulated_with_parents = serializers.BooleanField()
    formulated_with = ParticipantOut(source="participants.all", many=True)
    absent_reason = serializers.CharField()
    set_on = serializers.DateField()
    active = serializers.BooleanField()
    closed_on = serializers.DateField(allow_null=True)
    closed_reason = serializers.CharField()
    replaces = serializers.UUIDField(source="replaces.uuid", default=None, allow_null=True)
    last_rating = serializers.SerializerMethodField()

    @extend_schema_field(LevelOut(many=True))
    def get_levels(self, goal: Goal) -> list[dict[str, Any]]:
        return [{"score": score, "text": text} for score, text in goal.levels]

    @extend_schema_field(RatingOut(allow_null=True))
    def get_last_rating(self, goal: Goal) -> dict[str, Any] | None:
        newest = next(iter(goal.ratings.all()), None)
        return dict(RatingOut(newest).data) if newest else None


class FollowUpRatingOut(serializers.Serializer[Any]):
    goal = serializers.UUIDField(source="goal.uuid")
    score = serializers.IntegerField(min_value=-2, max_value=2)
    comment = serializers.CharField()


class SetbackAnswerOut(serializers.Serializer[Any]):
    """What the team does about a negative trend."""

    choice = serializers.ChoiceField(choices=SetbackChoice.values)
    reason = serializers.CharField()
    answered_at = serializers.DateTimeField()


class FollowUpOut(serializers.Serializer[Any]):
    """A follow-up: the four questions of barnets lov § 95, the next date and its reason, and the trend.

    `rhythm_on` is the day the model's rhythm would have given. `t_before` and `t_now` are the T scores of the
    goals that could be compared. `setback` is the answer to a `trend` that is `negative`.
    """

    id = serializers.UUIDField(source="uuid")
    held_on = serializers.DateField()
    adjust = serializers.BooleanField()
    adjust_text = serializers.CharField()
    investigate = serializers.BooleanField()
    investigate_text = serializers.CharField()
    plan = serializers.BooleanField()
    plan_text = serializers.CharField()
    other_text = serializers.CharField()
    next_on = serializers.DateField()
    next_reason = serializers.CharField()
    rhythm_on = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(choices=FollowUpOutcome.values)
    ratings = FollowUpRatingOut(source="ratings.all", many=True)
    trend = serializers.SerializerMethodField()
    t_before = serializers.FloatField(allow_null=True)
    t_now = serializers.FloatField(allow_null=True)
    setback = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField(choices=Trend.values, allow_null=True))
    def get_trend(self, follow_up: FollowUp) -> str | None:
        return follow_up.trend or None

    @extend_schema_field(SetbackAnswerOut(allow_null=True))
    def get_setback(self, follow_up: FollowUp) -> dict[str, Any] | None:
        answer = next(iter(follow_up.setback_answers.all()), None)
        return dict(SetbackAnswerOut(answer).data) if answer else None


class FollowUpPageOut(serializers.Serializer[Any]):
    results = FollowUpOut(many=True)
    next = serializers.CharField(allow_null=True)


class GoalPageOut(serializers.Serializer[Any]):
    results = GoalOut(many=True)
    next = serializers.CharField(allow_null=True)


def measurement_out(measurement: Measurement) -> dict[str, Any]:
    """A measurement as the API shows it."""
    return dict(MeasurementOut(measurement).data)


class Measurements(FamilyEndpoint):
    """The measurements of a family that stand, and a new one."""

    write_action = Action.RECORD_MEASUREMENT

    @extend_schema(
        operation_id="measurements_list",
        parameters=listing.PARAMETERS,
        responses=payloads.answers(MeasurementPageOut),
    )
    def get(self, request: Request, family: UUID) -> Response:
        standing = Measurement.objects.current().filter(family=self.family)
        shown = standing.select_related("person", "replaces")
        return Response(listing.page(request, shown, measurement_out))

    @extend_schema(
        operation_id="measurements_create",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=MeasurementIn,
        responses=payloads.answers(MeasurementOut, status=201),
    )
    def post(self, request: Request, family: UUID) -> Response:
        given = payloads.body(request, MeasurementIn)
        asked = ["measurements", family, dict(given)]

        def produce() -> dict[str, Any]:
            person: Person | None = person_of(self.family, given.pop("person"))
            measured = record_measurement(
                actor=self.actor,
                family=self.family,
                person=person,
                now=clock.now(),
                measured_on=given.pop("measured_on") or clock.today(),
                missing_reason=given.pop("missing_reason") or "",
                **given,
            )
            return measurement_out(measured)

        return payloads.created_once(request, actor=self.actor, asked=asked, produce=produce)


class Goals(FamilyEndpoint):
    """The goals of a family, closed ones too, each with its newest rating."""

    @extend_schema(
        operation_id="goals_list", parameters=listing.PARAMETERS, responses=payloads.answers(GoalPageOut)
    )
    def get(self, request: Request, family: UUID) -> Response:
        ratings = GoalRating.objects.select_related("follow_up").order_by("-follow_up__held_on", "-id")
        goals = Goal.objects.filter(family=self.family).select_related("replaces", "decision")
        took_part = GoalParticipant.objects.select_related("person")
        rated = goals.prefetch_related(Prefetch("ratings", ratings), Prefetch("participants", took_part))
        return Response(listing.page(request, rated, lambda goal: dict(GoalOut(goal).data)))


class FollowUps(FamilyEndpoint):
    """The follow-ups of a family with their ratings, the trend, and the answer to a setback."""

    @extend_schema(
        operation_id="follow_ups_list",
        parameters=listing.PARAMETERS,
        responses=payloads.answers(FollowUpPageOut),
    )
    def get(self, request: Request, family: UUID) -> Response:
        ratings = GoalRating.objects.select_related("goal")
        held = FollowUp.objects.filter(family=self.family).prefetch_related(
            Prefetch("ratings", ratings), "setback_answers"
        )
        return Response(listing.page(request, held, lambda row: dict(FollowUpOut(row).data)))
