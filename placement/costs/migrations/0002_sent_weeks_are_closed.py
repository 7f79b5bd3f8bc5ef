"""What the database refuses of hours, whoever writes them."""

from django.db import migrations

# A sent week is closed, and a number is replaced by another, never changed.
_REFUSALS = """
CREATE FUNCTION time_entry_of_an_open_week() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM costs_timeweek w WHERE w.id = NEW.week_id AND w.sent_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a week that is sent is closed'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'UPDATE'
       AND (OLD.week_id, OLD.family_id, OLD.element, OLD.activity, OLD.stage, OLD.category, OLD.quarters, OLD.recorded_at)
           IS DISTINCT FROM
           (NEW.week_id, NEW.family_id, NEW.element, NEW.activity, NEW.stage, NEW.category, NEW.quarters, NEW.recorded_at)
    THEN
        RAISE EXCEPTION 'hours are replaced by others and not changed'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER time_entry_of_an_open_week BEFORE INSERT OR UPDATE ON costs_timeentry
    FOR EACH ROW EXECUTE FUNCTION time_entry_of_an_open_week();
REVOKE ALL ON FUNCTION time_entry_of_an_open_week() FROM PUBLIC;
"""
_BACK = """
DROP TRIGGER time_entry_of_an_open_week ON costs_timeentry;
DROP FUNCTION time_entry_of_an_open_week();
"""


class Migration(migrations.Migration):
    dependencies = [("costs", "0001_initial")]

    operations = [migrations.RunSQL(_REFUSALS, _BACK)]
