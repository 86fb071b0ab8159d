"""A report of warning signs keeps what they asked for when it was filed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0044_warning_signs_weigh_by_place_and_hours")]

    operations = [
        migrations.AddField(
            "sorenessreport",
            "urgency",
            models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Therapist calls today"),
                    (2, "Be seen today"),
                    (3, "Emergency room today"),
                    (4, "911 now"),
                ],
                null=True,
            ),
        ),
    ]
