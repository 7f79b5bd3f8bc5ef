"""Which instruments there are, in the API: what a program must know to ask and to send the answers in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement.access import payloads
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.instruments import catalogue
from placement.instruments.definition import Better, Definition, Entry


class ItemOut(serializers.Serializer[Any]):
    """One item; `text` is null as long as the municipality has not put its words in."""

    item = serializers.IntegerField()
    text = serializers.CharField(allow_null=True)
    lowest = serializers.IntegerField()
    highest = serializers.IntegerField()
    reversed = serializers.BooleanField()
    may_be_not_relevant = serializers.BooleanField()


class ScaleOut(serializers.Serializer[Any]):
    """One scale, and which way is better on it; `given`: its score is sent, and not reckoned here."""

    scale = serializers.CharField(source="code")
    title = serializers.CharField(source="title.__str__")
    lowest = serializers.FloatField()
    highest = serializers.FloatField()
    better = serializers.ChoiceField(choices=[better.value for better in Better])
    given = serializers.SerializerMethodField()
    optional = serializers.BooleanField()

    def get_given(self, scale: Any) -> bool:
        return bool(scale.method == "given")


class InstrumentOut(serializers.Serializer[Any]):
    """The newest version of an instrument. `unchecked`: what of its file nobody has read at the source."""

    instrument = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    entry = serializers.ChoiceField(choices=[entry.value for entry in Entry])
    about = serializers.ListField(child=serializers.CharField())
    respondents = serializers.ListField(child=serializers.CharField())
    first_month = serializers.IntegerField()
    last_month = serializers.IntegerField()
    in_pregnancy = serializers.BooleanField()
    certificate = serializers.CharField(allow_null=True)
    places = serializers.BooleanField()
    items = ItemOut(many=True)
    scales = ScaleOut(many=True)
    licence = serializers.CharField()
    unchecked = serializers.ListField(child=serializers.CharField())


class InstrumentsOut(serializers.Serializer[Any]):
    results = InstrumentOut(many=True)


class Instruments(APIView):
    """The instruments in their newest versions; answers are sent for these alone."""

    @extend_schema(
        operation_id="instruments_list",
        responses={200: InstrumentsOut} | payloads.problems(401, 403),
    )
    def get(self, request: Request) -> Response:
        if not actor_of(request._request).may(Action.SEE_FAMILIES):
            raise NotAllowed(_("Din rolle giver ikke adgang til familiernes sager."))
        return Response({"results": [instrument_line(one) for one in catalogue.current()]})


def instrument_line(definition: Definition) -> dict[str, Any]:
    """An instrument as the API shows it."""
    items, texts = definition.items, catalogue.texts_of(definition, "da")
    numbers = items.numbers if items else ()
    return {
        "instrument": definition.id,
        "version": definition.version,
        "title": str(definition.title),
        "entry": definition.entry.value,
        "about": list(definition.about),
        "respondents": list(definition.respondents),
        "first_month": definition.window.first,
        "last_month": definition.window.last,
        "in_pregnancy": definition.window.pregnancy,
        "certificate": definition.certificate or None,
        "places": bool(items and items.places),
        "items": [
            {
                "item": item,
                "text": texts.item(item) if texts else None,
                "lowest": items.ends_of(item)[0],
                "highest": items.ends_of(item)[1],
                "reversed": item in items.reversed,
                "may_be_not_relevant": item in items.not_relevant,
            }
            for item in numbers
            if items
        ],
        "scales": [dict(ScaleOut(scale).data) for scale in definition.scales],
        "licence": f"{definition.licence.holder}: {definition.licence.terms}",
        "unchecked": list(definition.unchecked),
    }
