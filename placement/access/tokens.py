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


def actor_of(token: str) -> Actor | None:
    """The person a token speaks for, or None when it is unknown, revoked or its roles have ended."""
    found = (
        StaffToken.objects.filter(digest=digest(token), revoked__isnull=True).select_related("staff").first()
    )
    return actor_for(found.staff, found.municipality_id) if found else None
