"""What a service that writes one row needs: a transaction, and no savepoint in somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

Taken = ParamSpec("Taken")
Given = TypeVar("Given")


def one_write(service: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """For a service whose last act is its only write: refused or failed, it leaves nothing to take back."""

    @wraps(service)
    def within(*args: Taken.args, **kwargs: Taken.kwargs) -> Given:
        if connection.in_atomic_block:
            return service(*args, **kwargs)
        with transaction.atomic():
            return service(*args, **kwargs)

    return within
