"""Instruments, a family's answers on them, and what it is due to be measured with, in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import listing, payloads
from placement.access.errors import Refused
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyEndpoint
from placement.instruments.scoring import NOT_RELEVANT, NotRelevant
from placement.progression.codes import REASONS_TO_GIVE, Respondent
from placement.progression.services import person_of
from workflows.measuring.models import Administration, Urgency
from workflows.measuring.picture import standing
from workflows.measuring.points import STATES, due_list
from workflows.measuring.services import Correction, Given, record_administration


class AnswerIO(serializers.Serializer[Any]):
    """The answer to one item: `value`, or `not_relevant`, or `missing_reason`."""

    item = serializers.IntegerField(min_value=1, max_value=200)
    value = serializers.IntegerField(min_value=-1000, max_value=1000, allow_null=True, default=None)
    not_relevant = serializers.BooleanField(default=False)
    missing_reason = serializers.ChoiceField(choices=REASONS_TO_GIVE, allow_null=True, default=None)


class TotalIn(serializers.Serializer[Any]):
    """A score that was reckoned on paper, on one scale of the instrument."""

    scale = serializers.SlugField(max_length=40)
    score = serializers.DecimalField(max_digits=7, decimal_places=2)


class AdministrationIn(serializers.Serializer[Any]):
    """One use of an instrument: `answers` item by item, or `totals`. What is missing says why.

    `missing_reason` is the reason of everything that is missing, and of the whole when nothing was answered.
    `instrument_version`: what the answers were given on; another than the newest is refused. `replaces` and
    `reason` correct an earlier one.
    """

    instrument = serializers.SlugField(max_length=40)
    instrument_version = serializers.CharField(max_length=20, default="", allow_blank=True)
    person = serializers.UUIDField()
    answered_on = serializers.DateField(allow_null=True, default=None)
    respondent = serializers.ChoiceField(choices=Respondent.values)
    interpreter = serializers.BooleanField(default=False)
    language = serializers.CharField(max_length=40, default="", allow_blank=True)
    answers = AnswerIO(many=True, default=list)
    totals = TotalIn(many=True, default=list)
    missing_reason = serializers.ChoiceField(choices=REASONS_TO_GIVE, allow_null=True, default=None)
    replaces = serializers.UUIDField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class ScaleScoreOut(serializers.Serializer[Any]):
    """One scale's score; `crossed` names the cut-offs that ask somebody to look."""

    scale = serializers.CharField()
    score = serializers.FloatField(source="value", allow_null=True)
    scoring_version = serializers.CharField()
    crossed = serializers.ListField(child=serializers.CharField())
    measurement = serializers.UUIDField(source="measurement.uuid")


class ScoreActionOut(serializers.Serializer[Any]):
    """What a score asks somebody to do, and what was done."""

    urgency = serializers.ChoiceField(choices=Urgency.values)
    asked = serializers.CharField()
    taken = serializers.SerializerMethodField()
    done_at = serializers.DateTimeField(allow_null=True)

    def get_taken(self, action: Any) -> str | None:
        return action.taken or None


class AdministrationOut(serializers.Serializer[Any]):
    """One use of an instrument that stands, with its answers, its scores and what they ask for."""

    id = serializers.UUIDField(source="uuid")
    instrument = serializers.CharField()
    instrument_version = serializers.CharField()
    person = serializers.UUIDField(source="person.uuid")
    answered_on = serializers.DateField()
    respondent = serializers.ChoiceField(choices=Respondent.values)
    interpreter = serializers.BooleanField()
    language = serializers.CharField()
    age_months = serializers.IntegerField(allow_null=True)
    missing_reason = serializers.SerializerMethodField()
    answers = AnswerIO(many=True, source="answers.all")
    scores = ScaleScoreOut(many=True, source="scores.all")
    alerts = serializers.ListField(child=serializers.CharField())
    actions = ScoreActionOut(many=True, source="actions.all")
    repeat_from = serializers.DateField(allow_null=True)
    repeat_by = serializers.DateField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    replaces = serializers.UUIDField(source="replaces.uuid", default=None, allow_null=True)
    reason = serializers.CharField()

    def get_missing_reason(self, made: Administration) -> str | None:
        return made.missing_reason or None


class AdministrationPageOut(serializers.Serializer[Any]):
    results = AdministrationOut(many=True)
    next = serializers.CharField(allow_null=True)


class DueMeasurementOut(serializers.Serializer[Any]):
    """One instrument about one person at one point of the model; `point` is null for what a score asks to repeat."""

    point = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    instrument = serializers.CharField()
    instrument_version = serializers.CharField()
    person = serializers.UUIDField()
    opens = serializers.DateField()
    due = serializers.DateField()
    state = serializers.ChoiceField(choices=STATES)


class DueMeasurementsOut(serializers.Serializer[Any]):
    results = DueMeasurementOut(many=True)


def administration_out(made: Administration) -> dict[str, Any]:
    """An administration as the API shows it."""
    shown = dict(AdministrationOut(made).data)
    for answer in shown["answers"]:
        answer["missing_reason"] = answer["missing_reason"] or None
    return shown


def _rows(family: Family) -> Any:
    return (
        standing(family)
        .select_related("replaces")
        .prefetch_related("answers", "scores__measurement", "actions")
    )


class Administrations(FamilyEndpoint):
    """What a family has answered on instruments, and a new answer; it is scored here."""

    write_action = Action.RECORD_MEASUREMENT

    @extend_schema(
        operation_id="administrations_list",
        parameters=listing.PARAMETERS,
        responses=payloads.answers(AdministrationPageOut),
    )
    def get(self, request: Request, family: UUID) -> Response:
        return Response(listing.page(request, _rows(self.family), administration_out))

    @extend_schema(
        operation_id="administrations_create",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=AdministrationIn,
        responses=payloads.answers(AdministrationOut, status=201),
    )
    def post(self, request: Request, family: UUID) -> Response:
        body = payloads.body(request, AdministrationIn)
        asked = ["administrations", family, dict(body)]

        def produce() -> dict[str, Any]:
            person = person_of(self.family, body["person"])
            assert person is not None
            made = record_administration(
                actor=self.actor,
                family=self.family,
                instrument=body["instrument"],
                instrument_version=body["instrument_version"],
                person=person,
                answered_on=body["answered_on"] or clock.today(),
                respondent=body["respondent"],
                interpreter=body["interpreter"],
                language=body["language"],
                given=_given(body),
                correction=self._correction(body),
                now=clock.now(),
            )
            return administration_out(_rows(self.family).get(pk=made.pk))

        return payloads.created_once(request, actor=self.actor, asked=asked, produce=produce)

    def _correction(self, body: dict[str, Any]) -> Correction | None:
        if body["replaces"] is None:
            return None
        old = Administration.objects.filter(family=self.family, uuid=body["replaces"]).first()
        if old is None:
            raise Refused(
                _("Målingen hører ikke til familien. Genindlæs siden."), type="administration-unknown"
            )
        return Correction(old, body["reason"])


class MeasurementPoints(FamilyEndpoint):
    """What a family is due to be measured with: the points of its model version, and what a score asks to repeat."""

    @extend_schema(operation_id="measurement_points_list", responses=payloads.answers(DueMeasurementsOut))
    def get(self, request: Request, family: UUID) -> Response:
        return Response(
            {
                "results": [
                    {
                        "point": one.point or None,
                        "title": one.title,
                        "instrument": one.definition.id,
                        "instrument_version": one.definition.version,
                        "person": str(one.person.uuid),
                        "opens": one.opens,
                        "due": one.due,
                        "state": one.state.value,
                    }
                    for one in due_list(self.family)
                ]
            }
        )


def _given(body: dict[str, Any]) -> Given:
    """The answers of a body. Raises Refused (``answers-missing``) for one that says two things or none."""
    answers: dict[int, int | NotRelevant] = {}
    missing: dict[int, str] = {}
    for row in body["answers"]:
        item, said = row["item"], [row["value"] is not None, row["not_relevant"], bool(row["missing_reason"])]
        if sum(said) != 1 or item in answers or item in missing:
            raise Refused(
                _("Spørgsmål %(item)d skal have ét svar, “ikke relevant” eller en grund.") % {"item": item},
                type="answers-missing",
            )
        if row["missing_reason"]:
            missing[item] = row["missing_reason"]
        else:
            answers[item] = NOT_RELEVANT if row["not_relevant"] else row["value"]
    return Given(
        answers=answers,
        totals={row["scale"]: row["score"] for row in body["totals"]},
        missing=missing,
        missing_reason=body["missing_reason"] or "",
    )
