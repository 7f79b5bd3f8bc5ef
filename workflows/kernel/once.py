"""A page's form done once, and shown again with its refusal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from placement.access import submissions
from placement.access.errors import Refused
from placement.access.middleware import actor_of


def submit_once(
    request: HttpRequest, *parts: Any, produce: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], Refused | None]:
    """Do what a form asks once per opened form: its answer, or {} and what to say on the form again.

    ``parts`` say which form of what it is. What was written before a refusal is undone. A refusal that the
    form cannot mend (403, 409, 503) is raised.
    """
    token = request.POST.get("submit_token", "")
    try:
        answer = submissions.once(
            actor=actor_of(request),
            key=f"page:{token}" if token else None,
            asked=submissions.fingerprint(*parts),
            produce=produce,
        )
    except Refused as refused:
        if refused.status != 422:
            raise
        return {}, refused
    return answer, None


def opened_token(request: HttpRequest) -> uuid.UUID:
    """The token of the form that was sent, so that it stays the same form; a new one for a form just opened."""
    try:
        return uuid.UUID(request.POST.get("submit_token", ""))
    except ValueError:
        return uuid.uuid4()
