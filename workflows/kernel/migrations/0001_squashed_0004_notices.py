import uuid

import django.db.models.deletion
import viewflow.workflow.fields
import viewflow.workflow.token
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("kernel", "0001_initial"),
        ("kernel", "0002_clocks"),
        ("kernel", "0003_process_adaptation"),
        ("kernel", "0004_notices"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("families", "0001_squashed_0004_moves"),
        ("model_versions", "0001_squashed_0002_adaptations_and_organisation"),
    ]

    operations = [
        CreateModels(
            models=[
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
                            models.DateTimeField(
                                blank=True, db_index=True, null=True, verbose_name="Scheduled"
                            ),
                        ),
                        (
                            "token",
                            viewflow.workflow.fields.TokenField(
                                default=viewflow.workflow.token.Token("start"),
                                max_length=150,
                                verbose_name="Token",
                            ),
                        ),
                        (
                            "external_task_id",
                            models.CharField(
                                blank=True,
                                db_index=True,
                                max_length=50,
                                null=True,
                                verbose_name="External Task ID",
                            ),
                        ),
                        (
                            "owner_permission",
                            models.CharField(
                                blank=True, max_length=255, null=True, verbose_name="Permission"
                            ),
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
                            models.ManyToManyField(
                                related_name="leading", to="kernel.task", verbose_name="Previous"
                            ),
                        ),
                        (
                            "process",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="kernel.process"
                            ),
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
                        (
                            "parent_task",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="subprocesses",
                                to="kernel.task",
                            ),
                        ),
                        (
                            "adaptation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="model_versions.adaptation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "proces",
                        "indexes": [
                            models.Index(fields=["municipality", "family"], name="process_by_family")
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
                                name="process_family_or_release",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clock",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("rule", models.CharField(max_length=60, verbose_name="regel")),
                        ("title", models.CharField(max_length=160, verbose_name="frist")),
                        ("source", models.CharField(max_length=160, verbose_name="kilde")),
                        ("trigger", models.CharField(max_length=30)),
                        ("stopped_by", models.CharField(max_length=30)),
                        ("about", models.UUIDField(blank=True, null=True)),
                        ("begun_at", models.DateTimeField(verbose_name="begyndt")),
                        ("warn_at", models.DateTimeField(blank=True, null=True, verbose_name="påmindelse")),
                        ("due_at", models.DateTimeField(verbose_name="frist")),
                        ("reminds", models.CharField(max_length=20)),
                        ("escalates_to", models.CharField(max_length=20)),
                        ("runs_while_paused", models.BooleanField(default=False)),
                        ("held_at", models.DateTimeField(blank=True, null=True)),
                        ("warned_at", models.DateTimeField(blank=True, null=True)),
                        ("escalated_at", models.DateTimeField(blank=True, null=True)),
                        ("stopped_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "stop_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("done", "Sket"),
                                    ("withdrawn", "Forløbet er afbrudt"),
                                    ("lost", "Ikke længere aktuel"),
                                    ("not_needed", "Begrundet fravalgt"),
                                    ("dropped", "Opgaven er faldet bort"),
                                    ("closed", "Forløbet er afsluttet"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="clocks",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "frist",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("escalated_at__isnull", True),
                                    ("held_at__isnull", True),
                                    ("stopped_at__isnull", True),
                                ),
                                fields=["municipality", "due_at"],
                                name="clock_to_escalate",
                            ),
                            models.Index(fields=["municipality", "family"], name="clock_by_family"),
                            models.Index(
                                condition=models.Q(
                                    ("escalated_at__isnull", True),
                                    ("held_at__isnull", True),
                                    ("stopped_at__isnull", True),
                                    ("warned_at__isnull", True),
                                ),
                                fields=["municipality", "warn_at"],
                                name="clock_to_warn",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("due_at__gt", models.F("begun_at"))),
                                name="clock_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("warn_at__isnull", True),
                                    ("warn_at__lte", models.F("due_at")),
                                    _connector="OR",
                                ),
                                name="clock_warns_before_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stop_reason", ""), ("stopped_at__isnull", True)),
                                    models.Q(
                                        models.Q(("stopped_at__isnull", False)),
                                        models.Q(("stop_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="clock_stopped_with_reason",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stopped_at__isnull", True)),
                                fields=("municipality", "family", "rule", "about"),
                                name="clock_runs_once",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("warned", "Nærmer sig"), ("escalated", "Overskredet")],
                                max_length=10,
                            ),
                        ),
                        ("told_at", models.DateTimeField(verbose_name="sendt")),
                        ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="set")),
                        ("mailed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "clock",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="kernel.clock",
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
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
                            "recipient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "besked om frist",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)),
                                fields=["municipality", "recipient"],
                                name="notice_unread",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "recipient", "clock", "kind"), name="notice_told_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("read_at__isnull", True),
                                    ("read_at__gte", models.F("told_at")),
                                    _connector="OR",
                                ),
                                name="notice_read_after_told",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
