import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("families", "0006_convener"),
        ("flow_exit", "0003_child_plan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="safetyplan",
            name="child_explanation",
            field=models.TextField(blank=True, verbose_name="forklaringen til barnet"),
        ),
        migrations.AddField(
            model_name="safetyplan",
            name="network_tasks",
            field=models.TextField(blank=True, verbose_name="netværkets opgaver"),
        ),
        migrations.AddField(
            model_name="safetyplan",
            name="professional_control",
            field=models.TextField(blank=True, verbose_name="de professionelles kontrol"),
        ),
        migrations.AddField(
            model_name="safetyplan",
            name="safety_goal",
            field=models.TextField(blank=True, verbose_name="sikkerhedsmålet"),
        ),
        migrations.CreateModel(
            name="SafetyPlanReview",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("recorded_at", models.DateTimeField(default=placement.clock.now, verbose_name="skrevet")),
                ("held_on", models.DateField(verbose_name="holdt")),
                ("goal_met", models.BooleanField(verbose_name="sikkerhedsmålet er nået")),
                ("child_feels_safe", models.BooleanField(verbose_name="barnet er trygt")),
                ("child_signs", models.TextField(verbose_name="hvordan det kan mærkes på barnet")),
                (
                    "network_finds_it_works",
                    models.BooleanField(verbose_name="netværket oplever, at planen virker"),
                ),
                ("network_goes_on", models.BooleanField(verbose_name="netværket vil fortsætte")),
                ("network_words", models.TextField(verbose_name="hvad netværket siger")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.family"
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrevet af",
                    ),
                ),
            ],
            options={
                "verbose_name": "gennemgang af sikkerhedsplanen",
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["municipality", "family", "-id"], name="safety_review_by_family")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("child_signs", ""), _negated=True),
                            models.Q(("network_words", ""), _negated=True),
                        ),
                        name="safety_review_tells_of_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_on__lte", models.F("recorded_at__date"))),
                        name="safety_review_held_before_it_is_written",
                    ),
                ],
            },
        ),
    ]
