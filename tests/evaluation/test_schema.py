"""The evaluation's log-in reaches the views and nothing else, and nothing in them is free text."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connections, transaction
from django.db.utils import DatabaseError

from evaluation.variables import DATASETS, MISSING_REASONS

OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'"


def test_the_login_reaches_the_views_and_nothing_else(looking: psycopg.Connection[Any]) -> None:
    reached = looking.execute(
        f"SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE {OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') "
        "AND CASE WHEN c.relkind = 'S' "
        "THEN has_sequence_privilege('ff_evaluation', c.oid, 'USAGE, SELECT, UPDATE') "
        "ELSE has_table_privilege('ff_evaluation', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') "
        "OR has_any_column_privilege('ff_evaluation', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') END"
    ).fetchall()
    assert {name for (name,) in reached} == {f"evaluation.{name}" for name in DATASETS}


def test_the_login_may_only_read_the_views(looking: psycopg.Connection[Any]) -> None:
    for name in DATASETS:
        (more,) = looking.execute(
            "SELECT has_table_privilege('ff_evaluation', %s, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')",
            [f"evaluation.{name}"],
        ).fetchone() or (None,)
        assert more is False


def test_the_login_has_the_one_schema_and_names_no_function_of_ours(looking: psycopg.Connection[Any]) -> None:
    schemas = looking.execute(
        f"SELECT n.nspname FROM pg_namespace n WHERE {OURS} AND n.nspname NOT LIKE 'pg_temp%' "
        "AND has_schema_privilege('ff_evaluation', n.oid, 'USAGE, CREATE')"
    ).fetchall()
    assert schemas == [("evaluation",)]
    functions = looking.execute(
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'sec'::regnamespace "
        "AND has_function_privilege('ff_evaluation', p.oid, 'EXECUTE')"
    ).fetchall()
    assert sorted(functions) == [("inner_part",), ("outer_part",), ("project",), ("pseudonym",)]
    memberships = looking.execute(
        "SELECT 1 FROM pg_auth_members WHERE member = 'ff_evaluation'::regrole"
    ).fetchall()
    assert memberships == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM public.families_family",
        "SELECT text FROM public.journal_note",
        "SELECT sec.pseudonym(sec.inner_part(sec.project(), 'family'), sec.outer_part(sec.project()), gen_random_uuid())",
        "SELECT sec.project()",
        "SELECT * FROM counted.people_on_maps",
        "SELECT sec.project_key_create(gen_random_uuid(), 'x')",
        "SELECT * FROM sec.key",
        "SET ROLE ff_evaluation_owner",
        "CREATE TABLE evaluation.mine (a integer)",
        "CREATE TEMPORARY TABLE mine (a integer)",
        "SELECT content FROM public.evaluation_releasefile",
    ],
)
def test_the_login_is_refused_everything_else(house: None, statement: str) -> None:
    with connections["evaluation"].cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        with pytest.raises(DatabaseError) as refused:
            cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_the_owner_gains_no_row_by_the_read_policy(cast: Any, story: Any) -> None:
    with connections["evaluation"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evaluation.registration")
        assert cursor.fetchone() == (1,)
    owner = connections["owner"]
    with cast.odense.caseworker.acting(), transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM families_family")
        assert cursor.fetchone() == (0,)
        cursor.execute("SET LOCAL ROLE ff_evaluation_owner")
        cursor.execute("SELECT count(*) FROM evaluation.registration")
        assert cursor.fetchone() == (0,)


def test_the_views_belong_to_a_role_that_cannot_log_in_and_bypasses_nothing(
    looking: psycopg.Connection[Any],
) -> None:
    owners = looking.execute(
        "SELECT DISTINCT r.rolname, r.rolcanlogin, r.rolbypassrls, r.rolsuper, c.reloptions "
        "FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('evaluation', 'counted')"
    ).fetchall()
    assert owners == [("ff_evaluation_owner", False, False, False, ["security_barrier=true"])]


def test_every_text_that_leaves_is_held_to_a_list_or_a_pattern(looking: psycopg.Connection[Any]) -> None:
    held = {
        (name, column)
        for name, dataset in DATASETS.items()
        for v in dataset.variables
        for column, bound in ((v.name, v.values or v.pattern), (v.reason_name, v.missing))
        if bound
    }
    columns = looking.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'evaluation' ORDER BY table_name, ordinal_position"
    ).fetchall()
    assert {kind for _table, _column, kind in columns} <= {"text", "integer", "numeric", "boolean", "date"}
    assert {(t, c) for t, c, kind in columns if kind == "text"} <= held
    for name, dataset in DATASETS.items():
        assert tuple(c for t, c, _kind in columns if t == name) == dataset.columns


def test_a_sentence_in_a_coded_column_does_not_leave(
    story: Any, looking: psycopg.Connection[Any], built: Any, tables: Any
) -> None:
    story.measure(instrument="hverdagslog", score=None, missing_reason="declined")
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE families_family SET home_language = 'Anna'")
    looking.execute(
        "UPDATE progression_measurement SET instrument = 'anna-er-ked', instrument_version = 'Anna'"
    )
    rows = tables(built())
    assert rows["measurements"]
    assert (rows["registration"][0]["home_language"], rows["registration"][0]["home_language_missing"]) == (
        "",
        "not_on_list",
    )
    for row in rows["measurements"]:
        assert (row["instrument"], row["instrument_missing"]) == ("", "not_on_list")
        assert (row["instrument_version"], row["instrument_version_missing"]) == ("", "not_on_list")
    assert "not_on_list" in MISSING_REASONS
