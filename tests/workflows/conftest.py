"""Fixtures of the flows' tests."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest


@pytest.fixture
def versions(superuser_url: str, house: None) -> Iterator[None]:
    """Model versions may be written; those that a test wrote are gone afterwards."""
    yield
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM model_versions_modelversion WHERE code <> '2026-1'")
