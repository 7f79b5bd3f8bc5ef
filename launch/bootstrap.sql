-- The one file that needs a database superuser. A database administrator runs it once, in the database that
-- Familieforløb is to use, on PostgreSQL 15 or newer:
--
--     createdb --encoding=UTF8 familieforloeb
--     psql --dbname=familieforloeb --set=ON_ERROR_STOP=1 --file=launch/bootstrap.sql
--
-- and then gives the four logins their passwords (\password ff_owner, ff_web, ff_worker, ff_evaluation).
-- Running it again changes nothing. The embedded database runs the same file.

DO $$
DECLARE
    role_name text;
BEGIN
    IF current_setting('server_version_num')::int < 150000 THEN
        RAISE EXCEPTION 'Familieforløb needs PostgreSQL 15 or newer; this is %', current_setting('server_version');
    END IF;
    IF current_database() IN ('postgres', 'template0', 'template1') THEN
        RAISE EXCEPTION 'Run launch/bootstrap.sql in the database of Familieforløb, not in %', current_database();
    END IF;
    FOREACH role_name IN ARRAY ARRAY['ff_owner', 'ff_web', 'ff_worker', 'ff_evaluation', 'ff_evaluation_owner'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I', role_name);
        END IF;
    END LOOP;
END $$;

-- What each login may never be. Said again on every run, so that a role that existed before is put right.
ALTER ROLE ff_owner            LOGIN   INHERIT   NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE ff_web              LOGIN   NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE ff_worker           LOGIN   NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE ff_evaluation       LOGIN   NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE ff_evaluation_owner NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- The evaluation's views belong to a role nobody can log in as; the migrations (ff_owner) make them.
GRANT ff_evaluation_owner TO ff_owner;

-- The evaluation only reads. (A session could undo these two; what it may read is decided by its grants.)
ALTER ROLE ff_evaluation SET default_transaction_read_only = on;
ALTER ROLE ff_evaluation SET statement_timeout = '5min';

-- Only the four logins get in, and nobody makes temporary tables that shadow a real one.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO ff_owner', current_database());
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO ff_owner, ff_web, ff_worker, ff_evaluation', current_database());
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Large objects stand outside row-level security, so nobody but a superuser makes any.
REVOKE EXECUTE ON FUNCTION
    pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea),
    pg_catalog.lo_import(text), pg_catalog.lo_import(text, oid)
FROM PUBLIC;

-- A login sees the statements of its own other sessions, and in them what other municipalities are writing. So
-- nobody but the database's own administrators and monitors looks at them.
REVOKE EXECUTE ON FUNCTION
    pg_catalog.pg_stat_get_activity(integer), pg_catalog.pg_stat_get_backend_activity(integer)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    pg_catalog.pg_stat_get_activity(integer), pg_catalog.pg_stat_get_backend_activity(integer)
TO pg_monitor;
