"""The code itself: made once, read aloud or scanned, and never stored as it is."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: No letter or digit that looks like another: 31 to the power of 12 is some 59 bits.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 12
GROUP = 4


def new_code() -> str:
    """A code nobody guesses, in groups that can be read aloud: ``ABCD-EFGH-JKMN``."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def tidied(typed: str) -> str:
    """What somebody typed, as the code is: big letters, without spaces and dashes; "" when it cannot be a code."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else ""


def digest_of(code: str) -> str:
    """What is stored of a code. Keyed from the file of keys: a copy of the database alone tries no codes."""
    return _digest("self-report-code", tidied(code))


def digest_of_sender(address: str) -> str:
    """By what wrong codes from one place are counted; the address itself is not stored."""
    return _digest("self-report-sender", address)


def _digest(purpose: str, text: str) -> str:
    info = f"familieforloeb|{purpose}".encode()
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(settings.MASTER_KEY)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
