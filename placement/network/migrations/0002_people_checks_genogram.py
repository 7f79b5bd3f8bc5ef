import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock

#: An invitation rests on the newest check of that very person, which does not say no, and on their newest answer, a yes.
REFUSE = """
CREATE FUNCTION network_refuse_invitation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    checked record;
    answered record;
BEGIN
    -- Somebody of another municipality is not seen from here; row security and the key refuse that row.
    IF NOT EXISTS (SELECT FROM public.network_networkmember m WHERE m.id = NEW.member_id) THEN
        RETURN NEW;
    END IF;
    SELECT c.id, c.outcome INTO checked FROM public.network_networksafetycheck c
     WHERE c.municipality_id = NEW.municipality_id AND c.member_id = NEW.member_id ORDER BY c.id DESC LIMIT 1;
    SELECT a.id, a.answer INTO answered FROM public.network_networkanswer a
     WHERE a.municipality_id = NEW.municipality_id AND a.member_id = NEW.member_id ORDER BY a.id DESC LIMIT 1;
    IF checked.id IS DISTINCT FROM NEW.safety_id OR checked.outcome IS NOT DISTINCT FROM 'no' OR checked.id IS NULL
       OR answered.id IS DISTINCT FROM NEW.contact_id OR answered.answer IS DISTINCT FROM 'given'
    THEN
        RAISE EXCEPTION 'nobody is invited without a safety check and a yes of their own'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'network_invitation_is_safe', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION network_refuse_invitation() FROM PUBLIC;
CREATE TRIGGER network_invitation_is_safe BEFORE INSERT OR UPDATE OF member_id, safety_id, contact_id
    ON network_networkinvitation FOR EACH ROW EXECUTE FUNCTION network_refuse_invitation();
"""
ALLOW = """
DROP TRIGGER network_invitation_is_safe ON network_networkinvitation;
DROP FUNCTION network_refuse_invitation();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("families", "0006_convener"),
        ("meetings", "0002_agenda_and_minutes"),
        ("network", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NetworkSafetyCheck",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("checked_on", models.DateField(verbose_name="tjekket")),
                (
                    "violence_possible",
                    models.BooleanField(verbose_name="vold eller æresrelateret konflikt kan være til stede"),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("safe", "Kan inviteres"),
                            ("care", "Kan inviteres på vilkår"),
                            ("no", "Må ikke inviteres"),
                        ],
                        max_length=4,
                        verbose_name="udfald",
                    ),
                ),
                ("reasons", models.TextField(verbose_name="hvad vurderingen bygger på")),
                ("terms", models.TextField(blank=True, verbose_name="vilkår")),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
            ],
            options={
                "verbose_name": "sikkerhedstjek",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="agreement",
            name="about",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Genogram",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("drawn_on", models.DateField(verbose_name="tegnet")),
                ("remark", models.TextField(blank=True, verbose_name="bemærkning")),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tegnet af",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="genograms",
                        to="families.family",
                        verbose_name="familie",
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
                "verbose_name": "genogram",
                "verbose_name_plural": "genogrammer",
                "ordering": ["-drawn_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="GenogramPerson",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("label", models.CharField(max_length=40, verbose_name="fornavn eller relation")),
                (
                    "generation",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Oldeforældre"),
                            (2, "Bedsteforældre"),
                            (3, "Forældre og deres søskende"),
                            (4, "Børn"),
                        ],
                        verbose_name="generation",
                    ),
                ),
                (
                    "own_placement",
                    models.CharField(
                        choices=[("unknown", "Ved ikke"), ("yes", "Ja"), ("no", "Nej")],
                        default="unknown",
                        max_length=8,
                        verbose_name="selv anbragt som barn",
                    ),
                ),
                (
                    "genogram",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="network.genogram",
                        verbose_name="genogram",
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
                "verbose_name": "person i genogrammet",
                "ordering": ["generation", "id"],
            },
        ),
        migrations.CreateModel(
            name="GenogramRelation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("couple", "Par"),
                            ("parent_child", "Forælder til"),
                            ("siblings", "Søskende"),
                        ],
                        max_length=12,
                        verbose_name="relation",
                    ),
                ),
                ("broken", models.BooleanField(default=False, verbose_name="brudt")),
                (
                    "genogram",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to="network.genogram",
                        verbose_name="genogram",
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
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.genogramperson",
                        verbose_name="den ene",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.genogramperson",
                        verbose_name="den anden",
                    ),
                ),
            ],
            options={
                "verbose_name": "relation i genogrammet",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="NetworkAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("given", "Vil gerne kontaktes"),
                            ("declined", "Vil ikke kontaktes"),
                            ("withdrawn", "Har trukket sit ja tilbage"),
                        ],
                        max_length=10,
                        verbose_name="svar",
                    ),
                ),
                ("answered_on", models.DateField(verbose_name="svaret")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("talk", "I en samtale"),
                            ("phone", "I telefon"),
                            ("written", "Skriftligt"),
                            ("through_parents", "Gennem forældrene"),
                        ],
                        max_length=16,
                        verbose_name="hvordan",
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
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
                "verbose_name": "svar på kontakt",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="NetworkMember",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("label", models.CharField(max_length=60, verbose_name="fornavn eller relation")),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="network_members",
                        to="families.family",
                        verbose_name="familie",
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
                "verbose_name": "netværksperson",
                "verbose_name_plural": "netværkspersoner",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="NetworkInvitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "occasion",
                    models.CharField(
                        choices=[("meeting", "Netværksmøde"), ("conference", "Familierådslagning")],
                        max_length=10,
                        verbose_name="hvad er der inviteret til?",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="mødets dag")),
                ("about", models.UUIDField(blank=True, editable=False, null=True)),
                ("came", models.BooleanField(blank=True, null=True, verbose_name="kom")),
                ("invited_at", models.DateTimeField(default=placement.clock.now, verbose_name="inviteret")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.networkanswer",
                        verbose_name="svar på kontakt",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="network_invitations",
                        to="families.family",
                        verbose_name="familie",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inviteret af",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meetings.meeting",
                        verbose_name="møde",
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
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="network.networkmember",
                        verbose_name="netværksperson",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitationer",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="networkanswer",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="network.networkmember",
                verbose_name="netværksperson",
            ),
        ),
        migrations.AddField(
            model_name="networkperson",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="network.networkmember",
                verbose_name="samme person",
            ),
        ),
        migrations.AddConstraint(
            model_name="networkperson",
            constraint=models.UniqueConstraint(
                condition=models.Q(("member__isnull", False)),
                fields=("municipality", "map", "member"),
                name="network_person_once_on_a_map",
            ),
        ),
        migrations.AddField(
            model_name="networksafetycheck",
            name="checked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="vurderet af",
            ),
        ),
        migrations.AddField(
            model_name="networksafetycheck",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="network.networkmember",
                verbose_name="netværksperson",
            ),
        ),
        migrations.AddField(
            model_name="networksafetycheck",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.municipality"
            ),
        ),
        migrations.AddField(
            model_name="networkinvitation",
            name="safety",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.networksafetycheck",
                verbose_name="sikkerhedstjek",
            ),
        ),
        migrations.AddIndex(
            model_name="genogram",
            index=models.Index(fields=["municipality", "family", "-drawn_on"], name="genogram_by_family"),
        ),
        migrations.AddConstraint(
            model_name="genogramperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("label", ""), _negated=True), name="genogram_person_has_label"
            ),
        ),
        migrations.AddConstraint(
            model_name="genogramperson",
            constraint=models.UniqueConstraint(
                fields=("municipality", "genogram", "label"), name="genogram_person_label_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="genogramrelation",
            constraint=models.CheckConstraint(
                condition=models.Q(("one", models.F("other")), _negated=True), name="genogram_relation_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="genogramrelation",
            constraint=models.UniqueConstraint(
                fields=("municipality", "genogram", "one", "other", "kind"), name="genogram_relation_once"
            ),
        ),
        migrations.AddIndex(
            model_name="networkmember",
            index=models.Index(fields=["municipality", "family"], name="network_member_by_family"),
        ),
        migrations.AddConstraint(
            model_name="networkmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("label", ""), _negated=True), name="network_member_has_label"
            ),
        ),
        migrations.AddConstraint(
            model_name="networkanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("answered_on__lte", models.F("recorded_at__date"))),
                name="network_answer_not_in_future",
            ),
        ),
        migrations.AddConstraint(
            model_name="networksafetycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("reasons", ""), _negated=True), name="network_check_has_reasons"
            ),
        ),
        migrations.AddConstraint(
            model_name="networksafetycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "care"), _negated=True),
                    models.Q(("terms", ""), _negated=True),
                    _connector="OR",
                ),
                name="network_check_care_has_terms",
            ),
        ),
        migrations.AddConstraint(
            model_name="networksafetycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("violence_possible", False),
                    models.Q(("outcome", "safe"), _negated=True),
                    _connector="OR",
                ),
                name="network_check_violence_is_not_safe",
            ),
        ),
        migrations.AddConstraint(
            model_name="networksafetycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("checked_on__lte", models.F("recorded_at__date"))),
                name="network_check_not_in_future",
            ),
        ),
        migrations.AddIndex(
            model_name="networkinvitation",
            index=models.Index(fields=["municipality", "family", "-id"], name="network_invitation_by_family"),
        ),
        migrations.AddConstraint(
            model_name="networkinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("meeting__isnull", False)),
                fields=("municipality", "member", "meeting"),
                name="network_invitation_once_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="networkinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("occasion", "conference"), _negated=True),
                    ("about__isnull", False),
                    _connector="OR",
                ),
                name="network_invitation_names_its_conference",
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
