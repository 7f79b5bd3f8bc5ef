import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("families", "0001_initial"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="NetworkMap",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("drawn_on", models.DateField(verbose_name="tegnet")),
                        (
                            "moment",
                            models.CharField(
                                choices=[
                                    ("start", "Ved start"),
                                    ("again", "Undervejs"),
                                    ("exit", "Ved udslusning"),
                                ],
                                max_length=8,
                                verbose_name="hvornår i forløbet",
                            ),
                        ),
                        (
                            "drawn_with_parents",
                            models.BooleanField(verbose_name="tegnet sammen med forældrene"),
                        ),
                        ("remark", models.TextField(blank=True, verbose_name="bemærkning")),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "drawn_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="tegnet af",
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="network_maps",
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
                    ],
                    options={
                        "verbose_name": "netværkskort",
                        "verbose_name_plural": "netværkskort",
                        "ordering": ["-drawn_on", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "-drawn_on"], name="network_map_by_family"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("what", models.TextField(verbose_name="hvad")),
                        ("who", models.CharField(max_length=80, verbose_name="hvem")),
                        ("by_on", models.DateField(verbose_name="inden")),
                        ("made_on", models.DateField(verbose_name="aftalt")),
                        ("kept", models.BooleanField(blank=True, null=True, verbose_name="holdt")),
                        ("followed_up_on", models.DateField(blank=True, null=True, verbose_name="fulgt op")),
                        ("comment", models.TextField(blank=True, verbose_name="hvordan det gik")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreements",
                                to="families.family",
                                verbose_name="familie",
                            ),
                        ),
                        (
                            "followed_up_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="fulgt op af",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
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
                        "verbose_name": "aftale",
                        "verbose_name_plural": "aftaler",
                        "ordering": ["by_on", "id"],
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "by_on"], name="agreement_by_family"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("what", ""), _negated=True),
                                    models.Q(("who", ""), _negated=True),
                                ),
                                name="agreement_says_who_does_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("by_on__gte", models.F("made_on"))),
                                name="agreement_due_after_made",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("followed_up_by__isnull", True),
                                        ("followed_up_on__isnull", True),
                                        ("kept__isnull", True),
                                    ),
                                    models.Q(
                                        ("followed_up_by__isnull", False),
                                        ("followed_up_on__gte", models.F("made_on")),
                                        ("kept__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="agreement_followed_up_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NetworkPerson",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("label", models.CharField(max_length=60, verbose_name="fornavn eller relation")),
                        (
                            "sector",
                            models.CharField(
                                choices=[
                                    ("family", "Familie"),
                                    ("friends", "Venner"),
                                    ("professionals", "Fagpersoner"),
                                    ("work_neighbourhood", "Arbejde, skole og nabolag"),
                                ],
                                max_length=20,
                                verbose_name="område",
                            ),
                        ),
                        (
                            "closeness",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "1 – tæt på"), (2, "2 – i midten"), (3, "3 – længere væk")],
                                verbose_name="nærhed",
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[
                                    ("gives", "Giver støtte"),
                                    ("takes", "Får støtte"),
                                    ("mutual", "Begge veje"),
                                ],
                                max_length=8,
                                verbose_name="støtte",
                            ),
                        ),
                        ("strained", models.BooleanField(default=False, verbose_name="anspændt forhold")),
                        (
                            "map",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people",
                                to="network.networkmap",
                                verbose_name="netværkskort",
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
                        "verbose_name": "person i netværket",
                        "verbose_name_plural": "personer i netværket",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("label", ""), _negated=True),
                                name="network_person_has_label",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closeness__gte", 1), ("closeness__lte", 3)),
                                name="network_person_in_three_rings",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
