"""Goals in full: decision, baseline, who formulated them; the trend of a follow-up and the answer to a setback.

Three constraints bind goals written or changed from now on; those that stand from before keep what they have.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import placement.clock


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("families", "0001_initial"),
        ("progression", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoalParticipant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SetbackAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("change_goals", "Målene ændres"),
                            ("change_plan", "Planen ændres, og målene står"),
                            ("stand", "Planen står, som den er"),
                        ],
                        max_length=12,
                        verbose_name="hvad vi gør",
                    ),
                ),
                ("reason", models.TextField(verbose_name="hvad der ændres, eller hvorfor planen står")),
                ("answered_at", models.DateTimeField(default=placement.clock.now, verbose_name="besvaret")),
            ],
            options={
                "verbose_name": "svar på tilbagegang",
                "verbose_name_plural": "svar på tilbagegang",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="rhythm_on",
            field=models.DateField(blank=True, null=True, verbose_name="modellens rytme"),
        ),
        migrations.AddField(
            model_name="followup",
            name="t_before",
            field=models.DecimalField(
                blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="T-score før"
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="t_now",
            field=models.DecimalField(
                blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="T-score nu"
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="trend",
            field=models.CharField(
                blank=True,
                choices=[
                    ("too_few", "For lidt at sige noget ud fra"),
                    ("rising", "Går frem"),
                    ("steady", "Står stille"),
                    ("slipping", "Går lidt tilbage"),
                    ("negative", "Går tilbage"),
                ],
                max_length=10,
                verbose_name="tendens",
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="absent_reason",
            field=models.TextField(blank=True, verbose_name="hvorfor en forælder ikke var med"),
        ),
        migrations.AddField(
            model_name="goal",
            name="baseline",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="udgangspunkt"),
        ),
        migrations.AddField(
            model_name="goal",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goals",
                to="families.decision",
                verbose_name="afgørelse",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("t_before__isnull", True), ("t_now__isnull", True), ("trend__in", ["", "too_few"])
                    ),
                    models.Q(
                        models.Q(("trend__in", ["", "too_few"]), _negated=True),
                        ("t_before__isnull", False),
                        ("t_now__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="follow_up_trend_has_scores",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("baseline__isnull", True),
                    models.Q(("baseline__gte", -2), ("baseline__lte", 2)),
                    _connector="OR",
                ),
                name="goal_baseline_minus_2_to_2",
            ),
        ),
        AddConstraintNotValid(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", False), ("decision__isnull", False), _connector="OR"
                ),
                name="goal_active_serves_decision",
            ),
        ),
        AddConstraintNotValid(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", False),
                    models.Q(
                        ("baseline__isnull", False),
                        models.Q(("level_m2", ""), _negated=True),
                        models.Q(("level_m1", ""), _negated=True),
                        models.Q(("level_p1", ""), _negated=True),
                        models.Q(("level_p2", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="goal_active_has_all_levels",
            ),
        ),
        AddConstraintNotValid(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", False),
                    ("formulated_with_parents", True),
                    models.Q(("absent_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="goal_active_with_parents_or_why",
            ),
        ),
        migrations.AddField(
            model_name="goalparticipant",
            name="goal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participants",
                to="progression.goal",
                verbose_name="mål",
            ),
        ),
        migrations.AddField(
            model_name="goalparticipant",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.municipality"
            ),
        ),
        migrations.AddField(
            model_name="goalparticipant",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.person",
                verbose_name="formuleret sammen med",
            ),
        ),
        migrations.AddField(
            model_name="setbackanswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="besvaret af",
            ),
        ),
        migrations.AddField(
            model_name="setbackanswer",
            name="family",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="setback_answers",
                to="families.family",
                verbose_name="familie",
            ),
        ),
        migrations.AddField(
            model_name="setbackanswer",
            name="follow_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="setback_answers",
                to="progression.followup",
                verbose_name="opfølgning",
            ),
        ),
        migrations.AddField(
            model_name="setbackanswer",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.municipality"
            ),
        ),
        migrations.AddConstraint(
            model_name="goalparticipant",
            constraint=models.UniqueConstraint(
                fields=("municipality", "goal", "person"), name="goal_participant_once"
            ),
        ),
        migrations.AddIndex(
            model_name="setbackanswer",
            index=models.Index(fields=["municipality", "family"], name="setback_answer_by_family"),
        ),
        migrations.AddConstraint(
            model_name="setbackanswer",
            constraint=models.UniqueConstraint(
                fields=("municipality", "follow_up"), name="setback_answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="setbackanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="setback_answer_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="setbackanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice__in", ["change_goals", "change_plan", "stand"])),
                name="setback_answer_is_one_of_three",
            ),
        ),
    ]
