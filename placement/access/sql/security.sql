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

-- Pseudonyms stand for one project (an agreement): the same subject under two projects cannot be joined, nor can two kinds of
-- subject. What is signed is the kind, the project's share from outside the database and the subject's random id, never a
-- CPR number. Whoever has a copy of this table lacks the share, whoever has the secrets file lacks the table.
CREATE TABLE IF NOT EXISTS sec.project_key (
    project bytea PRIMARY KEY CHECK (length(project) = 16),
    -- The digest of the share, so that a share made with another secrets file is refused and does not make other pseudonyms.
    proof bytea NOT NULL CHECK (length(proof) = 32),
    inner_block bytea,
    outer_block bytea,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by bigint,
    destroyed_at timestamptz,
    destroyed_by bigint,
    CONSTRAINT project_key_is_whole_or_destroyed CHECK (
        (inner_block IS NULL) = (destroyed_at IS NOT NULL) AND (outer_block IS NULL) = (destroyed_at IS NOT NULL))
);
REVOKE ALL ON sec.project_key FROM PUBLIC;

-- The project this transaction was signed for: its key's two blocks, its id and its share, 176 bytes that the views hand on,
-- once for a statement and not for each row. There is no way on without one. Whoever may execute this by way
-- of the views has no right to the schema, and so cannot call it: the blocks never come out.
CREATE OR REPLACE FUNCTION sec.project() RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part text[] := string_to_array(coalesce(current_setting('app.project', true), ''), '|');
    share bytea;
    known sec.project_key;
BEGIN
    IF array_length(part, 1) IS NULL OR part[1] = '' THEN
        RAISE EXCEPTION 'no project' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF array_length(part, 1) IS DISTINCT FROM 4
       OR encode(sec.hmac('context', convert_to(array_to_string(part[1:3], '|'), 'UTF8')), 'hex') IS DISTINCT FROM part[4]
    THEN
        RAISE EXCEPTION 'forged project' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF part[3]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RAISE EXCEPTION 'expired project' USING ERRCODE = 'insufficient_privilege';
    END IF;
    share := decode(part[2], 'hex');
    SELECT * INTO known FROM sec.project_key k WHERE k.project = uuid_send(part[1]::uuid);
    IF known.inner_block IS NULL THEN
        RAISE EXCEPTION 'the project has no key' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF sha256(share) IS DISTINCT FROM known.proof THEN
        RAISE EXCEPTION 'the project''s key was made with other secrets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN known.inner_block || known.outer_block || known.project || share;
END
$$;

-- Twenty letters, 80 bits. Letters without vowels: no digits that could be read as a number, a date or a CPR number, and no words.
-- In two steps: what is the same for a whole statement (the two parts, of what sec.project() gave and the kind of subject, which is
-- ASCII letters), and the rest, which PostgreSQL puts in place of the call because it has no owner and no search path of its own and
-- takes each part once. A call would cost ten times what it works out, for every id of every row.
CREATE OR REPLACE FUNCTION sec.inner_part(project bytea, kind text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN substring(project, 1, 64) || decode(kind, 'escape') || '\x00'::bytea || substring(project, 129);

CREATE OR REPLACE FUNCTION sec.outer_part(project bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN substring(project, 65, 64);

CREATE OR REPLACE FUNCTION sec.pseudonym(inner_part bytea, outer_part bytea, subject uuid) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(left(encode(sha256(outer_part || sha256(inner_part || uuid_send(subject))), 'hex'), 20),
                 '0123456789abcdef', 'bcdfghjkmnpqrstv');

-- Gives a project its key; false when it has one. A key that was destroyed never comes again. 244 random bits, which no login sees.
CREATE OR REPLACE FUNCTION sec.project_key_create(project uuid, proof bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who record := sec.context();
    inner_block bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) || decode(repeat('00', 32), 'hex');
    outer_block bytea := inner_block;
    known sec.project_key;
BEGIN
    IF who.purpose NOT IN ('evaluation', 'job') THEN
        RAISE EXCEPTION 'keys of projects are the evaluation''s' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR i IN 0..63 LOOP
        inner_block := set_byte(inner_block, i, get_byte(inner_block, i) # 54);
        outer_block := set_byte(outer_block, i, get_byte(outer_block, i) # 92);
    END LOOP;
    INSERT INTO sec.project_key AS k (project, proof, inner_block, outer_block, created_by)
    VALUES (uuid_send(project_key_create.project), project_key_create.proof, inner_block, outer_block, who.staff)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN true;
    END IF;
    SELECT * INTO known FROM sec.project_key k WHERE k.project = uuid_send(project_key_create.project);
    IF known.destroyed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the project''s key was destroyed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN false;
END
$$;

-- Takes a project's key away for good: from then on nobody can lead its pseudonyms back, or make the same ones. False when there is none.
CREATE OR REPLACE FUNCTION sec.project_key_destroy(project uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who record := sec.context();
BEGIN
    IF who.purpose NOT IN ('evaluation', 'job') THEN
        RAISE EXCEPTION 'keys of projects are the evaluation''s' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE sec.project_key k
       SET inner_block = NULL, outer_block = NULL, destroyed_at = clock_timestamp(), destroyed_by = who.staff
     WHERE k.project = uuid_send(project_key_destroy.project) AND k.destroyed_at IS NULL;
    RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION sec.context(), sec.municipality(), sec.purpose(), sec.project(), sec.inner_part(bytea, text),
    sec.outer_part(bytea), sec.pseudonym(bytea, bytea, uuid),
    sec.project_key_create(uuid, bytea), sec.project_key_destroy(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.context(), sec.municipality(), sec.purpose() TO ff_web, ff_worker;
GRANT EXECUTE ON FUNCTION sec.project(), sec.inner_part(bytea, text), sec.outer_part(bytea),
    sec.pseudonym(bytea, bytea, uuid) TO ff_evaluation_owner;
GRANT EXECUTE ON FUNCTION sec.project_key_create(uuid, bytea) TO ff_web, ff_worker;
GRANT EXECUTE ON FUNCTION sec.project_key_destroy(uuid) TO ff_worker;

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
