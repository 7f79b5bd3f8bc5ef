-- The signed access context, the trail and the door to the job queue. Run by ff_owner at every preparation;
-- each statement may be repeated. Nothing here needs a superuser or an extension.

CREATE SCHEMA IF NOT EXISTS sec AUTHORIZATION CURRENT_USER;
REVOKE ALL ON SCHEMA sec FROM PUBLIC;
GRANT USAGE ON SCHEMA sec TO ff_web, ff_worker, ff_evaluation_owner;

-- HMAC keys, stored as the two padded blocks of RFC 2104 so that SQL never handles the key itself.
-- No login may read this table; the functions below run as its owner.
CREATE TABLE IF NOT EXISTS sec.key (
    name text PRIMARY KEY,
    inner_block bytea NOT NULL,
    outer_block bytea NOT NULL
);
REVOKE ALL ON sec.key FROM PUBLIC;

CREATE OR REPLACE FUNCTION sec.hmac(key_name text, message bytea) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(k.outer_block || sha256(k.inner_block || message)) FROM sec.key k WHERE k.name = key_name
$$;
REVOKE ALL ON FUNCTION sec.hmac(text, bytea) FROM PUBLIC;

-- The context of this transaction: refused when it is missing, forged or older than its ten minutes.
CREATE OR REPLACE FUNCTION sec.context(OUT municipality integer, OUT staff bigint, OUT purpose text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token text := current_setting('app.context', true);
    part text[];
BEGIN
    IF token IS NULL OR token = '' THEN
        RAISE EXCEPTION 'no access context' USING ERRCODE = 'insufficient_privilege';
    END IF;
    part := string_to_array(token, '|');
    IF array_length(part, 1) IS DISTINCT FROM 5
       OR encode(sec.hmac('context', convert_to(array_to_string(part[1:4], '|'), 'UTF8')), 'hex') IS DISTINCT FROM part[5]
    THEN
        RAISE EXCEPTION 'forged access context' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF part[3]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RAISE EXCEPTION 'expired access context' USING ERRCODE = 'insufficient_privilege';
    END IF;
    municipality := nullif(part[1], '')::integer;
    staff := nullif(part[2], '')::bigint;
    purpose := part[4];
END
$$;

CREATE OR REPLACE FUNCTION sec.municipality() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT (sec.context()).municipality $$;

CREATE OR REPLACE FUNCTION sec.purpose() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT (sec.context()).purpose $$;

-- The id a family carries outside: the same each time, and not to be led back without the key.
CREATE OR REPLACE FUNCTION sec.pseudonym(subject uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT left(encode(sec.hmac('pseudonym', uuid_send(subject)), 'hex'), 16) $$;

REVOKE ALL ON FUNCTION sec.context(), sec.municipality(), sec.purpose(), sec.pseudonym(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.context(), sec.municipality(), sec.purpose() TO ff_web, ff_worker;
GRANT EXECUTE ON FUNCTION sec.pseudonym(uuid) TO ff_evaluation_owner;

-- The trail of writes. TG_ARGV: columns whose values are replaced by the word "changed".
CREATE OR REPLACE FUNCTION sec.record_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who record := sec.context();
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
    subject jsonb := coalesce(after, before);
    hidden text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF before = after THEN
            RETURN NULL;
        END IF;
        SELECT jsonb_object_agg(b.key, b.value), jsonb_object_agg(a.key, a.value) INTO before, after
          FROM jsonb_each(before) b JOIN jsonb_each(after) a USING (key)
         WHERE a.value IS DISTINCT FROM b.value;
    END IF;
    FOREACH hidden IN ARRAY coalesce(TG_ARGV, '{}') LOOP
        IF before ? hidden THEN before := before || jsonb_build_object(hidden, 'changed'); END IF;
        IF after ? hidden THEN after := after || jsonb_build_object(hidden, 'changed'); END IF;
    END LOOP;
    INSERT INTO public.trail_write (at, municipality_id, staff_id, purpose, table_name, row_id, operation, old, new, transaction)
    VALUES (clock_timestamp(), (subject->>'municipality_id')::integer, who.staff, who.purpose, TG_TABLE_NAME,
            (subject->>'id')::bigint, TG_OP, before, after, pg_current_xact_id()::text::bigint);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION sec.record_write() FROM PUBLIC;

-- Whoever decides is not the deputy of whoever asked, on the day of the decision. TG_ARGV: the columns of who asked,
-- of who decided and of when. It runs with the rights of whoever writes, and so sees the municipality's own rows.
CREATE OR REPLACE FUNCTION sec.refuse_deputy_of_who_asked() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    after jsonb := to_jsonb(NEW);
    day date := ((after->>TG_ARGV[2])::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date;
BEGIN
    IF TG_OP = 'UPDATE' AND after->TG_ARGV[1] = to_jsonb(OLD)->TG_ARGV[1] AND after->TG_ARGV[2] = to_jsonb(OLD)->TG_ARGV[2] THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM public.staffing_deputyship d
         WHERE d.municipality_id = (after->>'municipality_id')::integer
           AND d.deputy_id = (after->>TG_ARGV[1])::bigint AND d.stands_in_for_id = (after->>TG_ARGV[0])::bigint
           AND d.withdrawn_at IS NULL AND day BETWEEN d.starts AND d.ends)
    THEN
        RAISE EXCEPTION 'whoever decides acts for whoever asked'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION sec.refuse_deputy_of_who_asked() FROM PUBLIC;

-- A look at one or more families. The caller commits this before it builds the page.
CREATE OR REPLACE FUNCTION sec.record_reads(families bigint[], route text, method text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who record := sec.context();
    found bigint;
BEGIN
    SELECT count(*) INTO found FROM public.families_family f
     WHERE f.id = ANY (families) AND f.municipality_id = who.municipality;
    IF found <> cardinality(families) THEN
        RAISE EXCEPTION 'no such family here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.trail_read (at, municipality_id, staff_id, family_id, route, method)
    SELECT clock_timestamp(), who.municipality, who.staff, family, route, method FROM unnest(families) AS family;
END
$$;
REVOKE ALL ON FUNCTION sec.record_reads(bigint[], text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.record_reads(bigint[], text, text) TO ff_web, ff_worker;

-- The web role's only way to the job queue. The municipality, the person and the purpose are taken from the
-- signed context, not from the caller, so a job cannot be aimed at another municipality.
CREATE OR REPLACE FUNCTION sec.defer_job(task text, arguments jsonb, run_at timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    who record := sec.context();
    job bigint;
BEGIN
    SELECT (public.procrastinate_defer_jobs_v1(ARRAY[ROW(
        'default', task, 0, NULL, NULL,
        arguments || jsonb_build_object('context', jsonb_build_array(who.municipality, who.staff, who.purpose)),
        run_at)::public.procrastinate_job_to_defer_v1]))[1] INTO job;
    RETURN job;
END
$$;
REVOKE ALL ON FUNCTION sec.defer_job(text, jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.defer_job(text, jsonb, timestamptz) TO ff_web, ff_worker;
