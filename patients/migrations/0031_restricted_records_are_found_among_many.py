"""The few restricted records are found by themselves: lists of many rows ask whether theirs is among them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0030_people_are_found_by_more")]

    operations = [
        migrations.AddIndex(
            "patient",
            models.Index(
                fields=["restricted_at"],
                name="patient_restricted",
                condition=models.Q(restricted_at__isnull=False),
            ),
        ),
    ]
