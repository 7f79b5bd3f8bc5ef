import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [("model_versions", "0001_initial"), ("model_versions", "0002_adaptations_and_organisation")]

    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("families", "0001_squashed_0004_moves"),
    ]

    # What 0002 does to versions loaded before it is left out: where this runs, there are none.
    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="ModelVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="version")),
                        ("title", models.CharField(max_length=120, verbose_name="titel")),
                        ("in_force_from", models.DateField(verbose_name="gælder fra")),
                        ("content", models.JSONField(verbose_name="indhold")),
                        (
                            "approved_by",
                            models.CharField(
                                blank=True, default="", max_length=120, verbose_name="godkendt af"
                            ),
                        ),
                        ("approved_on", models.DateField(blank=True, null=True, verbose_name="godkendt")),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="model_versions.modelversion",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, default="", verbose_name="begrundelse")),
                        ("source", models.TextField(blank=True, default="")),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "Kladde"), ("in_force", "Gælder"), ("retired", "Udgået")],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("what_changed", models.TextField(blank=True, default="", verbose_name="ændring")),
                        (
                            "written_by",
                            models.CharField(default="", max_length=120, verbose_name="skrevet af"),
                        ),
                    ],
                    options={
                        "verbose_name": "modelversion",
                        "ordering": ["-in_force_from", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by", ""),
                                    models.Q(("approved_by", models.F("written_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="model_version_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_by", ""),
                                        ("approved_on__isnull", True),
                                        ("status", "draft"),
                                    ),
                                    models.Q(
                                        models.Q(("approved_on__isnull", False)),
                                        models.Q(("status", "draft"), _negated=True),
                                        models.Q(("approved_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="model_version_in_force_is_approved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Adaptation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("number", models.PositiveSmallIntegerField()),
                        ("code", models.CharField(max_length=40, verbose_name="tilpasning")),
                        ("overrides", models.JSONField(default=dict, verbose_name="ændringer")),
                        ("reason", models.TextField(verbose_name="begrundelse")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Kladde"),
                                    ("withdrawn", "Trukket tilbage"),
                                    ("rejected", "Afvist"),
                                    ("in_force", "Gælder"),
                                    ("retired", "Udgået"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("drafted_at", models.DateTimeField(verbose_name="skrevet")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="afgjort")),
                        ("decision_reason", models.TextField(blank=True, default="", verbose_name="svar")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "drafted_by",
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
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="model_versions.modelversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "kommunal tilpasning",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="adaptation_decided_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("status__in", ("draft", "withdrawn")),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("decided_at__isnull", False), ("decided_by__isnull", False)
                                        ),
                                        models.Q(("status__in", ("draft", "withdrawn")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="adaptation_in_force_is_decided",
                            ),
                            models.UniqueConstraint(
                                fields=("municipality", "number"), name="adaptation_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "in_force")),
                                fields=("municipality", "version"),
                                name="adaptation_one_in_force",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "draft")),
                                fields=("municipality",),
                                name="adaptation_one_draft",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationText",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("key", models.CharField(max_length=60)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("prerequisite", "Organisatorisk forudsætning"), ("value", "Værdi")],
                                max_length=12,
                                verbose_name="art",
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="overskrift")),
                        ("text", models.TextField(verbose_name="tekst")),
                        ("version", models.PositiveSmallIntegerField(verbose_name="udgave")),
                        ("written_at", models.DateTimeField(verbose_name="skrevet")),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "organisatorisk tekst",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "key", "version"), name="organisation_text_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SelfAssessment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("year", models.PositiveSmallIntegerField(verbose_name="år")),
                        ("made_at", models.DateTimeField(verbose_name="udfyldt")),
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
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "selvvurdering",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "site", "year"), name="self_assessment_once_a_year"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SelfAssessmentLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("key", models.CharField(max_length=60)),
                        ("title", models.CharField(max_length=160, verbose_name="forudsætning")),
                        ("level", models.PositiveSmallIntegerField(verbose_name="trin")),
                        ("level_title", models.CharField(max_length=60, verbose_name="svar")),
                        ("remark", models.TextField(blank=True, default="", verbose_name="bemærkning")),
                        (
                            "assessment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="model_versions.selfassessment",
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
                        "verbose_name": "linje i selvvurdering",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "assessment", "key"), name="self_assessment_line_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VersionMove",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("reason", models.TextField(verbose_name="begrundelse")),
                        ("moved_at", models.DateTimeField(verbose_name="flyttet")),
                        ("changes", models.JSONField(default=list, verbose_name="ændringer")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="version_moves",
                                to="families.family",
                            ),
                        ),
                        (
                            "from_adaptation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="model_versions.adaptation",
                            ),
                        ),
                        (
                            "from_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="model_versions.modelversion",
                            ),
                        ),
                        (
                            "moved_by",
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
                            "to_adaptation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="model_versions.adaptation",
                            ),
                        ),
                        (
                            "to_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="model_versions.modelversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "flytning til anden modelversion",
                        "indexes": [
                            models.Index(fields=["municipality", "family"], name="version_move_by_family")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("from_version", models.F("to_version"))),
                                    models.Q(
                                        ("from_adaptation", models.F("to_adaptation")),
                                        models.Q(
                                            ("from_adaptation__isnull", True), ("to_adaptation__isnull", True)
                                        ),
                                        _connector="OR",
                                    ),
                                    _negated=True,
                                ),
                                name="version_move_goes_somewhere",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
