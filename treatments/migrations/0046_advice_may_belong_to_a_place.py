"""Advice for the first hours is given after sites over the lung or beside the spine."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0045_a_report_keeps_how_urgent_its_signs_were")]

    operations = [
        migrations.AddField(
            "aftercareadvice",
            "place",
            models.CharField(
                blank=True,
                choices=[("lung", "Over the lung"), ("spine", "Neck or beside the spine")],
                default="",
                max_length=5,
            ),
        ),
    ]
