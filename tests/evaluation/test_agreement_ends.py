"""What leaves, leaves while its agreement runs: asked at each of the steps of its way, and the files go with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from evaluation import jobs
from placement import clock
from tests import releasing
from tests.cast import api
from tests.releasing import say

Looking = psycopg.Connection[Any]


@pytest.fixture
def towns(cast: Any, looking: Looking) -> list[Any]:
    """Greve and Randers, each with a family that has begun; the agreement ends in ten days."""
    releasing.families_have_begun([cast.greve, cast.randers], looking)
    releasing.register(cast.evaluator, ends_on=clock.today() + timedelta(days=10))
    return [cast.greve, cast.randers]


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with clock.standing_at(clock.now() + timedelta(days=days)):
        yield


def told(cast: Any, release: Any) -> tuple[str, list[str]]:
    """How it stands and why, as whoever asked reads it."""
    found = api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/").json()
    return found["status"], found["reasons"]


def test_nothing_is_built_after_the_agreement(cast: Any, towns: list[Any]) -> None:
    release = releasing.request(cast.evaluator)
    last = clock.today() + timedelta(days=10)
    with days_later(11):
        releasing.build(cast.evaluator, release)
    assert told(cast, release) == (
        "failed",
        [f"Aftalen 2026-17 udløb den {last:%d.%m.%Y}. Der udleveres ikke mere efter den."],
    )
    assert releasing.fresh(cast.evaluator, release).error_type == "agreement-over"


@pytest.mark.parametrize("carried", [False, True], ids=["not with them yet", "with them"])
def test_a_release_whose_agreement_ends_while_the_municipalities_think_expires(
    cast: Any, towns: list[Any], looking: Looking, carried: bool
) -> None:
    release = releasing.request(cast.evaluator)
    releasing.build(cast.evaluator, release)
    if carried:
        releasing.carry(release)
        say(cast.greve.privacy, release, "review")
        say(cast.greve.authoritylead, release, "approve")
        releasing.carry(release)
        # The last yes comes on the last day, and the worker a day later.
        with days_later(10):
            say(cast.randers.authoritylead, release, "approve")
    with days_later(11), releasing.as_the_worker():
        jobs.attend_release(release=str(release.uuid), context=[None, None, "evaluation"])
    status, (reason,) = told(cast, release)
    assert (status, reason[:26]) == ("expired", "Aftalen 2026-17 udløb den ")
    assert (
        looking.execute(
            "SELECT count(*) FROM kernel_process WHERE release_uuid = %s AND finished IS NULL", [release.uuid]
        ).fetchone(),
        looking.execute(
            "SELECT count(*) FROM kernel_task WHERE status = 'NEW' AND release_uuid IS NOT NULL"
        ).fetchone(),
        looking.execute("SELECT count(*) FROM evaluation_releaseapproval").fetchone(),
    ) == ((0,), (0,), (2 if carried else 0,))


def test_files_go_with_their_agreement(cast: Any, towns: list[Any], looking: Looking) -> None:
    release = releasing.make_available(cast.evaluator, towns)
    last = clock.today() + timedelta(days=10)
    assert release.expires_at == clock.end_of(last)
    # One that became available before its end was kept to the agreement's.
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE evaluation_release SET expires_at = available_at + interval '30 days'")
    looking.execute("SET session_replication_role = origin")
    from evaluation.ending import expire

    with cast.evaluator.acting(), days_later(10):
        assert expire(now=clock.now()) == []
    with cast.evaluator.acting(), days_later(11):
        assert expire(now=clock.now()) == [release.uuid]
    status, (reason,) = told(cast, release)
    assert status == "expired"
    assert f"udløb den {last:%d.%m.%Y}" in reason
