"""A slip with a one-time password signed in for ever, as often as somebody liked."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0013_an_event_covers_the_rows_it_wrote")]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="one_time_password_hours",
            field=models.PositiveIntegerField(
                "one-time password ends after (hours)",
                default=24,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(168),
                ],
                help_text="1 to 168. It signs in once, and opens nothing but the page for an own password.",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="one_time_password_used_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
