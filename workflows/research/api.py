"""A family and VIVE in the API: where it stands, and writing an answer, a withdrawal, a status, or its place."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import payloads
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from placement.families.opening import FamilyEndpoint
from placement.research.codes import ResearchActivity, ResearchAnswer
from placement.research.selectors import ItemState
from workflows.research.acts import RECORDS, Act, carry_out, place_act
from workflows.research.standing import Standing, standing_of

_BY_PROGRAM = {act.program: act for act in RECORDS.values()}


class SelectionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    place = serializers.IntegerField()
    window = serializers.CharField()
    selected_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    end_reason = serializers.CharField()


class ResearchItemOut(serializers.Serializer[Any]):
    """One activity. `opens` and `due` are null while what they are counted from has not happened."""

    activity = serializers.ChoiceField(choices=ResearchActivity.values)
    state = serializers.ChoiceField(choices=[state.value for state in ItemState])
    opens = serializers.DateField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField()


class ResearchConsentOut(serializers.Serializer[Any]):
    """What one person said to one activity. The newest of a person and an activity stands."""

    id = serializers.UUIDField(source="uuid")
    person = serializers.UUIDField(source="person.uuid")
    activity = serializers.ChoiceField(choices=ResearchActivity.values)
    answer = serializers.ChoiceField(choices=ResearchAnswer.values)
    answered_on = serializers.DateField()
    how = serializers.CharField()
    informed_about = serializers.CharField()
    withdrawn_on = serializers.DateField(allow_null=True)


class ResearchOut(serializers.Serializer[Any]):
    """`selection` is null for a family that was never chosen."""

    selection = SelectionOut(allow_null=True)
    items = ResearchItemOut(many=True)
    consents = ResearchConsentOut(many=True)


def research_out(standing: Standing) -> dict[str, Any]:
    """Where a family stands with VIVE, as the API shows it; days as text, so that an answer can be kept."""
    selection = standing.selection
    return {
        "selection": dict(SelectionOut(selection).data) if selection else None,
        "items": [
            {
                "activity": item.rule.code,
                "state": item.state.value,
                "opens": _text(item.opens),
                "due": _text(item.due),
                "done_on": _text(item.outcome.happened_on if item.outcome else None),
                "reference": item.outcome.reference if item.outcome else "",
            }
            for item in standing.items
        ],
        "consents": [
            dict(ResearchConsentOut(row).data) for row in sorted(standing.consents, key=lambda row: -row.pk)
        ],
    }


def _text(day: Any) -> str | None:
    return day.isoformat() if day is not None else None


class FamilyResearch(FamilyEndpoint):
    """The family's place among the chosen, what each person said to each activity, and what is due."""

    @extend_schema(operation_id="research_read", responses=payloads.answers(ResearchOut))
    def get(self, request: Request, family: Any) -> Response:
        return Response(research_out(standing_of(self.family)))


_BODY = {"application/json": {"type": "object", "description": "The fields of the page's form."}}


class ResearchRecords(FamilyEndpoint):
    """Write one of `consents` (`activity_{code}`: `yes` or `no`), `withdrawals`, `outcomes`."""

    write_action = Action.RECORD_RESEARCH

    @extend_schema(
        operation_id="research_record",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=_BODY,
        responses=payloads.answers(ResearchOut, status=201),
    )
    def post(self, request: Request, family: Any, what: str) -> Response:
        if what not in _BY_PROGRAM:
            raise Http404
        return _written(self, request, _BY_PROGRAM[what], standing_of(self.family))


class ResearchPlace(FamilyEndpoint):
    """Choose the family (`{"confirmed": true}`); or, when it has a place, let it leave (`reason`, `on`)."""

    write_action = Action.CHOOSE_FOR_RESEARCH

    @extend_schema(
        operation_id="research_place",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=_BODY,
        responses=payloads.answers(ResearchOut, status=201),
    )
    def post(self, request: Request, family: Any) -> Response:
        standing = standing_of(self.family)
        return _written(self, request, place_act(standing), standing)


def _written(endpoint: FamilyEndpoint, request: Request, act: Act, standing: Standing) -> Response:
    if not isinstance(request.data, dict):
        raise ParseError

    def produce() -> dict[str, Any]:
        # Checked in here: the same key again is answered as before, whatever has become of the family's place since.
        form = act.form(dict(request.data), standing=standing)
        if not form.is_valid():
            raise InvalidFields(
                {name or "__all__": [str(e) for e in errors] for name, errors in form.errors.items()}
            )
        carry_out(act, actor=endpoint.actor, form=form, now=clock.now())
        return research_out(standing_of(endpoint.family))

    asked = ["research", act.program, endpoint.family.uuid, request.data]
    return payloads.created_once(request, actor=endpoint.actor, asked=asked, produce=produce)
