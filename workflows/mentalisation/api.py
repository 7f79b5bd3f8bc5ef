"""A family's mentalising work in the API: the focus in its versions, baselines, sessions, and how it is done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from placement.meetings.focus import formulate_focus, formulations
from placement.meetings.models import FocusFormulation, Session, SessionKind, SessionStatus
from workflows.kernel.processes import journey_of
from workflows.mentalisation.fidelity import PointScores, fidelity_of
from workflows.mentalisation.page import FocusForm
from workflows.mentalisation.picture import model_for, sessions_of


class FocusOut(serializers.Serializer[Any]):
    """One version of the focus; the highest stands."""

    id = serializers.UUIDField(source="uuid")
    version = serializers.IntegerField()
    made_on = serializers.DateField()
    understand = serializers.CharField()
    parents_words = serializers.CharField()
    together_with = serializers.SerializerMethodField()
    reason = serializers.CharField()

    def get_together_with(self, made: FocusFormulation) -> list[str]:
        return [str(part.person.uuid) for part in made.participants.all()]


class FocusPageOut(serializers.Serializer[Any]):
    results = FocusOut(many=True)
    next = serializers.CharField(allow_null=True)


class SessionOut(serializers.Serializer[Any]):
    """A session: its status and who took part. `untrained`: what whoever held it ought to have had and had not."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=SessionKind.values)
    status = serializers.ChoiceField(choices=SessionStatus.values)
    held_on = serializers.DateField()
    reason = serializers.CharField()
    focus = serializers.CharField()
    participants = serializers.SerializerMethodField()
    next_on = serializers.DateField(allow_null=True)
    next_kind = serializers.CharField()
    untrained = serializers.ListField(child=serializers.CharField())

    def get_participants(self, session: Session) -> list[str]:
        return [str(part.person.uuid) for part in session.participants.all()]


class MonthOut(serializers.Serializer[Any]):
    month = serializers.CharField()
    individual = serializers.IntegerField()
    parent_child = serializers.IntegerField()
    video_feedback = serializers.IntegerField()
    not_held = serializers.IntegerField()


class PrfqOut(serializers.Serializer[Any]):
    """PRFQ at t0, t1 or t2 of the model version; no administrations where it was not measured."""

    name = serializers.CharField()
    title = serializers.CharField()
    asked = serializers.BooleanField()
    administrations = serializers.ListField(child=serializers.UUIDField())


class MentalisationOut(serializers.Serializer[Any]):
    """`sessions_trained` of `sessions_held` were held by somebody with valid training and supervision."""

    sessions = SessionOut(many=True)
    months = MonthOut(many=True)
    sessions_held = serializers.IntegerField()
    sessions_trained = serializers.IntegerField()
    prfq = PrfqOut(many=True)


class Mentalisation(FamilyEndpoint):
    """The family's sessions, and the facts of how the element is done."""

    @extend_schema(operation_id="mentalisation_read", responses=payloads.answers(MentalisationOut))
    def get(self, request: Request, family: UUID) -> Response:
        sessions = sessions_of(self.family)
        facts = fidelity_of(self.family, model_for(journey_of(self.family.pk)), sessions)
        return Response(
            {
                "sessions": [dict(SessionOut(one).data) for one in sessions],
                "months": [
                    {
                        "month": f"{month.first:%Y-%m}",
                        "individual": month.individual,
                        "parent_child": month.parent_child,
                        "video_feedback": month.video_feedback,
                        "not_held": month.not_held,
                    }
                    for month in facts.months
                ],
                "sessions_held": facts.staffing.held,
                "sessions_trained": facts.staffing.trained,
                "prfq": [_point(point) for point in facts.prfq],
            }
        )


def _point(point: PointScores) -> dict[str, Any]:
    return {
        "name": point.name,
        "title": point.title,
        "asked": point.asked,
        "administrations": [str(made.uuid) for made in point.made],
    }


class FocusFormulations(FamilyEndpoint):
    """The versions of the focus, newest first; a new one, worded with the parents."""

    write_action = Action.FORMULATE_FOCUS

    @extend_schema(
        operation_id="focus_formulations_list",
        parameters=listing.PARAMETERS,
        responses=payloads.answers(FocusPageOut),
    )
    def get(self, request: Request, family: UUID) -> Response:
        return Response(
            listing.page(request, formulations(self.family), lambda made: dict(FocusOut(made).data))
        )

    @extend_schema(
        operation_id="focus_formulations_create",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request={"application/json": {"type": "object", "description": "The fields of the page's form."}},
        responses=payloads.answers(FocusOut, status=201),
    )
    def post(self, request: Request, family: UUID) -> Response:
        if not isinstance(request.data, dict):
            raise ParseError

        def produce() -> dict[str, Any]:
            # Checked in here: the same key again is answered as before, though another version stands by then.
            form = FocusForm(dict(request.data), family=self.family)
            if not form.is_valid():
                raise InvalidFields(
                    {name or "__all__": [str(e) for e in errors] for name, errors in form.errors.items()}
                )
            made = formulate_focus(actor=self.actor, family=self.family, now=clock.now(), **form.wording())
            return dict(FocusOut(formulations(self.family).get(pk=made.pk)).data)

        asked = ["focus-formulations", self.family.uuid, request.data]
        return payloads.created_once(request, actor=self.actor, asked=asked, produce=produce)
