from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
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
                ("in_force", models.BooleanField(default=True, verbose_name="gælder")),
                ("content", models.JSONField(verbose_name="indhold")),
            ],
            options={
                "verbose_name": "modelversion",
                "ordering": ["-in_force_from", "-id"],
            },
        ),
    ]
