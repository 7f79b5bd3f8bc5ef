"""The catalogue itself: no table within reach is forgotten, and no key leaves the municipality out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections

from placement.access import isolation
from placement.access.models import MunicipalityModel

Superuser = psycopg.Connection[Any]


#: Triggers that refuse what the columns of one row cannot say. 7: before each inserted row; 19: changed one;
#: 23: either; 21: after either, at the end of the transaction.
REFUSING: dict[str, tuple[tuple[str, str, int], ...]] = {
    "costs_timeentry": (("time_entry_of_an_open_week", "O", 23),),
    "evaluation_release": (("release_available_by_every_yes", "O", 23),),
    "evaluation_releaseapproval": (("release_report_stays", "O", 19),),
    "evaluation_releasedownload": (("download_of_no_bare_rows", "O", 7),),
    "families_consent": (("consent_by_custody_holder", "O", 7),),
    "families_decision": (("decision_after_child_view", "O", 23), ("decision_stands_once_told", "O", 19)),
    "flow_conference_conference": (("conference_coordinator_is_independent", "O", 23),),
    "flow_decisions_accessrequest": (("access_asked_by_a_party", "O", 7),),
    "flow_decisions_caseperson": (("supporter_is_old_enough", "O", 23),),
    "flow_decisions_complaint": (("complaint_after_letter", "O", 7),),
    "flow_decisions_decisionletter": (("letter_after_approved_decision", "O", 23),),
    "flow_decisions_redecision": (("redecision_after_change", "O", 7),),
    "meetings_attendance": (("network_guest_was_invited", "O", 21),),
    "network_networkinvitation": (
        ("network_guest_is_safe", "O", 19),
        ("network_invitation_is_safe", "O", 23),
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _prepared(prepared: None) -> None:
    """A database as `prepare_database` leaves it."""


@contextmanager
def made(*statements: str, undo: str) -> Iterator[None]:
    """Something the owner has made by hand, gone again afterwards."""
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        try:
            yield
        finally:
            cursor.execute(undo)


def test_nothing_is_forgotten() -> None:
    assert isolation.problems(connection) == []


def test_a_new_table_without_a_policy_is_found() -> None:
    with made(
        "CREATE TABLE newcomer (id bigint, municipality_id integer)",
        "GRANT SELECT ON newcomer TO ff_web",
        undo="DROP TABLE newcomer",
    ):
        assert isolation.problems(connection) == ["newcomer: neither under policy nor on the allow-list"]


def test_a_new_table_of_which_one_column_is_granted_is_found() -> None:
    with made(
        "CREATE TABLE newcomer (id bigint, note text)",
        "GRANT UPDATE (note) ON newcomer TO ff_worker",
        undo="DROP TABLE newcomer",
    ):
        assert isolation.problems(connection) == ["newcomer: neither under policy nor on the allow-list"]


def test_row_security_that_the_owner_escapes_is_found() -> None:
    with made(
        "ALTER TABLE families_family NO FORCE ROW LEVEL SECURITY",
        undo="ALTER TABLE families_family FORCE ROW LEVEL SECURITY",
    ):
        assert isolation.problems(connection) == [
            "families_family: neither under policy nor on the allow-list"
        ]


@pytest.mark.parametrize(
    "wide",
    [
        "FOR SELECT TO ff_web USING (true)",
        "TO PUBLIC USING (id > 0)",
        "FOR INSERT TO ff_worker WITH CHECK (true)",
    ],
)
def test_a_second_policy_that_opens_what_the_first_one_closes_is_found(wide: str) -> None:
    with made(
        f"CREATE POLICY wide ON families_family {wide}",
        undo="DROP POLICY wide ON families_family",
    ):
        assert isolation.problems(connection) == [
            "families_family: the policy wide does not ask for the context"
        ]


def test_a_table_of_a_listed_name_in_another_schema_is_found() -> None:
    with made(
        "CREATE SCHEMA elsewhere",
        "CREATE TABLE elsewhere.access_staff (id bigint)",
        "GRANT USAGE ON SCHEMA elsewhere TO ff_web",
        "GRANT SELECT ON elsewhere.access_staff TO ff_web",
        undo="DROP SCHEMA elsewhere CASCADE",
    ):
        assert isolation.problems(connection) == ["access_staff: neither under policy nor on the allow-list"]


def test_a_view_is_found() -> None:
    """A view shows what its owner may see."""
    with made(
        "CREATE VIEW short_cut AS SELECT * FROM families_family",
        "GRANT SELECT ON short_cut TO ff_web",
        undo="DROP VIEW short_cut",
    ):
        assert isolation.problems(connection) == [
            "short_cut: only plain tables may be within reach of the application"
        ]


def test_a_key_without_the_municipality_is_found() -> None:
    with made(
        "CREATE TABLE newcomer (id bigint PRIMARY KEY, municipality_id integer, number integer, family_id bigint)",
        "ALTER TABLE newcomer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "ALTER TABLE newcomer ADD CONSTRAINT newcomer_number UNIQUE (number)",
        "ALTER TABLE newcomer ADD CONSTRAINT newcomer_family FOREIGN KEY (family_id) REFERENCES families_family (id)",
        undo="DROP TABLE newcomer",
    ):
        assert isolation.problems(connection) == [
            "newcomer: the key newcomer_family leaves the municipality out",
            "newcomer: the key newcomer_number leaves the municipality out",
        ]


def _municipal() -> list[type[MunicipalityModel]]:
    return [m for m in apps.get_models() if issubclass(m, MunicipalityModel) and m._meta.managed]


def test_every_municipal_table_stands_under_its_policy_its_keys_and_the_trail(superuser: Superuser) -> None:
    assert len(_municipal()) > 25
    for model in _municipal():
        table = model._meta.db_table
        guarded = superuser.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table]
        ).fetchone()
        assert guarded == (True,), table
        policies = superuser.execute(
            "SELECT permissive, qual = with_check, qual LIKE '%%municipality_id = ( SELECT sec.municipality()%%' "
            "FROM pg_policies WHERE tablename = %s AND policyname NOT IN ('evaluation_read', 'by_code', 'held_by_release')",
            [table],
        ).fetchall()
        assert policies == [("PERMISSIVE", True, True)], table
        unique = superuser.execute(
            "SELECT count(*) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u' "
            "AND pg_get_constraintdef(oid) = 'UNIQUE (municipality_id, id)'",
            [table],
        ).fetchone()
        assert unique == (1,), table
        triggers = superuser.execute(
            "SELECT tgname, tgenabled::text, tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
            "ORDER BY tgname",
            [table],
        ).fetchall()
        # 23: before each inserted or changed row. 29: after each inserted, changed or deleted row.
        wanted = [*REFUSING.get(table, ())]
        wanted += [(trigger, "O", 23) for trigger in isolation.four_eyes_of(model)]
        wanted += [("trail", "O", 29)] if model.trailed else []
        assert triggers == sorted(wanted), table


def test_every_table_of_releases_stands_under_its_policies_its_triggers_and_the_trail(
    superuser: Superuser,
) -> None:
    from evaluation.models import EvaluationModel

    tables = {m._meta.db_table for m in apps.get_models() if issubclass(m, EvaluationModel)}
    assert len(tables) >= 8
    for table in tables:
        triggers = superuser.execute(
            "SELECT tgname, tgenabled::text, tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
            "ORDER BY tgname",
            [table],
        ).fetchall()
        assert triggers == sorted([*REFUSING.get(table, ()), ("trail", "O", 29)]), table
        policies = superuser.execute(
            "SELECT policyname, permissive FROM pg_policies WHERE tablename = %s ORDER BY 1", [table]
        ).fetchall()
        narrower = [("web_reads_what_is_available", "RESTRICTIVE")]
        assert policies == [("isolation", "PERMISSIVE")] + narrower * (table == "evaluation_releasefile")


def test_what_the_registry_keeps_is_the_worker_s_alone(superuser: Superuser) -> None:
    def columns(role: str, privilege: str) -> set[str]:
        found = superuser.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'evaluation_releaserecord'::regclass AND attnum > 0 "
            "AND NOT attisdropped AND has_column_privilege(%s, attrelid, attnum, %s)",
            [role, privilege],
        )
        return {name for (name,) in found}

    every = columns("ff_worker", "SELECT")
    assert columns("ff_web", "SELECT") == every - {"kept", "recipe"} != every
    assert columns("ff_web", "INSERT, UPDATE, REFERENCES") == set()


def test_whatever_is_decided_by_another_is_not_decided_by_their_deputy(superuser: Superuser) -> None:
    """A table whose constraint keeps two people apart has the trigger that keeps their deputy away too."""
    apart = superuser.execute(
        r"""
        SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND pg_get_constraintdef(oid) ~
               '\m(\w+_by|coordinator)_id (<>|=) (\w+_by|staff)_id\M|owner_id (<>|=) excluded_id'
         ORDER BY 2
        """
    ).fetchall()
    assert {name for _table, name in apart} >= {
        "decision_approver_is_not_requester", "exit_decision_approver_is_not_requester",
        "authority_word_approver_is_not_requester", "exit_exception_not_by_the_one_who_asked",
        "task_not_done_by_the_excluded", "adaptation_decided_by_another", "concern_second_assessor_is_another",
        "certificate_put_on_file_by_another", "conference_decision_by_another", "release_reviewer_is_not_requester",
        "release_approver_is_not_requester", "release_approver_is_not_reviewer",
    }  # fmt: skip
    guarded = {
        table
        for (table,) in superuser.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'not_by_deputy_of_who_asked'"
        )
    }
    assert {table for table, _name in apart} == guarded


def test_only_reasoned_tables_are_without_the_trail() -> None:
    assert {m._meta.db_table for m in _municipal() if not m.trailed} <= {"journal_draft", "costs_weekdraft"}


def test_no_foreign_key_between_municipal_tables_leaves_the_municipality_out(superuser: Superuser) -> None:
    keys = superuser.execute(
        """
        SELECT k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
         WHERE k.contype = 'f'
           AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = k.conrelid AND attname = 'municipality_id')
           AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = k.confrelid AND attname = 'municipality_id')
        """
    ).fetchall()
    assert len(keys) > 40
    wrong = [key for key in keys if "(municipality_id, " not in key[2] or ") REFERENCES" not in key[2]]
    assert wrong == []


def test_the_functions_with_the_owner_s_rights_are_these_few(superuser: Superuser) -> None:
    """Each runs past row security; whoever adds one says here who may call it."""
    found = superuser.execute(
        """
        SELECT p.oid::regprocedure::text, array_remove(array_agg(r.role ORDER BY r.role), NULL)
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          LEFT JOIN unnest(ARRAY['ff_web', 'ff_worker', 'ff_evaluation']) r(role)
            ON has_function_privilege(r.role, p.oid, 'EXECUTE')
         WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') GROUP BY p.oid
        """
    ).fetchall()
    application = ["ff_web", "ff_worker"]
    assert dict(found) == {
        "sec.context()": application,
        "sec.municipality()": application,
        "sec.purpose()": application,
        "sec.record_reads(bigint[],text,text)": application,
        "sec.defer_job(text,jsonb,timestamp with time zone)": application,
        "sec.project()": ["ff_evaluation"],
        "sec.project_key_create(uuid,bytea)": application,
        "sec.project_key_destroy(uuid)": ["ff_worker"],
        "sec.hmac(text,bytea)": [],
        "sec.record_write()": [],
        "sec.refuse_release_without_yes()": [],
        "sec.check_answering()": [],
        "sec.try_code(text,text)": ["ff_web"],
        "sec.self_report(text)": ["ff_web"],
        "sec.keep_self_report(text,jsonb)": ["ff_web"],
        "sec.give_self_report(text,jsonb,date)": ["ff_web"],
        "sec.forget_missed_codes()": ["ff_worker"],
    }
    # Beside the municipality's, one policy more stands on one table, and for the owner of these functions alone.
    assert superuser.execute(
        "SELECT tablename, roles::text, qual = with_check FROM pg_policies WHERE policyname = 'by_code'"
    ).fetchall() == [("flow_measuring_selfreport", "{ff_owner}", True)]


def test_the_log_ins_may_make_nothing_and_become_nobody(superuser: Superuser) -> None:
    for role in ("ff_web", "ff_worker", "ff_evaluation"):
        power = superuser.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication, "
            "has_database_privilege(rolname, current_database(), 'CREATE, TEMPORARY'), "
            "EXISTS (SELECT FROM pg_namespace WHERE has_schema_privilege(rolname, oid, 'CREATE')), "
            "EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid), "
            "EXISTS (SELECT FROM pg_class WHERE relowner = r.oid), "
            "has_function_privilege(rolname, 'pg_catalog.pg_stat_get_activity(integer)', 'EXECUTE') "
            "FROM pg_roles r WHERE rolname = %s",
            [role],
        ).fetchone()
        assert power == (False,) * 6, role


def test_the_web_deletes_nothing_but_log_ins(superuser: Superuser) -> None:
    """And the worker, besides its queue, those, the answers that may be sent again, and releases' files that had their time."""

    def deletable(role: str) -> set[str]:
        return {
            name
            for (name,) in superuser.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
                "AND has_table_privilege(%s, oid, 'DELETE, TRUNCATE')",
                [role],
            )
            if not name.startswith("procrastinate_")
        }

    assert deletable("ff_web") == {"django_session"}
    assert deletable("ff_worker") == {
        "django_session", "access_submission", "evaluation_releasefile", "evaluation_releaselink",
    }  # fmt: skip


def test_preparing_again_changes_nothing_that_guards(superuser: Superuser) -> None:
    def guards() -> Any:
        return superuser.execute(
            """
            SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
                   (SELECT array_agg(given::text ORDER BY given::text) FROM unnest(c.relacl) given),
                   (SELECT array_agg(a.attname || given::text ORDER BY a.attname || given::text)
                      FROM pg_attribute a, unnest(a.attacl) given WHERE a.attrelid = c.oid),
                   (SELECT array_agg(p.qual ORDER BY p.policyname) FROM pg_policies p WHERE p.tablename = c.relname),
                   (SELECT array_agg(pg_get_constraintdef(k.oid) ORDER BY k.conname)
                      FROM pg_constraint k WHERE k.conrelid = c.oid)
              FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
            """
        ).fetchall()

    before = guards()
    isolation.isolate(connections["owner"])
    assert guards() == before
    assert isolation.problems(connection) == []
