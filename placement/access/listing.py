"""Lists of the API: newest first, a page at a time, with a cursor that says nothing to its reader."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from placement.access.errors import Refused

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200

#: For `extend_schema(parameters=...)` of every list.
PARAMETERS = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT},
        description=f"How many at most; more than {LARGEST_LIMIT} gives {LARGEST_LIMIT}.",
    ),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="The `next` of the page before."),
]


Row = TypeVar("Row", bound=Model)


class BadRequest(Refused):
    """The address cannot be read: 400."""

    status = 400
    type = "bad-request"


def page(request: Request, queryset: QuerySet[Row], show: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """One page of ``queryset`` (already scoped) as ``{"results": [...], "next": cursor or None}``.

    Ordered by id, newest first; rows added meanwhile do not shift it. Raises BadRequest for a ``limit`` that
    is not a number of at least one, or a ``cursor`` that this list has not given out.
    """
    limit = limit_asked(request)
    name = queryset.model._meta.label
    rows = queryset.order_by("-id")
    if after := request.query_params.get("cursor"):
        rows = rows.filter(id__lt=int.from_bytes(opened(after, name)))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return {
        "results": [show(row) for row in shown],
        "next": sealed(shown[-1].pk.to_bytes(8), name) if len(found) > limit else None,
    }


def limit_asked(request: Request) -> int:
    """How many rows a page may have; raises BadRequest for what is not a number of at least one."""
    asked = request.query_params.get("limit")
    if asked is None:
        return DEFAULT_LIMIT
    if not (asked.isascii() and asked.isdigit()) or not asked.strip("0"):
        raise BadRequest(_("limit skal være et helt tal fra 1 til 200."))
    return min(int(asked[:9]), LARGEST_LIMIT)


def opaque_id(name: str, key: int) -> str:
    """A public id for a row that has none of its own: the same each time, and it tells nothing of ``key``."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{name}|{key}".encode(), hashlib.sha256).digest()
    return str(UUID(bytes=digest[:16], version=5))


# Integer keys stay inside: they would tell how much is written in other municipalities.


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"familieforloeb|listing")
    return AESGCM(key.derive(settings.SECRET_KEY.encode()))


def sealed(place: bytes, name: str) -> str:
    """A cursor for a place in the list ``name``, that only `opened` reads."""
    nonce = os.urandom(12)
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, place, name.encode())).decode()


def opened(cursor: str, name: str) -> bytes:
    """The place that `sealed` wrote; raises BadRequest for a cursor that the list ``name`` has not given out."""
    try:
        read = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        return _cipher().decrypt(read[:12], read[12:], name.encode())
    except (UnicodeEncodeError, binascii.Error, ValueError, InvalidTag):
        raise BadRequest(_("cursor er ukendt. Begynd forfra uden cursor.")) from None
