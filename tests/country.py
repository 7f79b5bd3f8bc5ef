"""Thousands of families in ten and more municipalities, written into the tables in bulk, with the staff who answer for them.

What stands in the frames of `tests.populations` is what the evaluation's view must find again in the tables. The rows are
written by a superuser with keys and triggers silent, as the measurements of `bench` are: they pass by services and trail,
and are for what needs very many families. `taken_away` leaves the database as it was; the rest is swept like any other's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import polars as pl
import psycopg

from evaluation.disclosure.recipe import TRAITS
from placement.access.actor import Actor

Looking = psycopg.Connection[Any]

#: Ten municipalities over all five regions; three of them are the cast's own.
TEN = (101, 217, 253, 259, 461, 561, 730, 751, 787, 851)
#: Everybody written here is called so, to be found and taken away again.
MARK = "land"
#: The membership's first day: the cast's own begin on another, so that these are swept with the rest.
SINCE = date(2024, 1, 2)
_ROLES = ("caseworker", "authoritylead")
#: The days from the start to what happens to a family, beside those that the frame says.
BORN_BEFORE, DUE_AFTER, STAY_DAYS = 30, 90, 150

_TABLES = ("families_family", "families_person", "kernel_process")
_FAMILY = (
    "id", "uuid", "municipality_id", "number", "room", "phase", "source", "enquiry_text", "enquired_at", "registered_by_id",
    "unit_id", "traits", "assessment", "started_on", "moved_in_on", "moved_out_on", "closed_on", "outcome",
    "family_view_of_outcome", "receives_other_support", "home_before", "home_language",
)  # fmt: skip
_PERSON = (
    "uuid", "municipality_id", "family_id", "kind", "name", "birth_state", "due_on", "born_on", "custody_holder",
    "education", "employment",
)  # fmt: skip
#: As many processes as a family has on its way, so that finding the one that says its model version costs what it costs.
_FLOWS = ("journey", "team", "mentalisation", "progression", "network", "exit")
_PROCESSES = """
INSERT INTO kernel_process (uuid, municipality_id, family_id, model_version_id, flow_class, status, created, data)
SELECT gen_random_uuid(), f.municipality_id, f.id, (SELECT min(id) FROM model_versions_modelversion),
       'flow_' || flow || '/flow.' || initcap(flow) || 'Flow', 'NEW', f.enquired_at, '{}'
  FROM families_family f CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS begun(flow, place)
 WHERE f.id = ANY (%s) ORDER BY f.id, place
"""


def staff(looking: Looking, codes: Iterable[int]) -> None:
    """In each municipality that has no cast: a unit, a caseworker and an authority lead."""
    looking.execute("SET session_replication_role = replica")
    for code in codes:
        unit = _one(
            looking,
            "INSERT INTO access_unit (uuid, municipality_id, name) VALUES (gen_random_uuid(), %s, %s) RETURNING id",
            [code, MARK],
        )
        for role in _ROLES:
            name = f"{MARK}.{code}.{role}"
            person = _one(
                looking,
                "INSERT INTO access_staff (uuid, username, first_name, last_name, password, email, is_superuser, is_staff, "
                "is_active, date_joined, is_demo) VALUES (gen_random_uuid(), %s, %s, %s, '!', '', false, false, true, "
                "now(), true) RETURNING id",
                [name, role.capitalize(), f"i {code}"],
            )
            looking.execute(
                "INSERT INTO access_staffmembership (staff_id, municipality_id, role, unit_id, profession, starts) "
                "VALUES (%s, %s, %s, %s, 'socialrådgiver', %s)",
                [person, code, role, unit, SINCE],
            )
    looking.execute("SET session_replication_role = origin")


def lead(code: int) -> Actor:
    """The municipality's authority lead, of the cast or of those written here."""
    from demo.people import SLUGS
    from placement.access.actor import actor_for
    from placement.access.models import Staff

    name = f"{SLUGS[code]}.authoritylead" if code in SLUGS else f"{MARK}.{code}.authoritylead"
    actor = actor_for(Staff.objects.get(username=name), code)
    assert actor is not None
    return actor


@contextmanager
def taken_away(looking: Looking) -> Iterator[None]:
    """The staff and units of `staff` are gone when the block ends: their tables are not swept."""
    yield
    looking.execute("SET session_replication_role = replica")
    mine = "(SELECT id FROM access_staff WHERE username LIKE %s)"
    for table, column in (("access_stafftoken", "staff_id"), ("access_staffmembership", "staff_id")):
        looking.execute(f"DELETE FROM {table} WHERE {column} IN {mine}", [f"{MARK}.%"])
    looking.execute("DELETE FROM access_staff WHERE username LIKE %s", [f"{MARK}.%"])
    looking.execute("DELETE FROM access_unit WHERE name = %s", [MARK])
    looking.execute("SET session_replication_role = origin")


def write(looking: Looking, frame: pl.DataFrame) -> None:
    """The families of a frame of `tests.populations`: people and processes, as the view derives the frame's row."""
    places = {
        code: (unit, person)
        for code, unit, person in looking.execute(
            "SELECT m.municipality_id, min(u.id), min(m.staff_id) FROM access_staffmembership m "
            "JOIN access_unit u ON u.municipality_id = m.municipality_id WHERE m.role = 'caseworker' GROUP BY 1"
        )
    }
    number = "SELECT nextval(pg_get_serial_sequence('families_family', 'id')) FROM generate_series(1, %s)"
    ids = [key for (key,) in looking.execute(number, [frame.height])]
    rows = list(frame.iter_rows(named=True))
    looking.execute("SET session_replication_role = replica")
    _copy(looking, "families_family", _FAMILY, (
        _family(key, row, *places[row["municipality_code"]]) for key, row in zip(ids, rows, strict=True)
    ))  # fmt: skip
    _copy(looking, "families_person", _PERSON, (
        (_uuid(f"{row['family_id']}{place:02}"), row["municipality_code"], key, *person)
        for key, row in zip(ids, rows, strict=True)
        for place, person in enumerate(_people(row))
    ))  # fmt: skip
    looking.execute(_PROCESSES, [list(_FLOWS), ids])
    looking.execute("SET session_replication_role = origin")
    for table in _TABLES:
        looking.execute(f"ANALYZE {table}")


def _family(key: int, row: dict[str, Any], unit: int, caseworker: int) -> tuple[Any, ...]:
    started = row["started_on"]
    moved_in = started + timedelta(weeks=row["moved_in_week"])
    closed = moved_in + timedelta(days=STAY_DAYS) if row["outcome"] else None
    return (
        key, _uuid(row["family_id"]), row["municipality_code"], f"{MARK}-{key:07}", "",
        "closed" if closed else "moved_in", "casework", "", f"{started}T10:00:00+00:00", caseworker, unit,
        [trait.removeprefix("trait_") for trait in TRAITS if row[trait]], "", started, moved_in, closed, closed,
        row["outcome"] or "", "", row["receives_other_support"], row["home_before"], row["home_language"],
    )  # fmt: skip


def _people(row: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """kind, name, birth_state, due_on, born_on, custody_holder, education, employment."""
    started: date = row["started_on"]
    for number in (1, 2):
        age = row[f"age_parent_{number}"]
        if age is not None:
            # Some months past the birthday.
            born = date(started.year - age, started.month, min(started.day, 28)) - timedelta(days=100)
            work = (row["education_parent_1"], row["employment_parent_1"]) if number == 1 else ("", "")
            yield ("parent", "", "born", None, born, True, *work)
    if row["child_at_start"] == "born":
        yield ("child", "", "born", None, started - timedelta(days=BORN_BEFORE), False, "", "")
    else:
        yield ("child", "", "expected", started + timedelta(days=DUE_AFTER), None, False, "", "")
    for older in range(row["older_children"]):
        yield ("sibling", "", "born", None, started - timedelta(days=800 + 500 * older), False, "", "")


def _copy(looking: Looking, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        looking.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _uuid(digits: str) -> UUID:
    """The same id each time for the same family or person."""
    return UUID(digits.rjust(32, "0"))


def _one(looking: Looking, statement: str, values: list[Any]) -> Any:
    found = looking.execute(statement.encode(), values).fetchone()
    assert found is not None
    return found[0]
