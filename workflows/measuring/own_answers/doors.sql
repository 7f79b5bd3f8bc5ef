-- The only doors for a parent who answers with a code. Whoever comes through them states the purpose "answer" and no
-- municipality, so that row security shows them no row of any table; these functions reach one row, by the digest of its
-- code, while it is open. Run at every preparation; each statement may be repeated.

DROP POLICY IF EXISTS by_code ON public.flow_measuring_selfreport;
CREATE POLICY by_code ON public.flow_measuring_selfreport TO ff_owner
    USING ((SELECT sec.purpose()) = 'answer') WITH CHECK ((SELECT sec.purpose()) = 'answer');

-- Codes that did not fit, by a keyed digest of where they came from; no log-in reaches the table.
CREATE TABLE IF NOT EXISTS sec.missed_code (sender text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS missed_code_by_sender ON sec.missed_code (sender, at);
REVOKE ALL ON sec.missed_code FROM PUBLIC;

CREATE OR REPLACE FUNCTION sec.check_answering() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who record := sec.context();
BEGIN
    IF who.purpose <> 'answer' OR who.municipality IS NOT NULL OR who.staff IS NOT NULL THEN
        RAISE EXCEPTION 'not answering with a code' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

-- Whether a typed code opens something. Twenty that do not, from one place in a quarter of an hour, shut that place out
-- for as long, right code or wrong; the caller commits whatever the answer is.
CREATE OR REPLACE FUNCTION sec.try_code(code text, sent_by text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM sec.check_answering();
    -- One try at a time from one place, or many at once would all be counted as the first.
    PERFORM pg_advisory_xact_lock(hashtextextended(sent_by, 0));
    DELETE FROM sec.missed_code WHERE at < clock_timestamp() - interval '15 minutes';
    IF (SELECT count(*) FROM sec.missed_code m WHERE m.sender = sent_by) >= 20 THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM sec.self_report(code)) THEN
        RETURN true;
    END IF;
    INSERT INTO sec.missed_code (sender, at) VALUES (sent_by, clock_timestamp());
    RETURN false;
END
$$;

-- What an open code asks, and what was chosen so far; nothing that says about whom.
CREATE OR REPLACE FUNCTION sec.self_report(code text)
RETURNS TABLE (instrument text, instrument_version text, draft jsonb, expires_at timestamptz, turn_to text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM sec.check_answering();
    RETURN QUERY SELECT r.instrument::text, r.instrument_version::text, r.draft, r.expires_at, r.turn_to::text
      FROM public.flow_measuring_selfreport r
     WHERE r.digest = code AND r.given_at IS NULL AND r.withdrawn_at IS NULL AND r.expires_at > clock_timestamp();
END
$$;

CREATE OR REPLACE FUNCTION sec.keep_self_report(code text, chosen jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM sec.check_answering();
    IF octet_length(chosen::text) > 20000 THEN
        RAISE EXCEPTION 'more than an answer can be' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.flow_measuring_selfreport r SET draft = chosen
     WHERE r.digest = code AND r.given_at IS NULL AND r.withdrawn_at IS NULL AND r.expires_at > clock_timestamp();
    RETURN FOUND;
END
$$;

-- Sent, once. The worker writes it down, for the municipality and in the name of whoever asked: both are read here, from
-- the row, and from nobody else.
CREATE OR REPLACE FUNCTION sec.give_self_report(code text, sent jsonb, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    found_report record;
BEGIN
    PERFORM sec.check_answering();
    IF octet_length(sent::text) > 20000 THEN
        RAISE EXCEPTION 'more than an answer can be' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.flow_measuring_selfreport r
       SET answers = sent, answered_on = day, given_at = clock_timestamp(), draft = '{}'
     WHERE r.digest = code AND r.given_at IS NULL AND r.withdrawn_at IS NULL AND r.expires_at > clock_timestamp()
    RETURNING r.id, r.municipality_id, r.invited_by_id INTO found_report;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM public.procrastinate_defer_jobs_v1(ARRAY[ROW(
        'default', 'record_self_report', 0, NULL, NULL,
        jsonb_build_object('report', found_report.id, 'context',
            jsonb_build_array(found_report.municipality_id, found_report.invited_by_id, 'answer')),
        NULL)::public.procrastinate_job_to_defer_v1]);
    RETURN true;
END
$$;

-- Each night: what no try has taken away since.
CREATE OR REPLACE FUNCTION sec.forget_missed_codes() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM sec.missed_code WHERE at < clock_timestamp() - interval '15 minutes'
$$;

REVOKE ALL ON FUNCTION sec.check_answering(), sec.forget_missed_codes(), sec.try_code(text, text), sec.self_report(text),
    sec.keep_self_report(text, jsonb), sec.give_self_report(text, jsonb, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.try_code(text, text), sec.self_report(text), sec.keep_self_report(text, jsonb),
    sec.give_self_report(text, jsonb, date) TO ff_web;
GRANT EXECUTE ON FUNCTION sec.forget_missed_codes() TO ff_worker;
