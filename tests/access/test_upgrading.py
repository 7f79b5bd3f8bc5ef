"""A new database is made by short files, an older one goes on by the files it began with; both end alike (decision 0024)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import connections, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from launch.postgres import BOOTSTRAP
from placement.access.creating import CreateModels
from placement.access.migrating import CalmExecutor, CalmState
from tests.conftest import ROOT, run_command, run_python


def _models(state: ProjectState) -> dict[tuple[str, str], Any]:
    """Each model as the database sees it: its columns in their order, its options, what it stands on."""
    detector = MigrationAutodetector(state, state)
    return {
        key: (
            [(name, detector.deep_deconstruct(field)) for name, field in model.fields.items()],
            model.options,
            model.bases,
            model.managers,
        )
        for key, model in state.models.items()
    }


def _ours(loader: MigrationLoader) -> set[str]:
    """The labels of our own apps that have migrations."""
    return {
        label
        for (label, _name), migration in loader.disk_migrations.items()
        if (ROOT / Path(*migration.__module__.split(".")).with_suffix(".py")).exists()
    }


def _old_way(long: MigrationLoader, target: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The files that lead to ``target``, in order, with the old ones in place of each that replaces them."""
    for key in long.graph.forwards_plan(target):
        if key in long.replacements:
            yield from _old_way(long, long.replacements[key].replaces[-1])
        else:
            yield key


def test_the_short_files_say_what_the_long_ones_say() -> None:
    short = MigrationLoader(None)
    long = MigrationLoader(None, replace_migrations=False)
    assert len(short.replacements) >= 9
    for key, migration in sorted(short.replacements.items()):
        replaced = migration.replaces[-1]
        by_short = {k: v for k, v in _models(short.project_state(key)).items() if k[0] == key[0]}
        by_long = {k: v for k, v in _models(long.project_state(replaced)).items() if k[0] == key[0]}
        assert by_short == by_long, key


def test_each_short_file_makes_its_tables_in_one_step() -> None:
    """Each further table or column by itself costs a new database as much as all tables of an app."""
    for key, migration in MigrationLoader(None).replacements.items():
        steps = [type(operation) for operation in migration.operations]
        assert steps[0] is CreateModels, key
        assert set(steps[1:]) <= {AddConstraintNotValid}, key


def test_a_database_left_anywhere_on_the_old_way_finds_the_rest_of_it(prepared: None) -> None:
    """Whichever of the old files ran last: what is still to come can be ordered, and ends where a new one does."""
    owner = connections["owner"]
    short, long = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    wanted, ours = _models(short.project_state()), _ours(long)
    old_way = list(dict.fromkeys(key for leaf in short.graph.leaf_nodes() for key in _old_way(long, leaf)))
    steps = [number for number, (label, _name) in enumerate(old_way, 1) if label in ours]
    assert len(steps) > 25
    with transaction.atomic(using="owner"):
        recorder = MigrationRecorder(owner)
        recorder.flush()
        recorded = 0
        for number in steps:
            for key in old_way[recorded:number]:
                recorder.record_applied(*key)
            recorded = number
            loader = MigrationLoader(owner)
            loader.check_consistent_history(owner)
            for key, migration in loader.replacements.items():
                done = [old in old_way[:number] for old in migration.replaces]
                assert (key in loader.graph.nodes) == (all(done) or not any(done)), old_way[number - 1]
            assert _models(loader.project_state()) == wanted, old_way[number - 1]
        transaction.set_rollback(True, using="owner")


def _classes(state: ProjectState) -> dict[tuple[str, str], Any]:
    """What the classes of a state say of each model: columns, whose rows they point at, who points back, options."""
    return {
        (model._meta.app_label, model._meta.object_name): (
            [
                (field.name, field.column, field.db_type(connections["owner"]))
                for field in model._meta.local_fields
            ],
            sorted(
                (field.name, field.related_model._meta.label, field.target_field.column)
                for field in model._meta.local_fields
                if field.remote_field
            ),
            sorted(
                (back.name, str(back.get_accessor_name()), back.related_model._meta.label)
                for back in model._meta.related_objects
            ),
            [constraint.deconstruct() for constraint in model._meta.constraints],
            [index.deconstruct() for index in model._meta.indexes],
        )
        for model in state.apps.get_models(include_auto_created=True)
    }


def test_classes_that_stay_say_what_new_ones_would(prepared: None) -> None:
    """Taken through every file with its classes at hand, a state's classes are those that would be made at the end."""
    executor = CalmExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    state = executor._create_project_state()
    assert not state.apps.get_models()
    for migration, _backwards in plan:
        state = migration.mutate_state(state, preserve=False)
    anew = executor.loader.project_state()
    assert isinstance(state, CalmState) and not isinstance(anew, CalmState)
    assert _models(state) == _models(anew)
    assert _classes(state) == _classes(anew)


@pytest.fixture
def older(
    cluster: dict[str, Any], superuser_url: str, prepared: None
) -> Iterator[tuple[str, dict[str, str]]]:
    """A database with the tables of 0.1.0: a superuser's way into it, and what leads a process there."""
    name = f"{cluster['database']}_older"
    url = str(cluster["superuser_url"]).replace("{database}", name)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            with psycopg.connect(url, autocommit=True) as inside:
                inside.execute(BOOTSTRAP.read_bytes())
            there = {key: value.replace("{database}", name) for key, value in cluster["urls"].items()}
            run_python("-m", "tests.upgrading", process="owner", **there)
            yield url, there
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _schema(cluster: dict[str, Any], url: str) -> str:
    """All tables, constraints, policies, triggers, functions and grants, as statements."""
    dumped = subprocess.run(
        [f"{cluster['binaries']}/pg_dump", "--schema-only", "--dbname", url],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    # Its first and last lines are a word of chance, new with each dump.
    text = re.sub(r"(?m)^\\(un)?restrict .*$", "", dumped.stdout)
    # Who was given a right first says nothing about who has it.
    return re.sub(r"(?m)(?:^GRANT .*\n)+", lambda run: "".join(sorted(run[0].splitlines(True))), text)


def test_a_database_of_0_1_0_ends_as_a_new_one_begins(
    cluster: dict[str, Any], superuser_url: str, older: tuple[str, dict[str, str]]
) -> None:
    url, there = older
    with psycopg.connect(url, autocommit=True) as inside:
        inside.execute(
            "INSERT INTO model_versions_modelversion (code, title, in_force_from, in_force, content) "
            "VALUES ('2020-1', 'Old', '2020-01-01', true, '{}'), ('2019-1', 'Older', '2019-01-01', false, '{}')"
        )
        run_command("prepare_database", process="owner", **there)
        kept = inside.execute(
            "SELECT code, status FROM model_versions_modelversion WHERE code < '2021' ORDER BY code"
        ).fetchall()
        assert kept == [("2019-1", "retired"), ("2020-1", "in_force")]
        names = "SELECT app, name FROM django_migrations ORDER BY 1, 2"
        with psycopg.connect(superuser_url) as new:
            assert inside.execute(names).fetchall() == new.execute(names).fetchall()
    assert _schema(cluster, url) == _schema(cluster, superuser_url)
