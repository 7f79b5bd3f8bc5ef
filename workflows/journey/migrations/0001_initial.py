import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("families", "0001_initial"),
    ]

    operations = [
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
                    models.BooleanField(blank=True, null=True, verbose_name="forældre og barn bor sammen"),
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
            ],
            options={
                "ordering": ["months"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "family", "months"), name="contact_once_per_month_mark"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reached", True), ("lives_together__isnull", True), _connector="OR"
                        ),
                        name="contact_unreached_says_nothing",
                    ),
                ],
            },
        ),
    ]
