"""The sweep: tell, once and set by set, who must know that a deadline comes near or has passed.

Two kinds of being told: the reminder before (``warned``) to whoever the clock reminds, and the escalation after
(``escalated``) to the lead. A clock that has become due for both is escalated only. Where nobody of the wanted role
sees the family, the next in the order hears of it, so that nothing is late in silence. A step that was given to one
person is that person's to be reminded of; whoever may not do it, because they asked for it, is not reminded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from placement.access import jobs
from placement.access.actor import Actor, actors_in
from placement.access.roles import Role
from placement.clock import danish_day
from placement.families.models import Family

#: Clocks told about in one transaction: short enough that nobody who completes a task waits for its locks.
CHUNK = 1000

#: Who hears of it when the clock's own roles reach nobody: the authority holds the case from first to last.
LAST_RESORT = Role.AUTHORITY_LEAD

_TO_TELL = """
stopped_at IS NULL AND held_at IS NULL AND escalated_at IS NULL AND municipality_id = %(municipality)s
AND (due_at <= %(now)s OR (warned_at IS NULL AND warn_at <= %(now)s))
"""

_WANTED = f"SELECT DISTINCT reminds, escalates_to FROM kernel_clock WHERE {_TO_TELL}"

_TELL = """
WITH found AS MATERIALIZED (SELECT id FROM kernel_clock WHERE {to_tell}),
due AS MATERIALIZED (
    SELECT id, family_id, due_at <= %(now)s AS late,
           CASE WHEN due_at <= %(now)s THEN ARRAY[escalates_to, %(last)s, reminds]
                ELSE ARRAY[reminds, escalates_to, %(last)s] END AS roles, task.owner_id, task.excluded_id
      FROM kernel_clock LEFT JOIN LATERAL (
           SELECT owner_id, excluded_id FROM kernel_task WHERE uuid = about AND due_at > %(now)s) AS task ON true
     WHERE {to_tell} AND id IN (SELECT id FROM found WHERE id > %(after)s ORDER BY id LIMIT %(chunk)s)
       FOR NO KEY UPDATE OF kernel_clock SKIP LOCKED
),
reach (staff_id, role, family_id) AS MATERIALIZED ({reach}),
candidate AS (
    SELECT due.id, due.family_id, due.late, reach.staff_id,
           rank() OVER (PARTITION BY due.id ORDER BY reach.staff_id IS NOT DISTINCT FROM due.owner_id DESC,
                        array_position(due.roles, reach.role)) AS place
      FROM due JOIN reach ON reach.family_id = due.family_id AND reach.role = ANY (due.roles)
     WHERE reach.staff_id IS DISTINCT FROM due.excluded_id
),
told AS (
    INSERT INTO kernel_notice (uuid, municipality_id, family_id, clock_id, recipient_id, kind, told_at)
    SELECT gen_random_uuid(), %(municipality)s, family_id, id, staff_id,
           CASE WHEN late THEN 'escalated' ELSE 'warned' END, %(now)s
      FROM (SELECT DISTINCT id, family_id, late, staff_id FROM candidate WHERE place = 1) AS chosen
    RETURNING recipient_id
),
marked AS (
    UPDATE kernel_clock SET warned_at = CASE WHEN chosen.late THEN kernel_clock.warned_at ELSE %(now)s END,
                            escalated_at = CASE WHEN chosen.late THEN %(now)s END
      FROM (SELECT DISTINCT id, late FROM candidate) AS chosen
     WHERE kernel_clock.id = chosen.id
    RETURNING kernel_clock.id
)
SELECT (SELECT CASE WHEN count(*) = %(chunk)s THEN max(id) END
          FROM (SELECT id FROM found WHERE id > %(after)s ORDER BY id LIMIT %(chunk)s) AS here),
       (SELECT count(*) FROM due), (SELECT count(*) FROM marked),
       (SELECT coalesce(array_agg(DISTINCT recipient_id), '{{}}') FROM told)
"""


@dataclass(frozen=True)
class Swept:
    """What one sweep of a municipality did."""

    clocks: int = 0
    #: Clocks that became due and of which nobody can be told: no role of theirs sees the family.
    untold: int = 0
    people: frozenset[int] = frozenset()


def sweep(*, municipality_id: int, now: datetime, chunk: int = CHUNK) -> Swept:
    """Tell about every clock of the context's municipality that is due for it at ``now``, and mark it told.

    Begins outside any transaction and takes one for each ``chunk`` of clocks. Killed at any moment, the next sweep
    goes on where this one was; run twice, or by two workers at once, nobody is told twice. Whoever is told gets at
    most one e-mail, however much there is.
    """
    done = Swept()
    with transaction.atomic():
        roles = _roles_wanted(municipality_id, now)
        if not roles:
            return done
        people = actors_in(municipality_id, roles, danish_day(now))
    mail = {actor.staff_id for actor in people if actor.staff.email}
    after: int | None = 0
    while after is not None:
        with transaction.atomic():
            after, found, marked, told = _tell(
                municipality_id, people, roles, now=now, after=after, chunk=chunk
            )
            for staff_id in sorted(mail.intersection(told)):
                _ask_for_mail(staff_id)
            mail.difference_update(told)
        done = Swept(done.clocks + marked, done.untold + found - marked, done.people.union(told))
    return done


def _ask_for_mail(staff_id: int) -> None:
    from workflows.kernel.jobs import tell_by_mail

    jobs.defer(tell_by_mail, staff=staff_id)


def _roles_wanted(municipality_id: int, now: datetime) -> frozenset[Role]:
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, {"municipality": municipality_id, "now": now})
        named = {Role(role) for row in cursor.fetchall() for role in row}
    return frozenset(named | {LAST_RESORT}) if named else frozenset()


def _tell(
    municipality_id: int,
    people: Iterable[Actor],
    roles: frozenset[Role],
    *,
    now: datetime,
    after: int,
    chunk: int,
) -> tuple[int | None, int, int, list[int]]:
    reach, given = _reach(people, roles)
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "now": now,
        "last": LAST_RESORT.value,
        "after": after,
        "chunk": chunk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL.format(to_tell=_TO_TELL, reach=reach), {**values, **given})
        last, found, marked, told = cursor.fetchone()
    return last, found, marked, told


def _reach(people: Iterable[Actor], roles: frozenset[Role]) -> tuple[str, dict[str, Any]]:
    """Who sees which of the due clocks' families in which role, as one query made of `Family.objects.visible_to`.

    Those who reach the same families by the same rule (the leads of one unit) stand in one branch of it.
    """
    alike: dict[tuple[Role, str, str], tuple[tuple[Any, ...], list[int]]] = {}
    for actor in people:
        for role in sorted(roles & actor.roles):
            seen = Family.objects.visible_to(actor.narrowed([role])).order_by()
            due = seen.extra(where=["families_family.id IN (SELECT family_id FROM due)"]).values_list("pk")
            try:
                sql, params = due.query.sql_with_params()
            except EmptyResultSet:
                continue
            # By what they look like: a list of roles among them is nothing to look things up by.
            alike.setdefault((role, sql, repr(params)), (tuple(params), []))[1].append(actor.staff_id)
    if not alike:
        return "SELECT NULL::bigint, NULL::text, NULL::bigint WHERE false", {}
    given: dict[str, Any] = {}
    branches = []
    for number, ((role, sql, _alike), (params, staff)) in enumerate(alike.items()):
        names = [f"p{number}_{place}" for place in range(len(params))]
        given |= dict(zip(names, params, strict=True))
        given |= {f"staff{number}": staff, f"role{number}": role.value}
        branches.append(
            f"SELECT who, %(role{number})s::text, seen.id "
            f"FROM unnest(%(staff{number})s::bigint[]) AS who, ({_named(sql, names)}) AS seen (id)"
        )
    return " UNION ALL ".join(branches), given


def _named(sql: str, names: list[str]) -> str:
    """``sql`` with its nameless parameters named, so that it can stand in a larger query."""
    parts = sql.split("%s")
    if len(parts) != len(names) + 1:
        raise ValueError("the query of a scope has a percent sign of its own")
    return parts[0] + "".join(f"%({name})s{part}" for name, part in zip(names, parts[1:], strict=True))
