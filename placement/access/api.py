"""Who the API thinks one is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement.access.middleware import actor_of
from placement.access.roles import Action, Role


class MunicipalityOut(serializers.Serializer[Any]):
    code = serializers.IntegerField()
    name = serializers.CharField()


class MeOut(serializers.Serializer[Any]):
    """The acting person: one municipality, the roles held there today, and what they may do."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    municipality = MunicipalityOut(allow_null=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=[r.value for r in Role]))
    actions = serializers.ListField(child=serializers.ChoiceField(choices=[a.value for a in Action]))


class Me(APIView):
    """The person behind the session or the token."""

    @extend_schema(responses=MeOut, operation_id="me")
    def get(self, request: Request) -> Response:
        actor = actor_of(request._request)
        return Response(
            {
                "id": str(actor.staff.uuid),
                "username": actor.staff.username,
                "name": str(actor.staff),
                "municipality": (
                    {"code": actor.municipality_id, "name": actor.municipality_name}
                    if actor.municipality_id is not None
                    else None
                ),
                "roles": sorted(role.value for role in actor.roles),
                "actions": sorted(action.value for action in actor.actions),
            }
        )
