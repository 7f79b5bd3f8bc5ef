"""A large invented country: families with nothing but their open tasks and the clocks of these, written in bulk.

The rows are written with the owner's log-in. They are marked (their numbers begin with S, their text says so) and are
nobody's work, so they pass by services and trail: they are for measuring. A demonstration tells its families through
the real services.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db import connections, transaction
from viewflow.workflow.fields import get_flow_ref, get_task_ref

from demo.people import SLUGS
from placement import clock
from placement.access import context
from placement.access.models import Site, Staff, Unit
from workflows.exit.flow import ExitFlow
from workflows.kernel.models import Task
from workflows.mentalisation.flow import MentalisationFlow
from workflows.network.flow import NetworkFlow
from workflows.progression.flow import ProgressionFlow
from workflows.team.flow import TeamFlow

#: What stands open in each seeded family: one human step in each core element.
OPEN = (
    TeamFlow.hold_meeting,
    MentalisationFlow.hold_session,
    ProgressionFlow.follow_up,
    NetworkFlow.hold_meeting,
    ExitFlow.plan_exit,
)
#: So many of a municipality's seeded families have the cast's practitioner on their team and live at its site.
OF_THE_PRACTITIONER = 20

_TRAILED = ("families_family", "families_familygrant", "kernel_process", "kernel_task", "kernel_clock")

_FAMILIES = """
INSERT INTO families_family (uuid, municipality_id, number, room, phase, source, enquiry_text, enquired_at, traits,
    assessment, outcome, family_view_of_outcome, home_before, home_language, registered_by_id, unit_id, site_id,
    started_on, moved_in_on)
SELECT gen_random_uuid(), %(municipality)s, 'S' || lpad(n::text, 7, '0'), '', 'moved_in', 'casework',
       'Syntetisk familie til målinger', %(now)s, '{}', '', '', '', '', '', %(caseworker)s, %(unit)s,
       CASE WHEN n <= %(few)s THEN %(site)s END, %(today)s - 90, %(today)s - 80
  FROM generate_series(1, %(families)s) AS n
"""
_GRANTS = """
INSERT INTO families_familygrant (uuid, municipality_id, content_object_id, user_id, permission_id, function,
    profession, starts, granted_by_id)
SELECT gen_random_uuid(), f.municipality_id, f.id, g.user_id, %(permission)s, g.function, '', %(today)s - 90,
       %(teamlead)s
  FROM families_family f CROSS JOIN LATERAL (VALUES
       (%(caseworker)s, 'caseworker'),
       (CASE WHEN f.site_id IS NULL THEN %(teamlead)s ELSE %(practitioner)s END, 'team')) AS g(user_id, function)
 WHERE f.municipality_id = %(municipality)s AND f.number LIKE 'S%%'
"""
_PROCESSES = """
INSERT INTO kernel_process (uuid, municipality_id, family_id, model_version_id, flow_class, status, created, data)
SELECT gen_random_uuid(), f.municipality_id, f.id, (SELECT max(id) FROM model_versions_modelversion), %(flow)s, 'NEW',
       %(now)s, '{}'
  FROM families_family f WHERE f.municipality_id = %(municipality)s AND f.number LIKE 'S%%'
"""
_TASKS = """
INSERT INTO kernel_task (uuid, process_id, municipality_id, family_id, flow_task, flow_task_type, status, token,
    owner_permission, element, role, due, created, data)
SELECT gen_random_uuid(), p.id, p.municipality_id, p.family_id, %(node)s, 'HUMAN', 'NEW', 'start',
       %(permission_of_step)s, %(element)s, 'practitioner', %(today)s + (p.family_id %% 90)::int - 10, %(now)s, '{}'
  FROM kernel_process p JOIN families_family f ON f.id = p.family_id
 WHERE p.municipality_id = %(municipality)s AND f.number LIKE 'S%%' AND p.flow_class = %(flow)s
"""
# As after a sweep: who had to be told by now, was.
_CLOCKS = """
INSERT INTO kernel_clock (uuid, municipality_id, family_id, model_version_id, rule, title, source, trigger, stopped_by,
    about, begun_at, warn_at, due_at, reminds, escalates_to, runs_while_paused, ends_with_journey, day_reason, warned_at,
    escalated_at, stop_reason)
SELECT gen_random_uuid(), t.municipality_id, t.family_id, p.model_version_id, t.owner_permission, %(title)s,
       'Syntetisk', 'task', 'task', t.uuid, %(now)s - interval '90 days', ends.at - interval '2 days', ends.at,
       t.role, 'teamlead', false, false, '',
       CASE WHEN ends.at - interval '2 days' <= %(now)s AND ends.at > %(now)s THEN %(now)s END,
       CASE WHEN ends.at <= %(now)s THEN %(now)s END, ''
  FROM kernel_task t JOIN kernel_process p ON p.id = t.process_id JOIN families_family f ON f.id = t.family_id
       CROSS JOIN LATERAL (SELECT (t.due + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen' AS at) AS ends
 WHERE t.municipality_id = %(municipality)s AND f.number LIKE 'S%%' AND t.flow_task = %(node)s
"""


def seed(*, tasks: int, using: str) -> int:
    """Write about ``tasks`` open tasks, evenly over the three municipalities, as ``using`` (the owner's alias).

    Returns how many there are now. All of a municipality in one transaction; its trail is silent meanwhile.
    """
    families = max(1, tasks // (len(SLUGS) * len(OPEN)))
    for municipality, slug in SLUGS.items():
        with context.access(municipality, None, context.SETUP), transaction.atomic(using=using):
            _municipality(municipality, slug, families, using)
    with connections[using].cursor() as cursor:
        for table in _TRAILED:
            cursor.execute(f"ANALYZE {table}")
    return families * len(OPEN) * len(SLUGS)


def _municipality(municipality: int, slug: str, families: int, using: str) -> None:
    staff = dict(
        Staff.objects.using(using).filter(username__startswith=f"{slug}.").values_list("username", "pk")
    )
    values: dict[str, Any] = {
        "municipality": municipality,
        "families": families,
        "few": OF_THE_PRACTITIONER,
        "now": clock.now(),
        "today": clock.today(),
        "unit": Unit.objects.using(using).values_list("pk", flat=True).get(municipality_id=municipality),
        "site": Site.objects.using(using).values_list("pk", flat=True).get(municipality_id=municipality),
        "permission": Permission.objects.using(using)
        .values_list("pk", flat=True)
        .get(content_type__app_label="families", codename="view_family"),
        **{part: staff[f"{slug}.{part}"] for part in ("caseworker", "practitioner", "teamlead")},
    }
    with connections[using].cursor() as cursor:
        for table in _TRAILED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER trail")
        cursor.execute(_FAMILIES, values)
        cursor.execute(_GRANTS, values)
        for node in OPEN:
            step = {
                "flow": get_flow_ref(node.flow_class),
                "node": get_task_ref(node),
                "permission_of_step": node.action.value,
                "element": node.flow_class.element.value,
                "title": str(node.task_title),
            }
            for rows in (_PROCESSES, _TASKS, _CLOCKS):
                cursor.execute(rows, values | step)
        # What waits to be checked at the end is checked now: a table cannot be changed before it is.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _TRAILED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER trail")


_MORE_CLOCKS = """
INSERT INTO kernel_clock (uuid, municipality_id, family_id, model_version_id, rule, title, source, trigger, stopped_by,
    about, begun_at, warn_at, due_at, reminds, escalates_to, runs_while_paused, ends_with_journey, day_reason, warned_at,
    escalated_at, stop_reason)
SELECT gen_random_uuid(), municipality_id, family_id, model_version_id, rule, title, source, trigger, stopped_by,
       gen_random_uuid(), begun_at, warn_at, due_at, reminds, escalates_to, runs_while_paused, ends_with_journey,
       day_reason, warned_at, escalated_at, ''
  FROM (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS seeded FROM kernel_clock
         WHERE source = 'Syntetisk') AS clock CROSS JOIN LATERAL generate_series(
       1, (%(missing)s / seeded + CASE WHEN place <= %(missing)s %% seeded THEN 1 ELSE 0 END)::int) AS again
"""


def seed_clocks(superuser: Any, *, clocks: int) -> int:
    """Bring the open clocks to ``clocks`` by writing the seeded ones again, each about another record.

    By a superuser, for neither key nor trail is looked at: a million rows are there in a minute. Returns how many
    there are now.
    """
    superuser.execute("SET session_replication_role = replica")
    counted = superuser.execute("SELECT count(*) FROM kernel_clock WHERE stopped_at IS NULL").fetchone()
    standing = int(counted[0])
    if clocks > standing:
        superuser.execute(_MORE_CLOCKS, {"missing": clocks - standing})
        superuser.execute("ANALYZE kernel_clock")
    superuser.execute("SET session_replication_role = origin")
    return max(clocks, int(standing))


def open_tasks(using: str) -> int:
    """How many open tasks there are in all municipalities together."""
    total = 0
    for municipality in SLUGS:
        with context.access(municipality, None, context.SETUP), transaction.atomic(using=using):
            total += Task.objects.using(using).open().count()
    return total
