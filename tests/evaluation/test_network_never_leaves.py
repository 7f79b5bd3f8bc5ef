"""People of a family's network never leave: no dataset may name their tables, no log-in of the evaluation reads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connections, transaction
from django.db.utils import DatabaseError

from evaluation.variables import DATASETS, READ_COLUMNS, READ_REFERENCE, REGISTRATION
from evaluation.variables.kit import NEVER_LEAVES, Variable
from tests.cast import Cast

#: Every table in which people of a network stand, read from the models: a new one is here by itself.
THIRD_PARTIES = sorted(
    {
        model._meta.db_table
        for label in ("network", "flow_conference")
        for model in apps.get_app_config(label).get_models()
    }
    | {"meetings_attendance"}
)


def test_each_of_their_tables_is_one_that_never_leaves() -> None:
    assert "network_networkmember" in THIRD_PARTIES and "network_genogramperson" in THIRD_PARTIES
    assert [table for table in THIRD_PARTIES if not table.startswith(NEVER_LEAVES)] == []


@pytest.mark.parametrize("table", THIRD_PARTIES)
def test_a_variable_or_a_dataset_that_names_one_is_refused(table: str) -> None:
    counted = f"(SELECT count(*) FROM public.{table} x WHERE x.family_id = f.id)"
    with pytest.raises(ValueError, match="none of it leaves"):
        Variable("network", counted, "integer", "Netværk")
    with pytest.raises(ValueError, match="none of it leaves"):
        Variable("network", "1", "integer", "Netværk", missing=f"CASE WHEN EXISTS ({counted}) THEN 'x' END")
    with pytest.raises(ValueError, match="none of it leaves"):
        replace(REGISTRATION, source=f"{REGISTRATION.source} LEFT JOIN public.{table.upper()} x ON true")


def test_no_module_of_the_evaluation_names_one() -> None:
    folder = Path(apps.get_app_config("evaluation").path)
    named = {
        (path.name, table)
        for path in folder.rglob("*.py")
        for table in THIRD_PARTIES
        if table in path.read_text(encoding="utf-8")
    }
    # The one place that names them is the list of what never leaves.
    assert named <= {("kit.py", "meetings_attendance")}
    assert not {*READ_COLUMNS, *READ_REFERENCE} & set(THIRD_PARTIES)
    assert all(
        table not in f"{d.source} {[(v.sql, v.missing) for v in d.variables]}"
        for d in DATASETS.values()
        for table in THIRD_PARTIES
    )


def test_neither_log_in_nor_owner_of_the_views_reads_one_column(looking: psycopg.Connection[Any]) -> None:
    reached = looking.execute(
        "SELECT r.rolname, c.relname FROM pg_class c CROSS JOIN pg_roles r WHERE c.relname = ANY (%s) "
        "AND r.rolname IN ('ff_evaluation', 'ff_evaluation_owner') "
        "AND (has_table_privilege(r.oid, c.oid, 'SELECT') OR has_any_column_privilege(r.oid, c.oid, 'SELECT'))",
        [THIRD_PARTIES],
    ).fetchall()
    assert reached == []


@pytest.mark.parametrize(
    "table", ["network_networkmember", "network_networkperson", "network_networksafetycheck"]
)
def test_the_log_in_is_refused(house: None, table: str) -> None:
    with connections["evaluation"].cursor() as cursor, pytest.raises(DatabaseError) as refused:
        cursor.execute(f"SELECT * FROM public.{table}")
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_nothing_of_a_network_stands_in_the_files(story: Any, built: Any) -> None:
    from demo.walk import open_tasks
    from evaluation.models import ReleaseFile

    label = "Moster Hemmelig"
    while "map_network" not in {task.flow_task.name for task in open_tasks(story.company, story.family)}:
        story.step()
    placed = {"label": label, "sector": "family", "closeness": 1, "direction": "gives", "strained": False}
    story.step("map_network", map_network={"people": [placed]})
    files = ReleaseFile.objects.filter(release=built())
    with story.company.actor("practitioner").acting(), transaction.atomic():
        from placement.network.models import NetworkMember

        assert NetworkMember.objects.get(family=story.family).label == label
    with Cast().evaluator.acting(), transaction.atomic():
        contents = [bytes(file.content) for file in files]
    assert contents and not any(label.encode() in content for content in contents)
