import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("families", "0004_moves"),
        ("progression", "0002_full_goals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Administration",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("instrument", models.SlugField(max_length=40, verbose_name="redskab")),
                        (
                            "instrument_version",
                            models.CharField(max_length=20, verbose_name="redskabets version"),
                        ),
                        ("definition_digest", models.CharField(max_length=64)),
                        ("answered_on", models.DateField(verbose_name="besvaret")),
                        (
                            "respondent",
                            models.CharField(
                                choices=[
                                    ("staff", "Medarbejder"),
                                    ("parent", "Forælder"),
                                    ("together", "Forælder og medarbejder sammen"),
                                    ("child", "Barnet selv"),
                                ],
                                max_length=10,
                                verbose_name="svaret af",
                            ),
                        ),
                        ("interpreter", models.BooleanField(default=False, verbose_name="med tolk")),
                        ("language", models.CharField(blank=True, max_length=40, verbose_name="sprog")),
                        (
                            "age_months",
                            models.SmallIntegerField(
                                blank=True, null=True, verbose_name="barnets alder i måneder"
                            ),
                        ),
                        (
                            "missing_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_asked", "Ikke spurgt"),
                                    ("declined", "Familien ønskede ikke at svare"),
                                    ("not_relevant", "Ikke relevant"),
                                    ("not_yet_due", "Ikke tid endnu"),
                                ],
                                max_length=16,
                                verbose_name="hvorfor der ikke er svar",
                            ),
                        ),
                        (
                            "alerts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "repeat_from",
                            models.DateField(blank=True, null=True, verbose_name="gentages tidligst"),
                        ),
                        (
                            "repeat_by",
                            models.DateField(blank=True, null=True, verbose_name="gentages senest"),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="hvorfor den er rettet")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="administrations",
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
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.person",
                                verbose_name="om",
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
                        (
                            "replaces",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="flow_measuring.administration",
                                verbose_name="retter",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "besvarelse",
                        "verbose_name_plural": "besvarelser",
                        "ordering": ["-answered_on", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "instrument", "-answered_on"],
                                name="administration_by_family",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), ("replaces__isnull", True)),
                                    models.Q(
                                        ("replaces__isnull", False), models.Q(("reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="administration_corrected_with_reason",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaces__isnull", False)),
                                fields=("municipality", "replaces"),
                                name="administration_replaced_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("repeat_by__isnull", True), ("repeat_from__isnull", True)),
                                    models.Q(
                                        ("repeat_by__gte", models.F("repeat_from")),
                                        ("repeat_from__gt", models.F("answered_on")),
                                    ),
                                    _connector="OR",
                                ),
                                name="administration_repeated_later",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("answered_on__lte", models.F("recorded_at__date"))),
                                name="administration_not_in_future",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("item", models.PositiveSmallIntegerField(verbose_name="spørgsmål")),
                        ("value", models.SmallIntegerField(blank=True, null=True, verbose_name="svar")),
                        ("not_relevant", models.BooleanField(default=False, verbose_name="ikke relevant")),
                        (
                            "missing_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_asked", "Ikke spurgt"),
                                    ("declined", "Familien ønskede ikke at svare"),
                                    ("not_relevant", "Ikke relevant"),
                                    ("not_yet_due", "Ikke tid endnu"),
                                ],
                                max_length=16,
                                verbose_name="hvorfor svaret mangler",
                            ),
                        ),
                        (
                            "administration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="flow_measuring.administration",
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
                        "verbose_name": "svar på et spørgsmål",
                        "ordering": ["item"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "administration", "item"), name="answer_once_per_item"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("missing_reason", ""),
                                        ("not_relevant", False),
                                        ("value__isnull", False),
                                    ),
                                    models.Q(
                                        ("missing_reason", ""),
                                        ("not_relevant", True),
                                        ("value__isnull", True),
                                    ),
                                    models.Q(
                                        ("not_relevant", False),
                                        ("value__isnull", True),
                                        models.Q(("missing_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="answer_or_its_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScaleScore",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("scale", models.SlugField(max_length=40, verbose_name="skala")),
                        (
                            "value",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="score"
                            ),
                        ),
                        ("scoring_version", models.CharField(max_length=10, verbose_name="regnet efter")),
                        (
                            "crossed",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "administration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scores",
                                to="flow_measuring.administration",
                            ),
                        ),
                        (
                            "measurement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scale_score",
                                to="progression.measurement",
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
                        "verbose_name": "score på en skala",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "administration", "scale"), name="scale_scored_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScoreAction",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("today", "Samme dag"), ("soon", "Inden for få dage")],
                                max_length=8,
                                verbose_name="hvor hurtigt",
                            ),
                        ),
                        ("asked", models.TextField(verbose_name="hvad der bedes om")),
                        (
                            "asked_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="oprettet"),
                        ),
                        (
                            "taken",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("talked", "Talt med familien"),
                                    ("help", "Støtten er ændret"),
                                    ("referred", "Henvist til anden hjælp"),
                                    ("known", "Der er allerede hjælp i gang"),
                                    ("nothing", "Der skal ikke gøres noget"),
                                ],
                                max_length=10,
                                verbose_name="hvad der er gjort",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="hvordan")),
                        ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="gjort")),
                        (
                            "administration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="flow_measuring.administration",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="score_actions",
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
                        "verbose_name": "handling på en score",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["municipality", "family"], name="score_action_by_family")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "administration", "urgency"), name="score_action_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("done_at__isnull", True),
                                        ("done_by__isnull", True),
                                        ("taken", ""),
                                        ("text", ""),
                                    ),
                                    models.Q(
                                        ("done_at__isnull", False),
                                        ("done_by__isnull", False),
                                        models.Q(("taken", ""), _negated=True),
                                        models.Q(("text", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="score_action_done_says_what",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
