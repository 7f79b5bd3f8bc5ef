"""A database that would not guard anything is refused before anything is written into it."""

from __future__ import annotations

import pytest

from launch import preflight
from launch.postgres import Cluster
from tests.launch.conftest import MakeCluster


@pytest.fixture(scope="module")
def cluster(make_cluster: MakeCluster) -> Cluster:
    """A server with one database that is as it should be, and one in which the bootstrap was not run."""
    made = make_cluster("preflight", throw_away=True)
    made.start()
    made.create_database("fine")
    made.sql("CREATE DATABASE raw")
    return made


@pytest.fixture
def given(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a database that is as it should be."""
    for name, url in cluster.urls("fine").items():
        monkeypatch.setenv(name, url)
    return monkeypatch


def test_a_good_one_passes(given: pytest.MonkeyPatch) -> None:
    assert preflight.reasons() == []


def test_a_superuser_is_refused(given: pytest.MonkeyPatch, cluster: Cluster) -> None:
    given.setenv("DATABASE_URL", cluster.superuser_url("fine"))
    assert "DATABASE_URL: the role ff_superuser is a superuser" in preflight.reasons()


def test_the_owner_is_refused(given: pytest.MonkeyPatch, cluster: Cluster) -> None:
    given.setenv("DATABASE_URL", cluster.urls("fine")["DATABASE_OWNER_URL"])
    assert "DATABASE_URL: the role ff_owner owns the database or tables in it" in preflight.reasons()


def test_an_owner_of_a_table_is_refused(given: pytest.MonkeyPatch, cluster: Cluster) -> None:
    cluster.sql("CREATE TABLE public.mine (n int); ALTER TABLE public.mine OWNER TO ff_web", "fine")
    try:
        assert preflight.reasons() == ["DATABASE_URL: the role ff_web owns the database or tables in it"]
    finally:
        cluster.sql("DROP TABLE public.mine", "fine")


@pytest.mark.parametrize(
    ("power", "reason"),
    [("BYPASSRLS", "may bypass row security (BYPASSRLS)"), ("CREATEROLE", "may create roles")],
)
def test_a_role_with_powers_is_refused(
    given: pytest.MonkeyPatch, cluster: Cluster, power: str, reason: str
) -> None:
    cluster.sql(f"ALTER ROLE ff_worker {power}")
    try:
        assert preflight.reasons() == [f"DATABASE_WORKER_URL: the role ff_worker {reason}"]
    finally:
        cluster.sql(f"ALTER ROLE ff_worker NO{power}")


def test_an_old_server_is_refused(given: pytest.MonkeyPatch) -> None:
    given.setattr(preflight, "OLDEST", 990000)
    (reason,) = preflight.reasons()
    assert "needs 15 or newer" in reason


def test_a_database_without_the_bootstrap_is_refused_by_its_name(
    given: pytest.MonkeyPatch, cluster: Cluster
) -> None:
    for name, url in cluster.urls("raw").items():
        given.setenv(name, url)
    (reason,) = preflight.reasons()
    assert "launch/bootstrap.sql was not run in raw" in reason


def test_a_wrong_password_is_said_without_any_password(given: pytest.MonkeyPatch, cluster: Cluster) -> None:
    given.setenv(
        "DATABASE_URL", cluster.urls("fine")["DATABASE_URL"].replace(cluster.passwords["web"], "guess")
    )
    (reason,) = preflight.reasons()
    assert "password authentication failed" in reason
    assert "guess" not in reason


def test_urls_to_different_databases_are_refused(given: pytest.MonkeyPatch, cluster: Cluster) -> None:
    cluster.create_database("other")
    given.setenv("DATABASE_EVALUATION_URL", cluster.urls("other")["DATABASE_EVALUATION_URL"])
    assert preflight.reasons() == ["the four URLs lead to different databases: fine, other"]
    cluster.drop_database("other")
