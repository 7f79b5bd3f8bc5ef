"""What is there at each site, and what is missing, in the API: for those who lead it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement.access import payloads
from placement.access.middleware import actor_of
from workflows.journey.completeness import Line, SiteCompleteness, Standing
from workflows.journey.completeness_page import NAMED, looked_at
from workflows.kernel.models import CORE_ELEMENTS


class CountsOut(serializers.Serializer[Any]):
    """How many families it concerns, and how many of them stand where. `reasons`: of those with one, by code."""

    families = serializers.IntegerField()
    in_time = serializers.IntegerField()
    late = serializers.IntegerField()
    missing = serializers.IntegerField()
    with_reason = serializers.IntegerField()
    not_yet = serializers.IntegerField()
    reasons = serializers.DictField(child=serializers.IntegerField())


class MeasurementCountsOut(CountsOut):
    point = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    instrument = serializers.CharField()


class ElementCountsOut(CountsOut):
    element = serializers.ChoiceField(choices=[element.value for element in CORE_ELEMENTS])


class FidelityOut(serializers.Serializer[Any]):
    """One indicator of a core element over the site's families: `done` of `expected`, summed over `families`.

    `whole`: families that did all of it; `silent`: families it says nothing about yet, or never will.
    """

    element = serializers.ChoiceField(choices=[element.value for element in CORE_ELEMENTS])
    indicator = serializers.CharField()
    title = serializers.CharField()
    means = serializers.CharField()
    expected = serializers.IntegerField()
    done = serializers.IntegerField()
    families = serializers.IntegerField()
    whole = serializers.IntegerField()
    silent = serializers.IntegerField()


class GapOut(serializers.Serializer[Any]):
    """A family that lacks something, without names; `missing` in words."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    answered = serializers.IntegerField()
    asked = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField())


class SiteOut(serializers.Serializer[Any]):
    """A site: families that have begun, those who live there now, and what is there of what is to be there."""

    site = serializers.CharField()
    families = serializers.IntegerField()
    living_here = serializers.IntegerField()
    measurements = MeasurementCountsOut(many=True)
    elements = ElementCountsOut(many=True)
    fidelity = FidelityOut(many=True)
    gaps = GapOut(many=True)


class CompletenessOut(serializers.Serializer[Any]):
    results = SiteOut(many=True)
    next = serializers.CharField(allow_null=True)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class Completeness(APIView):
    """What is there at each site one leads, and what is missing: counts of families, and who lacks most."""

    @extend_schema(
        operation_id="completeness_list",
        responses={200: CompletenessOut} | payloads.problems(401, 403),
    )
    def get(self, request: Request) -> Response:
        sites = looked_at(actor_of(request._request), "api-completeness")
        return Response({"results": [_site_out(site) for site in sites], "next": None})


def _site_out(site: SiteCompleteness) -> dict[str, Any]:
    return {
        "site": str(site.site),
        "families": site.families,
        "living_here": site.here,
        "measurements": [
            {
                "point": line.key[0] or None,
                "title": line.key[1],
                "instrument": line.key[2],
                **_counts(line),
            }
            for line in site.measurement_lines
        ],
        "elements": [{"element": line.element, **_counts(line)} for line in site.element_lines],
        "fidelity": [
            {
                "element": line.indicator.element.value,
                "indicator": line.indicator.code,
                "title": str(line.indicator.title),
                "means": str(line.indicator.means),
                "expected": line.expected,
                "done": line.done,
                "families": line.families,
                "whole": line.whole,
                "silent": line.silent,
            }
            for line in site.fidelity
        ],
        "gaps": [
            {
                "id": str(gap.family.uuid),
                "number": gap.family.number,
                "answered": gap.answered,
                "asked": gap.asked,
                "missing": gap.missing,
            }
            for gap in site.gaps[:NAMED]
        ],
    }


def _counts(line: Line) -> dict[str, Any]:
    return {
        "families": line.families,
        **{standing.value: line.counts[standing] for standing in Standing},
        "reasons": dict(line.reasons),
    }
