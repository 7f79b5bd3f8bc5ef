"""Giving the database the two keys that its functions verify and pseudonymise with (owner's login)."""

from __future__ import annotations

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

_BLOCK_BYTES = 64


def install_keys(connection: BaseDatabaseWrapper) -> None:
    """Store the context and pseudonym keys as HMAC blocks (RFC 2104); a changed key replaces the old one."""
    with connection.cursor() as cursor:
        for name, key in (("context", settings.CONTEXT_KEY), ("pseudonym", settings.PSEUDONYM_KEY)):
            padded = key.ljust(_BLOCK_BYTES, b"\0")
            cursor.execute(
                "INSERT INTO sec.key (name, inner_block, outer_block) VALUES (%s, %s, %s) "
                "ON CONFLICT (name) DO UPDATE SET inner_block = excluded.inner_block, outer_block = excluded.outer_block "
                "WHERE sec.key.inner_block <> excluded.inner_block",
                [name, bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)],
            )
