import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Deputyship",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("caseworker", "Rådgiver"),
                                    ("authoritylead", "Myndighedsleder"),
                                    ("practitioner", "Behandler"),
                                    ("teamlead", "Teamleder"),
                                    ("healthvisitor", "Sundhedsplejerske"),
                                ],
                                max_length=20,
                                verbose_name="rolle",
                            ),
                        ),
                        ("starts", models.DateField(verbose_name="fra")),
                        ("ends", models.DateField(verbose_name="til og med")),
                        ("reason", models.CharField(max_length=300, verbose_name="hvorfor")),
                        ("made_at", models.DateTimeField(default=placement.clock.now)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "deputy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="stedfortræder",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "stands_in_for",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="for hvem",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stedfortrædelse",
                        "ordering": ["-starts", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=["municipality", "deputy"],
                                name="deputyship_by_deputy",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("deputy", models.F("stands_in_for")), _negated=True),
                                name="deputyship_is_not_for_oneself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends__gte", models.F("starts"))),
                                name="deputyship_end_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="deputyship_says_why"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "role__in",
                                        [
                                            "caseworker",
                                            "authoritylead",
                                            "practitioner",
                                            "teamlead",
                                            "healthvisitor",
                                        ],
                                    )
                                ),
                                name="deputyship_of_a_case_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                                    models.Q(
                                        ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="deputyship_withdrawn_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingRecord",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("kind", models.CharField(max_length=40)),
                        ("title", models.CharField(max_length=120, verbose_name="hvad")),
                        ("held_on", models.DateField(verbose_name="dato")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="gælder til og med"),
                        ),
                        ("provider", models.CharField(max_length=120, verbose_name="hos hvem")),
                        ("recorded_at", models.DateTimeField(default=placement.clock.now)),
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
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="medarbejder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "uddannelse eller supervision",
                        "ordering": ["-held_on", "-id"],
                        "indexes": [
                            models.Index(fields=["municipality", "staff", "kind"], name="training_by_staff")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("held_on")),
                                    _connector="OR",
                                ),
                                name="training_ends_after_it_was_held",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("provider", ""), _negated=True),
                                name="training_says_with_whom",
                            ),
                            models.UniqueConstraint(
                                fields=("municipality", "staff", "kind", "held_on"),
                                name="training_once_a_day",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
