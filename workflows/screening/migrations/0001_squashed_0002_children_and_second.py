import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [("flow_screening", "0001_initial"), ("flow_screening", "0002_children_and_second")]

    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("families", "0001_squashed_0004_moves"),
        ("kernel", "0001_squashed_0004_notices"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Concern",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("received_at", models.DateTimeField(verbose_name="modtaget")),
                        (
                            "notifier",
                            models.CharField(
                                choices=[
                                    ("health_visitor", "Sundhedsplejen"),
                                    ("midwife", "Jordemoder eller familieambulatorium"),
                                    ("hospital", "Sygehus"),
                                    ("doctor", "Læge"),
                                    ("daycare", "Dagtilbud"),
                                    ("school", "Skole"),
                                    ("site", "Anbringelsesstedet"),
                                    ("police", "Politi"),
                                    ("authority", "En anden myndighed eller kommune"),
                                    ("child", "Barnet eller en søskende"),
                                    ("relative", "Familie eller netværk"),
                                    ("citizen", "En anden borger"),
                                    ("anonymous", "Anonym"),
                                ],
                                max_length=16,
                                verbose_name="fra",
                            ),
                        ),
                        ("what", models.TextField(verbose_name="hvad underretningen handler om")),
                        ("acute", models.BooleanField(verbose_name="akut")),
                        (
                            "violence_possible",
                            models.BooleanField(
                                verbose_name="vold eller æresrelateret konflikt kan være til stede"
                            ),
                        ),
                        ("registered_at", models.DateTimeField(default=placement.clock.now)),
                        ("assessed_at", models.DateTimeField(blank=True, null=True, verbose_name="vurderet")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_concern", "Ingen bekymring, der skal følges op"),
                                    ("in_plan", "Følges op i den plan, familien har"),
                                    ("examination", "Ny undersøgelse"),
                                    ("acute", "Akut handling for barnet"),
                                ],
                                max_length=12,
                                verbose_name="udfald",
                            ),
                        ),
                        (
                            "receipt_sent_on",
                            models.DateField(blank=True, null=True, verbose_name="kvittering sendt"),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="afsluttet")),
                        ("closed_reason", models.TextField(blank=True, verbose_name="hvorfor afsluttet")),
                        (
                            "closed_by",
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
                                related_name="concerns",
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
                                related_name="concern",
                                to="kernel.process",
                            ),
                        ),
                        (
                            "receipt_sent_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "registered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("needs_second", models.BooleanField(default=False, verbose_name="vurderes på ny")),
                    ],
                    options={
                        "verbose_name": "underretning",
                        "ordering": ["-received_at", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "-received_at"], name="concern_by_family"
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=["municipality", "family"],
                                name="concern_open_by_family",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("what", ""), _negated=True), name="concern_says_what"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("received_at__lte", models.F("registered_at"))),
                                name="concern_received_before_registered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("assessed_at__isnull", True), ("outcome", "")),
                                    models.Q(
                                        ("assessed_at__gte", models.F("received_at")),
                                        ("assessed_at__isnull", False),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="concern_assessed_after_received",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("receipt_sent_by__isnull", True), ("receipt_sent_on__isnull", True)
                                    ),
                                    models.Q(
                                        ("receipt_sent_by__isnull", False),
                                        ("receipt_sent_on__isnull", False),
                                        ("received_at__date__lte", models.F("receipt_sent_on")),
                                    ),
                                    _connector="OR",
                                ),
                                name="concern_receipt_after_received",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", True),
                                        ("closed_by__isnull", True),
                                        ("closed_reason", ""),
                                    ),
                                    models.Q(
                                        ("assessed_at__isnull", False),
                                        ("closed_at__gte", models.F("assessed_at")),
                                        ("closed_at__isnull", False),
                                        ("closed_by__isnull", False),
                                        models.Q(("closed_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="concern_closed_after_assessed_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConcernAssessment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "turn",
                            models.CharField(
                                choices=[
                                    ("first", "Vurdering inden for et døgn"),
                                    ("second", "Ny vurdering efter § 137"),
                                ],
                                max_length=6,
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("no_concern", "Ingen bekymring, der skal følges op"),
                                    ("in_plan", "Følges op i den plan, familien har"),
                                    ("examination", "Ny undersøgelse"),
                                    ("acute", "Akut handling for barnet"),
                                ],
                                max_length=12,
                                verbose_name="udfald",
                            ),
                        ),
                        ("reasons", models.TextField(verbose_name="begrundelse")),
                        (
                            "violence_possible",
                            models.BooleanField(
                                verbose_name="vold eller æresrelateret konflikt kan være til stede"
                            ),
                        ),
                        (
                            "safety_risk",
                            models.TextField(blank=True, verbose_name="risikoen for barnets sikkerhed"),
                        ),
                        (
                            "parents_may_be_told",
                            models.BooleanField(verbose_name="forældrene må kontaktes nu"),
                        ),
                        ("assessed_at", models.DateTimeField(verbose_name="vurderet")),
                        ("facts", models.JSONField(blank=True, default=dict)),
                        (
                            "assessed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="flow_screening.concern",
                            ),
                        ),
                        (
                            "first_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
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
                    ],
                    options={
                        "verbose_name": "vurdering af underretning",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "concern", "turn"),
                                name="concern_assessed_once_a_turn",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reasons", ""), _negated=True),
                                name="concern_assessment_has_reasons",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("first_by__isnull", True), ("turn", "first")),
                                    models.Q(
                                        ("first_by__isnull", False),
                                        ("turn", "second"),
                                        models.Q(("assessed_by", models.F("first_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="concern_second_assessor_is_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("violence_possible", False),
                                    ("parents_may_be_told", False),
                                    models.Q(("safety_risk", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="concern_risk_assessed_before_parents",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConcernChild",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "child",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.person",
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="flow_screening.concern",
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
                        "verbose_name": "barn i en underretning",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "concern", "child"), name="concern_names_a_child_once"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
