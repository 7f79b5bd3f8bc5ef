"""Giving the database the key that its functions verify the access context with (owner's login)."""

from __future__ import annotations

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

_BLOCK_BYTES = 64


def install_keys(connection: BaseDatabaseWrapper) -> None:
    """Store the context key as HMAC blocks (RFC 2104); a changed key replaces the old one.

    The pseudonym key stays outside: each project's share is made of it (`evaluation.pseudonyms`), and what an older
    version stored of it is taken away.
    """
    padded = settings.CONTEXT_KEY.ljust(_BLOCK_BYTES, b"\0")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sec.key (name, inner_block, outer_block) VALUES ('context', %s, %s) "
            "ON CONFLICT (name) DO UPDATE SET inner_block = excluded.inner_block, outer_block = excluded.outer_block "
            "WHERE sec.key.inner_block <> excluded.inner_block",
            [bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)],
        )
        cursor.execute("DELETE FROM sec.key WHERE name = 'pseudonym'")
        # The views that call it have been taken away before (`evaluation.schema.remove`).
        for earlier in ("uuid", "bytea, text, uuid"):
            cursor.execute(f"DROP FUNCTION IF EXISTS sec.pseudonym({earlier})")
