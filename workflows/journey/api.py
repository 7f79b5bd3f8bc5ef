"""Families in the API: the list, an enquiry, one family, and who has looked at it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement import clock
from placement.access import payloads, submissions, trail
from placement.access.errors import NotAllowed
from placement.access.listing import PARAMETERS, limit_asked, opaque_id, page
from placement.access.middleware import actor_of
from placement.access.models import Staff, TrailRead
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from placement.families.models import Family, Person, Phase
from placement.families.opening import FamilyEndpoint
from workflows.journey.enquiry import EnquiryForm
from workflows.journey.history import Entry, history
from workflows.journey.services import begin_journey, journey_of
from workflows.kernel.models import Element
from workflows.kernel.schema import form_schema


class FamilyLine(serializers.Serializer[Any]):
    """A family on a list: no names."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    phase = serializers.ChoiceField(choices=Phase.values)
    unit = serializers.CharField()
    site = serializers.CharField(allow_null=True)
    started_on = serializers.DateField(allow_null=True)
    moved_in_on = serializers.DateField(allow_null=True)
    moved_out_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    url = serializers.CharField()


class FamilyPageOut(serializers.Serializer[Any]):
    results = FamilyLine(many=True)
    next = serializers.CharField(allow_null=True)


class PersonOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    name = serializers.CharField()
    birth_state = serializers.CharField()
    born_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    custody_holder = serializers.BooleanField()


class FamilyOut(FamilyLine):
    """One family with its people, target-group picture and model version."""

    traits = serializers.ListField(child=serializers.CharField())
    outcome = serializers.CharField()
    model_version = serializers.CharField(allow_null=True)
    model_adaptation = serializers.CharField(allow_null=True)
    people = PersonOut(many=True)


class EventOut(serializers.Serializer[Any]):
    """One thing that was written. When only the day is known, `at` is its beginning in Denmark."""

    id = serializers.UUIDField(source="public_id")
    at = serializers.DateTimeField(source="place.moment")
    whole_day = serializers.BooleanField()
    kind = serializers.CharField()
    element = serializers.SerializerMethodField()
    title = serializers.CharField(source="told.title")
    text = serializers.CharField(source="whole_text")
    who = serializers.CharField(source="told.who")
    score = serializers.FloatField(source="told.score", allow_null=True)

    @extend_schema_field({"type": "string", "enum": [*Element.values, None], "nullable": True})
    def get_element(self, entry: Entry) -> str | None:
        return entry.told.element or None


class TimelineOut(serializers.Serializer[Any]):
    results = EventOut(many=True)
    next = serializers.CharField(allow_null=True)


class ReadOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    route = serializers.CharField()
    method = serializers.CharField()


class ReadPageOut(serializers.Serializer[Any]):
    results = ReadOut(many=True)
    next = serializers.CharField(allow_null=True)


def family_line(family: Family) -> dict[str, Any]:
    """A family as the API lists it."""
    return {
        "id": str(family.uuid),
        "number": family.number,
        "phase": family.phase,
        "unit": family.unit.name,
        "site": family.site.name if family.site else None,
        "started_on": family.started_on,
        "moved_in_on": family.moved_in_on,
        "moved_out_on": family.moved_out_on,
        "closed_on": family.closed_on,
        "url": reverse("family", kwargs={"family": family.uuid}),
    }


def family_whole(family: Family) -> dict[str, Any]:
    """A family as the API shows it to somebody who has opened it."""
    journey = journey_of(family)
    people = Person.objects.filter(family=family)
    return {
        **family_line(family),
        "traits": family.traits,
        "outcome": family.outcome,
        "model_version": journey.model_version.code if journey and journey.model_version else None,
        "model_adaptation": journey.adaptation.code if journey and journey.adaptation else None,
        "people": [
            {
                "id": str(p.uuid),
                "kind": p.kind,
                "name": p.name,
                "birth_state": p.birth_state,
                "born_on": p.born_on,
                "due_on": p.due_on,
                "custody_holder": p.custody_holder,
            }
            for p in people
        ],
    }


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class Families(APIView):
    """The families one may see, and registering an enquiry."""

    @extend_schema(responses=FamilyPageOut, parameters=PARAMETERS, operation_id="families_list")
    def get(self, request: Request) -> Response:
        actor = actor_of(request._request)
        if not actor.may(Action.SEE_FAMILIES):
            raise NotAllowed(_("Din rolle giver ikke adgang til familiernes sager."))
        with transaction.atomic(durable=True):
            shown: list[int] = []

            def show(family: Family) -> dict[str, Any]:
                shown.append(family.pk)
                return family_line(family)

            answer = page(request, Family.objects.visible_to(actor).select_related("unit", "site"), show)
            trail.record_reads(family_ids=shown, route="api-families", method="GET")
        return Response(answer)

    @extend_schema(
        request={"application/json": form_schema(EnquiryForm())},
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses=payloads.answers(FamilyOut, status=201),
        operation_id="families_create",
    )
    def post(self, request: Request) -> Response:
        actor = actor_of(request._request)
        if not actor.may(Action.REGISTER_ENQUIRY):
            raise NotAllowed(_("Din rolle kan ikke registrere henvendelser."))
        if not isinstance(request.data, dict):
            raise ParseError
        form = EnquiryForm(dict(request.data))
        with transaction.atomic():
            if not form.is_valid():
                raise InvalidFields(
                    {name: [str(error) for error in errors] for name, errors in form.errors.items()}
                )
            answer = submissions.once(
                actor=actor,
                key=request.headers.get("Idempotency-Key"),
                asked=submissions.fingerprint("enquiry", request.data),
                produce=lambda: {"family": str(self._register(actor, form).uuid)},
            )
        with transaction.atomic(durable=True):
            family = Family.objects.visible_to(actor).filter(uuid=answer["family"]).first()
            if family is None:
                # The same key again, by somebody who has not got the family any more.
                raise Http404
            trail.record_read(family_id=family.pk, route="api-families", method="POST")
        with transaction.atomic():
            return Response(family_whole(family), status=201)

    def _register(self, actor: Any, form: EnquiryForm) -> Family:
        cleaned = form.cleaned_data
        return begin_journey(
            actor=actor,
            source=cleaned["source"],
            enquiry_text=cleaned["enquiry_text"],
            traits=cleaned["traits"],
            people=form.people(),
            now=clock.now(),
        )


class OneFamily(FamilyEndpoint):
    """One family."""

    @extend_schema(responses=FamilyOut, operation_id="families_read")
    def get(self, request: Request, family: Any) -> Response:
        return Response(family_whole(self.family))


class Timeline(FamilyEndpoint):
    """Everything that has been written about the family, newest first."""

    @extend_schema(responses=TimelineOut, parameters=PARAMETERS, operation_id="families_timeline")
    def get(self, request: Request, family: Any) -> Response:
        found = history(self.family, before=request.query_params.get("cursor"), limit=limit_asked(request))
        return Response({"results": EventOut(found.entries, many=True).data, "next": found.older})


class AccessLog(FamilyEndpoint):
    """Who has looked at the family: for the leads of the case."""

    read_action = Action.SEE_READ_HISTORY

    @extend_schema(responses=ReadPageOut, parameters=PARAMETERS, operation_id="families_access_log")
    def get(self, request: Request, family: Any) -> Response:
        names = {
            s.pk: str(s) for s in Staff.objects.filter(memberships__municipality=self.family.municipality_id)
        }

        def show(read: TrailRead) -> dict[str, Any]:
            return {
                "id": opaque_id("trail_read", read.pk),
                "at": read.at,
                "who": names.get(read.staff_id, ""),
                "route": read.route,
                "method": read.method,
            }

        return Response(page(request, TrailRead.objects.filter(family_id=self.family.pk), show))
