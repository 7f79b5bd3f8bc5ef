"""How the API knows who asks: the middleware has already found out; these classes only say it to the framework."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, permissions
from rest_framework.request import Request

from placement.access.models import Staff


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …`, resolved by the middleware so that the context stands before BEGIN."""

    def authenticate(self, request: Request) -> tuple[Staff, Any] | None:
        actor = getattr(request._request, "actor", None)
        if actor is None or not getattr(request._request, "by_token", False):
            return None
        return actor.staff, "token"

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's own log-in; writes carry the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        actor = getattr(request._request, "actor", None)
        if actor is None:
            return None
        self.enforce_csrf(request)
        return actor.staff, None


class ActingPersonRequired(permissions.BasePermission):
    """Nobody without a role today gets an answer."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return getattr(request._request, "actor", None) is not None


class _TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "placement.access.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`: one person in one municipality.",
        }


class _SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "placement.access.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The browser's own log-in.",
        }
