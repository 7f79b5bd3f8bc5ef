"""People of a family's network never leave: no dataset may name their tables, and of them only declared counts are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connections, models, transaction
from django.db.utils import DatabaseError

from evaluation.schema import counted_columns
from evaluation.variables import DATASETS, READ_COLUMNS, READ_REFERENCE, REGISTRATION
from evaluation.variables.declared import Variable
from evaluation.variables.refusing import NEVER_LEAVES
from tests import releasing
from tests.cast import Cast
from workflows.fidelity.counted import COUNTED, CountSource, Is, refuse_words

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
    assert named <= {("refusing.py", "meetings_attendance")}
    assert not {*READ_COLUMNS, *READ_REFERENCE} & set(THIRD_PARTIES)
    assert all(
        table not in f"{d.source} {[(v.sql, v.missing) for v in d.variables]}"
        for d in DATASETS.values()
        for table in THIRD_PARTIES
    )


def test_the_owner_of_the_views_reads_the_columns_that_counts_name_and_the_log_in_none(
    looking: psycopg.Connection[Any],
) -> None:
    reached = looking.execute(
        "SELECT r.rolname, c.relname, a.attname FROM pg_class c CROSS JOIN pg_roles r "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relname = ANY (%s) "
        "AND c.relnamespace = 'public'::regnamespace AND r.rolname IN ('ff_evaluation', 'ff_evaluation_owner') "
        "AND has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')",
        [THIRD_PARTIES],
    ).fetchall()
    declared = {
        ("ff_evaluation_owner", table, column)
        for table, columns in counted_columns().items()
        for column in columns
    }
    assert set(reached) == declared
    # No name, no relation, no remark: what may hold words is granted to nobody.
    words = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    }
    assert not {(table, column) for _role, table, column in reached} & words


def test_the_counts_give_numbers_days_and_codes_and_no_words(looking: psycopg.Connection[Any]) -> None:
    columns = looking.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'counted'"
    ).fetchall()
    assert {name for name, _column, _kind in columns} == set(COUNTED)
    texts = {
        (name, column)
        for name, column, kind in columns
        if kind not in ("bigint", "integer", "date", "boolean")
    }
    assert texts == {("people_on_maps", "moment")}
    assert looking.execute("SELECT has_schema_privilege('ff_evaluation', 'counted', 'USAGE')").fetchone() == (
        False,
    )


@pytest.mark.parametrize(
    ("table", "keys", "counts"),
    [
        ("network_networkmember", {"family": "family_id", "who": "label"}, {"people": ()}),
        ("network_agreement", {"family": "family_id"}, {"mothers": (Is("who", ("Mor",)),)}),
        ("meetings_attendance", {"meeting": "meeting_id", "name": "label"}, {"people": ()}),
    ],
)
def test_a_count_that_would_read_a_word_is_refused(table: str, keys: Any, counts: Any) -> None:
    with pytest.raises(ValueError, match="only counts leave"):
        refuse_words([CountSource("wrong", table, keys, counts)])


@pytest.mark.parametrize("name", ["label) FROM x; --", "family_id, label", "Label", ""])
def test_a_count_is_not_a_place_for_sql(name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        CountSource("wrong", "network_networkmember", {"family": name}, {"people": ()})


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
    releasing.register(Cast().evaluator, datasets=list(DATASETS))
    files = ReleaseFile.objects.filter(release=built(datasets=list(DATASETS)))
    with story.company.actor("practitioner").acting(), transaction.atomic():
        from placement.network.models import NetworkMember

        assert NetworkMember.objects.get(family=story.family).label == label
    with releasing.as_the_worker(), Cast().evaluator.acting(), transaction.atomic():
        contents = [bytes(file.content) for file in files]
    assert contents and not any(label.encode() in content for content in contents)
