"""Why something was refused: a stable type for the API, and a Danish sentence that says what to do.

Services raise these; pages and the API turn them into the same status (RFC 9457 problem documents in the API).
"""

from __future__ import annotations

from django.utils.functional import Promise


class Refused(Exception):
    """A request that the house understood and said no to. Nothing has been written."""

    status = 422
    type = "refused"

    def __init__(self, message: str | Promise, *, type: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        if type is not None:
            self.type = type


class NotAllowed(Refused):
    """The person may not do this (wrong role, or their own request): 403."""

    status = 403
    type = "not-allowed"


class StaleState(Refused):
    """The work has moved on since it was read: 409."""

    status = 409
    type = "stale-state"


class GateClosed(Refused):
    """A guard said no; the message is its reason: 422."""

    status = 422
    type = "gate-closed"


class InUse(Refused):
    """Another person holds the family's lock; try again: 503."""

    status = 503
    type = "in-use"
