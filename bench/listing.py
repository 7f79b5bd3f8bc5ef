"""The due list of one unit, as the page *Frister* shows it, against the same page in SQL written by hand."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import connection, transaction

from bench.timing import Comparison, Way, compare
from placement import clock
from placement.access.actor import Actor
from workflows.journey.deadlines import PER_PAGE
from workflows.kernel.clocks.selectors import running


def compare_lists(lead: Actor, *, rounds: int) -> Comparison:
    """The first page of everything that runs for an authority lead's unit. Raises RuntimeError when the two differ."""

    def ours(_: Any) -> list[tuple[Any, ...]]:
        with transaction.atomic():
            page = Paginator(running(lead), PER_PAGE).get_page(None)
            counted = page.paginator.count
            return [
                (one.pk, one.due_at, one.family.number, len(one.family.people.all()), counted)
                for one in page.object_list
            ]

    def by_hand(_: Any) -> list[tuple[Any, ...]]:
        values: dict[str, Any] = {
            "municipality": lead.municipality_id,
            "staff": lead.staff_id,
            "now": clock.now(),
            "today": clock.today(),
            "page": PER_PAGE,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COUNT, values)
            (counted,) = cursor.fetchone()
            cursor.execute(_PAGE, values)
            rows = cursor.fetchall()
            cursor.execute(_PEOPLE, {"families": [row[2] for row in rows]})
            people: dict[int, int] = {}
            for family, *_person in cursor.fetchall():
                people[family] = people.get(family, 0) + 1
            return [(row[0], row[1], row[3], people.get(row[2], 0), counted) for row in rows]

    with lead.acting():
        if ours(None) != by_hand(None):
            raise RuntimeError("the two lists differ")
        return compare(
            "due list of a unit / hand-written SQL",
            Way(f"the first {PER_PAGE} deadlines of an authority lead's unit, and how many there are", ours),
            Way("the same page and number by hand-written SQL on the same connection", by_hand),
            rounds=rounds,
        )


_SEEN = """
  FROM kernel_clock c JOIN families_family f ON f.id = c.family_id
 WHERE c.municipality_id = %(municipality)s AND c.stopped_at IS NULL
   AND (c.opens_at IS NULL OR c.opens_at <= %(now)s)
   AND f.municipality_id = %(municipality)s
   AND f.unit_id = ANY (ARRAY(SELECT unit_id FROM access_staffmembership WHERE staff_id = %(staff)s
                        AND municipality_id = %(municipality)s AND role = 'authoritylead'
                        AND starts <= %(today)s AND (ends IS NULL OR ends >= %(today)s)))
"""
_COUNT = f"SELECT count(*) {_SEEN}"
# The words are looked up for the forty that are shown, and not for all that run.
_PAGE = f"""
WITH shown AS MATERIALIZED (
    SELECT c.id, c.due_at, c.family_id, f.number, c.title, c.source, c.begun_at, c.held_at, c.warned_at,
           c.escalated_at, c.reminds, c.day_reason
     {_SEEN} ORDER BY c.held_at ASC NULLS FIRST, c.due_at, c.id LIMIT %(page)s
)
SELECT shown.*, (SELECT due_before FROM kernel_clockchange WHERE clock_id = shown.id ORDER BY id DESC LIMIT 1),
       (SELECT reason FROM kernel_clockchange WHERE clock_id = shown.id ORDER BY id DESC LIMIT 1),
       (SELECT text FROM kernel_latereason WHERE clock_id = shown.id)
  FROM shown ORDER BY held_at ASC NULLS FIRST, due_at, id
"""
_PEOPLE = (
    "SELECT family_id, id, kind, name FROM families_person WHERE family_id = ANY (%(families)s) ORDER BY id"
)
