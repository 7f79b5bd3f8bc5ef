import uuid

import django.db.models.deletion
import viewflow.workflow.fields
import viewflow.workflow.token
from django.conf import settings
from django.db import migrations, models

import placement.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("families", "0001_initial"),
        ("model_versions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Process",
            fields=[
                (
                    "flow_class",
                    viewflow.workflow.fields.FlowReferenceField(max_length=250, verbose_name="Flow"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("CANCELED", "Canceled"), ("DONE", "Done"), ("NEW", "New")],
                        default="NEW",
                        max_length=50,
                        verbose_name="Status",
                    ),
                ),
                ("finished", models.DateTimeField(blank=True, null=True, verbose_name="Finished")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("release_uuid", models.UUIDField(editable=False, null=True)),
                ("created", models.DateTimeField(default=placement.clock.now)),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "family",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="processes",
                        to="families.family",
                    ),
                ),
                (
                    "model_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="model_versions.modelversion",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "proces",
                "indexes": [models.Index(fields=["municipality", "family"], name="process_by_family")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("family__isnull", False),
                                ("municipality__isnull", False),
                                ("release_uuid__isnull", True),
                            ),
                            models.Q(
                                ("family__isnull", True),
                                ("municipality__isnull", True),
                                ("release_uuid__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="process_family_or_release",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "flow_task",
                    viewflow.workflow.fields.TaskReferenceField(max_length=255, verbose_name="Task"),
                ),
                ("flow_task_type", models.CharField(max_length=50, verbose_name="Type")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ASSIGNED", "Assigned"),
                            ("CANCELED", "Canceled"),
                            ("DONE", "Done"),
                            ("ERROR", "Error"),
                            ("NEW", "New"),
                            ("REVIVED", "Revived"),
                            ("SCHEDULED", "Scheduled"),
                            ("STARTED", "Started"),
                        ],
                        db_index=True,
                        default="NEW",
                        max_length=50,
                        verbose_name="Status",
                    ),
                ),
                ("assigned", models.DateTimeField(blank=True, null=True, verbose_name="Assigned")),
                ("started", models.DateTimeField(blank=True, null=True, verbose_name="Started")),
                ("finished", models.DateTimeField(blank=True, null=True, verbose_name="Finished")),
                (
                    "scheduled",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="Scheduled"),
                ),
                (
                    "token",
                    viewflow.workflow.fields.TokenField(
                        default=viewflow.workflow.token.Token("start"), max_length=150, verbose_name="Token"
                    ),
                ),
                (
                    "external_task_id",
                    models.CharField(
                        blank=True, db_index=True, max_length=50, null=True, verbose_name="External Task ID"
                    ),
                ),
                (
                    "owner_permission",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="Permission"),
                ),
                ("owner_permission_obj_pk", models.CharField(blank=True, max_length=255, null=True)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("release_uuid", models.UUIDField(editable=False, null=True)),
                (
                    "element",
                    models.CharField(
                        choices=[
                            ("journey", "Forløbet"),
                            ("team", "Indsatsteam"),
                            ("mentalisation", "Mentaliseringsbaseret tilgang"),
                            ("progression", "Opfølgning på progression"),
                            ("network", "Netværk"),
                            ("exit", "Udslusning"),
                            ("screening", "Screening"),
                            ("release", "Udtræk"),
                        ],
                        max_length=14,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="venter på")),
                ("due", models.DateField(blank=True, null=True, verbose_name="frist")),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("created", models.DateTimeField(default=placement.clock.now)),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "excluded",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="families.family",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.municipality",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_permission_content_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "previous",
                    models.ManyToManyField(related_name="leading", to="kernel.task", verbose_name="Previous"),
                ),
                (
                    "process",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="kernel.process"),
                ),
            ],
            options={
                "verbose_name": "opgave",
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished__isnull", True), ("flow_task_type", "HUMAN")),
                        fields=["municipality", "owner_permission", "due", "id"],
                        name="task_open_by_permission",
                    ),
                    models.Index(
                        condition=models.Q(("finished__isnull", True), ("flow_task_type", "HUMAN")),
                        fields=["municipality", "family"],
                        name="task_open_by_family",
                    ),
                    models.Index(fields=["municipality", "family", "id"], name="task_by_family"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("family__isnull", False),
                                ("municipality__isnull", False),
                                ("release_uuid__isnull", True),
                            ),
                            models.Q(
                                ("family__isnull", True),
                                ("municipality__isnull", True),
                                ("release_uuid__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="task_family_or_release",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", True),
                            ("excluded__isnull", True),
                            models.Q(("owner", models.F("excluded")), _negated=True),
                            _connector="OR",
                        ),
                        name="task_not_done_by_the_excluded",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Process",
            name="parent_task",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subprocesses",
                to="kernel.task",
            ),
        ),
    ]
