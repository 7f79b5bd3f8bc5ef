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
        ("access", "__first__"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Release",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("T1", "T1 – rækker med pseudonymer til forskning efter aftale"),
                                    ("T2", "T2 – anonymiserede rækker"),
                                    ("T3", "T3 – tabeller med tal for grupper"),
                                ],
                                max_length=2,
                                verbose_name="slags",
                            ),
                        ),
                        ("purpose", models.TextField(verbose_name="formål")),
                        ("agreement", models.TextField(verbose_name="aftale")),
                        (
                            "datasets",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("registration", "Registreringsskema (en række pr. familie)"),
                                        ("measurements", "Målinger (en række pr. måling)"),
                                        ("exit_steps", "Udslusningstrin (en række pr. trin)"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                                verbose_name="datasæt",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("requested", "Bestilt"),
                                    ("built", "Bygget"),
                                    ("available", "Klar"),
                                    ("failed", "Kunne ikke bygges"),
                                ],
                                default="requested",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "requested_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="bestilt"),
                        ),
                        ("built_at", models.DateTimeField(blank=True, null=True, verbose_name="bygget")),
                        ("row_counts", models.JSONField(blank=True, default=dict, verbose_name="rækker")),
                        (
                            "error_type",
                            models.CharField(blank=True, max_length=80, verbose_name="fejlens art"),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="bestilt af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "udtræk",
                        "verbose_name_plural": "udtræk",
                        "indexes": [models.Index(fields=["requested_by", "-id"], name="release_by_person")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("purpose", ""), _negated=True),
                                    models.Q(("agreement", ""), _negated=True),
                                ),
                                name="release_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["T1", "T2", "T3"])),
                                name="release_kind_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("datasets__len__gte", 1)),
                                name="release_asks_for_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("built_at__isnull", True),
                                        ("error_type", ""),
                                        ("status", "requested"),
                                    ),
                                    models.Q(
                                        ("built_at__isnull", False),
                                        ("error_type", ""),
                                        ("status__in", ["built", "available"]),
                                    ),
                                    models.Q(
                                        ("built_at__isnull", True),
                                        ("status", "failed"),
                                        models.Q(("error_type", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_status_fits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("built_at__isnull", True),
                                    ("built_at__gte", models.F("requested_at")),
                                    _connector="OR",
                                ),
                                name="release_built_after_requested",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReleaseFile",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("name", models.CharField(max_length=60, verbose_name="navn")),
                        ("media_type", models.CharField(max_length=60)),
                        ("content", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("bytes", models.PositiveBigIntegerField(verbose_name="størrelse")),
                        ("rows", models.PositiveIntegerField(blank=True, null=True, verbose_name="rækker")),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="evaluation.release",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fil",
                        "verbose_name_plural": "filer",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("release", "name"), name="release_file_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReleaseDownload",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("sha256", models.CharField(max_length=64)),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="downloads",
                                to="evaluation.releasefile",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hentning",
                        "verbose_name_plural": "hentninger",
                    },
                ),
            ],
        ),
    ]
