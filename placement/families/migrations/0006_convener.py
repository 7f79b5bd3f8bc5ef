from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0005_consent_and_view_first"),
    ]

    operations = [
        migrations.AlterField(
            model_name="familygrant",
            name="function",
            field=models.CharField(
                choices=[
                    ("caseworker", "Rådgiver for familien"),
                    ("team", "Indsatsteam"),
                    ("referrer", "Henviser"),
                    ("reassessor", "Ny vurdering efter § 137"),
                    ("convener", "Koordinator for en familierådslagning"),
                ],
                max_length=10,
            ),
        ),
    ]
