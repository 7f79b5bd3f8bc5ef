-- What the database holds releases to by itself, whatever is sent through the application's log-ins. Run at every
-- preparation, after the policies; each statement may be repeated.

-- A release stands under the purpose "evaluation", what municipalities say of it under theirs. The trigger below, which runs
-- as the owner, reads both; nobody else acts as the owner.
DROP POLICY IF EXISTS held_by_release ON public.evaluation_releaseapproval;
CREATE POLICY held_by_release ON public.evaluation_releaseapproval FOR SELECT TO ff_owner
    USING ((SELECT sec.purpose()) = 'evaluation');

-- Available only with a yes of each municipality whose families are in the files: reviewed and decided on this round's seal,
-- not regretted, not a silence. What is called anonymous only without failed tests. And no longer than the agreement runs.
CREATE OR REPLACE FUNCTION sec.refuse_release_without_yes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF sec.purpose() IS DISTINCT FROM 'evaluation' THEN
        RETURN NEW; -- the policy refuses the row, and nothing is told of it
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'available' AND
       (OLD.uuid, OLD.kind, OLD.round, OLD.seal, OLD.municipalities, OLD.report, OLD.under_id, OLD.expires_at) IS NOT DISTINCT FROM
       (NEW.uuid, NEW.kind, NEW.round, NEW.seal, NEW.municipalities, NEW.report, NEW.under_id, NEW.expires_at)
    THEN
        RETURN NEW;
    END IF;
    IF cardinality(NEW.municipalities) = 0
       OR NEW.kind <> 'T1' AND coalesce(jsonb_array_length(NEW.report -> 'hard_failures'), 0) > 0
       OR EXISTS (
            SELECT FROM unnest(NEW.municipalities) AS asked (code)
             WHERE NOT EXISTS (
                SELECT FROM public.evaluation_releaseapproval a
                 WHERE a.municipality_id = asked.code AND a.release_uuid = NEW.uuid AND a.round = NEW.round
                   AND a.kind = NEW.kind AND a.seal = NEW.seal
                   AND a.review = 'yes' AND a.reviewed_seal = NEW.seal
                   AND a.decision = 'yes' AND a.decided_seal = NEW.seal
                   AND a.refused_at IS NULL AND a.silent_at IS NULL AND a.voided_at IS NULL
                   AND (a.kind = 'T1' OR a.hard_failures = 0)))
       -- Nor by leaving somebody out of the list whose families are in the files.
       OR EXISTS (
            SELECT FROM public.evaluation_releaseapproval a
             WHERE a.release_uuid = NEW.uuid AND a.round = NEW.round AND a.voided_at IS NULL
               AND a.municipality_id <> ALL (NEW.municipalities))
       OR NOT EXISTS (
            SELECT FROM public.evaluation_agreement g WHERE g.id = NEW.under_id
               AND NEW.expires_at <= (g.ends_on + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen')
    THEN
        RAISE EXCEPTION 'a release is available when each municipality in it has said yes to its seal, while its agreement runs'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION sec.refuse_release_without_yes() FROM PUBLIC;
CREATE OR REPLACE TRIGGER release_available_by_every_yes BEFORE INSERT OR UPDATE ON public.evaluation_release
    FOR EACH ROW WHEN (NEW.status = 'available') EXECUTE FUNCTION sec.refuse_release_without_yes();

-- The web hands out files, and so reads them: of releases that are available, and of no others.
DROP POLICY IF EXISTS web_reads_what_is_available ON public.evaluation_releasefile;
CREATE POLICY web_reads_what_is_available ON public.evaluation_releasefile AS RESTRICTIVE FOR SELECT TO ff_web
    USING (EXISTS (SELECT FROM public.evaluation_release r WHERE r.id = release_id AND r.status = 'available'));

-- What is taken is a file or an archive that is there; rows of persons only in the encrypted archive. It runs with the rights
-- of whoever writes.
CREATE OR REPLACE FUNCTION sec.refuse_download_of_bare_rows() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF sec.purpose() IS DISTINCT FROM 'evaluation' THEN
        RETURN NEW; -- the policy refuses the row
    END IF;
    IF NEW.link IS NULL AND NOT EXISTS (
            SELECT FROM public.evaluation_releasefile f JOIN public.evaluation_release r ON r.id = f.release_id
             WHERE f.release_id = NEW.release_id AND f.name = NEW.name AND f.sha256 = NEW.sha256
               AND (f.rows IS NULL OR r.kind <> 'T1'))
       OR NEW.link IS NOT NULL AND NOT EXISTS (
            SELECT FROM public.evaluation_releaselink l
             WHERE l.uuid = NEW.link AND l.release_id = NEW.release_id AND l.sha256 = NEW.sha256)
    THEN
        RAISE EXCEPTION 'rows of persons leave in an archive only, and nothing leaves that is not there'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION sec.refuse_download_of_bare_rows() FROM PUBLIC;
CREATE OR REPLACE TRIGGER download_of_no_bare_rows BEFORE INSERT ON public.evaluation_releasedownload
    FOR EACH ROW EXECUTE FUNCTION sec.refuse_download_of_bare_rows();
