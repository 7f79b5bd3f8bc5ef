"""One lock per family: whoever moves a family's work waits for whoever is moving it, three seconds at most."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import OperationalError, transaction
from django.db.models import QuerySet
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
        _take(_rows(*key))
        with _holding(key):
            yield


@contextmanager
def locked_one_of(rows: QuerySet[Any]) -> Iterator[int | None]:
    """Find the one family (or process without one) of ``rows`` and hold it, in one statement: its id, or None.

    What the query asked (may this person see it?) was so before the wait; whoever waited asks again. Raises InUse
    as `locked` does.
    """
    with transaction.atomic(savepoint=False):
        found = _take(rows)
        if found is None:
            yield None
            return
        with _holding(("family" if rows.model is Family else "process", found)):
            yield found


@contextmanager
def _holding(key: tuple[str, int]) -> Iterator[None]:
    reset = _held.set(_held.get() | {key})
    try:
        yield
    finally:
        _held.reset(reset)


def family_locked(family: Family) -> AbstractContextManager[None]:
    """`locked` for a page that writes about a family and its people, before any of them is locked."""
    return locked(family_id=family.pk, process_id=0)


def _rows(kind: str, number: int) -> QuerySet[Any]:
    from workflows.kernel.models import Process

    if kind == "family":
        rows: QuerySet[Any] = Family.objects.unscoped(reason="the family's lock")
    else:
        rows = Process.objects.all()
    return rows.filter(pk=number)


def _take(rows: QuerySet[Any]) -> int | None:
    """Lock the row that ``rows`` finds; its id, or None."""
    # The wait's limit is set by the statement that waits: a row's conditions are asked before the row is locked.
    limited = rows.extra(where=["set_config('lock_timeout', %s, true) IS NOT NULL"], params=[WAIT])
    try:
        # NO KEY: rows that refer to the family may still be inserted by others, e.g. a note.
        found = list(limited.order_by().select_for_update(no_key=True).values_list("pk", flat=True))
    except OperationalError as failure:
        if isinstance(failure.__cause__, psycopg.errors.LockNotAvailable):
            raise InUse(
                _("En anden arbejder med familien lige nu. Vent et øjeblik, og prøv igen.")
            ) from failure
        raise
    return int(found[0]) if found else None


class FamilyLock:
    """The engine's lock interface on top of `locked`."""

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        from workflows.kernel.models import Process

        with transaction.atomic():
            family_id = Process.objects.values_list("family_id", flat=True).get(pk=process_pk)
            with locked(family_id=family_id, process_id=process_pk):
                yield
