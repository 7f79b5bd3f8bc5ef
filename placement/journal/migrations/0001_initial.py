import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("families", "0001_initial"),
        ("progression", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("submit_token", models.UUIDField(editable=False)),
                ("form", models.CharField(max_length=60, verbose_name="formular")),
                ("data", models.JSONField(blank=True, default=dict, verbose_name="indhold")),
                ("rev", models.PositiveIntegerField(default=0, verbose_name="udgave")),
                ("updated", models.DateTimeField(default=placement.clock.now, verbose_name="gemt")),
                ("submitted", models.DateTimeField(blank=True, null=True, verbose_name="sendt")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "verbose_name": "kladde",
                "verbose_name_plural": "kladder",
                "indexes": [
                    models.Index(
                        condition=models.Q(("submitted__isnull", True)),
                        fields=["municipality", "staff", "-updated"],
                        name="draft_open_by_person",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "staff", "submit_token"), name="draft_one_per_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("submitted__isnull", True), ("data", {}), _connector="OR"),
                        name="draft_submitted_is_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("observation", "Observation"),
                            ("assessment", "Vurdering"),
                            ("draft", "Intern kladde"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="tekst")),
                (
                    "element",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("team", "Indsatsteam"),
                            ("mentalisation", "Mentaliseringsbaseret tilgang"),
                            ("progression", "Opfølgning på progression"),
                            ("network", "Netværk"),
                            ("exit", "Udslusning"),
                        ],
                        max_length=16,
                        verbose_name="kerneelement",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="hvornår det skete")),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("reason", models.TextField(blank=True, verbose_name="hvorfor det er rettet")),
                ("submit_token", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrevet af",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="families.family",
                        verbose_name="familie",
                    ),
                ),
                (
                    "measurement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="progression.measurement",
                        verbose_name="score",
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
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="journal.note",
                        verbose_name="retter",
                    ),
                ),
            ],
            options={
                "verbose_name": "notat",
                "verbose_name_plural": "notater",
                "ordering": ["-happened_at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "family", "-happened_at"], name="note_by_family")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            ("measurement__isnull", False),
                            _connector="OR",
                        ),
                        name="note_has_text_or_score",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("replaces__isnull", True), ("version", 1)),
                            models.Q(
                                ("replaces__isnull", False),
                                ("version__gt", 1),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="note_corrected_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", False)),
                        fields=("municipality", "replaces"),
                        name="note_replaced_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("submit_token__isnull", False)),
                        fields=("municipality", "author", "submit_token"),
                        name="note_once_per_submission",
                    ),
                ],
            },
        ),
    ]
