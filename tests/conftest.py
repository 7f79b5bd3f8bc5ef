"""The tests' own house: a real PostgreSQL, the fixed cast, real commits, clean tables after each test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Rows that stay from test to test: reference data, the cast, and what the engine of the database keeps.
_KEPT = {
    "access_municipality",
    "access_staff",
    "access_staffmembership",
    "access_stafftoken",
    "access_unit",
    "access_site",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "model_versions_modelversion",
}


#: The files that take longest, longest first. A process of a shared run has a file to itself, so a long one that
#: is begun late is waited for by all the others.
_LONGEST = (
    "access/test_permission_matrix.py",
    "access/test_trail.py",
    "launch/test_demo.py",
    "access/test_bad_input.py",
    "evaluation/test_anonymised_way.py",
    "journeys/test_any_moves.py",
    "access/test_upgrading.py",
    "browser/test_every_page.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the browser's after all others (tests/browser/conftest.py says why)."""
    turn = {ROOT / "tests" / name: number for number, name in enumerate(_LONGEST)}
    assert all(path.exists() for path in turn), "a file of _LONGEST is gone"
    browser = ROOT / "tests" / "browser"
    items.sort(key=lambda item: (browser in item.path.parents, turn.get(item.path, len(turn))))


@pytest.fixture(scope="session")
def cluster() -> dict[str, Any]:
    """How to reach the throw-away PostgreSQL of this run (see launch/testrun.py)."""
    described: dict[str, Any] = json.loads(os.environ["FAMILIEFORLOEB_TEST_CLUSTER"])
    return described


@pytest.fixture(scope="session")
def superuser_url(cluster: dict[str, Any]) -> str:
    """A superuser's way into the database the tests work on: to look and to clean, never to act."""
    return str(cluster["superuser_url"]).replace("{database}", cluster["database"])


def run_command(*words: str, process: str, demo: bool = False, **environment: str) -> str:
    """Run one of the project's commands in a process of its own, logged in as ``process``; its output."""
    return run_python("-m", "django", *words, process=process, demo=demo, **environment)


def run_python(*words: str, process: str, demo: bool = False, **environment: str) -> str:
    """Run Python with ``words`` in a process of its own, logged in as ``process``; its output."""
    environ = {**os.environ, "FAMILIEFORLOEB_PROCESS": process, **environment}
    environ.pop("FAMILIEFORLOEB_DEMO", None)
    if demo:
        environ["FAMILIEFORLOEB_DEMO"] = "1"
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Our own databases stand in for the framework's (`prepared`)."""


@pytest.fixture(scope="session")
def prepared(django_db_blocker: Any) -> Iterator[None]:
    """Migrated, isolated, with reference data and the cast."""
    run_command("prepare_database", process="owner")
    with django_db_blocker.unblock():
        from demo.people import create_people

        create_people(using="owner")
        yield


#: A table that has grown to this many bytes gives its dead rows back before the next test reads past them.
_GROWN = 256 * 1024

#: Tables that anything was ever written to, and how large each has become.
_WRITTEN = """
SELECT format('%%I', relname), pg_relation_size(oid) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL(%s) AND pg_relation_size(oid) > 0
"""


class Sweeper:
    """The superuser's connection that cleans, kept from test to test: a new one would first learn every table."""

    def __init__(self) -> None:
        self._connections: dict[str, psycopg.Connection[Any]] = {}

    def _connection(self, url: str) -> psycopg.Connection[Any]:
        known = self._connections.get(url)
        if known is None or known.closed:
            known = psycopg.connect(url, autocommit=True)
            known.execute("SET session_replication_role = replica")
            self._connections[url] = known
        return known

    def clean(self, url: str) -> None:
        """Take away everything that tests wrote; reference data and the cast stay."""
        connection = self._connection(url)
        written = connection.execute(_WRITTEN, [sorted(_KEPT)]).fetchall()
        connection.execute(
            "; ".join([*(f"DELETE FROM {table}" for table, _size in written), _APPOINTED_LATER])
        )
        for table, size in written:
            if size > _GROWN:
                connection.execute(f"VACUUM {table}".encode())


_APPOINTED_LATER = "DELETE FROM access_staffmembership WHERE starts <> '2024-01-01' OR ends IS NOT NULL"
_SWEEPER = Sweeper()


def sweep(superuser_url: str) -> None:
    """Take away everything that tests wrote; reference data and the cast stay."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
    _SWEEPER.clean(superuser_url)


@pytest.fixture
def house(prepared: None, superuser_url: str) -> Iterator[None]:
    """The prepared database; everything a test wrote is gone afterwards."""
    yield
    sweep(superuser_url)


@pytest.fixture(scope="module")
def shared_house(prepared: None, superuser_url: str) -> Iterator[None]:
    """The same for a whole module of tests that only read; never together with `house` in one module."""
    yield
    sweep(superuser_url)


@pytest.fixture
def looking(superuser_url: str, house: None) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection, to see what is really in the tables."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def versions(superuser_url: str, house: None) -> Iterator[None]:
    """Model versions may be written; those that a test wrote are gone afterwards."""
    yield
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM model_versions_modelversion WHERE code <> '2026-1'")


@pytest.fixture
def cast(house: None) -> Any:
    """The fixed cast: `cast.greve.caseworker` and so on, each an `Actor`."""
    from tests.cast import Cast

    return Cast()


@pytest.fixture
def demo_mode(settings: Any) -> None:
    """As if started by `manage.py demo`."""
    settings.DEMO_MODE = True
