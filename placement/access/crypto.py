"""CPR numbers at rest: AES-256-GCM per municipality, bound to their row, with a blind index to find them by.

The keys are derived from a master key in a file outside the database; a ciphertext moved to another row or
municipality does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: First byte: format; second: which master key (so that it can be exchanged).
_HEADER = bytes([1, 1])
_NONCE_BYTES = 12


def _key(purpose: str, municipality_id: int) -> bytes:
    info = f"familieforloeb|{purpose}|{municipality_id}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(settings.MASTER_KEY)


def _bound_to(municipality_id: int, row: UUID) -> bytes:
    return f"person.cpr|{municipality_id}|{row}".encode()


def seal(*, municipality_id: int, row: UUID, cpr: str) -> bytes:
    """Ciphertext of a ten-digit CPR number, to be stored with the person ``row`` only."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key("cpr", municipality_id)).encrypt(
        nonce, cpr.encode(), _bound_to(municipality_id, row)
    )
    return _HEADER + nonce + sealed


def unseal(*, municipality_id: int, row: UUID, sealed: bytes) -> str:
    """The CPR number; raises cryptography's InvalidTag when it was sealed for another row or municipality."""
    body = bytes(sealed)
    if body[: len(_HEADER)] != _HEADER:
        raise ValueError("unknown format of a sealed CPR number")
    nonce, text = body[2 : 2 + _NONCE_BYTES], body[2 + _NONCE_BYTES :]
    return AESGCM(_key("cpr", municipality_id)).decrypt(nonce, text, _bound_to(municipality_id, row)).decode()


def blind_index(*, municipality_id: int, cpr: str) -> bytes:
    """32 bytes by which the same CPR number is found again within one municipality, and in no other."""
    return hmac.new(_key("cpr-index", municipality_id), cpr.encode(), hashlib.sha256).digest()
