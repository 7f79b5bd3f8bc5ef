import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [("flow_journey", "0001_initial"), ("flow_journey", "0002_moves")]

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
                    name="FollowUpContact",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("months", models.PositiveSmallIntegerField(verbose_name="måneder efter afslutning")),
                        ("held_on", models.DateField(verbose_name="dato")),
                        ("reached", models.BooleanField(verbose_name="familien blev nået")),
                        (
                            "lives_together",
                            models.BooleanField(
                                blank=True, null=True, verbose_name="forældre og barn bor sammen"
                            ),
                        ),
                        ("summary", models.TextField(blank=True, verbose_name="hvad familien fortalte")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_up_contacts",
                                to="families.family",
                            ),
                        ),
                        (
                            "held_by",
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
                        ("corrected_at", models.DateTimeField(blank=True, null=True, verbose_name="rettet")),
                        (
                            "journey",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kernel.process",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["months"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reached", True), ("lives_together__isnull", True), _connector="OR"
                                ),
                                name="contact_unreached_says_nothing",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("corrected_at__isnull", True)),
                                fields=("municipality", "family", "journey", "months"),
                                name="contact_once_per_month_mark",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("reason", models.TextField(verbose_name="hvorfor")),
                        ("earlier", models.JSONField(default=list, verbose_name="svaret, som det var")),
                        ("corrected_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "again",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kernel.task",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "corrected_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
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
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kernel.task",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rettet trin",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="correction_has_reason",
                            ),
                            models.UniqueConstraint(
                                fields=("municipality", "task"), name="correction_once_per_answer"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EarlierJourney",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "phase",
                            models.CharField(
                                choices=[
                                    ("enquiry", "Henvendelse"),
                                    ("assessed", "I målgruppen"),
                                    ("consented", "Samtykke givet"),
                                    ("decided", "Afgørelse truffet"),
                                    ("started", "Indsats startet"),
                                    ("moved_in", "Flyttet ind"),
                                    ("exited", "Flyttet ud"),
                                    ("closed", "Afsluttet"),
                                    ("declined", "Ikke i målgruppen"),
                                ],
                                max_length=12,
                                verbose_name="fase",
                            ),
                        ),
                        ("in_target_group", models.BooleanField(null=True, verbose_name="i målgruppen")),
                        ("assessment", models.TextField(blank=True, verbose_name="vurdering")),
                        ("room", models.CharField(blank=True, max_length=20, verbose_name="værelse")),
                        ("started_on", models.DateField(null=True, verbose_name="start i indsatsen")),
                        ("moved_in_on", models.DateField(null=True, verbose_name="flyttet ind")),
                        ("moved_out_on", models.DateField(null=True, verbose_name="flyttet ud")),
                        ("closed_on", models.DateField(null=True, verbose_name="afsluttet")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("home_together", "Familien bor sammen i eget hjem"),
                                    ("home_with_support", "Familien bor sammen med fortsat støtte"),
                                    ("child_placed", "Barnet er anbragt"),
                                    ("other_offer", "Familien er gået til et andet tilbud"),
                                    ("withdrawn", "Familien har selv afsluttet"),
                                    ("moved_away", "Familien er flyttet til en anden kommune"),
                                    ("pregnancy_lost", "Graviditeten er ophørt"),
                                ],
                                max_length=20,
                                verbose_name="udfald",
                            ),
                        ),
                        (
                            "family_view_of_outcome",
                            models.TextField(blank=True, verbose_name="familiens egen vurdering"),
                        ),
                        ("reason", models.TextField(verbose_name="hvorfor genåbnet")),
                        ("reopened_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="earlier_journeys",
                                to="families.family",
                            ),
                        ),
                        (
                            "following",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kernel.process",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kernel.process",
                            ),
                        ),
                        (
                            "reopened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.site",
                                verbose_name="sted",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tidligere forløb",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="reopening_has_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("process", models.F("following")), _negated=True),
                                name="reopening_leads_on",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandOver",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("given_at", models.DateTimeField(default=placement.clock.now)),
                        ("note", models.TextField(blank=True, verbose_name="besked")),
                        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_overs",
                                to="families.family",
                            ),
                        ),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "given_to",
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
                            "taken_back_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_overs",
                                to="kernel.task",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "overdragelse",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("taken_back_at__isnull", True)),
                                fields=("municipality", "task"),
                                name="hand_over_to_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("taken_back_at__isnull", True), ("taken_back_by__isnull", True)
                                    ),
                                    models.Q(
                                        ("taken_back_at__isnull", False), ("taken_back_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="hand_over_taken_back_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RiskAssessment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("child_safe", models.BooleanField(verbose_name="barnet er i sikkerhed i dag")),
                        (
                            "next_step",
                            models.CharField(
                                choices=[
                                    ("talk", "Vi taler videre med forældrene om et nyt samtykke"),
                                    ("without", "Støtte uden samtykke overvejes (barnets lov §§ 37-41)"),
                                    ("placement", "Anbringelse overvejes"),
                                    ("break_off", "Forløbet afbrydes"),
                                ],
                                max_length=12,
                                verbose_name="hvad sker der nu",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="vurdering")),
                        ("assessed_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "assessed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "consent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.consent",
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="risk_assessments",
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
                        "verbose_name": "risikovurdering",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="risk_assessment_has_words",
                            ),
                            models.UniqueConstraint(
                                fields=("municipality", "consent"), name="risk_assessed_once_per_consent"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Withdrawal",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "phase_before",
                            models.CharField(
                                choices=[
                                    ("enquiry", "Henvendelse"),
                                    ("assessed", "I målgruppen"),
                                    ("consented", "Samtykke givet"),
                                    ("decided", "Afgørelse truffet"),
                                    ("started", "Indsats startet"),
                                    ("moved_in", "Flyttet ind"),
                                    ("exited", "Flyttet ud"),
                                    ("closed", "Afsluttet"),
                                    ("declined", "Ikke i målgruppen"),
                                ],
                                max_length=12,
                                verbose_name="fase før",
                            ),
                        ),
                        ("ended_on", models.DateField(verbose_name="sidste dag")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("consent", "Forældrene ønsker ikke opholdet længere"),
                                    ("child_placed", "Barnet anbringes"),
                                    ("other_stay", "Familien går til en anden familieanbringelse"),
                                    ("other_offer", "Familien går til et andet tilbud"),
                                    ("treatment", "En forælder går i egen behandling"),
                                    ("moved_away", "Familien flytter til en anden kommune"),
                                    ("not_needed", "Familien klarer sig uden opholdet"),
                                    ("lost", "Graviditeten er ophørt"),
                                    ("other", "Andet"),
                                ],
                                max_length=12,
                                verbose_name="årsag",
                            ),
                        ),
                        (
                            "initiator",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("family", "Familien"),
                                    ("authority", "Myndigheden"),
                                    ("site", "Anbringelsesstedet"),
                                    ("together", "Aftalt i fællesskab"),
                                ],
                                max_length=12,
                                verbose_name="hvis ønske",
                            ),
                        ),
                        ("planned", models.BooleanField(blank=True, null=True, verbose_name="planlagt")),
                        ("text", models.TextField(blank=True, verbose_name="hvad er der sket?")),
                        (
                            "child_lives",
                            models.CharField(blank=True, max_length=120, verbose_name="hvor barnet bor"),
                        ),
                        ("support_after", models.TextField(blank=True, verbose_name="støtte bagefter")),
                        ("withdrawn_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawals",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kernel.process",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "afbrudt forløb",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reason", "lost"),
                                    models.Q(
                                        models.Q(("text", ""), _negated=True),
                                        models.Q(("initiator", ""), _negated=True),
                                        ("planned__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="withdrawal_explains_itself",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
