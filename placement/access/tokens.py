"""API tokens: shown once, stored as a digest, one person in one municipality."""

from __future__ import annotations

import hashlib
import secrets

from placement.access.actor import Actor, actor_for
from placement.access.models import Staff, StaffToken


def digest(token: str) -> str:
    """What is stored of a token (64 hex digits). A token has 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(*, staff: Staff, municipality_id: int | None, using: str = "default") -> str:
    """Make a new token and return it; it cannot be read again. Written by the owner's login only."""
    token = secrets.token_urlsafe(32)
    StaffToken.objects.using(using).create(staff=staff, municipality_id=municipality_id, digest=digest(token))
    return token


#: Ready made, because it is asked before every answer.
_SPEAKS_FOR = """
SELECT staff.*, token.municipality_id AS speaks_in FROM access_stafftoken token
  JOIN access_staff staff ON staff.id = token.staff_id
 WHERE token.digest = %s AND token.revoked IS NULL
"""


def actor_of(token: str) -> Actor | None:
    """The person a token speaks for, or None when it is unknown, revoked or its roles have ended."""
    known = Staff.objects.raw(_SPEAKS_FOR, [digest(token)])
    return next((actor_for(staff, vars(staff)["speaks_in"]) for staff in known), None)
