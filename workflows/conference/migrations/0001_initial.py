import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock

#: Whoever calls the conference together stands outside the case: neither the family's caseworker nor on its team.
REFUSE = """
CREATE FUNCTION conference_refuse_coordinator() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.coordinator_id IS NOT NULL AND EXISTS (
        SELECT FROM public.families_familygrant g
         WHERE g.municipality_id = NEW.municipality_id AND g.content_object_id = NEW.family_id
           AND g.user_id = NEW.coordinator_id AND g.function IN ('caseworker', 'team')
           AND g.starts <= NEW.appointed_on AND (g.ends IS NULL OR g.ends >= NEW.appointed_on))
    THEN
        RAISE EXCEPTION 'the coordinator of a conference is not involved in the case'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'conference_coordinator_is_independent',
                    TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION conference_refuse_coordinator() FROM PUBLIC;
CREATE TRIGGER conference_coordinator_is_independent BEFORE INSERT OR UPDATE OF coordinator_id, appointed_on
    ON flow_conference_conference FOR EACH ROW EXECUTE FUNCTION conference_refuse_coordinator();
"""
ALLOW = """
DROP TRIGGER conference_coordinator_is_independent ON flow_conference_conference;
DROP FUNCTION conference_refuse_coordinator();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("families", "0006_convener"),
        ("kernel", "0004_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Conference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("question", models.TextField(verbose_name="spørgsmålet")),
                ("consented_on", models.DateField(verbose_name="forældrenes samtykke")),
                (
                    "consented_how",
                    models.CharField(
                        choices=[("written", "Skriftligt"), ("oral", "Mundtligt")],
                        max_length=8,
                        verbose_name="hvordan",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
                ("appointed_on", models.DateField(blank=True, null=True, verbose_name="koordinator udpeget")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="mødets dag")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrevet af",
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="koordinator",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conferences",
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
                    "process",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conference",
                        to="kernel.process",
                    ),
                ),
            ],
            options={
                "verbose_name": "familierådslagning",
                "verbose_name_plural": "familierådslagninger",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ConferenceFollowUp",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("held_on", models.DateField(verbose_name="holdt")),
                ("works", models.BooleanField(verbose_name="planen virker")),
                ("text", models.TextField(verbose_name="hvordan det går")),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
                (
                    "conference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up",
                        to="flow_conference.conference",
                    ),
                ),
                (
                    "followed_up_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="fulgt op af",
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
                "verbose_name": "opfølgning på rådslagning",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ConferenceMeeting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("held_on", models.DateField(verbose_name="holdt")),
                ("information", models.TextField(verbose_name="hvad familien fik at vide først")),
                ("private_time", models.BooleanField(verbose_name="familien var alene om planen")),
                ("has_plan", models.BooleanField(verbose_name="familien lagde en plan")),
                ("without_plan", models.TextField(blank=True, verbose_name="hvorfor ingen plan")),
                (
                    "changes_exit_plan",
                    models.BooleanField(default=False, verbose_name="planen ændrer udslusningsplanen"),
                ),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="flow_conference.conference",
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrevet af",
                    ),
                ),
            ],
            options={
                "verbose_name": "rådslagningens møde",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ConferenceDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("approved", models.BooleanField(verbose_name="godkendt")),
                ("reason", models.TextField(verbose_name="begrundelse")),
                ("decided_at", models.DateTimeField(default=placement.clock.now, verbose_name="afgjort")),
                (
                    "coordinator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="godkendt eller afvist af",
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
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="flow_conference.conferencemeeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "svar på familiens plan",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ConferencePlanLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("who", models.CharField(max_length=80, verbose_name="hvem")),
                ("what", models.TextField(verbose_name="hvad")),
                ("by_on", models.DateField(verbose_name="inden")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="flow_conference.conferencemeeting",
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
                "verbose_name": "linje i familiens plan",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="conference",
            index=models.Index(fields=["municipality", "family", "-id"], name="conference_by_family"),
        ),
        migrations.AddConstraint(
            model_name="conference",
            constraint=models.CheckConstraint(
                condition=models.Q(("question", ""), _negated=True), name="conference_has_a_question"
            ),
        ),
        migrations.AddConstraint(
            model_name="conference",
            constraint=models.CheckConstraint(
                condition=models.Q(("consented_on__lte", models.F("asked_at__date"))),
                name="conference_consent_not_in_future",
            ),
        ),
        migrations.AddConstraint(
            model_name="conference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("appointed_on__isnull", True), ("coordinator__isnull", True)),
                    models.Q(("appointed_on__isnull", False), ("coordinator__isnull", False)),
                    _connector="OR",
                ),
                name="conference_coordinator_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="conferencefollowup",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="conference_follow_up_tells"
            ),
        ),
        migrations.AddConstraint(
            model_name="conferencemeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("has_plan", False), ("private_time", True), _connector="OR"),
                name="conference_plan_is_the_familys_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="conferencemeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("has_plan", True), models.Q(("without_plan", ""), _negated=True), _connector="OR"
                ),
                name="conference_without_plan_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="conferencemeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("changes_exit_plan", False), ("has_plan", True), _connector="OR"),
                name="conference_change_is_of_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="conferencedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="conference_decision_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="conferencedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("coordinator", models.F("decided_by")), _negated=True),
                name="conference_decision_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="conferenceplanline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("who", ""), _negated=True), models.Q(("what", ""), _negated=True)
                ),
                name="conference_line_says_who_and_what",
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
