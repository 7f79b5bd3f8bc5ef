"""Log-in sessions that are worth nothing to whoever reads or writes their table.

The table stands under no municipality, because it is read before one is known. So the browser's key is kept as
a digest only, and what a row says is signed together with its key: read out, it opens no session; copied into
another row, it is empty.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from django.contrib.sessions.backends import db

#: 240 bits, as many as the table's forty characters hold.
_DIGEST_BYTES = 30


def digest(session_key: str) -> str:
    """What stands in the table for a browser's key. The key has over 160 random bits: a plain hash suffices."""
    hashed = hashlib.sha256(session_key.encode()).digest()
    return base64.urlsafe_b64encode(hashed[:_DIGEST_BYTES]).decode()


class SessionStore(db.SessionStore):
    """The framework's sessions in the database, by digest. Served by threads: its async half is shut."""

    @property
    def key_salt(self) -> str:
        return f"placement.access.sessions|{self.session_key}"

    def _get_session_from_db(self) -> Any:
        browser_key = self._session_key
        if browser_key is None:
            return None
        self._session_key = digest(browser_key)
        try:
            found = super()._get_session_from_db()  # type: ignore[misc]
        finally:
            self._session_key = browser_key
        if found is None:
            # Unknown or run out: a new one gets a new key, never the one that was offered.
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(digest(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = self.session_key if session_key is None else session_key
        if key is not None:
            super().delete(digest(key))

    async def _aget_session_from_db(self) -> Any:
        raise NotImplementedError("sessions are served by threads")

    async def acreate_model_instance(self, data: dict[str, Any]) -> Any:
        raise NotImplementedError("sessions are served by threads")

    async def aexists(self, session_key: str) -> bool:
        raise NotImplementedError("sessions are served by threads")

    async def adelete(self, session_key: str | None = None) -> None:
        raise NotImplementedError("sessions are served by threads")
