"""RFC 9457 problem documents: what the API answers when it says no, with a type that never changes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from placement.access.errors import Refused

TYPE_PREFIX = "urn:familieforloeb:problem:"

NOT_FOUND_DETAIL = _("Det findes ikke, eller du har ikke adgang til det.")
NOT_ALLOWED_DETAIL = _("Din rolle giver ikke ret til det.")

TITLES: dict[str, Promise] = {
    "not-authenticated": _("Log ind først"),
    "not-allowed": _("Det må du ikke"),
    "four-eyes": _("En anden skal godkende"),
    "not-found": _("Ikke fundet"),
    "invalid": _("Der er fejl i felterne"),
    "gate-closed": _("Betingelserne er ikke opfyldt"),
    "release-gate": _("Der kan ikke udgives"),
    "stale-state": _("Der er sket noget imens"),
    "stale-facts": _("Grundlaget har ændret sig"),
    "in-use": _("Familien er i brug"),
    "key-reused": _("Nøglen er brugt til noget andet"),
    "bad-request": _("Forespørgslen kan ikke læses"),
    "method-not-allowed": _("Den handling findes ikke her"),
    "server-error": _("Noget gik galt hos os"),
    "refused": _("Det kan ikke lade sig gøre"),
}


def body(status: int, kind: str, detail: str | Promise, **extra: Any) -> dict[str, Any]:
    """The members of a problem document; ``extra`` may add e.g. ``errors`` per field."""
    return {
        "type": TYPE_PREFIX + kind,
        "title": str(TITLES.get(kind, TITLES["refused"])),
        "status": status,
        "detail": str(detail),
        **extra,
    }


def document(status: int, kind: str, detail: str | Promise, **extra: Any) -> JsonResponse:
    """A problem document outside the API framework (the middleware's refusals)."""
    return JsonResponse(
        body(status, kind, detail, **extra), status=status, content_type="application/problem+json"
    )


def problem_response(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's exception handler: every refusal becomes a problem document."""
    answer = _as_problem(exception)
    if answer is None:
        return None
    set_rollback()
    status, members, headers = answer
    return Response(members, status=status, headers=headers, content_type="application/problem+json")


def _as_problem(exception: Exception) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    if isinstance(exception, InvalidFields):
        return 422, body(422, "invalid", str(exception.message), errors=exception.errors), {}
    if isinstance(exception, Refused):
        return exception.status, body(exception.status, exception.type, str(exception.message)), {}
    if isinstance(exception, Http404):
        return 404, body(404, "not-found", NOT_FOUND_DETAIL), {}
    if isinstance(exception, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return (
            401,
            body(401, "not-authenticated", _("Log ind, eller send en adgangsnøgle.")),
            {"WWW-Authenticate": "Token"},
        )
    if isinstance(exception, PermissionDenied | exceptions.PermissionDenied):
        return 403, body(403, "not-allowed", NOT_ALLOWED_DETAIL), {}
    if isinstance(exception, exceptions.MethodNotAllowed):
        return 405, body(405, "method-not-allowed", _("Adressen tager ikke imod den metode.")), {}
    if isinstance(
        exception, exceptions.ParseError | exceptions.UnsupportedMediaType | exceptions.NotAcceptable
    ):
        return 400, body(400, "bad-request", _("Send JSON, som beskrevet i /api/v1/schema/.")), {}
    return None


class InvalidFields(Refused):
    """A form with errors: 422, with the messages per field."""

    type = "invalid"

    def __init__(self, errors: dict[str, list[str]], message: str | Promise | None = None) -> None:
        super().__init__(_("Ret felterne, og send igen.") if message is None else message)
        self.errors = errors
