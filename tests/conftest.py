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


def sweep(superuser_url: str) -> None:
    """Take away everything that tests wrote; reference data and the cast stay."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        tables = connection.execute(
            "SELECT format('%%I', tablename) FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [sorted(_KEPT)],
        ).fetchall()
        connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables))
        connection.execute(
            "DELETE FROM access_staffmembership WHERE starts <> '2024-01-01' OR ends IS NOT NULL"
        )


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
