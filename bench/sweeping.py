"""The sweep of one municipality's deadlines against one statement written by hand for exactly that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, connections, transaction

from bench.timing import Comparison, Way, compare
from placement import clock
from placement.access import context
from workflows.kernel.clocks.sweep import sweep
from workflows.kernel.models import Clock, Notice

#: So many deadlines have passed since the sweep before: a busy morning after a holiday.
PASSED = 500


def compare_sweeps(municipality: int, *, rounds: int) -> Comparison:
    """Tell the leads of `PASSED` deadlines among all that are open. Raises RuntimeError when the two differ."""
    now = clock.now()
    with context.access(municipality, None, context.JOB):
        sweep(municipality_id=municipality, now=now)
    passed = _let_pass(municipality)

    def ready() -> None:
        with (
            context.access(municipality, None, context.SETUP),
            transaction.atomic(using="owner"),
            connections["owner"].cursor() as cursor,
        ):
            cursor.execute("DELETE FROM kernel_notice WHERE clock_id = ANY (%s)", [passed])
            cursor.execute("UPDATE kernel_clock SET escalated_at = NULL WHERE id = ANY (%s)", [passed])

    def ours(_: Any) -> None:
        with context.access(municipality, None, context.JOB):
            sweep(municipality_id=municipality, now=now)

    def by_hand(_: Any) -> None:
        values: dict[str, Any] = {"municipality": municipality, "now": now, "today": clock.danish_day(now)}
        with (
            context.access(municipality, None, context.JOB),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(_BY_HAND, values)

    def left_behind(way: Any) -> set[tuple[Any, ...]]:
        ready()
        way(None)
        with context.access(municipality, None, context.JOB), transaction.atomic():
            told = Notice.objects.filter(clock__in=passed, clock__escalated_at=now)
            return set(told.values_list("clock_id", "recipient_id", "kind"))

    if left_behind(ours) != left_behind(by_hand):
        raise RuntimeError("the two sweeps tell different people")
    return compare(
        "sweep of deadlines / hand-written SQL",
        Way(
            f"{len(passed)} passed deadlines among all that are open: told, marked, mail asked for",
            ours,
            ready,
        ),
        Way("the same notices and marks by one hand-written statement", by_hand, ready),
        rounds=rounds,
    )


def _let_pass(municipality: int) -> list[int]:
    """The first seeded clocks of the municipality, ended an hour ago."""
    ended = clock.now() - timedelta(hours=1)
    with context.access(municipality, None, context.SETUP), transaction.atomic(using="owner"):
        seeded = Clock.objects.using("owner").filter(source="Syntetisk").order_by("id")
        chosen = list(seeded.values_list("pk", flat=True)[:PASSED])
        Clock.objects.using("owner").filter(pk__in=chosen).update(due_at=ended, warn_at=None, warned_at=None)
    return chosen


_BY_HAND = """
WITH due AS MATERIALIZED (
    SELECT id, family_id, due_at <= %(now)s AS late FROM kernel_clock
     WHERE municipality_id = %(municipality)s AND stopped_at IS NULL AND held_at IS NULL AND escalated_at IS NULL
       AND (due_at <= %(now)s OR (warned_at IS NULL AND warn_at <= %(now)s))
       FOR NO KEY UPDATE
),
candidate AS (
    SELECT due.id, due.family_id, due.late, m.staff_id,
           rank() OVER (PARTITION BY due.id ORDER BY CASE
               WHEN due.late THEN CASE m.role WHEN 'teamlead' THEN 1 WHEN 'authoritylead' THEN 2 ELSE 3 END
               ELSE CASE m.role WHEN 'practitioner' THEN 1 WHEN 'teamlead' THEN 2 ELSE 3 END END) AS place
      FROM due JOIN families_family f ON f.id = due.family_id
      JOIN access_staffmembership m ON m.municipality_id = %(municipality)s AND m.starts <= %(today)s
           AND (m.ends IS NULL OR m.ends >= %(today)s)
           AND (m.role = 'teamlead' AND m.site_id = f.site_id OR m.role = 'authoritylead' AND m.unit_id = f.unit_id
                OR m.role = 'practitioner' AND EXISTS (
                   SELECT FROM families_familygrant g WHERE g.content_object_id = f.id AND g.user_id = m.staff_id
                      AND g.function = 'team' AND g.starts <= %(today)s AND (g.ends IS NULL OR g.ends >= %(today)s)))
),
told AS (
    INSERT INTO kernel_notice (uuid, municipality_id, family_id, clock_id, recipient_id, kind, told_at)
    SELECT gen_random_uuid(), %(municipality)s, family_id, id, staff_id,
           CASE WHEN late THEN 'escalated' ELSE 'warned' END, %(now)s
      FROM candidate WHERE place = 1
)
UPDATE kernel_clock SET warned_at = CASE WHEN due.late THEN warned_at ELSE %(now)s END,
                        escalated_at = CASE WHEN due.late THEN %(now)s END
  FROM due WHERE kernel_clock.id = due.id
"""
