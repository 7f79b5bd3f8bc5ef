"""Any SQL, sent through the application's own log-ins: no other municipality's row is seen, changed or reached."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from evaluation import pseudonyms
from placement.access import context
from tests.attacks.conftest import GREVE, RANDERS
from tests.attacks.intruder import REFUSED, Intruder, Table, forged, in_ten_minutes

Superuser = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def greve(two_towns: Any) -> str:
    """A token that Greve's team lead has honestly been given."""
    return context.sign(GREVE, two_towns["greve"].company.actor("teamlead").staff_id, context.CASE)


@pytest.fixture(scope="module")
def foreign(superuser: Superuser, within_reach: list[Table]) -> dict[str, list[int]]:
    """The ids of every row that is not Greve's, by table; there are some in each."""
    found = {}
    for table in within_reach:
        if table.municipal:
            where: Any = sql.SQL("municipality_id IS DISTINCT FROM 253")
        elif table.name == "kernel_task_previous":
            where = sql.SQL("from_task_id IN (SELECT id FROM kernel_task WHERE municipality_id = 730)")
        else:
            where = sql.SQL("true")
        rows = superuser.execute(sql.SQL("SELECT id FROM {} WHERE {}").format(table.sql, where)).fetchall()
        found[table.name] = [number for (number,) in rows]
    assert [name for name, rows in found.items() if not rows] == []
    return found


@pytest.fixture(autouse=True)
def randers_stands_as_before(
    superuser: Superuser, within_reach: list[Table], foreign: dict[str, list[int]]
) -> Iterator[None]:
    """Whatever a test tries: every foreign row of every table is the same afterwards, and there are no more."""

    def picture() -> dict[str, Any]:
        return {
            table.name: superuser.execute(
                sql.SQL(
                    "SELECT count(*), md5(string_agg(row::text, '|' ORDER BY id)) FROM {} row WHERE id = ANY(%s)"
                    + (" OR municipality_id IS DISTINCT FROM 253" if table.municipal else "")
                ).format(table.sql),
                [foreign[table.name]],
            ).fetchone()
            for table in within_reach
        }

    before = picture()
    yield
    assert picture() == before


def copy_of(superuser: Superuser, table: Table, row: int, **changed: Any) -> tuple[sql.Composed, list[Any]]:
    """The statement that inserts a copy of a row, with a new uuid and with ``changed`` columns."""
    fetched = superuser.execute(
        sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE id = %s").format(table.sql), [row]
    ).fetchone()
    assert fetched is not None
    values = fetched[0] | ({"uuid": str(uuid.uuid4())} if "uuid" in fetched[0] else {}) | changed
    columns = [c for c in table.insertable or table.columns if c != "id" or "id" in changed]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM jsonb_populate_record(null::{}, %s)")
    return statement.format(table.sql, names, names, table.sql), [json.dumps(values)]


def own_row(superuser: Superuser, table: Table) -> int | None:
    if not table.municipal:
        return None
    found = superuser.execute(
        sql.SQL("SELECT id FROM {} WHERE municipality_id = 253 ORDER BY id DESC LIMIT 1").format(table.sql)
    ).fetchone()
    return int(found[0]) if found else None


# ---- reading ---------------------------------------------------------------------------------------------


def test_without_a_context_every_table_answers_with_an_error(
    intruder: Intruder, within_reach: list[Table]
) -> None:
    for table in within_reach:
        with pytest.raises(errors.InsufficientPrivilege, match="no access context"):
            intruder.attempt(None, sql.SQL("SELECT count(*) FROM {}").format(table.sql))
        if table.updatable:
            column = sql.Identifier(table.updatable[-1])
            with pytest.raises(errors.InsufficientPrivilege, match="no access context"):
                intruder.attempt(None, sql.SQL("UPDATE {} SET {} = {}").format(table.sql, column, column))


def test_the_framework_s_connection_has_no_more_right_than_its_context(
    two_towns: Any, superuser: Superuser
) -> None:
    from django.db import connection, transaction
    from django.db.utils import ProgrammingError

    for table in ("families_family", "kernel_task", "journal_note"):
        with pytest.raises(ProgrammingError, match="no access context"), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
        with context.access(GREVE, 1), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE municipality_id = 253) FROM {table}")
            seen, own = cursor.fetchone()
        assert seen == own > 0


def test_no_foreign_row_is_selected_or_counted(
    intruder: Intruder, within_reach: list[Table], foreign: dict[str, list[int]], greve: str
) -> None:
    own_rows = 0
    for table in within_reach:
        with intruder.transaction(greve) as connection:
            seen = {i for (i,) in connection.execute(sql.SQL("SELECT id FROM {}").format(table.sql))}
            counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table.sql)).fetchone()
            aimed = connection.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE id = ANY(%s) OR id = %s").format(table.sql),
                [foreign[table.name], foreign[table.name][0]],
            ).fetchone()
        assert seen.isdisjoint(foreign[table.name]), table.name
        assert counted == (len(seen),) and aimed == (0,), table.name
        own_rows += len(seen)
    # Greve's own are all there: the tables were not merely shut.
    assert own_rows > 60


def test_no_condition_is_tried_on_a_foreign_row(
    intruder: Intruder, within_reach: list[Table], greve: str
) -> None:
    """A condition that fails on a foreign row only would tell by its error what stands in it."""
    for table in within_reach:
        if table.municipal:
            intruder.attempt(
                greve,
                sql.SQL(
                    "SELECT count(*) FROM {} WHERE CASE WHEN municipality_id IS DISTINCT FROM 253 "
                    "THEN 1 / (coalesce(municipality_id, 1) - coalesce(municipality_id, 1)) ELSE 1 END = 1"
                ).format(table.sql),
            )


def test_the_planner_s_statistics_are_hidden(
    intruder: Intruder, within_reach: list[Table], superuser: Superuser, greve: str
) -> None:
    superuser.execute("ANALYZE")
    with intruder.transaction(greve) as connection:
        told = connection.execute(
            "SELECT DISTINCT tablename FROM pg_stats WHERE tablename = ANY(%s)",
            [[t.name for t in within_reach]],
        ).fetchall()
    assert told == []


# ---- writing ---------------------------------------------------------------------------------------------


def test_no_foreign_row_is_updated_or_deleted(
    intruder: Intruder, within_reach: list[Table], foreign: dict[str, list[int]], greve: str
) -> None:
    for table in within_reach:
        ids = [foreign[table.name]]
        if table.updatable:
            for column in map(sql.Identifier, table.updatable):
                statement = sql.SQL("UPDATE {} SET {} = {} WHERE id = ANY(%s)")
                assert intruder.attempt(greve, statement.format(table.sql, column, column), ids) == 0, (
                    table.name
                )
        delete = sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(table.sql)
        if table.deletable:
            assert intruder.attempt(greve, delete, ids) == 0, table.name
        else:
            with pytest.raises(errors.InsufficientPrivilege):
                intruder.attempt(greve, delete, ids)
        with pytest.raises(errors.InsufficientPrivilege):
            intruder.attempt(greve, sql.SQL("TRUNCATE {} CASCADE").format(table.sql))


def test_no_row_is_inserted_for_another_municipality(
    intruder: Intruder,
    within_reach: list[Table],
    foreign: dict[str, list[int]],
    superuser: Superuser,
    greve: str,
) -> None:
    for table in within_reach:
        with pytest.raises(errors.InsufficientPrivilege):
            intruder.attempt(greve, *copy_of(superuser, table, foreign[table.name][0]))


def test_no_row_is_moved_to_another_municipality_or_taken_from_it(
    intruder: Intruder,
    within_reach: list[Table],
    foreign: dict[str, list[int]],
    superuser: Superuser,
    greve: str,
) -> None:
    moved = 0
    for table in within_reach:
        if "municipality_id" not in table.updatable:
            continue
        row = own_row(superuser, table)
        if row is None:
            continue
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            intruder.attempt(
                greve, sql.SQL("UPDATE {} SET municipality_id = 730 WHERE id = %s").format(table.sql), [row]
            )
        taken = sql.SQL("UPDATE {} SET municipality_id = 253 WHERE id = ANY(%s)").format(table.sql)
        assert intruder.attempt(greve, taken, [foreign[table.name]]) == 0
        moved += 1
    assert moved > 10


def test_no_foreign_row_is_taken_over_by_a_conflict(
    intruder: Intruder,
    within_reach: list[Table],
    foreign: dict[str, list[int]],
    superuser: Superuser,
    greve: str,
) -> None:
    """INSERT … ON CONFLICT … DO UPDATE and MERGE would find the row by its key."""
    for table in within_reach:
        row = own_row(superuser, table)
        if "uuid" not in table.updatable or "municipality_id" not in table.updatable or row is None:
            continue
        theirs = superuser.execute(
            sql.SQL("SELECT uuid FROM {} WHERE id = %s").format(table.sql), [foreign[table.name][0]]
        ).fetchone()
        assert theirs is not None
        insert, values = copy_of(superuser, table, row, uuid=str(theirs[0]))
        take = insert + sql.SQL(" ON CONFLICT (uuid) DO UPDATE SET municipality_id = 253")
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            intruder.attempt(greve, take, values)
        merge = sql.SQL(
            "MERGE INTO {} t USING (SELECT %s::bigint AS id) s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET municipality_id = 253"
        )
        assert intruder.attempt(greve, merge.format(table.sql), [foreign[table.name][0]]) == 0


def test_the_database_alone_chooses_ids(
    intruder: Intruder, within_reach: list[Table], superuser: Superuser, greve: str
) -> None:
    """A chosen id would tell whether another municipality has it, or stand in the way of its next row."""
    for table in within_reach:
        assert "id" not in table.insertable, table.name
        assert "id" not in table.updatable, table.name
    row = superuser.execute("SELECT max(id) FROM families_family WHERE municipality_id = 253").fetchone()
    assert row is not None
    with pytest.raises(errors.InsufficientPrivilege):
        intruder.attempt(greve, "UPDATE families_family SET id = %s WHERE id = %s", [10**9, row[0]])
    with pytest.raises(errors.InsufficientPrivilege):
        intruder.attempt(greve, "SELECT setval('families_family_id_seq', 1000000000)")


_FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text, k.attname, c.confrelid::regclass::text
  FROM pg_constraint c
  JOIN pg_attribute k ON k.attrelid = c.conrelid AND k.attnum = c.conkey[array_length(c.conkey, 1)]
 WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""


def test_a_key_to_a_foreign_row_fails_as_one_to_nothing_does(
    intruder: Intruder,
    within_reach: list[Table],
    foreign: dict[str, list[int]],
    superuser: Superuser,
    greve: str,
) -> None:
    """Constraints are checked past row security: a key to a single id would tell which ids exist."""
    by_name = {table.name: table for table in within_reach}
    tried = 0
    for name, column, target in superuser.execute(_FOREIGN_KEYS).fetchall():
        if name not in by_name or target not in foreign:
            continue
        table = by_name[name]
        row = own_row(superuser, table) if table.municipal else foreign[name][0]
        if row is None or column not in table.insertable:
            continue
        answers = []
        for pointed_at in (foreign[target][0], 10**12):
            insert, values = copy_of(superuser, table, row, **{column: pointed_at})
            with pytest.raises(psycopg.Error) as refused, intruder.transaction(greve) as connection:
                connection.execute(insert, values)
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            answers.append((refused.value.sqlstate, refused.value.diag.constraint_name))
            if table.municipal and column in table.updatable:
                with pytest.raises(psycopg.Error) as refused, intruder.transaction(greve) as connection:
                    statement = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s")
                    connection.execute(statement.format(table.sql, sql.Identifier(column)), [pointed_at, row])
                    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                answers.append((refused.value.sqlstate, refused.value.diag.constraint_name))
        half = len(answers) // 2
        assert answers[:half] == answers[half:], (name, column, answers)
        tried += 1
    assert tried > 30


def test_no_link_between_tasks_reaches_a_foreign_task(
    intruder: Intruder, foreign: dict[str, list[int]], superuser: Superuser, greve: str
) -> None:
    own = superuser.execute("SELECT max(id) FROM kernel_task WHERE municipality_id = 253").fetchone()
    assert own is not None
    told = set()
    for theirs in (foreign["kernel_task"][0], 10**12):
        for ends in ((own[0], theirs), (theirs, own[0]), (theirs, theirs)):
            with pytest.raises(errors.InsufficientPrivilege) as refused:
                intruder.attempt(
                    greve, "INSERT INTO kernel_task_previous (from_task_id, to_task_id) VALUES (%s, %s)", ends
                )
            told.add(str(refused.value))
    assert len(told) == 1


# ---- the context -----------------------------------------------------------------------------------------


def _forgeries(signed: str) -> dict[str, str]:
    from django.conf import settings

    municipality, staff, expires, purpose, signature = signed.split("|")
    past = int(time.time()) - 1
    return {
        "made by hand": forged(f"{RANDERS}|{staff}|{in_ten_minutes()}|case"),
        "signed with nothing": forged(f"{RANDERS}|{staff}|{in_ten_minutes()}|case", b""),
        "another municipality": "|".join([str(RANDERS), staff, expires, purpose, signature]),
        "another person": "|".join([municipality, "1", expires, purpose, signature]),
        "another purpose": "|".join([municipality, staff, expires, "evaluation", signature]),
        "a longer life": "|".join([municipality, staff, str(int(expires) + 10**6), purpose, signature]),
        "no signature": "|".join([municipality, staff, expires, purpose]),
        "an empty signature": "|".join([municipality, staff, expires, purpose, ""]),
        "one part more": f"{signed}|{signature}",
        "parts shifted": "|".join(["", municipality, staff, f"{expires}|{purpose}", signature]),
        "run out": forged(f"{RANDERS}|{staff}|{past}|case", settings.CONTEXT_KEY),
        "nothing but bars": "||||",
    }


def test_a_forged_context_is_an_error_in_every_table(
    intruder: Intruder, within_reach: list[Table], greve: str
) -> None:
    for how, token in _forgeries(greve).items():
        for table in within_reach:
            with pytest.raises(errors.InsufficientPrivilege, match=r"(forged|expired) access context"):
                intruder.attempt(token, sql.SQL("SELECT count(*) FROM {}").format(table.sql))
        with pytest.raises(errors.InsufficientPrivilege, match=r"(forged|expired) access context"):
            intruder.attempt(token, "INSERT INTO access_unit (municipality_id, name) VALUES (730, %s)", [how])


def test_a_context_forged_within_the_statement_gives_nothing(intruder: Intruder, greve: str) -> None:
    """Whether the server reads the context before or after the forgery: no row of Randers."""
    for token in _forgeries(greve).values():
        statement = (
            "WITH x AS MATERIALIZED (SELECT set_config('app.context', %s, true) AS said) "
            "SELECT f.* FROM x, families_family f WHERE f.municipality_id = 730 AND x.said <> ''"
        )
        with pytest.raises(errors.InsufficientPrivilege, match="access context"):
            intruder.attempt(None, statement, [token])
        try:
            assert intruder.attempt(greve, statement, [token]) == 0
        except errors.InsufficientPrivilege as refused:
            assert "access context" in str(refused)


def test_after_errors_and_savepoints_the_context_is_the_same(
    intruder: Intruder, foreign: dict[str, list[int]], greve: str
) -> None:
    def count(connection: psycopg.Connection[Any]) -> Any:
        return connection.execute(
            "SELECT count(*) > 0, count(*) FILTER (WHERE municipality_id <> 253) FROM families_family"
        ).fetchone()

    with intruder.transaction(greve) as connection:
        for bad in (
            "SELECT 1 / 0",
            "INSERT INTO families_family (municipality_id) VALUES (730)",
            "SELECT nothing",
        ):
            with pytest.raises(psycopg.Error), connection.transaction():
                connection.execute(bad)
            assert count(connection) == (True, 0)
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute(
                "SELECT set_config('app.context', %s, true)", [_forgeries(greve)["made by hand"]]
            )
            count(connection)
        assert count(connection) == (True, 0)
        with connection.transaction(force_rollback=True):
            connection.execute("SELECT set_config('app.context', '', true)")
        assert count(connection) == (True, 0)


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_on_a_reused_connection_nothing_is_left_of_the_context(
    intruder: Intruder, greve: str, end: str
) -> None:
    connection = intruder.connection
    for _round in range(5):
        connection.execute("BEGIN")
        connection.execute("SELECT set_config('app.context', %s, true)", [greve])
        assert connection.execute("SELECT count(*) > 0 FROM families_family").fetchone() == (True,)
        connection.execute(end)
        assert connection.execute("SELECT current_setting('app.context', true)").fetchone() in [
            ("",),
            (None,),
        ]
        with pytest.raises(errors.InsufficientPrivilege, match="no access context"):
            connection.execute("SELECT count(*) FROM families_family")


def test_a_context_left_in_the_session_is_not_believed_by_the_next_transaction(two_towns: Any) -> None:
    """Injected SQL may set it for the session; the application's next BEGIN says otherwise."""
    from django.db import connection, transaction
    from django.db.utils import ProgrammingError

    stolen = context.sign(RANDERS, 1, context.CASE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.context', %s, false)", [stolen])
    try:
        with context.access(GREVE, 1), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT array_agg(DISTINCT municipality_id) FROM families_family")
            assert cursor.fetchone() == ([GREVE],)
        with pytest.raises(ProgrammingError, match="no access context"), transaction.atomic():
            connection.cursor().execute("SELECT count(*) FROM families_family")
    finally:
        connection.close()


def test_fifty_rounds_of_both_municipalities_on_one_connection_never_mix(two_towns: Any) -> None:
    from django.db import connection, transaction
    from django.db.utils import ProgrammingError

    from placement.families.models import Family

    for number in range(50):
        municipality = (GREVE, RANDERS)[number % 2]
        if number % 10 == 9:
            with pytest.raises(ProgrammingError), transaction.atomic():
                list(Family.objects.unscoped(reason="an attack"))
        with context.access(municipality, 1):
            try:
                with transaction.atomic():
                    seen = set(
                        Family.objects.unscoped(reason="an attack").values_list("municipality", flat=True)
                    )
                    if number % 7 == 6:
                        raise LookupError
            except LookupError:
                assert not connection.in_atomic_block
        assert seen == {municipality}


# ---- ways round ------------------------------------------------------------------------------------------

_WAYS_ROUND = [
    "SET ROLE ff_owner",
    "SET ROLE ff_evaluation_owner",
    "SET ROLE ff_evaluation",
    "SET SESSION AUTHORIZATION ff_owner",
    "SET session_replication_role = replica",
    "ALTER TABLE families_family DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE families_family NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE families_family DISABLE TRIGGER ALL",
    "DROP POLICY isolation ON families_family",
    "CREATE POLICY mine ON families_family USING (true)",
    "ALTER ROLE ff_web BYPASSRLS",
    "TRUNCATE families_family CASCADE",
    "LOCK TABLE families_family IN ACCESS EXCLUSIVE MODE",
    "COPY families_family TO PROGRAM 'cat'",
    "COPY families_family TO '/tmp/families'",
    "COPY families_family FROM '/etc/passwd'",
    "CREATE TEMPORARY TABLE families_family (id bigint, municipality_id integer)",
    "CREATE TABLE public.mine (id bigint)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION pg_temp.municipality() RETURNS integer LANGUAGE sql AS 'SELECT 730'",
    "CREATE OR REPLACE FUNCTION sec.municipality() RETURNS integer LANGUAGE sql AS 'SELECT 730'",
    "CREATE VIEW public.mine AS SELECT * FROM families_family",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION IF NOT EXISTS file_fdw",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM sec.key",
    "SELECT sec.hmac('context', 'x')",
    "SELECT sec.pseudonym('x', 'y', gen_random_uuid())",
    "SELECT sec.record_write()",
    "UPDATE sec.key SET inner_block = 'x'",
    "SELECT * FROM trail_write",
    "DELETE FROM trail_write",
    "UPDATE trail_write SET staff_id = 1",
    "INSERT INTO trail_write (at, purpose, table_name, row_id, operation, transaction) "
    "VALUES (now(), 'case', 'x', 1, 'INSERT', 1)",
    "DELETE FROM trail_read",
    "UPDATE trail_read SET staff_id = 1",
    "INSERT INTO trail_read (at, municipality_id, staff_id, family_id, route, method) "
    "VALUES (now(), 253, 1, 1, 'x', 'GET')",
    "SELECT * FROM evaluation.registration",
    # Who belongs where is read before a municipality is known, and so stands open; nobody writes himself into it.
    "INSERT INTO access_staffmembership (staff_id, municipality_id, role, profession, starts) "
    "SELECT min(id), 730, 'teamlead', '', '2024-01-01' FROM access_staff",
    "UPDATE access_staffmembership SET municipality_id = 730",
    "UPDATE access_staffmembership SET ends = NULL",
    "DELETE FROM access_staffmembership",
    "UPDATE access_staff SET password = ''",
    "UPDATE access_staff SET is_active = true",
    "INSERT INTO access_staff (username) VALUES ('nobody')",
    "INSERT INTO access_stafftoken (staff_id, municipality_id, digest) SELECT min(id), 730, 'x' FROM access_staff",
    "UPDATE access_stafftoken SET revoked = NULL",
    "UPDATE access_municipality SET name = 'Greve'",
    "UPDATE model_versions_modelversion SET content = '{}'",
]


@pytest.mark.parametrize("statement", _WAYS_ROUND)
def test_a_way_round_is_refused(intruder: Intruder, greve: str, statement: str) -> None:
    with pytest.raises(REFUSED):
        intruder.attempt(greve, statement)


def test_with_row_security_off_nothing_is_read(
    intruder: Intruder, within_reach: list[Table], greve: str
) -> None:
    for table in within_reach:
        with (
            pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
            intruder.transaction(greve) as connection,
        ):
            connection.execute("SET LOCAL row_security = off")
            connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table.sql))


def test_copy_gives_out_no_foreign_row(
    intruder: Intruder, within_reach: list[Table], foreign: dict[str, list[int]], greve: str
) -> None:
    for table in within_reach:
        copying = sql.SQL("COPY {} (id) TO STDOUT").format(table.sql)
        with (
            intruder.transaction(greve) as connection,
            connection.cursor() as cursor,
            cursor.copy(copying) as copied,
        ):
            given = {int(bytes(block).split()[0]) for block in copied}
        assert given.isdisjoint(foreign[table.name]), table.name
        if table.insertable:
            with (
                pytest.raises((errors.FeatureNotSupported, errors.InsufficientPrivilege)),
                intruder.transaction(greve) as connection,
                connection.cursor() as cursor,
                cursor.copy(
                    sql.SQL("COPY {} ({}) FROM STDIN").format(table.sql, sql.Identifier(table.insertable[0]))
                ),
            ):
                pass


def test_what_others_are_asking_is_hidden(
    intruder: Intruder, cluster: dict[str, Any], two_towns: Any
) -> None:
    """The server shows a log-in the statements of its own other sessions, with what stands in them."""
    name = {"ff_web": "DATABASE_URL", "ff_worker": "DATABASE_WORKER_URL"}[intruder.role]
    url = cluster["urls"][name].replace("{database}", cluster["database"])
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as colleague:
        colleague.execute(
            "SELECT set_config('app.context', %s, true)", [context.sign(RANDERS, 1, context.CASE)]
        )
        for window in ("SELECT query FROM pg_stat_activity", "SELECT pg_stat_get_backend_activity(1)"):
            with pytest.raises(errors.InsufficientPrivilege):
                intruder.attempt(None, window)


def test_the_token_itself_is_in_no_statement_s_text(two_towns: Any, superuser: Superuser) -> None:
    from django.db import connection, transaction

    with context.access(GREVE, 1), transaction.atomic():
        connection.ensure_connection()
        number = connection.connection.info.backend_pid
        said = superuser.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [number]).fetchone()
    assert said is not None and "app.context" in said[0] and "253" not in said[0]


# ---- jobs and log-ins ------------------------------------------------------------------------------------


def test_a_job_cannot_be_aimed_at_another_municipality(
    intruder: Intruder, superuser: Superuser, greve: str, two_towns: Any
) -> None:
    aimed = json.dumps({"context": [RANDERS, 1, "evaluation"], "release": "x"})
    connection = intruder.connection
    with pytest.raises(errors.InsufficientPrivilege, match="no access context"):
        intruder.attempt(None, "SELECT sec.defer_job('remind', %s)", [aimed])
    with connection.transaction():
        connection.execute("SELECT set_config('app.context', %s, true)", [greve])
        made = connection.execute("SELECT sec.defer_job('remind', %s)", [aimed]).fetchone()
    assert made is not None
    kept = superuser.execute(
        "DELETE FROM procrastinate_jobs WHERE id = %s RETURNING args", [made[0]]
    ).fetchone()
    lead = two_towns["greve"].company.actor("teamlead")
    assert kept is not None and kept[0]["context"] == [GREVE, lead.staff_id, "case"]


def test_the_web_role_neither_reads_nor_moves_jobs(intruder: Intruder, greve: str) -> None:
    if intruder.role != "ff_web":
        return
    for statement in (
        "SELECT * FROM procrastinate_jobs",
        "SELECT * FROM procrastinate_events",
        "SELECT * FROM procrastinate_workers",
        "SELECT procrastinate_fetch_job_v2(NULL, 1)",
        "SELECT procrastinate_finish_job_v1(1, 'failed', true)",
        "SELECT procrastinate_register_worker_v1()",
        "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'remind')",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            intruder.attempt(greve, statement)


def test_nobody_logs_in_by_what_stands_in_the_table_of_log_ins(two_towns: Any, superuser: Superuser) -> None:
    """The table is under no municipality: whoever reads it must not become somebody of another one."""
    from django.test import Client

    client = Client()
    client.force_login(two_towns["randers"].company.actor("teamlead").staff)
    assert client.get("/vaelg/").status_code == 200
    keys = [key for (key,) in superuser.execute("SELECT session_key FROM django_session")]
    assert keys
    for key in keys:
        thief = Client()
        thief.cookies["sessionid"] = key
        assert thief.get("/vaelg/").status_code == 302


def test_nobody_logs_in_by_copying_a_log_in_under_another_key(
    intruder: Intruder, two_towns: Any, superuser: Superuser
) -> None:
    """Whoever may write the table writes what stands in another's row into their own."""
    from django.test import Client

    if intruder.role != "ff_web":
        return
    victim, thief = Client(), Client()
    victim.force_login(two_towns["randers"].company.actor("teamlead").staff)
    others = [key for (key,) in superuser.execute("SELECT session_key FROM django_session")]
    thief.force_login(two_towns["greve"].company.actor("teamlead").staff)
    assert b"Greve" in thief.get("/vaelg/").content
    for key in others:
        intruder.connection.execute(
            "UPDATE django_session own SET session_data = other.session_data FROM django_session other "
            "WHERE other.session_key = %s AND NOT own.session_key = ANY(%s)",
            [key, others],
        )
        assert thief.get("/vaelg/").status_code == 302
    assert b"Randers" in victim.get("/vaelg/").content


# ---- the evaluation's log-in -----------------------------------------------------------------------------


def test_the_evaluation_sees_no_name_and_writes_nothing(
    cluster: dict[str, Any], two_towns: Any, superuser: Superuser
) -> None:
    url = cluster["urls"]["DATABASE_EVALUATION_URL"].replace("{database}", cluster["database"])
    views = [
        name for (name,) in superuser.execute("SELECT viewname FROM pg_views WHERE schemaname = 'evaluation'")
    ]
    (agreement,) = superuser.execute("SELECT uuid FROM evaluation_agreement").fetchall()
    empty = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(REFUSED, match="no project"):
            connection.execute("SELECT * FROM evaluation.registration")
        connection.execute(
            "SELECT set_config('app.project', %s, false), set_config('app.as_of', current_date::text, false)",
            [pseudonyms.token(*agreement)],
        )
        for view in views:
            named = sql.Identifier("evaluation", view)
            rows = connection.execute(sql.SQL("SELECT v::text FROM {} v").format(named)).fetchall()
            assert not any("Skjult" in row for (row,) in rows)
            empty += [] if rows else [view]
            for statement in ("DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES", "TRUNCATE {}"):
                with pytest.raises(psycopg.Error):
                    connection.execute(sql.SQL(statement).format(named))
        for table in ("families_family", "journal_note", "kernel_task", "trail_write", "access_staff"):
            with pytest.raises(REFUSED):
                connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier("public", table)))
        for way in (
            "SET ROLE ff_evaluation_owner",
            "SELECT sec.project()",
            "SELECT sec.pseudonym('x', 'y', gen_random_uuid())",
            "CREATE TEMPORARY TABLE mine ()",
            "SELECT query FROM pg_stat_activity",
        ):
            with pytest.raises(REFUSED):
                connection.execute(way)
    assert empty == []
