"""A lock of no minutes would shut everybody out, one of hours nobody."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0007_find_what_somebody_opened_last")]

    operations = [
        migrations.AlterField(
            model_name="practice",
            name="idle_lock_minutes",
            field=models.PositiveIntegerField(
                "page is hidden when untouched (minutes)",
                default=10,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                help_text="1 to 60. The same person goes on with their password or passkey.",
            ),
        ),
    ]
