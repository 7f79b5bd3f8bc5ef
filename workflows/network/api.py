"""A family's network in the API: its people with their checks, its maps compared, its agreements; and writing of it."""

from __future__ import annotations

from typing import Any

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
from placement.network.comparing import compare, map_sentence, sentence
from placement.network.genogram import last_genogram
from placement.network.models import Agreement, Moment, NetworkMap
from placement.network.people import Standing, standings
from placement.network.selectors import last_map, supporting_private_people
from workflows.network.safety import known_of, why_not
from workflows.network.views import kind_of


class MemberOut(serializers.Serializer[Any]):
    """One person; `may_be_invited` with the reason and the rule when not."""

    id = serializers.UUIDField()
    called = serializers.CharField()
    may_be_invited = serializers.BooleanField()
    reason = serializers.CharField()
    safety = serializers.CharField(allow_null=True)
    terms = serializers.CharField()
    checked_on = serializers.DateField(allow_null=True)
    checked_by = serializers.CharField(allow_null=True)
    contact = serializers.CharField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)


class PlaceOut(serializers.Serializer[Any]):
    """Somebody on a map; `member` null on one drawn before people had records."""

    member = serializers.UUIDField(allow_null=True)
    called = serializers.CharField()
    sector = serializers.CharField()
    closeness = serializers.IntegerField()
    direction = serializers.CharField()
    strained = serializers.BooleanField()


class MapOut(serializers.Serializer[Any]):
    drawn_on = serializers.DateField()
    moment = serializers.CharField()
    supporting_private_people = serializers.IntegerField()
    sentence = serializers.CharField()
    people = PlaceOut(many=True)


class ChangesOut(serializers.Serializer[Any]):
    """Public ids of people, by what became of them between the first map and the newest."""

    sentence = serializers.CharField()
    came = serializers.ListField(child=serializers.UUIDField())
    left = serializers.ListField(child=serializers.UUIDField())
    nearer = serializers.ListField(child=serializers.UUIDField())
    farther = serializers.ListField(child=serializers.UUIDField())


class AgreementOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    who = serializers.CharField()
    what = serializers.CharField()
    by_on = serializers.DateField()
    kept = serializers.BooleanField(allow_null=True)
    followed_up_on = serializers.DateField(allow_null=True)
    conference = serializers.UUIDField(allow_null=True)


class KinOut(serializers.Serializer[Any]):
    called = serializers.CharField()
    generation = serializers.IntegerField()
    own_placement = serializers.CharField()


class TieOut(serializers.Serializer[Any]):
    one = serializers.CharField()
    kind = serializers.CharField()
    other = serializers.CharField()
    broken = serializers.BooleanField()


class GenogramOut(serializers.Serializer[Any]):
    drawn_on = serializers.DateField()
    people = KinOut(many=True)
    relations = TieOut(many=True)


class NetworkOut(serializers.Serializer[Any]):
    """`barred`: why nobody may be invited now; '' when somebody may."""

    barred = serializers.CharField()
    people = MemberOut(many=True)
    first_map = MapOut(allow_null=True)
    newest_map = MapOut(allow_null=True)
    changes = ChangesOut(allow_null=True)
    agreements = AgreementOut(many=True)
    genogram = GenogramOut(allow_null=True)


class RecordOut(serializers.Serializer[Any]):
    """What was written: its id and kind."""

    id = serializers.UUIDField()
    kind = serializers.CharField()


def _member(standing: Standing, reason: str) -> dict[str, Any]:
    safety, contact = standing.safety, standing.contact
    return {
        "id": str(standing.member.uuid),
        "called": standing.member.label,
        "may_be_invited": not reason,
        "reason": reason,
        "safety": safety.outcome if safety else None,
        "terms": safety.terms if safety else "",
        "checked_on": safety.checked_on if safety else None,
        "checked_by": str(safety.checked_by) if safety else None,
        "contact": contact.answer if contact else None,
        "answered_on": contact.answered_on if contact else None,
    }


def _map(drawn: NetworkMap | None) -> dict[str, Any] | None:
    if drawn is None:
        return None
    return {
        "drawn_on": drawn.drawn_on,
        "moment": drawn.moment,
        "supporting_private_people": supporting_private_people(drawn),
        "sentence": map_sentence(drawn),
        "people": [
            {
                "member": str(one.member.uuid) if one.member else None,
                "called": one.label,
                "sector": one.sector,
                "closeness": one.closeness,
                "direction": one.direction,
                "strained": one.strained,
            }
            for one in drawn.people.all()
        ],
    }


def _changes(first: NetworkMap | None, last: NetworkMap | None) -> dict[str, Any] | None:
    if first is None or last is None or first.pk == last.pk:
        return None
    compared = compare(first, last)

    def ids(people: Any) -> list[str]:
        return [str(one.member.uuid) for one in people]

    return {
        "sentence": sentence(compared),
        "came": ids(compared.came),
        "left": ids(compared.left),
        "nearer": ids(compared.nearer),
        "farther": ids(compared.farther),
    }


def _agreement(row: Agreement) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "who": row.who,
        "what": row.what,
        "by_on": row.by_on,
        "kept": row.kept,
        "followed_up_on": row.followed_up_on,
        "conference": str(row.about) if row.about else None,
    }


class Network(FamilyEndpoint):
    """The network of one family."""

    @extend_schema(responses=NetworkOut, operation_id="families_network")
    def get(self, request: Request, family: Any) -> Response:
        known = known_of(self.family)
        first = last_map(self.family, Moment.START)
        last = last_map(self.family, Moment.EXIT) or last_map(self.family)
        drawn = last_genogram(self.family)
        agreements = Agreement.objects.filter(family=self.family).order_by("by_on", "id")
        return Response(
            {
                "barred": known.barred,
                "people": [_member(one, why_not(one, known)) for one in standings(self.family)],
                "first_map": _map(first),
                "newest_map": _map(last),
                "changes": _changes(first, last),
                "agreements": [_agreement(row) for row in agreements],
                "genogram": None
                if drawn is None
                else {
                    "drawn_on": drawn.drawn_on,
                    "people": [
                        {"called": p.label, "generation": p.generation, "own_placement": p.own_placement}
                        for p in drawn.people.all()
                    ],
                    "relations": [
                        {"one": t.one.label, "kind": t.kind, "other": t.other.label, "broken": t.broken}
                        for t in drawn.relations.all()
                    ],
                },
            }
        )


class NetworkRecord(FamilyEndpoint):
    """Write one record: `person`, `answer`, `check`, `invitation`, `genogram` or `agreement`, with its form's fields."""

    write_action = Action.WORK_WITH_NETWORK

    @extend_schema(
        operation_id="families_network_write",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request={"application/json": {"type": "object", "description": "The fields of the kind's form."}},
        responses=payloads.answers(RecordOut, status=201),
    )
    def post(self, request: Request, family: Any, kind: str) -> Response:
        record = kind_of(kind)
        if not isinstance(request.data, dict):
            raise ParseError
        form = record.form(dict(request.data), family=self.family)
        if not form.is_valid():
            raise InvalidFields(
                {name or "__all__": [str(e) for e in errors] for name, errors in form.errors.items()}
            )

        def produce() -> dict[str, Any]:
            row = record.write(actor=self.actor, family=self.family, said=form.cleaned_data, now=clock.now())
            return {"id": str(row.uuid), "kind": record.slug}

        return payloads.created_once(
            request, actor=self.actor, asked=["network", kind, family, request.data], produce=produce
        )
