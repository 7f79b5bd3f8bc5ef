"""Row-level security for every table the application can touch, derived from the models.

`isolate` runs as the owner after each migration. A table gets its grants only together with its policy, so a
table that nobody thought of is not readable at all; `problems` searches the whole catalogue and is a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from placement.access.models import MunicipalityModel
from placement.access.policies import IN_MUNICIPALITY, FourEyes

SECURITY_SQL = Path(__file__).with_name("sql") / "security.sql"

APPLICATION_ROLES = ("ff_web", "ff_worker")

#: The trigger that stands where a model says `four_eyes`.
NOT_BY_DEPUTY = "not_by_deputy_of_who_asked"


@dataclass(frozen=True)
class Open:
    """A table without row security: what the roles may do with it, and why that is right."""

    web: str
    worker: str
    reason: str


ALLOW_LIST: dict[str, Open] = {
    "access_municipality": Open("SELECT", "SELECT", "official list of municipalities; public reference data"),
    "access_staff": Open(
        "SELECT, UPDATE (last_login)",
        "SELECT",
        "log-in happens before a municipality is chosen; colleagues' names",
    ),
    "access_staffmembership": Open("SELECT", "SELECT", "decides which municipality may be chosen at log-in"),
    "access_stafftoken": Open("SELECT", "SELECT", "read by digest before the municipality is known"),
    "django_session": Open(
        "SELECT, INSERT, UPDATE, DELETE", "SELECT, DELETE", "log-in sessions: ids only, no case content"
    ),
    "django_content_type": Open("SELECT", "SELECT", "names of models"),
    "auth_permission": Open("SELECT", "SELECT", "names of permissions"),
    "django_migrations": Open("SELECT", "SELECT", "which migrations have run"),
    "model_versions_modelversion": Open(
        "SELECT", "SELECT", "the model itself: reference data without families"
    ),
    "procrastinate_jobs": Open(
        "", "ALL", "ids only; the web role adds through sec.defer_job and cannot read"
    ),
    "procrastinate_events": Open("", "ALL", "states of jobs; worker only"),
    "procrastinate_periodic_defers": Open("", "ALL", "times of periodic jobs; worker only"),
    "procrastinate_workers": Open("", "ALL", "heartbeats of workers; worker only"),
}


def isolated_models() -> Iterator[type[models.Model]]:
    """Every concrete model whose rows belong to a municipality or to a release."""
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        if issubclass(model, MunicipalityModel) or hasattr(model, "row_policy"):
            yield model


def isolate(connection: BaseDatabaseWrapper) -> None:
    """Put every table under policy, composite key and trail, then grant. Repeatable; owner's connection."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(SECURITY_SQL.read_text())
        cursor.execute("GRANT USAGE ON SCHEMA public TO ff_web, ff_worker, ff_evaluation_owner")
        existing = set(connection.introspection.table_names(cursor))
        for statement in _statements(existing):
            cursor.execute(statement)
        for model in isolated_models():
            doors = getattr(model, "doors", None)
            if doors is not None and model._meta.db_table in existing:
                cursor.execute(doors.read_text())


def _statements(existing: set[str]) -> Iterator[str]:
    everything = [m for m in isolated_models() if m._meta.db_table in existing]
    for table in sorted(existing):
        yield f"REVOKE ALL ON {_quoted(table)} FROM PUBLIC, {', '.join(APPLICATION_ROLES)}"
    for model in everything:
        # Until its policy comes again below, in this transaction: a new key is checked against all rows.
        yield f"ALTER TABLE {_quoted(model._meta.db_table)} NO FORCE ROW LEVEL SECURITY"
    for model in everything:
        if _field(model, "municipality") is not None:
            yield _add_once(model, "same_municipality_key", "UNIQUE (municipality_id, id)")
    for model in apps.get_models():
        if model._meta.db_table in existing:
            yield from _composite_keys(model)
    for model in everything:
        yield from _unique_per_municipality(model)
    for model in everything:
        yield from _policy(model._meta.db_table, getattr(model, "row_policy", IN_MUNICIPALITY))
        if getattr(model, "trailed", True):
            yield from _trail(model)
        yield from _four_eyes(model)
        yield from _grant(model, getattr(model, "privileges", "SELECT, INSERT, UPDATE"))
        yield from _keep_from_web(model)
        yield from _narrow_web_updates(model)
        for field in model._meta.local_many_to_many:
            yield from _link_table(model, field)
    yield from _trail_tables()
    for table, opened in ALLOW_LIST.items():
        if table in existing:
            if opened.web:
                yield f"GRANT {opened.web} ON {_quoted(table)} TO ff_web"
            yield f"GRANT {opened.worker} ON {_quoted(table)} TO ff_worker"
    yield "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ff_worker"


def _policy(table: str, condition: str) -> Iterator[str]:
    name = _quoted(table)
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS isolation ON {name}"
    yield (
        f"CREATE POLICY isolation ON {name} TO ff_web, ff_worker, ff_owner USING ({condition}) WITH CHECK ({condition})"
    )


def _trail(model: type[models.Model]) -> Iterator[str]:
    table = _quoted(model._meta.db_table)
    hidden = ", ".join(f"'{column}'" for column in getattr(model, "hidden_columns", ()))
    yield f"DROP TRIGGER IF EXISTS trail ON {table}"
    yield (
        f"CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sec.record_write({hidden})"
    )


def four_eyes_of(model: type[models.Model]) -> dict[str, FourEyes]:
    """The model's rules of four eyes, each by the name of its trigger."""
    declared = getattr(model, "four_eyes", None) or ()
    rules = (declared,) if isinstance(declared, FourEyes) else tuple(declared)
    return {f"{NOT_BY_DEPUTY}_{n}" if n > 1 else NOT_BY_DEPUTY: rule for n, rule in enumerate(rules, 1)}


def _four_eyes(model: type[models.Model]) -> Iterator[str]:
    table = _quoted(model._meta.db_table)
    yield f"DROP TRIGGER IF EXISTS {NOT_BY_DEPUTY} ON {table}"
    for trigger, rule in four_eyes_of(model).items():
        yield f"DROP TRIGGER IF EXISTS {trigger} ON {table}"
        fields = (_field(model, name) for name in (rule.asked, rule.decided, rule.at))
        columns = ", ".join(f"'{_column(field)}'" for field in fields)
        only_when = f"WHEN ({rule.only_when}) " if rule.only_when else ""
        yield (
            f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW {only_when}"
            f"EXECUTE FUNCTION sec.refuse_deputy_of_who_asked({columns})"
        )


def _grant(model: type[models.Model], privileges: str) -> Iterator[str]:
    """Grants by column, because the database alone chooses ids.

    A chosen id would tell whether another municipality has it, and could stand in the way of its next row. And
    whoever may write single columns only, may not lock the table for everybody.
    """
    columns = ", ".join(_quoted(_column(f)) for f in model._meta.concrete_fields if not f.primary_key)
    table = _quoted(model._meta.db_table)
    words = privileges.split(", ")
    granted = [word if word == "SELECT" else f"{word} ({columns})" for word in words if word != "DELETE"]
    yield f"GRANT {', '.join(granted)} ON {table} TO {', '.join(APPLICATION_ROLES)}"
    if "DELETE" in words:
        # Rows are only forgotten in the background; nothing that a page does deletes.
        yield f"GRANT DELETE ON {table} TO ff_worker"


def _keep_from_web(model: type[models.Model]) -> Iterator[str]:
    """Of a table with columns that are the worker's alone, the web reads the others, and writes nothing."""
    hidden = getattr(model, "kept_from_web", ())
    if hidden:
        table = _quoted(model._meta.db_table)
        columns = [_column(f) for f in model._meta.concrete_fields]
        yield f"REVOKE ALL ON {table} FROM ff_web"
        # A privilege on single columns is taken away by their names only.
        yield f"REVOKE ALL ({', '.join(map(_quoted, columns))}) ON {table} FROM ff_web"
        yield f"GRANT SELECT ({', '.join(_quoted(c) for c in columns if c not in hidden)}) ON {table} TO ff_web"


def _narrow_web_updates(model: type[models.Model]) -> Iterator[str]:
    """Of a table that the worker moves, the web changes the columns alone that a person's own act changes."""
    own = getattr(model, "web_updates", ())
    if own:
        table = _quoted(model._meta.db_table)
        columns = ", ".join(_quoted(_column(f)) for f in model._meta.concrete_fields)
        yield f"REVOKE UPDATE ({columns}) ON {table} FROM ff_web"
        yield f"GRANT UPDATE ({', '.join(map(_quoted, own))}) ON {table} TO ff_web"


def _link_table(model: type[models.Model], field: Any) -> Iterator[str]:
    """A many-to-many table carries no municipality: a link is seen where both its ends are seen."""
    table = field.m2m_db_table()
    target = _quoted(model._meta.db_table)
    ends = (field.m2m_column_name(), field.m2m_reverse_name())
    yield from _policy(
        table, " AND ".join(f"EXISTS (SELECT FROM {target} seen WHERE seen.id = {column})" for column in ends)
    )
    yield from _grant(field.remote_field.through, "SELECT, INSERT")


def _trail_tables() -> Iterator[str]:
    for table in ("trail_write", "trail_read"):
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS isolation ON {table}"
        yield f"DROP POLICY IF EXISTS written_by_trigger ON {table}"
        yield f"CREATE POLICY isolation ON {table} FOR SELECT TO ff_web, ff_worker USING ({IN_MUNICIPALITY})"
        yield f"CREATE POLICY written_by_trigger ON {table} FOR INSERT TO ff_owner WITH CHECK (true)"
    yield f"GRANT SELECT ON trail_read TO {', '.join(APPLICATION_ROLES)}"


def _composite_keys(model: type[models.Model]) -> Iterator[str]:
    """Replace each foreign key between two municipal tables by one that includes the municipality.

    The single-column key is dropped: it would tell whether an id exists in another municipality.
    """
    table = model._meta.db_table
    if _field(model, "municipality") is None:
        return
    for field in model._meta.local_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or not isinstance(target, type):
            continue
        if _field(target, "municipality") is None or not _isolated(target):
            continue
        column = field.column
        yield _drop_single("f", table, column)
        yield _add_once(model, f"{column}_same_municipality", _same_municipality(target, column))


def _unique_per_municipality(model: type[models.Model]) -> Iterator[str]:
    """Replace what must be unique everywhere by what must be so in its municipality.

    A clash would tell what another municipality has. Only the random uuids, which nobody guesses, stay as they are.
    """
    if _field(model, "municipality") is None:
        return
    table = model._meta.db_table
    for field in model._meta.local_concrete_fields:
        if field.unique and not field.primary_key and field.name != "uuid":
            yield _drop_single("u", table, _column(field))
            yield _add_once(
                model, f"{_column(field)}_once", f"UNIQUE (municipality_id, {_quoted(_column(field))})"
            )


def _drop_single(kind: str, table: str, column: str) -> str:
    """Drop every constraint of that kind (f: foreign key, u: unique) that stands on this column alone."""
    return (
        "DO $$ DECLARE single text; BEGIN "
        "FOR single IN SELECT c.conname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid "
        f"AND a.attnum = c.conkey[1] WHERE c.contype = '{kind}' AND c.conrelid = '{table}'::regclass "
        f"AND array_length(c.conkey, 1) = 1 AND a.attname = '{column}' LOOP "
        f"EXECUTE format('ALTER TABLE {_quoted(table)} DROP CONSTRAINT %I', single); END LOOP; END $$"
    )


def _same_municipality(target: type[models.Model], column: str) -> str:
    return (
        f"FOREIGN KEY (municipality_id, {_quoted(column)}) REFERENCES "
        f"{_quoted(target._meta.db_table)} (municipality_id, id) DEFERRABLE INITIALLY DEFERRED"
    )


def _isolated(model: type[models.Model]) -> bool:
    return issubclass(model, MunicipalityModel) or hasattr(model, "row_policy")


def _add_once(model: type[models.Model], suffix: str, definition: str) -> str:
    table = model._meta.db_table
    name = f"{table}_{suffix}"[:63]
    return (
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = "
        f"'{name}' AND conrelid = '{table}'::regclass) THEN ALTER TABLE {_quoted(table)} "
        f"ADD CONSTRAINT {_quoted(name)} {definition}; END IF; END $$"
    )


def _field(model: type[models.Model], name: str) -> Any:
    return next((f for f in model._meta.local_fields + list(model._meta.fields) if f.name == name), None)


def _column(field: Any) -> str:
    return str(field.column)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_CATALOGUE = """
SELECT n.nspname, c.relname, c.relkind::text, c.relrowsecurity AND c.relforcerowsecurity AS guarded,
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS has_policy,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'municipality_id'
               AND NOT a.attisdropped) AS municipal
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND n.nspname NOT LIKE 'pg_toast%%' AND n.nspname NOT LIKE 'pg_temp%%'
   AND EXISTS (SELECT FROM unnest(ARRAY['ff_web', 'ff_worker']) AS r(role)
                WHERE has_table_privilege(r.role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
                   OR has_any_column_privilege(r.role, c.oid, 'SELECT, INSERT, UPDATE'))
 ORDER BY c.relname
"""

# A second permissive policy opens what the first one closes: each must ask for the context, or, of a link, for its ends.
_WIDE_POLICIES = r"""
SELECT c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  CROSS JOIN LATERAL (VALUES (pg_get_expr(p.polqual, c.oid)), (pg_get_expr(p.polwithcheck, c.oid))) AS asked(words)
 WHERE p.polpermissive AND asked.words IS NOT NULL
   AND EXISTS (SELECT FROM unnest(p.polroles) AS named(role) JOIN pg_roles r ON r.rolname IN ('ff_web', 'ff_worker')
                WHERE named.role = 0 OR pg_has_role(r.oid, named.role, 'MEMBER'))
   AND asked.words !~ 'sec\.(municipality|purpose)\(\)' AND asked.words !~ 'EXISTS \( SELECT\s+FROM \w+ seen\M'
 GROUP BY 1, 2 ORDER BY 1, 2
"""

# Keys that reach past row security, and would tell what another municipality has: foreign keys between two
# municipal tables, and uniqueness in one, that leave the municipality out.
_TELLING_KEYS = """
WITH municipal AS (
    SELECT a.attrelid AS relation, a.attnum AS number FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attname = 'municipality_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
       AND c.relnamespace = 'public'::regnamespace
)
SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint k
  JOIN municipal one ON one.relation = k.conrelid JOIN municipal other ON other.relation = k.confrelid
 WHERE k.contype = 'f' AND NOT (one.number = ANY (k.conkey) AND other.number = ANY (k.confkey))
UNION ALL
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text FROM pg_index i
  JOIN municipal one ON one.relation = i.indrelid JOIN pg_class c ON c.oid = i.indrelid
 WHERE i.indisunique AND c.relrowsecurity AND NOT one.number = ANY (i.indkey)
   AND NOT (i.indnkeyatts = 1 AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid
            AND a.attnum = i.indkey[0] AND a.attname IN ('id', 'uuid')))
 ORDER BY 1, 2
"""

#: Open tables that say in which municipality somebody works, which must be known before one is chosen.
_OPEN_WITH_MUNICIPALITY = frozenset({"access_staffmembership", "access_stafftoken"})


def problems(connection: BaseDatabaseWrapper) -> list[str]:
    """Every table within reach of the application that is neither under policy nor reasonably open."""
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(_CATALOGUE)
        for schema, table, kind, guarded, has_policy, municipal in cursor.fetchall():
            listed = ALLOW_LIST.get(table) if schema == "public" else None
            if kind != "r":
                found.append(f"{table}: only plain tables may be within reach of the application")
            elif listed is None and not (guarded and has_policy):
                found.append(f"{table}: neither under policy nor on the allow-list")
            elif listed is not None and municipal and table not in _OPEN_WITH_MUNICIPALITY:
                found.append(f"{table}: carries a municipality but stands on the allow-list")
            elif listed is not None and not listed.reason:
                found.append(f"{table}: on the allow-list without a reason")
        cursor.execute(_WIDE_POLICIES)
        found += [
            f"{table}: the policy {name} does not ask for the context" for table, name in cursor.fetchall()
        ]
        cursor.execute(_TELLING_KEYS)
        found += [f"{table}: the key {key} leaves the municipality out" for table, key in cursor.fetchall()]
    return found
