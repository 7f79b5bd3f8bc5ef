"""The bench runs and says what it should. How long anything takes is never a test."""

from __future__ import annotations

import json
import os

import pytest

from tests.conftest import run_command

MEASURES = {
    "family page / page with one query",
    "development after five years / of a new family",
    "family page after five years / of a new family",
    "saving a quick log / plain ORM insert",
    "completing a human task / plain Viewflow",
    "worklist / hand-written SQL",
    "sweep of deadlines / hand-written SQL",
    "due list of a unit / hand-written SQL",
    "measurements to Parquet / COPY of the same query",
    "anonymising / one group-by",
    "evaluator's page beside a release / alone",
}

#: Session, person, memberships; tasks and families with their people; drafts; notices; the look; when last written;
#: for whom the person stands in.
MIN_DAG = 12


def test_the_bench_compares_each_way_with_its_floor(house: None, superuser_url: str) -> None:
    said = run_command(
        "bench", "--tasks", "60", "--clocks", "200", "--measurements", "500", "--rounds", "2",
        "--anonymising", "3000", "--json",
        process="test", demo=True,
        FAMILIEFORLOEB_TEST_CLUSTER=os.environ["FAMILIEFORLOEB_TEST_CLUSTER"],
    )  # fmt: skip
    found = json.loads(said)
    assert found["tasks"] >= 60
    assert found["rounds"] == 2
    assert found["clocks"] == 200
    assert {one["title"] for one in found["ratios"]} == MEASURES
    for one in found["ratios"]:
        assert one["ratio"] > 0
        low, high = one["ratio_quartiles"]
        assert low <= high
        if one["title"] != "anonymising / one group-by":  # far from the database
            assert one["ours"]["queries"] >= 1 and one["floor"]["queries"] >= 1
        assert one["ours"]["what"] and one["floor"]["what"]
    assert found["anonymising"]["rows"] == 3000
    assert found["anonymising"]["peak_bytes"] > 1_000_000
    floors = {one["title"]: one["floor"]["queries"] for one in found["ratios"]}
    assert floors["saving a quick log / plain ORM insert"] == 1
    assert floors["worklist / hand-written SQL"] == 1
    assert floors["sweep of deadlines / hand-written SQL"] == 1
    assert floors["due list of a unit / hand-written SQL"] == 3


def test_one_measure_is_taken_alone_and_the_engines_own_tables_are_left_to_nobody(
    house: None, superuser_url: str
) -> None:
    import psycopg

    said = run_command(
        "bench", "--tasks", "15", "--clocks", "0", "--measurements", "10", "--rounds", "1", "--only", "human-task", "--json",
        process="test", demo=True,
    )  # fmt: skip
    found = json.loads(said)
    assert [one["title"] for one in found["ratios"]] == ["completing a human task / plain Viewflow"]
    assert "anonymising" not in found
    with psycopg.connect(superuser_url) as connection:
        granted = connection.execute(
            "SELECT count(*) FROM information_schema.role_table_grants "
            "WHERE grantee = 'ff_web' AND table_name LIKE 'viewflow%'"
        ).fetchone()
    assert granted == (0,)
    run_command("check_isolation", process="owner")


def test_the_worklist_takes_one_query_however_long_it_is(house: None) -> None:
    from django.db import transaction

    from bench.seeding import seed
    from bench.timing import counted
    from tests.cast import Cast
    from workflows.kernel.api import Lines
    from workflows.kernel.models import Task

    seed(tasks=600, using="owner")
    practitioner = Cast().greve.practitioner
    with practitioner.acting(), transaction.atomic(), counted() as statements:
        shown = list(map(Lines().of_row, Task.objects.waiting_for(practitioner).as_lines()[:50]))
    assert len(shown) == 50
    assert len(statements) == 1


@pytest.mark.parametrize("families", [1, 20])
def test_min_dag_takes_the_same_queries_whatever_its_length(house: None, families: int) -> None:
    from bench.seeding import OPEN, seed
    from bench.timing import counted
    from demo.people import SLUGS
    from tests.cast import Cast, browser

    seed(tasks=families * len(OPEN) * len(SLUGS), using="owner")
    client = browser(Cast().greve.practitioner)
    client.get("/min-dag/")
    with counted() as statements:
        page = client.get("/min-dag/")
    assert page.content.decode().count('class="task task-') == min(60, families * len(OPEN))
    assert len(statements) == MIN_DAG
