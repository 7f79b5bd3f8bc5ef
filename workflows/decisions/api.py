"""A family's decisions in the API: parties, hearing, letters, complaints, plan, track; and each act around them."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import payloads
from placement.access.roles import Action
from placement.families.models import Decision
from placement.families.opening import FamilyEndpoint
from workflows.decisions.acts import ACTS
from workflows.decisions.codes import (
    Anew,
    BoardOutcome,
    CaseRole,
    Channel,
    Insight,
    PlanTrack,
    Reassessed,
    Track,
    TrackCause,
)
from workflows.decisions.models import (
    AccessRequest,
    CasePerson,
    ChildPlan,
    Complaint,
    DecisionLetter,
    Hearing,
    PlanDecision,
    Redecision,
    TrackChange,
)
from workflows.decisions.picture import acts_open
from workflows.decisions.selectors import ground_of, model_for, parties_of
from workflows.journey.moves.api import MakeMove, MoveMade
from workflows.journey.moves.base import Before, Move
from workflows.kernel.schema import form_schema


class CasePersonOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    party = serializers.UUIDField(source="party.uuid")
    case_role = serializers.ChoiceField(choices=CaseRole.values, source="role")
    name = serializers.CharField()
    scope = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)


class HearingOut(serializers.Serializer[Any]):
    """``needed`` false: ``reason`` says why. Closed without ``answered_on``: the party was silent."""

    id = serializers.UUIDField(source="uuid")
    party = serializers.UUIDField(source="party.uuid")
    needed = serializers.BooleanField()
    reason = serializers.CharField()
    facts = serializers.CharField()
    channel = serializers.ChoiceField(choices=[*Channel.values, ""], source="how")
    sent_on = serializers.DateField(allow_null=True)
    deadline_on = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)
    answer = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)


class LetterOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    party = serializers.UUIDField(source="party.uuid")
    text = serializers.CharField()
    approved_at = serializers.DateTimeField(allow_null=True)
    channel = serializers.ChoiceField(choices=[*Channel.values, ""], source="how")
    sent_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    complaint_until = serializers.DateField(allow_null=True)


class DecisionOut(serializers.Serializer[Any]):
    """``approved`` null: it waits. ``lapsed_at``: its journey has ended, or another was made in its place."""

    id = serializers.UUIDField(source="uuid")
    purpose = serializers.CharField()
    expected_weeks = serializers.IntegerField()
    legal_basis = serializers.CharField()
    approved = serializers.BooleanField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    lapsed_at = serializers.DateTimeField(allow_null=True)
    letters = LetterOut(many=True)


class ComplaintOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    letter = serializers.UUIDField(source="letter.uuid")
    party = serializers.UUIDField(source="party.uuid")
    received_on = serializers.DateField()
    text = serializers.CharField()
    in_time = serializers.BooleanField()
    late_accepted = serializers.BooleanField(allow_null=True)
    late_reason = serializers.CharField()
    reassessed = serializers.ChoiceField(choices=[*Reassessed.values, ""])
    reassessed_reason = serializers.CharField()
    reassessed_at = serializers.DateTimeField(allow_null=True)
    sent_on = serializers.DateField(allow_null=True)
    board_outcome = serializers.ChoiceField(choices=[*BoardOutcome.values, ""])
    board_on = serializers.DateField(allow_null=True)


class RedecisionOut(serializers.Serializer[Any]):
    """What followed of a complaint that changed a decision. ``decision`` null: no new one was asked for."""

    id = serializers.UUIDField(source="uuid")
    complaint = serializers.UUIDField(source="complaint.uuid")
    after_complaint = serializers.ChoiceField(choices=Anew.values, source="outcome")
    decision = serializers.UUIDField(source="decision.uuid", allow_null=True, default=None)
    text = serializers.CharField()


class AccessRequestOut(serializers.Serializer[Any]):
    """A party's request to see the file. ``insight`` empty: it is not answered; ``due_on``: its last day."""

    id = serializers.UUIDField(source="uuid")
    party = serializers.UUIDField(source="party.uuid")
    received_on = serializers.DateField()
    scope = serializers.CharField()
    due_on = serializers.DateField()
    insight = serializers.ChoiceField(choices=[*Insight.values, ""], source="outcome")
    legal_basis = serializers.CharField()
    reason = serializers.CharField()
    channel = serializers.ChoiceField(choices=[*Channel.values, ""], source="how")
    given_on = serializers.DateField(allow_null=True)


class PlanDecisionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    plan_for = serializers.ChoiceField(choices=PlanTrack.values, source="track")
    makes_plan = serializers.BooleanField()
    reason = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)


class ChildPlanOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    made_on = serializers.DateField()
    joint = serializers.BooleanField()
    children = serializers.SerializerMethodField()
    made_with = serializers.CharField()

    def get_children(self, plan: ChildPlan) -> list[str]:
        return [str(one.child.uuid) for one in plan.children.all()]


class TrackOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    cause = serializers.ChoiceField(choices=TrackCause.values)
    track = serializers.ChoiceField(choices=Track.values)
    decided_on = serializers.DateField()
    legal_basis = serializers.CharField()
    text = serializers.CharField()
    goes_on = serializers.BooleanField()


class ActOut(serializers.Serializer[Any]):
    """One act that the reader's role carries. ``refusal`` says why it cannot be done now; null when it can."""

    id = serializers.CharField()
    title = serializers.CharField()
    refusal = serializers.CharField(allow_null=True)
    url = serializers.CharField()
    form = serializers.JSONField()


class DecisionsOut(serializers.Serializer[Any]):
    """``unseen``: children whose view a decision of today would lack; ``unheard``: parties not heard, by name."""

    parties = serializers.ListField(child=serializers.UUIDField())
    unseen = serializers.ListField(child=serializers.UUIDField())
    unheard = serializers.ListField(child=serializers.CharField())
    case_persons = CasePersonOut(many=True)
    hearings = HearingOut(many=True)
    decisions = DecisionOut(many=True)
    complaints = ComplaintOut(many=True)
    redecisions = RedecisionOut(many=True)
    access_requests = AccessRequestOut(many=True)
    plan_decisions = PlanDecisionOut(many=True)
    plans = ChildPlanOut(many=True)
    tracks = TrackOut(many=True)
    acts = ActOut(many=True)


class Decisions(FamilyEndpoint):
    """How the family's decisions stand, and what can be begun around them."""

    read_action = Action.READ_DECISIONS

    @extend_schema(responses=DecisionsOut, operation_id="families_decisions")
    def get(self, request: Request, family: Any) -> Response:
        family, today = self.family, clock.today()
        years = model_for(family).decisions.party_from_years
        ground = ground_of(family, today, from_years=years)
        letters: dict[int, list[DecisionLetter]] = {}
        for letter in DecisionLetter.objects.filter(family=family).select_related("party"):
            letters.setdefault(letter.decision_id, []).append(letter)
        before = Before(self.actor, family, clock.now())
        forms = {act.slug: act.form for act in ACTS}
        decisions = [
            {
                **_plain(DecisionOut, row, but="letters"),
                "letters": LetterOut(letters.get(row.pk, []), many=True).data,
            }
            for row in Decision.objects.filter(family=family)
        ]
        mine = {"family": family}
        return Response(
            {
                "parties": [str(party.uuid) for party in parties_of(family, today, from_years=years)],
                "unseen": [one.child for one in ground.unseen],
                "unheard": list(ground.unheard),
                "case_persons": CasePersonOut(
                    CasePerson.objects.filter(**mine).select_related("party"), many=True
                ).data,
                "hearings": HearingOut(
                    Hearing.objects.filter(**mine).select_related("party"), many=True
                ).data,
                "decisions": decisions,
                "complaints": ComplaintOut(
                    Complaint.objects.filter(**mine).select_related("party", "letter"), many=True
                ).data,
                "redecisions": RedecisionOut(
                    Redecision.objects.filter(**mine).select_related("complaint", "decision"), many=True
                ).data,
                "access_requests": AccessRequestOut(
                    AccessRequest.objects.filter(**mine).select_related("party"), many=True
                ).data,
                "plan_decisions": PlanDecisionOut(PlanDecision.objects.filter(**mine), many=True).data,
                "plans": ChildPlanOut(
                    ChildPlan.objects.filter(**mine).prefetch_related("children__child"), many=True
                ).data,
                "tracks": TrackOut(TrackChange.objects.filter(**mine), many=True).data,
                "acts": [
                    {
                        "id": act["slug"],
                        "title": str(act["title"]),
                        "refusal": act["refusal"],
                        "url": reverse(f"api-decision-{act['slug']}", kwargs={"family": family.uuid}),
                        "form": form_schema(forms[act["slug"]](before=before), named=True),
                    }
                    for act in acts_open(self.actor, family)
                ],
            }
        )


def _plain(shape: type[serializers.Serializer[Any]], row: Any, *, but: str) -> dict[str, Any]:
    """A row as ``shape`` shows it, without the field that is read another way."""
    reading = shape(row)
    reading.fields.pop(but)
    return dict(reading.data)


def endpoint_of(act: Move) -> type[MakeMove]:
    """The address of one act, under the act's own action."""

    def post(self: MakeMove, request: Request, family: Any) -> Response:
        return self.make(request)

    described = extend_schema(
        request={
            "application/json": {"type": "object", "description": "The act's `form`, see `decisions/`."}
        },
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={**payloads.answers(MoveMade, status=201), **payloads.problems(503)},
        operation_id=f"families_decisions_{act.slug.replace('-', '_')}",
        summary=str(act.slug),
    )(post)
    declared = {"move": act, "write_action": act.action, "post": described, "__module__": __name__}
    return type(f"{act.slug.title().replace('-', '')}Act", (MakeMove,), declared)


urlpatterns: list[URLPattern] = [
    path("families/<uuid:family>/decisions/", Decisions.as_view(), name="api-decisions"),
    *(
        path(
            f"families/<uuid:family>/decisions/{act.slug}/",
            endpoint_of(act).as_view(),
            name=f"api-decision-{act.slug}",
        )
        for act in ACTS
    ),
]
