"""Days on which a practice is closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0035_settings_lie_within_their_limits")]

    operations = [
        migrations.AddField(
            "practice",
            "closed_days",
            models.CharField(
                "days on which the practice is closed",
                blank=True,
                default="",
                help_text="Booking on one of them asks first.",
                max_length=700,
            ),
        ),
    ]
