"""What the tests of the lower floors share: one Greve family, and a transaction as somebody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from placement.access.actor import Actor


@pytest.fixture
def family(cast: Any) -> Any:
    """A Greve family; its team is greve.practitioner, its caseworker greve.caseworker."""
    from tests.placement.houses import family_in

    return family_in(cast.greve)


@pytest.fixture
def practitioner(cast: Any, family: Any) -> Any:
    return cast.greve.practitioner


@contextmanager
def _at_work(actor: Actor) -> Iterator[Actor]:
    from django.db import transaction

    with actor.acting(), transaction.atomic():
        yield actor


@pytest.fixture
def at_work() -> Any:
    """``with at_work(actor):`` one transaction as that person."""
    return _at_work
