"""A code that carries no side, or says both, stands in one row for both sides. Rows of before stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0020_what_else_conditions_are_called")]

    operations = [
        migrations.AlterField(
            model_name="patientcondition",
            name="side",
            field=models.CharField(
                choices=[
                    ("left", "Left"),
                    ("right", "Right"),
                    ("midline", "Midline"),
                    ("both", "Both sides"),
                ],
                max_length=8,
            ),
        ),
    ]
