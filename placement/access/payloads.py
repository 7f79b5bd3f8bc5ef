"""What the API reads and how it says no: bodies checked by serializers, problems described for the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from placement.access import submissions
from placement.access.actor import Actor
from placement.access.problems import InvalidFields

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 80},
    OpenApiParameter.HEADER,
    description="The same key and body again: the same answer, and nothing is written twice.",
)


class ProblemOut(serializers.Serializer[Any]):
    """An RFC 9457 problem document; `type` never changes, `detail` says in Danish what to do."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def answers(serializer: Any, *, status: int = 200) -> dict[Any, Any]:
    """For ``extend_schema(responses=...)``: the answer, and the problems an address of a family may give."""
    codes = (400, 401, 403, 404) if status == 200 else (400, 401, 403, 404, 409, 422)
    return {status: serializer} | problems(*codes)


def problems(*codes: int) -> dict[Any, Any]:
    """For ``extend_schema(responses=...)``: the statuses that come as a problem document."""
    return {(code, "application/problem+json"): ProblemOut for code in codes}


def body(request: Request, serializer_class: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The checked body of a request.

    Raises ParseError (400) when it is not a JSON object, InvalidFields (422) with the messages per field.
    """
    if not isinstance(request.data, dict):
        raise ParseError
    reading = serializer_class(data=request.data)
    if not reading.is_valid():
        raise InvalidFields(_flat(reading.errors))
    return dict(reading.validated_data)


def created_once(
    request: Request, *, actor: Actor, asked: list[Any], produce: Callable[[], dict[str, Any]]
) -> Response:
    """201 with what ``produce`` made, or with what it made when the same ``Idempotency-Key`` came first."""
    key = request.headers.get("Idempotency-Key")
    fingerprint = submissions.fingerprint(*asked)
    return Response(submissions.once(actor=actor, key=key, asked=fingerprint, produce=produce), status=201)


def _flat(errors: Any, at: str = "") -> dict[str, list[str]]:
    """Nested messages under one name each: ``goals.0.title``."""
    inner: Iterable[tuple[Any, Any]]
    if isinstance(errors, dict):
        inner = errors.items()
    elif any(isinstance(error, dict) for error in errors):
        inner = enumerate(errors)
    else:
        return {at: [str(error) for error in errors]}
    found: dict[str, list[str]] = {}
    for name, messages in inner:
        if messages:
            found |= _flat(messages, f"{at}.{name}" if at else str(name))
    return found
