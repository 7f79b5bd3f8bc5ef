"""One row by what only one row has: the query that is asked of every page and every answer."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def only(found: QuerySet[Row]) -> Row | None:
    """The row, or None; ``found`` is filtered by something unique.

    `first` would ask for an order, which is dearer to write down than the rest of the statement.
    """
    return next(iter(found.order_by()), None)
