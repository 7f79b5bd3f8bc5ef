from django.db import migrations

REFUSE = """
-- Who came is asked as who is invited is: by the newest check and the newest answer of that very person.
CREATE TRIGGER network_guest_is_safe BEFORE UPDATE OF came, meeting_id ON network_networkinvitation
    FOR EACH ROW WHEN (NEW.came) EXECUTE FUNCTION network_refuse_invitation();

CREATE FUNCTION network_refuse_uninvited() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A meeting of another municipality is not seen from here; row security and the key refuse that row.
    IF NEW.staff_id IS NULL
       AND EXISTS (SELECT FROM public.meetings_meeting m WHERE m.id = NEW.meeting_id AND m.kind = 'network')
       AND NOT EXISTS (SELECT FROM public.network_networkinvitation i
                         JOIN public.network_networkmember w ON w.id = i.member_id
                        WHERE i.municipality_id = NEW.municipality_id AND i.meeting_id = NEW.meeting_id
                          AND w.label = NEW.label AND i.came IS NOT DISTINCT FROM NEW.present)
    THEN
        RAISE EXCEPTION 'nobody of the network is at a meeting uninvited'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'network_guest_was_invited', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION network_refuse_uninvited() FROM PUBLIC;
-- At the end of the transaction: a meeting and who was invited to it are written together.
CREATE CONSTRAINT TRIGGER network_guest_was_invited AFTER INSERT OR UPDATE ON meetings_attendance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION network_refuse_uninvited();
"""
ALLOW = """
DROP TRIGGER network_guest_was_invited ON meetings_attendance;
DROP FUNCTION network_refuse_uninvited();
DROP TRIGGER network_guest_is_safe ON network_networkinvitation;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0003_focus_and_session_status"),
        ("network", "0002_people_checks_genogram"),
    ]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
