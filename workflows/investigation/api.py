"""A family's screenings and examinations, its parallel tracks, and who may be involved now, in the API.

What is begun or put right is a move (`moves/investigate/` and its neighbours); the steps are on the worklist.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement.access import payloads
from placement.access.listing import PARAMETERS, page
from placement.families.opening import FamilyEndpoint
from workflows.investigation.codes import AtBirth, Need, Track
from workflows.investigation.models import Investigation, ParallelTrack
from workflows.investigation.picture import state_of
from workflows.investigation.selectors import involvement

STATES = ("begun", "clarification", "examination", "nothing", "concluded", "dropped")


class PreliminaryOut(serializers.Serializer[Any]):
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()
    text = serializers.CharField()
    why_late = serializers.CharField()
    expected_on = serializers.DateField()


class InvestigationOut(serializers.Serializer[Any]):
    """One need: `aware_on` is when the municipality became aware; `child` the unborn one it is about, else null."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    child = serializers.UUIDField(allow_null=True)
    aware_on = serializers.DateField()
    why = serializers.CharField()
    violence_possible = serializers.BooleanField()
    begun_at = serializers.DateTimeField()
    track = serializers.ChoiceField(choices=Track.values, allow_null=True)
    reasons = serializers.CharField(allow_null=True)
    screened_at = serializers.DateTimeField(allow_null=True)
    preliminary = PreliminaryOut(many=True)
    need = serializers.ChoiceField(choices=Need.values, allow_null=True)
    conclusion = serializers.CharField(allow_null=True)
    concluded_on = serializers.DateField(allow_null=True)
    alongside = serializers.BooleanField()


class InvestigationPageOut(serializers.Serializer[Any]):
    results = InvestigationOut(many=True)
    next = serializers.CharField(allow_null=True)


class Investigations(FamilyEndpoint):
    """The family's screenings and examinations, newest first."""

    @extend_schema(
        responses=InvestigationPageOut, parameters=PARAMETERS, operation_id="families_investigations"
    )
    def get(self, request: Request, family: Any) -> Response:
        found = Investigation.objects.filter(family=self.family).select_related("child")
        return Response(page(request, found.prefetch_related("preliminary__made_by"), _investigation))


def _investigation(one: Investigation) -> dict[str, Any]:
    return {
        "id": one.uuid,
        "state": state_of(one),
        "child": one.child.uuid if one.child else None,
        "aware_on": one.aware_on,
        "why": one.why,
        "violence_possible": one.violence_possible,
        "begun_at": one.begun_at,
        "track": one.track or None,
        "reasons": one.reasons or None,
        "screened_at": one.screened_at,
        "preliminary": [
            {
                "made_at": made.made_at,
                "made_by": str(made.made_by),
                "text": made.text,
                "why_late": made.why_late,
                "expected_on": made.expected_on,
            }
            for made in one.preliminary.all()
        ],
        "need": one.need or None,
        "conclusion": one.conclusion or None,
        "concluded_on": one.concluded_on,
        "alongside": one.alongside,
    }


class PlansOut(serializers.Serializer[Any]):
    written_at = serializers.DateTimeField()
    author = serializers.CharField()
    plan_a = serializers.CharField()
    plan_b = serializers.CharField()
    turning_point = serializers.CharField()
    shown_on = serializers.DateField(allow_null=True)
    parents_said = serializers.CharField(allow_blank=True)


class ParallelTrackOut(serializers.Serializer[Any]):
    """Plan A and plan B for one unborn child; `plans` as they were written, the newest first."""

    id = serializers.UUIDField()
    child = serializers.UUIDField()
    term_on = serializers.DateField(allow_null=True)
    why = serializers.CharField()
    begun_at = serializers.DateTimeField()
    plans = PlansOut(many=True)
    outcome = serializers.ChoiceField(choices=AtBirth.values, allow_null=True)
    reasons = serializers.CharField(allow_null=True)
    earliest_on = serializers.DateField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class ParallelTrackPageOut(serializers.Serializer[Any]):
    results = ParallelTrackOut(many=True)
    next = serializers.CharField(allow_null=True)


class ParallelTracks(FamilyEndpoint):
    """The family's parallel tracks, newest first."""

    @extend_schema(
        responses=ParallelTrackPageOut, parameters=PARAMETERS, operation_id="families_parallel_tracks"
    )
    def get(self, request: Request, family: Any) -> Response:
        tracks = ParallelTrack.objects.filter(family=self.family).select_related("child")
        return Response(page(request, tracks.prefetch_related("plans__author"), _track))


def _track(track: ParallelTrack) -> dict[str, Any]:
    return {
        "id": track.uuid,
        "child": track.child.uuid,
        "term_on": track.term_on or track.child.due_on,
        "why": track.why,
        "begun_at": track.begun_at,
        "plans": [
            {
                "written_at": plan.written_at,
                "author": str(plan.author),
                "plan_a": plan.plan_a,
                "plan_b": plan.plan_b,
                "turning_point": plan.turning_point,
                "shown_on": plan.shown_on,
                "parents_said": plan.parents_said,
            }
            for plan in track.plans.all()
        ],
        "outcome": track.outcome or None,
        "reasons": track.reasons or None,
        "earliest_on": track.earliest_on,
        "decided_on": track.decided_on,
        "settled_at": track.settled_at,
    }


class InvolvedOut(serializers.Serializer[Any]):
    """Whether they may be involved now; `reason` says why not, with the paragraph."""

    allowed = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)
    risk_judged_on = serializers.DateField(allow_null=True)


class InvolvementOut(serializers.Serializer[Any]):
    parents = InvolvedOut()
    network = InvolvedOut()


class InvolvementNow(FamilyEndpoint):
    """Who may be involved now, where violence or an honour-related conflict may exist (barnets lov § 18)."""

    @extend_schema(responses=payloads.answers(InvolvementOut), operation_id="families_involvement")
    def get(self, request: Request, family: Any) -> Response:
        return Response(
            {
                who: {
                    "allowed": found.allowed,
                    "reason": str(found.reason) or None,
                    "risk_judged_on": found.judged_on,
                }
                for who, found in involvement(self.family).items()
            }
        )
