"""The release's own rows, written past every service by both log-ins: available only with every yes, taken only as allowed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from placement import clock
from placement.access import context
from tests import releasing
from tests.attacks.intruder import Intruder

Looking = psycopg.Connection[Any]

#: What a smuggled statement would say.
OPEN = (
    "UPDATE evaluation_release SET status = 'available', available_at = now(), expires_at = now() + interval '2 days' "
    "WHERE uuid = %(uuid)s"
)


@pytest.fixture
def log_ins(cluster: dict[str, Any], house: None) -> Iterator[list[Intruder]]:
    """Whoever has the web's log-in, and the worker's."""
    found = [
        Intruder(cluster["urls"][name].replace("{database}", cluster["database"]), role)
        for role, name in (("ff_web", "DATABASE_URL"), ("ff_worker", "DATABASE_WORKER_URL"))
    ]
    yield found
    for one in found:
        one.connection.close()


@pytest.fixture
def evaluation(cast: Any) -> str:
    """A token that the evaluator has honestly been given."""
    return context.sign(None, cast.evaluator.staff_id, context.EVALUATION)


@pytest.fixture
def towns(cast: Any, looking: Looking) -> list[Any]:
    releasing.families_have_begun([cast.greve, cast.randers], looking)
    return [cast.greve, cast.randers]


def as_it_was(looking: Looking, statement: str, *values: Any) -> None:
    """Something in the rows that no log-in could bring about."""
    looking.execute("SET session_replication_role = replica")
    looking.execute(statement, list(values))
    looking.execute("SET session_replication_role = origin")


def test_no_log_in_makes_a_release_available_without_every_yes_on_its_seal(
    cast: Any, towns: list[Any], log_ins: list[Intruder], evaluation: str, looking: Looking
) -> None:
    release = releasing.to_the_municipalities(cast.evaluator)

    web, worker = log_ins

    def refused(statement: str = OPEN, **values: Any) -> None:
        with pytest.raises(errors.InsufficientPrivilege):
            web.attempt(evaluation, statement, {"uuid": release.uuid, **values})
        with pytest.raises(errors.CheckViolation, match="each municipality in it has said yes"):
            worker.attempt(evaluation, statement, {"uuid": release.uuid, **values})

    def allowed() -> None:
        assert worker.attempt(evaluation, OPEN, {"uuid": release.uuid}) == 1
        for statement in (OPEN, "UPDATE evaluation_release SET status = 'available' WHERE uuid = %(uuid)s"):
            with pytest.raises((errors.InsufficientPrivilege, errors.CheckViolation)):
                web.attempt(evaluation, statement, {"uuid": release.uuid})

    refused()
    releasing.say(cast.greve.privacy, release, "review")
    releasing.carry(release)
    releasing.say(cast.greve.authoritylead, release, "approve")
    refused()
    # Nor with another list of whose families are in the files, nor with none.
    refused(OPEN.replace("SET ", "SET municipalities = '{253,101}', "))
    refused(OPEN.replace("SET ", "SET municipalities = '{}', "))
    # Nor by leaving out who has not answered.
    refused(OPEN.replace("SET ", "SET municipalities = '{253}', "))
    releasing.say(cast.randers.authoritylead, release, "approve")
    allowed()
    for changed in ("seal = repeat('0', 64)", "round = 2", "uuid = gen_random_uuid()", "kind = 'T3'"):
        refused(OPEN.replace("SET ", f"SET {changed}, "))
    # Longer than the agreement runs.
    refused(OPEN.replace("2 days", "3 years"))
    for wrong in (
        "voided_at = now()",
        "silent_at = now()",
        "review = 'no'",
        "decision = 'no'",
        "decided_seal = 'another'",
        "reviewed_seal = 'another'",
        "refused_at = now()",
    ):
        with spoiled(looking, f"UPDATE evaluation_releaseapproval SET {wrong} WHERE municipality_id = 730"):
            refused()
    allowed()


@contextmanager
def spoiled(looking: Looking, statement: str) -> Iterator[None]:
    """An approval as its own constraints and triggers would not have it; as before afterwards."""
    table = "evaluation_releaseapproval"
    before = looking.execute(f"SELECT to_jsonb(a) FROM {table} a").fetchall()
    checks = looking.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'",
        [table],
    ).fetchall()
    for name, _words in checks:
        looking.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    as_it_was(looking, statement)
    try:
        yield
    finally:
        as_it_was(looking, f"DELETE FROM {table}")
        for (row,) in before:
            as_it_was(
                looking,
                f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(null::{table}, %s)",
                Jsonb(row),
            )
        for name, words in checks:
            looking.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}")


def test_what_failed_a_test_is_not_made_available_as_anonymous(
    cast: Any, towns: list[Any], log_ins: list[Intruder], evaluation: str, looking: Looking
) -> None:
    release = releasing.make_available(cast.evaluator, towns)
    as_it_was(looking, "UPDATE evaluation_release SET status = 'reported', kind = 'T3'")
    as_it_was(looking, "UPDATE evaluation_releaseapproval SET kind = 'T3'")
    web, worker = log_ins
    assert worker.attempt(evaluation, OPEN, {"uuid": release.uuid}) == 1
    for table, failing in (
        ("evaluation_release", "report = jsonb_set(report, '{hard_failures}', '[\"A1\"]')"),
        ("evaluation_release", "kind = 'T2'"),
    ):
        as_it_was(looking, f"UPDATE {table} SET {failing}")
        with pytest.raises(errors.CheckViolation):
            worker.attempt(evaluation, OPEN, {"uuid": release.uuid})
        with pytest.raises(errors.InsufficientPrivilege):
            web.attempt(evaluation, OPEN, {"uuid": release.uuid})


def test_the_web_reads_no_files_before_they_are_available_and_writes_no_download_of_bare_rows(
    cast: Any, towns: list[Any], log_ins: list[Intruder], evaluation: str, looking: Looking
) -> None:
    web, worker = log_ins
    release = releasing.to_the_municipalities(cast.evaluator)
    content = "SELECT content FROM evaluation_releasefile"
    assert web.attempt(evaluation, content) == 0
    assert worker.attempt(evaluation, content) > 10
    releasing.say(cast.greve.privacy, release, "review")
    releasing.carry(release)
    for town in towns:
        releasing.say(town.authoritylead, release, "approve")
    releasing.carry(release)
    assert web.attempt(evaluation, content) > 10

    took = (
        "INSERT INTO evaluation_releasedownload (uuid, release_id, link, name, number, staff_id, at, sha256) "
        "SELECT gen_random_uuid(), release_id, %(link)s, name, 1, %(staff)s, now(), sha256 "
        "FROM evaluation_releasefile WHERE name = %(name)s"
    )
    staff = cast.evaluator.staff_id
    for one in log_ins:
        for name in ("registration.csv", "spss/registration.sav"):
            with pytest.raises(errors.CheckViolation, match="in an archive only"):
                one.attempt(evaluation, took, {"link": None, "staff": staff, "name": name})
        with pytest.raises(errors.CheckViolation, match="in an archive only"):
            one.attempt(evaluation, took, {"link": uuid4(), "staff": staff, "name": "registration.csv"})
        assert one.attempt(evaluation, took, {"link": None, "staff": staff, "name": "datapackage.json"}) == 1
    assert clock.now() + timedelta(days=1) < releasing.fresh(cast.evaluator, release).expires_at
