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
    ]

    operations = [
        migrations.CreateModel(
            name="ExitPlan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "destination",
                    models.CharField(
                        choices=[
                            ("home", "Eget hjem sammen"),
                            ("offer", "Et andet tilbud"),
                            ("apart", "Barnet anbringes"),
                        ],
                        max_length=10,
                        verbose_name="hvor skal familien hen?",
                    ),
                ),
                ("home_situation", models.TextField(blank=True, verbose_name="boligen")),
                ("receiving_support", models.TextField(blank=True, verbose_name="støtte efter udflytning")),
                (
                    "contact_person",
                    models.CharField(blank=True, max_length=120, verbose_name="gennemgående kontaktperson"),
                ),
                ("made_on", models.DateField(verbose_name="lagt")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exit_plans",
                        to="families.family",
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
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("destination", ""), _negated=True),
                        name="exit_plan_has_destination",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExitStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=8, verbose_name="trin")),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="forsøg")),
                ("requested_at", models.DateTimeField(default=placement.clock.now, verbose_name="ønsket")),
                ("why_now", models.TextField(verbose_name="hvorfor nu?")),
                ("planned_from", models.DateField(verbose_name="fra")),
                ("carried_out_on", models.DateField(blank=True, null=True, verbose_name="gennemført")),
                ("accompanied_by", models.CharField(blank=True, max_length=120, verbose_name="ledsaget af")),
                ("abandoned_at", models.DateTimeField(blank=True, null=True, verbose_name="opgivet")),
                ("abandoned_reason", models.TextField(blank=True, verbose_name="hvorfor ikke gennemført?")),
                ("evaluated_at", models.DateTimeField(blank=True, null=True, verbose_name="evalueret")),
                ("staff_view", models.TextField(blank=True, verbose_name="teamets evaluering")),
                ("parents_view", models.TextField(blank=True, verbose_name="forældrenes evaluering")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proceed", "Videre til næste trin"),
                            ("repeat", "Samme trin igen"),
                            ("back", "Et trin tilbage"),
                        ],
                        max_length=8,
                        verbose_name="resultat",
                    ),
                ),
                (
                    "abandoned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "carried_out_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child_view",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.childview",
                    ),
                ),
                (
                    "evaluated_by",
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
                        related_name="exit_steps",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="flow_exit.exitplan",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["municipality", "family", "-id"], name="exit_step_by_family")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why_now", ""), _negated=True), name="exit_step_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evaluated_at__isnull", True), ("result", "")),
                            models.Q(
                                ("carried_out_on__isnull", False),
                                ("child_view__isnull", False),
                                ("evaluated_at__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="exit_step_evaluated_after_carried_out_with_child_view",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("carried_out_on__isnull", True),
                            ("requested_at__date__lte", models.F("carried_out_on")),
                            _connector="OR",
                        ),
                        name="exit_step_carried_out_after_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("abandoned_at__isnull", True),
                                ("abandoned_by__isnull", True),
                                ("abandoned_reason", ""),
                            ),
                            models.Q(
                                ("abandoned_at__isnull", False),
                                ("abandoned_by__isnull", False),
                                ("carried_out_on__isnull", True),
                                models.Q(("abandoned_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="exit_step_abandoned_with_reason_and_not_carried_out",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuthorityWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("approved", models.BooleanField(verbose_name="godkendt")),
                ("reason", models.TextField(verbose_name="begrundelse")),
                ("decided_at", models.DateTimeField(default=placement.clock.now)),
                (
                    "decided_by",
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
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authority_word",
                        to="flow_exit.exitstep",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("requested_by")), _negated=True),
                        name="authority_word_approver_is_not_requester",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="authority_word_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExitStepDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("approved", models.BooleanField(verbose_name="godkendt")),
                ("reason", models.TextField(blank=True, verbose_name="begrundelse")),
                ("decided_at", models.DateTimeField(default=placement.clock.now, verbose_name="afgjort")),
                ("facts", models.JSONField(default=dict)),
                (
                    "decided_by",
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
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="flow_exit.exitstep",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("requested_by")), _negated=True),
                        name="exit_decision_approver_is_not_requester",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="exit_decision_rejection_has_reason",
                    ),
                ],
            },
        ),
    ]
