"""How a municipality keeps the law's deadlines, in the API: counted, without a family."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement import clock
from placement.access import payloads
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action
from workflows.journey.kept_page import chosen_year
from workflows.kernel.clocks.kept import Count4, Rule, kept, quarters
from workflows.kernel.models import LateKind


class CountOut(serializers.Serializer[Any]):
    """`late` includes what runs past its end; `running` is what has its end ahead."""

    kept = serializers.IntegerField()
    late = serializers.IntegerField()
    unexplained = serializers.IntegerField()
    running = serializers.IntegerField()


class QuarterOut(CountOut):
    quarter = serializers.IntegerField(min_value=1, max_value=4)


class ReasonOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=LateKind.values)
    times = serializers.IntegerField()


class KeptRuleOut(serializers.Serializer[Any]):
    """One deadline of the law in one year, by the quarter its last day lies in."""

    rule = serializers.CharField()
    title = serializers.CharField()
    rule_source = serializers.CharField()
    year = CountOut()
    quarters = QuarterOut(many=True)
    reasons = ReasonOut(many=True)


class KeptOut(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    results = KeptRuleOut(many=True)
    next = serializers.CharField(allow_null=True)


class Kept(APIView):
    """The whole municipality's, for those who lead."""

    @extend_schema(
        responses={200: KeptOut, **payloads.problems(401, 403)},
        parameters=[OpenApiParameter("year", {"type": "integer"}, description="This year when left out.")],
        operation_id="clocks_kept",
    )
    def get(self, request: Request) -> Response:
        actor = actor_of(request._request)
        if not actor.may(Action.SEE_KEPT) or actor.municipality_id is None:
            raise NotAllowed(_("Din rolle giver ikke adgang til lovens frister for kommunen."))
        year = chosen_year(request.query_params.get("year"))
        with transaction.atomic():
            rules = kept(actor.municipality_id, year=year, now=clock.now())
        return Response({"year": year, "results": [_shown(rule) for rule in rules], "next": None})


def _shown(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.code,
        "title": rule.title,
        "rule_source": rule.source,
        "year": _count(rule.year),
        "quarters": [{"quarter": number, **_count(count)} for number, count in quarters(rule)],
        "reasons": [{"kind": kind, "times": times} for kind, times in sorted(rule.reasons.items())],
    }


def _count(count: Count4) -> dict[str, int]:
    return {
        "kept": count.kept,
        "late": count.late,
        "unexplained": count.unexplained,
        "running": count.running,
    }
