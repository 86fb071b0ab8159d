"""Muscle strength beside motion, tone and pressure: a choice more, the database is not touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0046_advice_may_belong_to_a_place")]

    operations = [
        migrations.AlterField(
            model_name="measurement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rom", "Range of motion"),
                    ("mmt", "Muscle strength"),
                    ("tone", "Muscle tone"),
                    ("ppt", "Pressure pain threshold"),
                ],
                max_length=5,
            ),
        ),
    ]
