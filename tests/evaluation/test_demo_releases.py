"""What the demonstration shows of releases is made by the real services, and made once."""

from __future__ import annotations

from typing import Any

import psycopg

from demo.releases import seed_releases
from placement import clock
from tests import releasing
from tests.cast import api


def test_the_demonstration_has_one_release_that_is_ready_and_one_that_waits(
    cast: Any, looking: psycopg.Connection[Any]
) -> None:
    releasing.families_have_begun([cast.greve, cast.randers, cast.odense], looking)
    with releasing.as_the_worker():
        for _time in range(2):
            seed_releases(now=clock.now())
    listed = api(cast.evaluator).get("/api/v1/releases/").json()["results"]
    # Three families are too few for tables, and that is said.
    assert [one["status"] for one in listed] == ["failed", "reported", "available"]
    assert "Ingen af tabellerne kan udgives" in listed[0]["reasons"][0]
    for town in (cast.greve, cast.randers, cast.odense):
        (waiting,) = api(town.privacy).get("/api/v1/tasks/").json()["results"]
        assert (waiting["node"], waiting["release"]) == ("review", listed[1]["id"])
    counted = looking.execute(
        "SELECT DISTINCT families, municipalities FROM evaluation_population"
    ).fetchall()
    # A municipality counts from ten families: the count must not tell of fewer.
    assert counted == [(3, 0)]
