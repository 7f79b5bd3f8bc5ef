import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("families", "0003_reassessor"),
        ("flow_screening", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="concern",
            name="children",
        ),
        migrations.AddField(
            model_name="concern",
            name="needs_second",
            field=models.BooleanField(default=False, verbose_name="vurderes på ny"),
        ),
        migrations.CreateModel(
            name="ConcernChild",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.person"
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
    ]
