"""A session treats a condition of both sides as one row, as the record has it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0029_a_depth_fits_a_needle"),
        ("patients", "0021_a_condition_may_be_on_both_sides"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sessioncondition",
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
