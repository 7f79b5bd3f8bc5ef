"""Refusing to start where the guards would not hold, with the reason and what to do about it."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import DatabaseError, OperationalError

from placement.access import context

OLDEST_SERVER = 150000


def unsafe_reasons() -> list[str]:
    """Why this process must not serve on this database; empty when all is well."""
    try:
        return [*_server_and_login(), *_prepared()]
    except OperationalError as failure:
        return [f"Databasen svarer ikke: {str(failure).splitlines()[0]}"]


def _server_and_login() -> list[str]:
    reasons = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        (version,) = cursor.fetchone()
        if version < OLDEST_SERVER:
            reasons.append("PostgreSQL er ældre end 15. Opgrader serveren.")
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname IN "
            "('ff_owner', 'ff_web', 'ff_worker', 'ff_evaluation', 'ff_evaluation_owner')"
        )
        if cursor.fetchone()[0] < 5:
            reasons.append(
                "launch/bootstrap.sql er ikke kørt. Lad en databaseadministrator køre den én gang."
            )
        cursor.execute("SELECT has_function_privilege('pg_catalog.pg_stat_get_activity(integer)', 'EXECUTE')")
        if cursor.fetchone()[0]:
            reasons.append(
                "Web-rollen kan se, hvad andre spørger databasen om. "
                "Lad en databaseadministrator køre launch/bootstrap.sql igen."
            )
        cursor.execute("SELECT rolsuper, rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
        superuser, bypasses, name = cursor.fetchone()
        if superuser:
            reasons.append(f"Web-rollen {name} er superbruger. Brug en rolle uden særlige rettigheder.")
        if bypasses:
            reasons.append(f"Web-rollen {name} må omgå rækkesikkerhed (BYPASSRLS). Fjern det.")
        cursor.execute(
            "SELECT count(*) FROM pg_class c WHERE pg_get_userbyid(c.relowner) = current_user AND c.relkind IN ('r', 'p')"
        )
        owned = cursor.fetchone()[0]
        cursor.execute(
            "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
        )
        if owned or cursor.fetchone()[0]:
            reasons.append(
                f"Web-rollen {name} ejer databasen eller tabeller i den. Brug en rolle, der intet ejer."
            )
    return reasons


def _prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.access_staff') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return ["Databasen er ikke gjort klar. Kør `python3 manage.py prepare_database`."]
    from placement.access.models import Staff

    if not settings.DEMO_MODE and Staff.objects.filter(is_demo=True).exists():
        return ["Der er demopersoner i databasen, men demo er slået fra. Brug en tom database."]
    try:
        with context.access(None, None, context.SETUP):
            from django.db import transaction

            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT sec.purpose()")
    except DatabaseError:
        return ["Databasens nøgle passer ikke til nøglefilen. Kør `python3 manage.py prepare_database`."]
    return []


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured with every reason, when there is one."""
    reasons = unsafe_reasons()
    connection.close()
    if reasons:
        raise ImproperlyConfigured(" ".join(reasons))
