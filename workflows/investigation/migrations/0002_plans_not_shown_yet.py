from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("flow_investigation", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="parallelplan",
            name="shown_on",
            field=models.DateField(blank=True, null=True, verbose_name="vist til forældrene"),
        ),
    ]
