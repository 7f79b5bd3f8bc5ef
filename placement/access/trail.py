"""Read history: a look is written down, and committed, before anything of the family is built."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection


def record_read(*, family_id: int, route: str, method: str) -> None:
    """Write that the person of the access context looked at a family.

    ``route`` is the name of the page or API address, never an address with an id. The caller commits it at
    once, in a transaction of its own. Raises DatabaseError when the family is not in the context's municipality.
    """
    record_reads(family_ids=[family_id], route=route, method=method)


def record_reads(*, family_ids: Collection[int], route: str, method: str) -> None:
    """The same for a page that shows several families (a list with names)."""
    if not family_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.record_reads(%s, %s, %s)", [list(family_ids), route[:80], method])
