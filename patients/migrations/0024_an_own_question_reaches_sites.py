"""A health question of the practice's own says which rules at sites its answer follows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0023_a_practice_has_rows_of_its_own")]

    operations = [
        migrations.AddField(
            "screeningitem",
            "acts_like",
            models.CharField(
                "at sites it acts like",
                blank=True,
                choices=[
                    ("bleeding-disorder", "Bleeding: deep muscles ask for a reason"),
                    ("pregnant", "Pregnancy: low back, pelvis and abdomen ask for a reason"),
                    ("pacemaker", "A device: stimulation asks for a reason"),
                    ("lungs", "The lungs: sites over the lung ask for a reason"),
                ],
                max_length=60,
            ),
        ),
    ]
