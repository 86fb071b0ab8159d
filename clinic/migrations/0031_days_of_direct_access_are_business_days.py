"""Whether the days that a state counts for direct access are business days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0030_a_practice_copies_state_rules")]

    operations = [
        migrations.AddField(
            model_name="jurisdiction",
            name="business_days",
            field=models.BooleanField(blank=True, null=True),
        ),
    ]
