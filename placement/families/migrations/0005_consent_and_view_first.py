"""What the database refuses of consents and decisions, whoever writes them."""

from django.db import migrations, models

import placement.clock

# Consent is given by who has custody, and is dated; a decision is approved when every child's view stands.
_REFUSALS = """
CREATE FUNCTION consent_by_custody_holder() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    -- Somebody of another municipality is not seen from here; row security and the key refuse that row.
    IF EXISTS (SELECT FROM families_person p
                WHERE p.id = NEW.person_id AND NOT (p.family_id = NEW.family_id AND p.custody_holder)) THEN
        RAISE EXCEPTION 'consent is given by who has custody'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.recorded_at IS NULL THEN
        RAISE EXCEPTION 'consent says when it was written down'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER consent_by_custody_holder BEFORE INSERT ON families_consent
    FOR EACH ROW EXECUTE FUNCTION consent_by_custody_holder();

CREATE FUNCTION decision_after_child_view() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    day date := (NEW.decided_at AT TIME ZONE 'Europe/Copenhagen')::date;
BEGIN
    IF EXISTS (SELECT FROM families_person child
                WHERE child.family_id = NEW.family_id AND child.kind <> 'parent' AND child.birth_state <> 'lost'
                  AND NOT EXISTS (SELECT FROM families_personpath path
                                   WHERE path.person_id = child.id AND path.ends_on IS NULL
                                     AND path."where" <> 'with_family')
                  AND NOT EXISTS (SELECT FROM families_childview seen
                                   WHERE seen.child_id = child.id AND seen.obtained_on <= day)) THEN
        RAISE EXCEPTION 'the view of each child comes before the decision'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER decision_after_child_view BEFORE INSERT OR UPDATE OF approved ON families_decision
    FOR EACH ROW WHEN (NEW.approved) EXECUTE FUNCTION decision_after_child_view();

REVOKE ALL ON FUNCTION consent_by_custody_holder(), decision_after_child_view() FROM PUBLIC;
"""
_BACK = """
DROP TRIGGER decision_after_child_view ON families_decision;
DROP FUNCTION decision_after_child_view();
DROP TRIGGER consent_by_custody_holder ON families_consent;
DROP FUNCTION consent_by_custody_holder();
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0004_moves")]

    operations = [
        # Nobody knows when the consents that stand were written down.
        migrations.AddField(
            model_name="consent",
            name="recorded_at",
            field=models.DateTimeField(default=None, null=True, verbose_name="skrevet"),
        ),
        migrations.AlterField(
            model_name="consent",
            name="recorded_at",
            field=models.DateTimeField(default=placement.clock.now, null=True, verbose_name="skrevet"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded_at__isnull", True),
                    ("recorded_at__date__gte", models.F("given_on")),
                    _connector="OR",
                ),
                name="consent_not_in_future",
            ),
        ),
        migrations.RunSQL(_REFUSALS, _BACK),
    ]
