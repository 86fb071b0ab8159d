"""What the desk has to know of a patient besides; a practice that comes from another system brings such notes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0032_papers_are_scanned")]

    operations = [
        migrations.AddField(
            "patient",
            "note",
            models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
    ]
