"""Reports that ask for a therapist's call are counted without those of all years."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0051_the_first_calls_are_read_in_their_order")]

    operations = [
        migrations.AddIndex(
            model_name="sorenessreport",
            index=models.Index(
                condition=models.Q(("triage", "talk")), fields=["followup"], name="report_to_talk"
            ),
        )
    ]
