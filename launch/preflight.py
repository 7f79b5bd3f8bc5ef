"""Whether a database may be used, asked at every start of the demo before anything is written into it.

Run inside `.venv` (it needs psycopg): `python -m launch.preflight`, with the four URLs in the environment.
Prints the reasons against it, one a line, and ends with status 1 when there are any. The application asks the
questions about the web role again at every start (`placement.access.startup`).
"""

from __future__ import annotations

import os
import sys

from launch.postgres import LOGINS, URL_NAMES
from launch.words import speak_plainly

OLDEST = 150000
REMEDY = "let a database administrator run launch/bootstrap.sql in this database once"

_ROLES = "SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = ANY(%s)"
_SELF = """
    SELECT current_user, rolsuper, rolbypassrls, rolcreaterole,
           (SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_catalog.pg_database
            WHERE datname = current_database()),
           EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.relowner = r.oid AND n.nspname NOT LIKE 'pg\\_%'),
           pg_catalog.current_setting('server_version_num')::int,
           pg_catalog.current_setting('server_version'),
           current_database(),
           pg_catalog.has_function_privilege('pg_catalog.pg_stat_get_activity(integer)', 'EXECUTE')
    FROM pg_catalog.pg_roles r WHERE rolname = current_user
"""
# Who may enter and make temporary tables: bootstrap.sql takes both from everybody (grantee 0), and a look at the
# statements of other sessions.
_OPEN = """
    SELECT count(*) FROM pg_catalog.pg_database d,
           pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
    WHERE d.datname = current_database() AND a.grantee = 0
"""


def reasons() -> list[str]:
    """Why the logins in the environment will not do; empty when they will."""
    import psycopg

    found: list[str] = []
    databases = set()
    for key, variable in URL_NAMES.items():
        if variable not in os.environ:
            continue  # `launch.settings` says what is missing
        try:
            with psycopg.connect(os.environ[variable], connect_timeout=10) as connection:
                row = connection.execute(_SELF).fetchone()
                if row is None:
                    found.append(f"{variable}: the server does not say who we are")
                    continue
                name, superuser, bypasses, creates, owner, owns, version, shown, database, looks = row
                databases.add(database)
                if version < OLDEST:
                    return [
                        f"{variable}: the server is PostgreSQL {shown}, and Familieforløb needs 15 or newer"
                    ]
                roles = [*LOGINS.values(), "ff_evaluation_owner"]
                counted = connection.execute(_ROLES, [roles]).fetchone()
                if counted is None or counted[0] < len(roles):
                    return [f"{variable}: launch/bootstrap.sql was not run: {REMEDY}"]
                if name != LOGINS[key]:
                    found.append(f"{variable} logs in as {name}, and should as {LOGINS[key]}")
                if superuser:
                    found.append(f"{variable}: the role {name} is a superuser")
                if bypasses:
                    found.append(f"{variable}: the role {name} may bypass row security (BYPASSRLS)")
                if creates:
                    found.append(f"{variable}: the role {name} may create roles")
                if key != "owner" and (owner == name or owns):
                    found.append(f"{variable}: the role {name} owns the database or tables in it")
                if key == "owner":
                    opened = connection.execute(_OPEN).fetchone()
                    if owner != name or opened is None or opened[0] or looks:
                        found.append(f"{variable}: launch/bootstrap.sql was not run in {database}: {REMEDY}")
        except psycopg.OperationalError as error:
            found.append(f"{variable}: {str(error).strip().splitlines()[-1]}")
    if len(databases) > 1:
        found.append(f"the four URLs lead to different databases: {', '.join(sorted(databases))}")
    return found


if __name__ == "__main__":
    speak_plainly()
    against = reasons()
    for reason in against:
        print(f"- {reason}.")
    sys.exit(1 if against else 0)
