"""A warning sign is filed before anything else was asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0016_values_may_be_copied")]

    operations = [
        migrations.AlterField(
            "sorenessreport",
            "now",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="soreness now"),
        ),
        migrations.AddConstraint(
            "sorenessreport",
            models.CheckConstraint(
                condition=models.Q(("now__isnull", False), ("triage", "urgent"), _connector="OR"),
                name="soreness_is_asked_but_for_a_warning_sign",
                violation_error_message="Choose a number from 0 to 10.",
            ),
        ),
    ]
