"""One lock per family: whoever moves a family's work waits for whoever is moving it, three seconds at most."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.errors import InUse
from placement.families.models import Family

WAIT = "3s"

_held: ContextVar[frozenset[tuple[str, int]]] = ContextVar("family_locks_held", default=frozenset())


@contextmanager
def locked(*, family_id: int | None, process_id: int) -> Iterator[None]:
    """Hold the family (a release's process, when there is no family) until the transaction ends.

    Entering again inside the block costs nothing. Raises InUse when somebody else holds it for over 3 seconds.
    """
    key = ("family", family_id) if family_id is not None else ("process", process_id)
    # No savepoint: whoever could not have the lock has nothing to go back to.
    with transaction.atomic(savepoint=False):
        if key in _held.get():
            yield
            return
        _take(*key)
        reset = _held.set(_held.get() | {key})
        try:
            yield
        finally:
            _held.reset(reset)


def family_locked(family: Family) -> AbstractContextManager[None]:
    """`locked` for a page that writes about a family and its people, before any of them is locked."""
    return locked(family_id=family.pk, process_id=0)


def _take(kind: str, number: int) -> None:
    from workflows.kernel.models import Process

    rows: Any = (
        Family.objects.unscoped(reason="the family's lock") if kind == "family" else Process.objects.all()
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
        # NO KEY: rows that refer to the family may still be inserted by others, e.g. a note.
        list(rows.filter(pk=number).select_for_update(no_key=True).values_list("pk"))
    except OperationalError as failure:
        if isinstance(failure.__cause__, psycopg.errors.LockNotAvailable):
            raise InUse(
                _("En anden arbejder med familien lige nu. Vent et øjeblik, og prøv igen.")
            ) from failure
        raise


class FamilyLock:
    """The engine's lock interface on top of `locked`."""

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        from workflows.kernel.models import Process

        with transaction.atomic():
            family_id = Process.objects.values_list("family_id", flat=True).get(pk=process_pk)
            with locked(family_id=family_id, process_id=process_pk):
                yield
