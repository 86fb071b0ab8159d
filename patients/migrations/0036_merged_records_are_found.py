"""The few merged records are found by the one that stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0035_likely_pairs_are_listed")]

    operations = [
        migrations.AddIndex(
            "patient",
            models.Index(
                fields=["merged_into"],
                name="patient_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ),
    ]
