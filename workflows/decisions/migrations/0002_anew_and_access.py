import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock

# What the columns of one row cannot say, whoever writes it. What is another municipality's is not seen from here; row
# security and the keys refuse that row.
_REFUSALS = """
CREATE FUNCTION decision_stands_once_told() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM flow_decisions_decisionletter l
                WHERE l.municipality_id = OLD.municipality_id AND l.decision_id = OLD.id
                  AND l.approved_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a decision that a letter tells of stands'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER decision_stands_once_told BEFORE UPDATE OF approved ON families_decision
    FOR EACH ROW WHEN (OLD.approved AND NEW.approved IS NOT TRUE) EXECUTE FUNCTION decision_stands_once_told();

CREATE FUNCTION redecision_after_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM flow_decisions_complaint c
                WHERE c.id = NEW.complaint_id
                  AND (c.family_id = NEW.family_id AND (c.reassessed IN ('partly', 'changed')
                       OR c.board_outcome IN ('changed', 'returned'))) IS NOT TRUE)
       OR EXISTS (SELECT FROM families_decision d WHERE d.id = NEW.decision_id AND d.family_id <> NEW.family_id) THEN
        RAISE EXCEPTION 'a decision is made anew when a complaint changed it'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER redecision_after_change BEFORE INSERT ON flow_decisions_redecision
    FOR EACH ROW EXECUTE FUNCTION redecision_after_change();

CREATE FUNCTION access_asked_by_a_party() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM families_person p
                WHERE p.id = NEW.party_id AND NOT (p.family_id = NEW.family_id AND p.birth_state = 'born'
                  AND (p.kind <> 'parent' OR p.custody_holder))) THEN
        RAISE EXCEPTION 'a party of the case asks to see it'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER access_asked_by_a_party BEFORE INSERT ON flow_decisions_accessrequest
    FOR EACH ROW EXECUTE FUNCTION access_asked_by_a_party();

REVOKE ALL ON FUNCTION decision_stands_once_told(), redecision_after_change(), access_asked_by_a_party() FROM PUBLIC;
"""
_BACK = """
DROP TRIGGER access_asked_by_a_party ON flow_decisions_accessrequest;
DROP FUNCTION access_asked_by_a_party();
DROP TRIGGER redecision_after_change ON flow_decisions_redecision;
DROP FUNCTION redecision_after_change();
DROP TRIGGER decision_stands_once_told ON families_decision;
DROP FUNCTION decision_stands_once_told();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("families", "0006_convener"),
        ("flow_decisions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("received_on", models.DateField(verbose_name="modtaget")),
                ("scope", models.TextField(verbose_name="hvad parten vil se")),
                ("due_on", models.DateField(verbose_name="besvares senest")),
                ("recorded_at", models.DateTimeField(default=placement.clock.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("given", "Parten har fået det hele"),
                            ("partly", "Parten har fået noget af det"),
                            ("refused", "Parten har fået afslag"),
                        ],
                        max_length=7,
                        verbose_name="svar",
                    ),
                ),
                (
                    "legal_basis",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="hjemmel for det, der er undtaget"
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="begrundelse")),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("post", "Digital Post"),
                            ("paper", "Brev på papir"),
                            ("hand", "Givet i hånden"),
                            ("talk", "Sagt i en samtale"),
                        ],
                        max_length=5,
                        verbose_name="hvordan",
                    ),
                ),
                ("given_on", models.DateField(blank=True, null=True, verbose_name="besvaret")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="flow_decisions.caseperson",
                        verbose_name="ved",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to="families.family",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.municipality",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.person",
                        verbose_name="part",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "anmodning om aktindsigt",
                "ordering": ["-received_on", "-id"],
                "indexes": [models.Index(fields=["municipality", "family"], name="access_request_by_family")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope", ""), _negated=True), name="access_request_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__gt", models.F("received_on")),
                            ("recorded_at__date__gte", models.F("received_on")),
                        ),
                        name="access_request_not_in_future",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("given_on__isnull", True),
                                ("how", ""),
                                ("outcome", ""),
                            ),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("how", ""), _negated=True),
                                ("answered_at__date__gte", models.F("given_on")),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("given_on__gte", models.F("received_on")),
                                ("given_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="access_request_answered_after_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["", "given"]),
                            models.Q(
                                models.Q(("legal_basis", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="access_request_kept_back_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Redecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "En ny afgørelse om opholdet"),
                            ("annulled", "Afgørelsen ophæves: opholdet fortsætter ikke på den"),
                            (
                                "none",
                                "Ingen ny afgørelse: opholdet er slut, eller det er afgjort på anden vis",
                            ),
                        ],
                        max_length=8,
                        verbose_name="hvad følger af den",
                    ),
                ),
                ("text", models.TextField(verbose_name="begrundelse")),
                ("asked_at", models.DateTimeField(default=placement.clock.now)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redecisions",
                        to="flow_decisions.complaint",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redecision",
                        to="families.decision",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redecisions",
                        to="families.family",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "ny afgørelse efter en klage",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["municipality", "family"], name="redecision_by_family")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="redecision_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", False), ("outcome", "new")),
                            models.Q(models.Q(("outcome", "new"), _negated=True), ("decision__isnull", True)),
                            _connector="OR",
                        ),
                        name="redecision_new_has_decision",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_REFUSALS, _BACK),
    ]
