"""Django's PostgreSQL backend, with the access context handed over at each BEGIN (for that transaction only)."""

from __future__ import annotations

import psycopg
from django.db.backends.postgresql import base

from placement.access import context


class DatabaseWrapper(base.DatabaseWrapper):
    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs do not know it
        if not autocommit:
            # Local to the transaction: a pooled or reused connection never carries it on.
            # Bound on the server's side: a statement's text is shown to other sessions, its values are not.
            psycopg.Cursor(self.connection).execute(
                "SELECT set_config('app.context', %s, true)", [context.token()]
            )
