"""What the addresses of releases in the API share: who may, what was sent, and saying something once a key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluation.access import ReleaseAddress, check_may
from placement.access import submissions
from placement.access.actor import Actor
from placement.access.middleware import actor_of
from placement.access.problems import InvalidFields


class ReleaseEndpoint(ReleaseAddress, APIView):
    """An address for those who may use releases, or have a word on them."""

    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, and may they: 401, 405, 403, in this order."""
        super().initial(request, *args, **kwargs)
        if not hasattr(self, str(request.method).lower()):
            raise exceptions.MethodNotAllowed(str(request.method))
        self.actor = actor_of(request._request)
        if request.method != "OPTIONS":
            check_may(self.actor, self.action_for(str(request.method)))


def valid(form: Any) -> dict[str, Any]:
    """The form's cleaned data; raises InvalidFields."""
    if not form.is_valid():
        raise InvalidFields({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned


def sent(request: Request) -> dict[str, Any]:
    """The JSON object of the request; raises ParseError for anything else."""
    if not isinstance(request.data, dict):
        raise exceptions.ParseError
    return dict(request.data)


class WordEndpoint(ReleaseEndpoint):
    """Something said of a release, once a key."""

    http_method_names = ["post", "options"]

    def post(self, request: Request, release: UUID) -> Response:
        body = sent(request)
        answer = submissions.once(
            actor=self.actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint(type(self).__name__, release, body),
            produce=lambda: self.said(release, body),
        )
        return Response(answer)

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        """Say it; the answer."""
        raise NotImplementedError
